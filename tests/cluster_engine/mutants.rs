//! The cluster made to go wrong at one of its marks: the random days must notice each time.
//!
//! `CLUSTER_MUTANT=TrustEnds cargo test --test cluster_engine random_days` plays them with that mark broken.

use mod_callcenter::cluster::marks::Mark;
use mod_callcenter::engine::marks::adoption;
use std::process::{Command, Stdio};

/// Names the mark that is broken.
const BROKEN: &str = "CLUSTER_MUTANT";

/// How many days a mutant has to survive.
const DAYS: u64 = 400;

/// A mark of the cluster, or of what the engine adopts.
struct Mutant {
    name: String,
    breaks: &'static str,
    break_here: Box<dyn Fn()>,
}

fn mutants() -> Vec<Mutant> {
    let of_cluster = Mark::ALL.iter().map(|mark| Mutant {
        name: format!("{mark:?}"),
        breaks: mark.breaks(),
        break_here: Box::new(|| mark.break_here()),
    });
    let of_engine = adoption::Mark::ALL.iter().map(|mark| Mutant {
        name: format!("{mark:?}"),
        breaks: mark.breaks(),
        break_here: Box::new(|| mark.break_here()),
    });
    of_cluster.chain(of_engine).collect()
}

/// Has the boxes of this process go wrong where the environment says so.
///
/// # Panics
/// When there is no such mark.
pub fn break_as_told() {
    if let Ok(name) = std::env::var(BROKEN) {
        let mutants = mutants();
        let mutant = mutants.iter().find(|mutant| mutant.name == name);
        let mutant = mutant.unwrap_or_else(|| panic!("no mark is called {name}"));
        (mutant.break_here)();
    }
}

/// What the days of this process have not passed.
pub fn not_passed() -> Vec<String> {
    let of_cluster = Mark::not_passed().into_iter().map(|mark| format!("{mark:?}"));
    let of_engine = adoption::Mark::not_passed().into_iter();
    of_cluster.chain(of_engine.map(|mark| format!("{mark:?}"))).collect()
}

/// `make mutants`: with each mark broken the days have to fail. `MUTANT` picks those whose name or description contains it.
#[test]
#[ignore = "plays days for each mark: make mutants"]
fn every_mutant_is_caught() {
    let wanted = std::env::var("MUTANT").unwrap_or_default();
    let is_wanted = |mutant: &&Mutant| mutant.breaks.contains(&wanted) || mutant.name.contains(&wanted);
    let mut survivors = Vec::new();
    for mutant in mutants().iter().filter(is_wanted) {
        match caught(&mutant.name) {
            Some(how) => println!("caught ({how}): {}", mutant.breaks),
            None => {
                println!("NOT CAUGHT: {}: {}", mutant.name, mutant.breaks);
                survivors.push(mutant.name.clone());
            }
        }
    }
    assert!(survivors.is_empty(), "the days do not notice: {survivors:#?}");
}

/// How days, in a process of their own, have noticed that this mark does not hold; none when none has.
fn caught(mark: &str) -> Option<String> {
    ["bounds::", "days::random_days"]
        .into_iter()
        .find_map(|tests| caught_by(tests, mark))
}

/// The first finding of these tests.
fn caught_by(tests: &str, mark: &str) -> Option<String> {
    let days = Command::new(std::env::current_exe().expect("this program"))
        .args([tests, "--nocapture"])
        .env(BROKEN, mark)
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
