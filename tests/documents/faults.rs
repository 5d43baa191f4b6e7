//! `docs/developing/faults.md` names the tests that keep each fault of stock away: each of them exists, and some build runs it.

use callcenter_test_support::compiled::{compiled, tests_of};
use callcenter_test_support::repository::root;
use std::collections::HashSet;

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
    let functions: HashSet<String> = compiled()
        .into_iter()
        .flat_map(|file| tests_of(&std::fs::read_to_string(file).expect("a source file")))
        .collect();
    let table = std::fs::read_to_string(root().join("docs/developing/faults.md")).expect("the table");
    let rows: Vec<_> = table.lines().filter_map(tests_of_row).collect();
    assert!(rows.len() >= 49, "only {} rows", rows.len());
    let tests = rows.iter().flatten();
    let missing: Vec<_> = tests.filter(|test| !exists(test, &functions)).collect();
    assert!(missing.is_empty(), "not in the tree: {missing:#?}");
}
