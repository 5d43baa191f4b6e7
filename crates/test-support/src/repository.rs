//! Where the repository stands, and its sources.

use std::path::{Path, PathBuf};

/// The top of the repository.
///
/// # Panics
/// Never: this package stands two directories below it.
pub fn root() -> &'static Path {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    above.expect("this package is in crates/")
}

/// Every Rust file below a directory.
///
/// # Panics
/// When there is no such directory.
pub fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory)
        .expect("a directory of the sources")
        .flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
