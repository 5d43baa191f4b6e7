//! Which file of the engine calls a method of the engine that another one has.
//!
//! Methods of `Engine` have no path in a call, so they are found by their names: `impl Engine` blocks tell where each one is.

use crate::imports::{code_of_files, Arrow};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

/// All calls of the engine's own methods from one of its files to another, each with the method's name.
pub fn calls_between_files() -> BTreeSet<(Arrow, String)> {
    let files: Vec<(PathBuf, String)> = code_of_files()
        .into_iter()
        .filter(|(file, _)| file.starts_with("engine"))
        .collect();
    let methods: HashMap<&str, &PathBuf> = files
        .iter()
        .flat_map(|(file, code)| methods_of_engine(code).into_iter().map(move |name| (name, file)))
        .collect();
    let mut calls = BTreeSet::new();
    for (file, code) in &files {
        let called = called_on_engine(code).into_iter();
        for (name, to) in called.filter_map(|name| Some((name, *methods.get(name)?))) {
            if to != file {
                let arrow = Arrow {
                    from: file.clone(),
                    to: to.clone(),
                };
                calls.insert((arrow, name.to_owned()));
            }
        }
    }
    calls
}

/// What stands in `impl Engine` blocks, which rustfmt lays out so that they end with a bracket at the beginning of a line.
fn blocks_of_engine(code: &str) -> impl Iterator<Item = &str> {
    let blocks = code.split("\nimpl Engine {\n").skip(1);
    blocks.map(|rest| rest.split("\n}\n").next().unwrap_or_default())
}

/// The names of the engine's methods that a file has.
fn methods_of_engine(code: &str) -> Vec<&str> {
    let is_item = |line: &&str| line.starts_with("    ") && !line.starts_with("     ");
    let lines = blocks_of_engine(code).flat_map(str::lines).filter(is_item);
    lines.filter_map(|line| name_at(line.split_once("fn ")?.1)).collect()
}

/// What is called on the engine itself: on `self` in its own methods, and on an `engine` anywhere.
fn called_on_engine(code: &str) -> Vec<&str> {
    let on_self = blocks_of_engine(code).flat_map(|block| block.split("self.").skip(1));
    let calls = on_self.chain(code.split("engine.").skip(1));
    calls
        .filter_map(|rest| {
            let name = name_at(rest)?;
            rest[name.len()..].starts_with('(').then_some(name)
        })
        .collect()
}

/// The name that a text begins with.
fn name_at(text: &str) -> Option<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

#[test]
fn calls_are_found_by_the_methods_of_the_engine() {
    let code = "\nimpl Engine {\n    pub fn go(&self) {\n        self.stop(1);\n    }\n\n    fn stop(&self) {}\n}\n";
    assert_eq!(methods_of_engine(code), ["go", "stop"]);
    assert_eq!(called_on_engine(code), ["stop"]);
    let elsewhere = "self.stop(1); engine.go(); self.member.go";
    assert_eq!(called_on_engine(elsewhere), ["go"]);
}
