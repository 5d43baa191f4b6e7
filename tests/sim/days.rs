//! A million simulated calls under all checkers, and as many more as one likes.

use crate::calling_back;
use crate::centre::random_day;
use crate::demand::with_demands;
use crate::faults::with_faults;
use crate::mutants;
use crate::preferring::with_preferred;
use crate::promises::with_callbacks;
use crate::watch;
use callcenter_simulator::Plan;
use callcenter_test_support::seeds::{new_seed, number_from_environment};
use mod_callcenter::engine::marks::Mark;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The strategies side by side in the days of each kind.
const KINDS: [&[&str]; 6] = [
    &["longest-idle-agent"],
    &["round-robin"],
    &["ring-all"],
    &[
        "top-down",
        "agent-with-least-talk-time",
        "agent-with-fewest-calls",
        "sequentially-by-agent-order",
        "sequentially-by-next-agent-order",
        "random",
        "wrandom",
        "no-such-strategy",
    ],
    &["ring-progressively"],
    &[
        "longest-idle-agent",
        "round-robin",
        "ring-all",
        "top-down",
        "ring-progressively",
        "random",
    ],
];

/// The day of a seed: its strategies by turns, every third day without faults, every fifth with skills, priorities and level rules.
pub fn day(seed: u64) -> Plan {
    let kind = usize::try_from(seed % 6).unwrap_or(0);
    let plan = random_day(seed, KINDS[kind]);
    let plan = if seed % 5 == 4 { with_demands(plan) } else { plan };
    if seed / 6 % 3 == 0 {
        plan
    } else {
        with_faults(plan)
    }
}

/// The same; on every fourth day callers prefer agents, and on two of seven they are called back. The transcript has the days without.
fn day_with_all(seed: u64) -> Plan {
    let plan = if seed % 4 == 3 {
        with_preferred(day(seed))
    } else {
        day(seed)
    };
    match seed % 7 < 2 {
        true => with_callbacks(plan),
        false => plan,
    }
}

/// Days and calls of a run.
#[derive(Default)]
struct Totals {
    days: AtomicU64,
    calls: AtomicU64,
}

/// The one seed that `SIM_SEED` asks for; these, where it is not set.
pub fn asked_or(seeds: Range<u64>) -> Range<u64> {
    number_from_environment("SIM_SEED").map_or(seeds, |seed| seed..seed + 1)
}

/// Runs the day of every seed, on all cores, until there are none or it is enough; the one day of `SIM_SEED` where it is set.
fn run_days(seeds: Range<u64>, is_enough: impl Fn(&Totals) -> bool + Sync) -> Totals {
    let seeds = asked_or(seeds);
    let totals = Totals::default();
    let next = AtomicU64::new(seeds.start);
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds.end || is_enough(&totals) {
            return;
        }
        let day = watch::check(&day_with_all(seed)).unwrap_or_else(|finding| {
            next.store(seeds.end, Ordering::Relaxed);
            panic!("{finding}");
        });
        totals.days.fetch_add(1, Ordering::Relaxed);
        totals.calls.fetch_add(day.calls, Ordering::Relaxed);
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    totals
}

/// As many as `SIM_CALLS` says where it is set. A million have passed every mark of the engine.
#[test]
fn a_million_calls() {
    mutants::break_as_told();
    let begun = Instant::now();
    let wanted = number_from_environment("SIM_CALLS").unwrap_or(MILLION);
    calling_back::play(1..=calling_back::DAYS);
    let totals = run_days(1..u64::MAX, |totals| totals.calls.load(Ordering::Relaxed) >= wanted);
    totals.print(1, begun);
    // Marks are no part of a build without debug assertions.
    let is_whole = cfg!(debug_assertions) && totals.calls.load(Ordering::Relaxed) >= MILLION;
    let missed = if is_whole { Mark::not_passed() } else { Vec::new() };
    assert!(missed.is_empty(), "the simulation has not passed {missed:?}");
}

pub const MILLION: u64 = 1_000_000;

/// `make soak`: from the seed `SOAK_SEED` (else one that is new each time), for `SOAK_MINUTES`.
#[test]
#[ignore = "runs as long as it is told to: make soak"]
fn soak() {
    let begun = Instant::now();
    let minutes = number_from_environment("SOAK_MINUTES").unwrap_or(10);
    let first = number_from_environment("SOAK_SEED").unwrap_or_else(new_seed);
    println!("soak: {minutes} minutes from seed {first} on");
    let end = begun + Duration::from_secs(60 * minutes);
    let totals = run_days(first..u64::MAX, |_| Instant::now() >= end);
    totals.print(first, begun);
}

impl Totals {
    fn print(&self, first: u64, begun: Instant) {
        let (days, calls) = (self.days.load(Ordering::Relaxed), self.calls.load(Ordering::Relaxed));
        let seconds = begun.elapsed().as_secs();
        println!("{calls} calls in {days} days from seed {first} on, {seconds} seconds");
    }
}
