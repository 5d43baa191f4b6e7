//! What a test build makes of the sources.

use crate::repository::root;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The names of the functions behind `#[test]`, whatever stands between.
pub fn tests_of(source: &str) -> Vec<String> {
    let behind = source.split("#[test]").skip(1);
    let heads = behind.filter_map(|text| text.split_once("fn ")?.1.split_once('('));
    heads.map(|(name, _)| name.to_owned()).collect()
}

/// The directories of the packages of this workspace.
fn packages() -> Vec<PathBuf> {
    let crates = std::fs::read_dir(root().join("crates")).expect("the crates").flatten();
    let mut packages: Vec<PathBuf> = crates.map(|entry| entry.path()).collect();
    packages.push(root().to_owned());
    packages
}

/// What is directly in a directory, if there is one.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Every file that a test build compiles, from the roots of its programs down.
///
/// # Panics
/// When a file cannot be read.
pub fn compiled() -> BTreeSet<PathBuf> {
    let roots = packages().into_iter().flat_map(|package| {
        let own = ["src/lib.rs", "src/main.rs"].map(|name| package.join(name));
        let programs = [entries(&package.join("tests")), entries(&package.join("src/bin"))].concat();
        let programs = programs.into_iter().flat_map(|path| [path.join("main.rs"), path]);
        own.into_iter().chain(programs).collect::<Vec<_>>()
    });
    let is_source = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|kind| kind == "rs");
    let mut roots: Vec<PathBuf> = roots.filter(is_source).collect();
    let mut reached = BTreeSet::new();
    while let Some(file) = roots.pop() {
        let source = std::fs::read_to_string(&file).expect("a source file");
        roots.extend(modules_of(&file, &source));
        reached.insert(file);
    }
    reached
}

/// The files of the modules that a test build takes from a source file.
fn modules_of(file: &Path, source: &str) -> Vec<PathBuf> {
    let directory = file.parent().expect("a file is in a directory");
    let stem = file.file_stem().expect("a file has a name");
    let is_root = ["main", "mod", "lib"].iter().any(|name| stem == *name)
        || packages().iter().any(|package| directory == package.join("tests"));
    let below = if is_root {
        directory.to_owned()
    } else {
        directory.join(stem)
    };
    let mut attributes = String::new();
    let mut files = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push_str(line);
            continue;
        }
        let declared = line.strip_suffix(';').and_then(|line| line.rsplit_once("mod "));
        let is_module = |before: &str| before.is_empty() || before.starts_with("pub");
        if let Some((_, name)) = declared.filter(|(before, _)| is_module(before)) {
            let path = attributes
                .split_once("#[path = \"")
                .and_then(|(_, path)| path.split_once('"'));
            let places = match path {
                Some((path, _)) => vec![directory.join(path)],
                None => vec![below.join(format!("{name}.rs")), below.join(name).join("mod.rs")],
            };
            let found = places.into_iter().find(|place| place.is_file());
            let is_built = !attributes.contains("not(test)");
            files.extend(
                found
                    .filter(|_| is_built)
                    .map(|path| path.canonicalize().expect("a file")),
            );
        }
        attributes.clear();
    }
    files
}
