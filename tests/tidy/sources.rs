//! The sources of this package, and what a test build makes of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the package stands.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a directory.
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

/// The names of the functions behind `#[test]`, whatever stands between.
pub fn tests_of(source: &str) -> Vec<String> {
    let behind = source.split("#[test]").skip(1);
    let heads = behind.filter_map(|text| text.split_once("fn ")?.1.split_once('('));
    heads.map(|(name, _)| name.to_owned()).collect()
}

/// Where programs of tests stand.
const TESTS: [&str; 2] = ["tests", "crates/simulator/tests"];

/// Every file that a test build compiles, from the roots of its programs down.
pub fn compiled() -> BTreeSet<PathBuf> {
    let programs = [
        "src/lib.rs",
        "crates/simulator/src/lib.rs",
        "crates/simulator/src/bin/callcenter-sim/main.rs",
    ];
    let mut roots: Vec<PathBuf> = programs.iter().map(|program| root().join(program)).collect();
    let directories = TESTS.map(|directory| std::fs::read_dir(root().join(directory)).expect("the tests"));
    for entry in directories.into_iter().flatten().flatten() {
        let (file, directory) = (entry.path(), entry.path().join("main.rs"));
        roots.extend(
            [file, directory]
                .into_iter()
                .filter(|path| path.is_file() && path.extension().is_some_and(|kind| kind == "rs")),
        );
    }
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
        || TESTS.iter().any(|tests| directory == root().join(tests));
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
