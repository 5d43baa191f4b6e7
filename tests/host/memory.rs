//! No memory error and no leak of ours: everything the module does, under valgrind. `make sanitize` runs it.

use std::path::Path;
use std::time::Duration;

use crate::rush::{dice, Rush};
use callcenter_test_support::harness::{install, say, FreeSwitch, Module, Setup};

/// A rush as large as this machine has patience for.
fn rush() -> Rush {
    let number = |name: &str, usual| {
        let given = std::env::var(name).ok().and_then(|text| text.parse().ok());
        given.unwrap_or(usual)
    };
    Rush {
        callers: number("CALLERS", 40),
        agents: number("AGENTS", 10),
        arrived: 10,
        pause: Duration::from_millis(15),
        day: Duration::from_secs(300),
    }
}

/// What valgrind is told. Leaks are looked for when FreeSWITCH ends, after the module is gone.
fn valgrind(report: &Path) -> Vec<String> {
    let words = [
        "valgrind",
        "--tool=memcheck",
        "--leak-check=full",
        "--show-leak-kinds=definite",
        "--keep-debuginfo=yes",
        "--num-callers=60",
        "--error-limit=no",
        "--fair-sched=yes",
        "--xml=yes",
    ];
    let mut words: Vec<String> = words.map(str::to_owned).to_vec();
    words.push(format!("--xml-file={}", report.display()));
    words
}

/// What valgrind found, of FreeSWITCH and its libraries as well: each error as text, with its frames, innermost first, and whether one of them is ours.
fn errors(report: &str) -> Vec<(String, bool)> {
    let document = roxmltree::Document::parse(report).expect("a whole report: valgrind has ended well");
    let errors = document.descendants().filter(|node| node.has_tag_name("error"));
    errors
        .map(|error| {
            let text = |node: roxmltree::Node<'_, '_>, name: &str| {
                let found = node.descendants().find(|node| node.has_tag_name(name));
                found
                    .and_then(|node| node.text().map(str::to_owned))
                    .unwrap_or_default()
            };
            let frames: Vec<_> = error.descendants().filter(|node| node.has_tag_name("frame")).collect();
            let ours = frames
                .iter()
                .any(|frame| text(*frame, "obj").contains("mod_callcenter"));
            let mut told = format!(
                "{} {}{}\n",
                text(error, "kind"),
                text(error, "what"),
                text(error, "text")
            );
            for frame in frames {
                told += &format!(
                    "    {} ({}:{}) {}\n",
                    text(frame, "fn"),
                    text(frame, "file"),
                    text(frame, "line"),
                    text(frame, "obj")
                );
            }
            (told, ours)
        })
        .collect()
}

#[test]
#[ignore = "takes minutes; make sanitize"]
fn no_memory_error_is_ours() {
    let Some(install) = install() else { return };
    let directory = tempfile::tempdir().expect("a temporary directory");
    let report = directory.path().join("memcheck.xml");
    let rush = rush();
    let plain = Setup::new(&rush.call_centre());
    // Leaves the certificates to the one under valgrind.
    drop(FreeSwitch::start(install, Module::Ours, plain.clone()));
    let setup = Setup {
        under: valgrind(&report),
        ..plain
    };
    let mut switch = FreeSwitch::start(install, Module::Ours, setup);
    let mut dice = dice("memory");
    rush.is_played_and_over(&switch, &mut dice);
    rush.is_in_full_swing(&switch, &mut dice);
    let answer = switch.api("unload -f mod_callcenter");
    assert!(answer.contains("+OK"), "unload -f: {answer}");
    switch.wait_until_quiet_within(rush.day);
    let answer = switch.api("load mod_callcenter");
    assert!(answer.contains("+OK"), "load: {answer}");
    rush.is_played_and_over(&switch, &mut dice);
    let answer = switch.api("unload mod_callcenter");
    assert!(answer.contains("+OK"), "unload: {answer}");
    switch.stop();
    let report = std::fs::read_to_string(&report).expect("valgrind's report");
    let errors = errors(&report);
    let ours: Vec<&str> = errors
        .iter()
        .filter(|(_, ours)| *ours)
        .map(|(text, _)| text.as_str())
        .collect();
    say(&format!(
        "valgrind reports {} errors, {} of them through our module",
        errors.len(),
        ours.len()
    ));
    assert!(ours.is_empty(), "{}", ours.join("\n"));
}
