//! Which rows are run.

use crate::rows::{Row, ALL};

/// Whether sustained load is asked for, which takes its time and is no row.
pub fn is_load() -> bool {
    std::env::args().any(|word| word == "load")
}

/// The rows named in `BENCH_ROWS` or as arguments; all of them when none is named.
///
/// # Errors
/// A name that no row has, with those there are.
pub fn picked() -> Result<Vec<&'static Row>, String> {
    let listed = std::env::var("BENCH_ROWS").unwrap_or_default();
    let names = listed.split(',').map(|name| name.trim().to_owned());
    // Cargo itself adds `--bench`.
    let arguments = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let names: Vec<String> = names.chain(arguments).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(ALL.iter().collect());
    }
    let find = |name: &String| {
        let there = || ALL.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
        let row = ALL.iter().find(|row| row.name == *name);
        row.ok_or_else(|| format!("there is no row {name}; there are {}", there()))
    };
    names.iter().map(find).collect()
}
