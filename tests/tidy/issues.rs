//! Where a comment gives the number of an issue, it says of which project, so that a reader can look it up.

use callcenter_test_support::repository::{root, sources};
use std::path::PathBuf;

/// Whose issues have been read.
const PROJECTS: &[&str] = &[
    "FreeSWITCH",
    "FusionPBX",
    "Asterisk",
    "OpenSIPS",
    "FreePBX",
    "MikoPBX",
    "Issabel",
];

/// Numbers in a comment that nobody could look up: digits alone in brackets, or behind a `#` without a project.
fn unnamed(comment: &str) -> Vec<String> {
    let brackets = comment.split('(').skip(1).filter_map(|rest| rest.split_once(')'));
    let is_number = |text: &str| (3..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let alone = brackets
        .map(|(inner, _)| inner)
        .filter(|inner| inner.split(", ").all(is_number));
    let mut found: Vec<String> = alone.map(|inner| format!("({inner})")).collect();
    let mut parts = comment.split('#');
    let mut before = parts.next().unwrap_or_default();
    let mut is_named = false;
    for part in parts {
        let is_list = is_named && before.trim_start_matches(|letter: char| letter.is_ascii_digit()) == ", ";
        is_named = is_list || PROJECTS.iter().any(|project| before.ends_with(&format!("{project} ")));
        if part.starts_with(|letter: char| letter.is_ascii_digit()) && !is_named {
            found.push(format!("#{}", part.split_whitespace().next().unwrap_or_default()));
        }
        before = part;
    }
    found
}

/// What of a line is a comment; of TOML, what is read by people; of a table of words, all of it.
fn comment_of<'a>(line: &'a str, kind: &str) -> &'a str {
    match kind {
        "rs" => line.split_once("//").map_or("", |(_, comment)| comment),
        "words" => line,
        _ => line
            .strip_prefix("reason =")
            .or_else(|| line.strip_prefix('#'))
            .unwrap_or(""),
    }
}

fn files() -> Vec<(PathBuf, &'static str)> {
    let rust = ["src", "tests", "crates", "benches", "fuzz/fuzz_targets"];
    let rust = rust.into_iter().flat_map(|part| sources(&root().join(part)));
    let mut files: Vec<_> = rust.map(|file| (file, "rs")).collect();
    files.push((root().join("src/engine/marks.rs"), "words"));
    let scenarios = std::fs::read_dir(root().join("tests/host/scenarios")).expect("the scenarios");
    let scenarios = scenarios.flatten().map(|entry| entry.path());
    let is_toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    files.extend(scenarios.filter(is_toml).map(|file| (file, "toml")));
    files
}

#[test]
fn the_number_of_an_issue_carries_its_project() {
    let files = files();
    assert!(files.len() > 300, "only {} files", files.len());
    let mut found = Vec::new();
    for (path, kind) in files {
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            let unnamed = unnamed(comment_of(line, kind)).into_iter();
            found.extend(unnamed.map(|issue| format!("{}:{}: {issue}", path.display(), number + 1)));
        }
    }
    assert!(found.is_empty(), "issues of which project? {found:#?}");
}

#[test]
fn numbers_without_a_project_are_found() {
    let numbers = "so it is (2516, 2633), and #12; FreeSWITCH #942, #131 are known (SIP 302)";
    assert_eq!(unnamed(numbers), ["(2516, 2633)", "#12;"]);
}
