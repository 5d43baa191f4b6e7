//! A test that no build runs would not fail.

use callcenter_test_support::compiled::{compiled, tests_of};
use callcenter_test_support::repository::{root, sources};
use std::path::PathBuf;

#[test]
fn every_test_is_part_of_a_build() {
    let compiled = compiled();
    let files = ["src", "tests", "crates"]
        .into_iter()
        .flat_map(|part| sources(&root().join(part)));
    let has_tests = |file: &PathBuf| !tests_of(&std::fs::read_to_string(file).expect("a source file")).is_empty();
    let dead: Vec<PathBuf> = files
        .filter(|file| !compiled.contains(file))
        .filter(has_tests)
        .collect();
    assert!(compiled.len() > 300, "only {} files are compiled", compiled.len());
    assert!(dead.is_empty(), "tests that no build runs: {dead:#?}");
}
