//! What a document looks like, so that people can read it as text.

use callcenter_test_support::documents::documents;
use callcenter_test_support::repository::root;

/// As wide as prose is.
const WIDTH: usize = 100;

/// What a fenced block may be; what is done with each is told in `docs/developing/testing.md`.
const LANGUAGES: [&str; 7] = ["console", "fs_cli", "sh", "sql", "text", "toml", "xml"];

#[test]
fn the_readme_is_short() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(text.lines().count() <= 150, "{} lines", text.lines().count());
}

#[test]
fn prose_is_wrapped_where_people_wrap_it() {
    let mut wide = Vec::new();
    for document in documents() {
        for (number, line) in document.prose() {
            let is_one_word = line.trim_start_matches(['-', ' ']).split(' ').count() < 3;
            let is_prose = !line.starts_with(['|', '#']) && !is_one_word;
            if is_prose && line.chars().count() > WIDTH {
                wide.push(format!("{}:{number}", document.path.display()));
            }
        }
    }
    assert!(wide.is_empty(), "wider than {WIDTH}: {wide:#?}");
}

#[test]
fn every_block_is_of_a_kind_that_is_run_or_says_why_it_is_not() {
    let mut wrong = Vec::new();
    for block in documents().iter().flat_map(|document| document.blocks()) {
        let is_known = LANGUAGES.contains(&block.language.as_str());
        let is_excused = block.language != "text" || block.before.contains("not run");
        if !is_known || !is_excused {
            wrong.push(format!("{}: \"{}\"", block.place(), block.language));
        }
    }
    assert!(
        wrong.is_empty(),
        "no such kind, or text without \"not run\" and why: {wrong:#?}"
    );
}

/// A block without fences would escape every test.
#[test]
fn no_block_goes_without_fences() {
    let mut found = Vec::new();
    for document in documents() {
        let mut is_after_blank = false;
        for (number, line) in document.prose() {
            if is_after_blank && line.starts_with("    ") {
                found.push(format!("{}:{number}", document.path.display()));
            }
            is_after_blank = line.is_empty();
        }
    }
    assert!(found.is_empty(), "indented without fences: {found:#?}");
}
