//! The cluster made to go wrong at one of its marks: the random days must notice each time.
//!
//! `CLUSTER_MUTANT=TrustEnds cargo test --test cluster random_days` plays them with that mark broken.

use mod_callcenter::cluster::marks::Mark;
use std::process::{Command, Stdio};

/// Names the mark that is broken.
const BROKEN: &str = "CLUSTER_MUTANT";

/// How many days a mutant has to survive.
const DAYS: u64 = 2_000;

/// Marks of what stands between messages and the engine, which the small call centre does without: the days of `tests/cluster_engine` pass
/// them.
const ELSEWHERE: [&str; 6] = [
    "NeighboursAreUnderstood",
    "IdentitiesAreOfATerm",
    "NobodyIsRungForWhoHasLeft",
    "EndsAreToldUntilTheyAreKnown",
    "WhatIsInTheRowsIsNotDoneAgain",
    "WhoIsGoneIsToldNothing",
];

/// Whether the days here can notice that a mark does not hold.
pub fn is_played_here(mark: Mark) -> bool {
    !ELSEWHERE.contains(&format!("{mark:?}").as_str())
}

/// Has the boxes of this process go wrong where the environment says so.
///
/// # Panics
/// When there is no such mark.
pub fn break_as_told() {
    if let Ok(name) = std::env::var(BROKEN) {
        let mark = Mark::ALL.iter().find(|mark| format!("{mark:?}") == name);
        mark.unwrap_or_else(|| panic!("no mark is called {name}")).break_here();
    }
}

/// `make mutants`: with each mark broken the days have to fail. `MUTANT` picks those whose name or description contains it.
#[test]
#[ignore = "plays days for each mark: make mutants"]
fn every_mutant_is_caught() {
    let wanted = std::env::var("MUTANT").unwrap_or_default();
    let is_wanted = |mark: &&Mark| mark.breaks().contains(&wanted) || format!("{mark:?}").contains(&wanted);
    let mut survivors = Vec::new();
    for mark in Mark::ALL
        .iter()
        .filter(|mark| is_wanted(mark) && is_played_here(**mark))
    {
        match caught(*mark) {
            Some(how) => println!("caught ({how}): {}", mark.breaks()),
            None => {
                println!("NOT CAUGHT: {mark:?}: {}", mark.breaks());
                survivors.push(mark);
            }
        }
    }
    assert!(survivors.is_empty(), "the days do not notice: {survivors:#?}");
}

/// How days, in a process of their own, have noticed that this mark does not hold; none when none has.
fn caught(mark: Mark) -> Option<String> {
    ["bounds::", "days::random_days"]
        .into_iter()
        .find_map(|tests| caught_by(tests, mark))
}

/// The first finding of these tests.
fn caught_by(tests: &str, mark: Mark) -> Option<String> {
    let days = Command::new(std::env::current_exe().expect("this program"))
        .args([tests, "--nocapture"])
        .env(BROKEN, format!("{mark:?}"))
        .env("CLUSTER_DAYS", DAYS.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output()
        .expect("this program starts again");
    if days.status.success() {
        return None;
    }
    let log = String::from_utf8_lossy(&days.stderr).into_owned();
    let finding = log.split("panicked at ").nth(1).and_then(|rest| rest.lines().nth(1));
    // Tests that fail for another reason than a finding have not noticed anything.
    let finding = finding.unwrap_or_else(|| panic!("{tests} fails and says nothing: {log}"));
    let seed = log
        .split("CLUSTER_SEED=")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    let day = seed.map_or(tests.to_owned(), |seed| format!("seed {seed}"));
    Some(format!("{day}: {finding}"))
}
