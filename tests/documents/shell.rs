//! Lines for a shell: their targets, scripts, programs of tests and commands are there.

use crate::site::Site;
use callcenter_test_support::documents::{blocks, documents, Block};
use callcenter_test_support::repository::root;

/// How the simulator is started; `crates/simulator/tests/callcenter_sim.rs` runs what comes behind.
const SIMULATOR: &str = "cargo run --release --bin callcenter-sim -- ";

fn has_target(name: &str) -> bool {
    let makefile = std::fs::read_to_string(root().join("Makefile")).expect("the Makefile");
    makefile.lines().any(|line| line.starts_with(&format!("{name}:")))
}

/// The words of a line up to its comment, quotes kept, and without the variables before them.
fn command_of(line: &str) -> &str {
    let line = line.split(" #").next().unwrap_or_default().trim();
    match line.split_once(' ') {
        Some((word, rest)) if word.contains('=') => command_of(rest),
        _ => line,
    }
}

/// What is wrong with a line, if anything.
fn trouble_with(line: &str, site: &Site) -> Option<String> {
    let command = command_of(line);
    let mut words = command.split(' ');
    match words.next().unwrap_or_default() {
        "make" => {
            let target = words.find(|word| !word.contains('='));
            target
                .filter(|name| !has_target(name))
                .map(|name| format!("the Makefile has no {name}"))
        }
        "cargo" => trouble_with_cargo(command),
        "fs_cli" => trouble_with_fs_cli(command, site),
        script if script.starts_with("scripts/") => {
            (!root().join(script).is_file()).then(|| "there is no such script".to_owned())
        }
        _ => Some("no test can run it: call the block text, and say why it is not run".to_owned()),
    }
}

fn trouble_with_cargo(command: &str) -> Option<String> {
    if command.starts_with(SIMULATOR) || command.starts_with("cargo doc") {
        return None;
    }
    let (_, rest) = command.split_once(" --test ")?;
    let name = rest.split(' ').next().unwrap_or_default();
    let directories = ["tests", "crates/simulator/tests"];
    let mut places = directories
        .into_iter()
        .flat_map(|directory| [format!("{directory}/{name}.rs"), format!("{directory}/{name}/main.rs")]);
    let is_there = places.any(|place| root().join(place).is_file());
    (!is_there).then(|| format!("there is no test program {name}"))
}

/// fs_cli carries out one command; of several it takes the last.
fn trouble_with_fs_cli(command: &str, site: &Site) -> Option<String> {
    let given = command.strip_prefix("fs_cli -x ")?;
    if given.contains(" -x ") {
        return Some("fs_cli carries out the last -x alone".to_owned());
    }
    site.obey(given.trim_matches(['"', '\''])).err()
}

#[test]
fn every_line_for_a_shell_can_be_carried_out() {
    let blocks = blocks("sh");
    let mut found = Vec::new();
    for block in &blocks {
        found.extend(troubles_of(block));
    }
    assert!(blocks.len() > 8, "only {} blocks", blocks.len());
    assert!(found.is_empty(), "{found:#?}");
}

fn troubles_of(block: &Block) -> Vec<String> {
    let site = Site::new();
    let lines = block.text.lines();
    let troubles = lines.filter_map(|line| Some(format!("{}: {line}: {}", block.place(), trouble_with(line, &site)?)));
    troubles.collect()
}

/// `make` and `cargo test` in prose.
#[test]
fn every_target_in_prose_is_there() {
    let site = Site::new();
    let mut found = Vec::new();
    for document in documents() {
        for span in document.code_spans() {
            let is_line = ["make ", "cargo ", "fs_cli -x "]
                .iter()
                .any(|start| span.starts_with(start));
            if let Some(trouble) = Some(&span)
                .filter(|_| is_line)
                .and_then(|span| trouble_with(span, &site))
            {
                found.push(format!("{}: {span}: {trouble}", document.path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
