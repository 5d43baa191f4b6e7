//! Names of events, headers and channel variables are written once, in `vocabulary/names.rs`, and used by their constants.

use callcenter_test_support::repository::{root, sources};

const NAMES: &str = "src/engine/vocabulary/names.rs";

/// A setting has the name of an event.
const SETTING_TOO: &str = "agent-report";

/// Each module's name there, the constant and the word.
fn names(text: &str) -> Vec<(String, String)> {
    let mut module = "";
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("pub(crate) mod ") {
            module = rest.trim_end_matches(" {");
        }
        let constant = line.trim().strip_prefix("pub(crate) const ");
        if let Some((name, word)) = constant.and_then(|rest| rest.split_once(": &str = ")) {
            found.push((format!("{module}::{name}"), word.trim_end_matches(';').to_owned()));
        }
    }
    found
}

/// The code of a file of `src` before its tests.
fn code_of(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

#[test]
fn names_are_used_by_their_constants() {
    let files = sources(&root().join("src")).into_iter().filter_map(|path| {
        let file = path
            .strip_prefix(root())
            .expect("of this package")
            .display()
            .to_string();
        let is_test = file.contains("/tests/") || file.ends_with("tests.rs");
        let text = std::fs::read_to_string(&path).expect("a source file");
        (!is_test).then(|| (file, code_of(&text).to_owned()))
    });
    let (here, others): (Vec<_>, Vec<_>) = files.partition(|(file, _)| file == NAMES);
    let names = names(&here.first().expect("the names").1);
    assert!(names.len() > 100, "{} names", names.len());
    let is_said = |file: &str| file.starts_with("src/engine/vocabulary/");
    for (constant, word) in names {
        let is_whole = |code: &str| {
            let mut uses = code.match_indices(&constant).map(|(at, _)| at + constant.len());
            uses.any(|end| !code[end..].starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'))
        };
        let is_used = others.iter().any(|(file, code)| !is_said(file) && is_whole(code));
        assert!(is_used, "no code uses {constant}");
        let mut literal = others.iter().filter(|(_, code)| code.contains(&word));
        let is_setting = word.trim_matches('"') == SETTING_TOO;
        let found = literal.next().filter(|_| !is_setting);
        assert!(
            found.is_none(),
            "{} says {word}: use {constant}",
            found.map_or("", |(file, _)| file)
        );
    }
}
