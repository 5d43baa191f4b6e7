//! A function is short enough to be held in the head.

use callcenter_test_support::repository::{root, sources};

/// Lines of a body, as rustfmt lays them out.
const LONGEST: usize = 60;

/// Tables in the form of a function: an arm for each input, a line for each parameter. Cut in two, a table is harder to read, and a match
/// over it no longer says by itself that nothing is missing. None is ever added.
const EXCEPTIONS: &[&str] = &[
    "src/engine/tests/whatever_happens/inputs.rs: input",
    "src/engine/doors.rs: act_on",
    "src/engine/configuration/queue.rs: named",
    "src/engine/tests/rules_for_who_waits.rs: effect_of",
];

/// The functions of a file and how many lines the body of each has.
fn lengths(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function_of(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let ends = |line: &&&str| line.ends_with(['{', ';', '}']);
        let Some(begin) = lines[at..].iter().position(|line| ends(&line)) else {
            continue;
        };
        let begin = at + begin;
        if !lines[begin].ends_with('{') {
            continue;
        }
        let is_end = |line: &&str| line.strip_prefix(indent) == Some("}");
        let length = lines[begin + 1..].iter().position(is_end).unwrap_or_default();
        found.push((name.to_owned(), length));
    }
    found
}

/// The name of the function that begins on this line.
fn function_of(line: &str) -> Option<&str> {
    let (before, behind) = line.split_once("fn ")?;
    let words = before.split_whitespace();
    let is_head = words.into_iter().all(|word| {
        ["const", "unsafe", "extern", "async", "\"C\"", "in"].contains(&word)
            || word.starts_with("pub")
            || word.starts_with("crate")
    });
    let name = behind.split(['(', '<']).next()?;
    (is_head && !name.is_empty()).then_some(name)
}

#[test]
fn functions_are_short() {
    let files = sources(&root().join("src")).into_iter();
    let long = files.flat_map(|path| {
        let text = std::fs::read_to_string(&path).expect("a source file");
        let file = path
            .strip_prefix(root())
            .expect("of this package")
            .display()
            .to_string();
        let long = lengths(&text).into_iter().filter(|(_, length)| *length > LONGEST);
        let long = long.map(|(name, length)| (format!("{file}: {name}"), length));
        long.collect::<Vec<_>>()
    });
    let long: Vec<(String, usize)> = long.collect();
    let is_new = |(name, _): &&(String, usize)| !EXCEPTIONS.contains(&name.as_str());
    let new: Vec<_> = long.iter().filter(is_new).collect();
    assert!(new.is_empty(), "longer than {LONGEST} lines: {new:#?}");
    let is_over = |name: &&&str| !long.iter().any(|(long, _)| long == **name);
    let over: Vec<_> = EXCEPTIONS.iter().filter(is_over).collect();
    assert!(over.is_empty(), "no exceptions any more, so strike them out: {over:#?}");
}

#[test]
fn lengths_are_counted_between_the_braces() {
    let text = "impl A {\n    pub(in crate::b) fn c(\n        d: E,\n    ) -> F {\n        g();\n        h()\n    }\n}\nfn i() {}\n";
    assert_eq!(lengths(text), [("c".to_owned(), 2)]);
}
