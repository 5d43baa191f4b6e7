//! What the documents say of names and figures that stand elsewhere as well.

use callcenter_test_support::documents::{documents, Document};
use callcenter_test_support::repository::root;
use mod_callcenter::engine::{Kind, QUEUE_PARAMETERS, SETTINGS, SETTINGS_AT_ONCE};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// The words in backticks in the first column of the tables below a heading.
fn first_column(document: &str, heading: &str) -> BTreeSet<String> {
    let document = Document::read(document.into());
    let mut lines = document.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "there is no {heading}");
    let section = lines.take_while(|line| !line.starts_with("## "));
    let rows = section.filter(|line| line.starts_with("| `"));
    let firsts = rows.filter_map(|row| cells(row).first().map(|cell| (*cell).to_owned()));
    let words = firsts.flat_map(|cell| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    words.collect()
}

/// The engine's sources without their tests.
fn engine_sources(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("the sources").flatten();
    let paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    let is_test = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "tests");
    let texts = paths.iter().filter(|path| !is_test(path)).flat_map(|path| {
        if path.is_dir() {
            return engine_sources(path);
        }
        let text = std::fs::read_to_string(path).expect("a source file");
        let code = text.split("#[cfg(test)]\nmod tests {").next();
        vec![code.unwrap_or_default().to_owned()]
    });
    texts.collect()
}

/// The words in the engine that are named as its events are, and are nothing else.
fn events_of_the_engine() -> BTreeSet<String> {
    let code = engine_sources(&root().join("src/engine")).concat();
    let starts = ["agent-", "bridge-agent-", "callback-", "member-", "members-", "tier-"];
    let strategies = words_of_strategy();
    let is_parameter = |word: &str| {
        let settings = SETTINGS.iter().map(|setting| setting.name);
        let is_event_too = word == "agent-report";
        !is_event_too
            && settings
                .chain(QUEUE_PARAMETERS.iter().map(|parameter| parameter.name))
                .any(|name| name == word)
    };
    let words = code.split('"').filter(|word| {
        let is_name = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        is_name && starts.iter().any(|start| word.starts_with(start))
    });
    words
        .filter(|word| !is_parameter(word) && !strategies.contains(*word))
        .map(str::to_owned)
        .collect()
}

fn words_of_strategy() -> BTreeSet<String> {
    let parameter = QUEUE_PARAMETERS.iter().find(|parameter| parameter.name == "strategy");
    match parameter.map(|parameter| &parameter.kind) {
        Some(Kind::Word { words, .. }) => words().into_iter().map(str::to_owned).collect(),
        _ => panic!("a strategy is a word"),
    }
}

#[test]
fn every_event_is_told() {
    let mut known = events_of_the_engine();
    known.insert("cdr".to_owned());
    assert_eq!(first_column("docs/admin/events.md", "## Events"), known);
}

#[test]
fn every_strategy_is_told() {
    let told = first_column("docs/admin/queues.md", "## Who is rung: strategies");
    assert_eq!(told, words_of_strategy());
}

#[test]
fn every_setting_that_holds_at_once_is_told() {
    let document = Document::read("docs/admin/commands.md".into());
    let told = document.code_spans();
    let has_effect = |name: &&&str| !["debug", "global-database-lock"].contains(*name);
    let missing: Vec<_> = SETTINGS_AT_ONCE
        .iter()
        .filter(has_effect)
        .filter(|name| !told.iter().any(|span| span == **name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whoever measures anew changes both.
#[test]
fn the_readmes_figures_are_those_that_were_measured() {
    let measured = Document::read("docs/developing/performance.md".into());
    let readme = Document::read("README.md".into());
    let rows: Vec<Vec<&str>> = readme
        .lines()
        .skip_while(|line| *line != "| measure | stock | here |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(cells)
        .collect();
    assert!(rows.len() >= 5, "{rows:?}");
    for row in rows {
        let is_same = |line: &str| match cells(line)[..] {
            [measure, _, stock, here, _] => measure == row[0] && stock.starts_with(row[1]) && here.starts_with(row[2]),
            _ => false,
        };
        assert!(
            measured.lines().any(is_same),
            "docs/developing/performance.md has no {row:?}"
        );
    }
}

/// The versions of the change log are those of the package, the newest first.
#[test]
fn the_change_log_begins_with_this_version() {
    let log = documents()
        .into_iter()
        .find(|document| document.path == Path::new("CHANGELOG.md"));
    let log = log.expect("the change log");
    let first = log.lines().find(|line| line.starts_with("## ")).expect("a version");
    assert!(first.contains(env!("CARGO_PKG_VERSION")), "{first}");
}
