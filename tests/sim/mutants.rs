//! The engine made to go wrong at one of its marks: the simulation must notice each time.
//!
//! `SIM_MUTANT=LosersStopRinging cargo test --test sim days` simulates with that mark broken.

use crate::days::MILLION;
use mod_callcenter::engine::marks::Mark;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Names the mark that is broken.
const BROKEN: &str = "SIM_MUTANT";

/// How many calls a mutant has to survive.
const CALLS: u64 = MILLION / 5;

/// A simulation of so many calls that takes longer than this does not end any more.
const PATIENCE: Duration = Duration::from_secs(300);

/// Has the engines of this process go wrong where the environment says so.
///
/// # Panics
/// When there is no such mark.
pub fn break_as_told() {
    if let Ok(name) = std::env::var(BROKEN) {
        let mark = Mark::ALL.iter().find(|mark| format!("{mark:?}") == name);
        mark.unwrap_or_else(|| panic!("no mark is called {name}")).break_here();
    }
}

/// `make mutants`: with each mark broken the simulation has to fail. `MUTANT` picks those whose name or description contains it.
#[test]
#[ignore = "simulates days for each mark: make mutants"]
fn every_mutant_is_caught() {
    let wanted = std::env::var("MUTANT").unwrap_or_default();
    let is_wanted = |mark: &&Mark| mark.breaks().contains(&wanted) || format!("{mark:?}").contains(&wanted);
    let mut survivors = Vec::new();
    for mark in Mark::ALL.iter().filter(is_wanted) {
        let begun = Instant::now();
        match caught(*mark) {
            Some(how) => println!("caught in {} s ({how}): {}", begun.elapsed().as_secs(), mark.breaks()),
            None => {
                println!("NOT CAUGHT: {mark:?}: {}", mark.breaks());
                survivors.push(mark);
            }
        }
    }
    assert!(survivors.is_empty(), "the simulation does not notice: {survivors:#?}");
}

/// How a simulation, in a process of its own, has noticed that this mark does not hold; none when none has.
fn caught(mark: Mark) -> Option<String> {
    DAYS.iter().find_map(|days| caught_on(days, mark))
}

fn caught_on(days: &str, mark: Mark) -> Option<String> {
    let log = tempfile::NamedTempFile::new().expect("a log");
    match simulate(days, mark, log.as_file()) {
        None => Some("it does not end".to_owned()),
        Some(status) if status.success() => None,
        Some(_) => Some(seed_in(&std::fs::read_to_string(log.path()).expect("the log"))),
    }
}

/// The simulations of which one has to notice, the short ones first.
const DAYS: [&str; 5] = [
    "calling_back::callers_are_called_back",
    "closing::who_is_being_connected_while_the_last_agent_goes_home_has_a_limit_all_the_same",
    "preferring::callers_prefer_agents_on_ordinary_days",
    "days::a_million_calls",
    "promises::callers_are_called_back_on_ordinary_days",
];

/// Runs such days of this program; none when they do not end in time.
fn simulate(days: &str, mark: Mark, log: &std::fs::File) -> Option<ExitStatus> {
    let mut days = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", days, "--nocapture"])
        .env(BROKEN, format!("{mark:?}"))
        .env("SIM_CALLS", CALLS.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log.try_clone().expect("a log"))
        .spawn()
        .expect("this program starts again");
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(status) = days.try_wait().expect("its end") {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    days.kill().expect("it is stopped");
    days.wait().expect("its end");
    None
}

/// The day on which it was noticed. A simulation that fails for another reason has not noticed anything.
fn seed_in(log: &str) -> String {
    let seed = log.split("SIM_SEED=").nth(1);
    let seed = seed.and_then(|rest| rest.split_whitespace().next());
    let seed = seed.unwrap_or_else(|| panic!("a simulation that fails names its seed: {log}"));
    format!("seed {seed}")
}
