//! `docs/faults.md` names the tests that keep each fault of stock away: each of them exists.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a directory.
fn sources(directory: &Path) -> Vec<PathBuf> {
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
fn tests_of(source: &str) -> Vec<String> {
    let behind = source.split("#[test]").skip(1);
    let heads = behind.filter_map(|text| text.split_once("fn ")?.1.split_once('('));
    heads.map(|(name, _)| name.to_owned()).collect()
}

/// What a row of the table names as its tests; none for a line that is no row.
fn tests_of_row(line: &str) -> Option<Vec<&str>> {
    let columns: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    let [fault, _, tests] = columns[..] else {
        panic!("a row has three columns: {line}");
    };
    (fault != "fault").then(|| tests.split(", ").map(|test| test.trim_matches('`')).collect())
}

fn exists(test: &str, functions: &HashSet<String>) -> bool {
    if test.contains('/') {
        root().join(test).is_file()
    } else if test.ends_with(".toml") {
        root().join("tests/host/scenarios").join(test).is_file()
    } else {
        functions.contains(test)
    }
}

#[test]
fn every_fault_has_tests_and_all_of_them_exist() {
    let files = ["src", "tests"]
        .into_iter()
        .flat_map(|part| sources(&root().join(part)));
    let functions: HashSet<String> = files
        .flat_map(|file| tests_of(&std::fs::read_to_string(file).expect("a source file")))
        .collect();
    let table = std::fs::read_to_string(root().join("docs/faults.md")).expect("the table");
    let rows: Vec<_> = table.lines().filter_map(tests_of_row).collect();
    assert!(rows.len() >= 49, "only {} rows", rows.len());
    let tests = rows.iter().flatten();
    let missing: Vec<_> = tests.filter(|test| !exists(test, &functions)).collect();
    assert!(missing.is_empty(), "not in the tree: {missing:#?}");
}
