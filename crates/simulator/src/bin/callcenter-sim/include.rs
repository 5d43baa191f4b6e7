//! The files that an `#include` of an Asterisk configuration names.

use callcenter_simulator::import::Included;
use std::path::{Path, PathBuf};

/// What stands in `wanted`, which the file `from` includes: a path from that file's directory on, whose last part may have a `*`.
pub fn files(from: &str, wanted: &str) -> Result<Vec<Included>, String> {
    let path = Path::new(from).with_file_name(wanted);
    let paths = if wanted.contains('*') {
        matching(&path)?
    } else {
        vec![path]
    };
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Included, String> {
    let text = super::convert::read(path)?;
    Ok(Included {
        name: path.display().to_string(),
        text,
    })
}

/// The files of a directory whose name matches the last part of a path, by name.
fn matching(path: &Path) -> Result<Vec<PathBuf>, String> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let pattern = path.file_name().unwrap_or_default().to_string_lossy();
    let (begins, ends) = pattern.split_once('*').unwrap_or((&pattern, ""));
    let entries =
        std::fs::read_dir(directory).map_err(|error| format!("{} cannot be read: {error}.", directory.display()))?;
    let matches =
        |name: &str| name.len() >= begins.len() + ends.len() && name.starts_with(begins) && name.ends_with(ends);
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && path.file_name().is_some_and(|name| matches(&name.to_string_lossy())))
        .collect();
    paths.sort();
    Ok(paths)
}
