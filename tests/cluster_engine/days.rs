//! Days of every kind under all checkers.

use crate::checks;
use crate::world::World;
use callcenter_test_support::boxes::faults::{random_day, Plan};
use callcenter_test_support::seeds::{new_seed, number_from_environment};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many random days a test plays.
const DAYS: u64 = 120;

/// How many days are played without faults.
const QUIET_DAYS: u64 = 20;

/// What a day has seen.
#[derive(Debug, Default, Clone, Copy)]
pub struct Seen {
    pub rings: u64,
    pub talks: u64,
    pub elections: u64,
    pub given_up: u64,
    pub leaders: u64,
}

/// Plays a day to its end. What is found names the seed.
pub fn play(plan: Plan, traces: bool) -> Result<Seen, String> {
    let seed = plan.seed;
    let mut world = World::new(plan);
    world.books.traces = traces;
    let found = panic::catch_unwind(AssertUnwindSafe(|| {
        world.run().and_then(|()| checks::at_the_end(&world))
    }));
    // What the engine's own audit finds is a finding as well.
    let found = found.unwrap_or_else(|_| Err("the engine panics".to_owned()));
    for line in &world.trace {
        println!("{line}");
    }
    found.map_err(|finding| {
        let at = world.now as f64 / 1e6;
        format!("{finding} at {at:.6}\nAgain with: CLUSTER_SEED={seed} cargo test --test cluster_engine random_days")
    })?;
    let books = &world.books;
    Ok(Seen {
        rings: books.rings,
        talks: books.talks,
        elections: books.elections,
        given_up: books.given_up,
        leaders: books.leaders,
    })
}

/// Nothing goes wrong: everybody is served in order, whichever box they are on.
#[test]
fn quiet_days() {
    for seed in 1..=QUIET_DAYS {
        let plan = Plan {
            faults: Vec::new(),
            ..random_day(seed)
        };
        let seen = play(plan, number_from_environment("CLUSTER_SEED") == Some(seed));
        let seen = seen.unwrap_or_else(|finding| panic!("{finding}"));
        assert!(seen.talks > 20 && seen.elections == 1, "seed {seed}: {seen:?}");
    }
}

/// `CLUSTER_DAYS` days from `CLUSTER_FROM` on, or the one of `CLUSTER_SEED`.
#[test]
fn random_days() {
    if let Some(seed) = number_from_environment("CLUSTER_SEED") {
        let seen = play(random_day(seed), true).unwrap_or_else(|finding| panic!("{finding}"));
        println!("{seen:?}");
        return;
    }
    let first = number_from_environment("CLUSTER_FROM").unwrap_or(1);
    let days = number_from_environment("CLUSTER_DAYS").unwrap_or(DAYS);
    play_days(first, |seed| seed < first + days);
    // Marks are no part of a build without debug assertions.
    let is_whole = cfg!(debug_assertions) && days >= DAYS;
    let missed = if is_whole {
        crate::mutants::not_passed()
    } else {
        Vec::new()
    };
    assert!(missed.is_empty(), "the days have not passed {missed:?}");
}

/// `make soak`: from the seed `SOAK_SEED` (else one that is new each time), for `SOAK_MINUTES`.
#[test]
#[ignore = "runs as long as it is told to: make soak"]
fn soak() {
    let begun = Instant::now();
    let minutes = number_from_environment("SOAK_MINUTES").unwrap_or(10);
    let first = number_from_environment("SOAK_SEED").unwrap_or_else(new_seed);
    println!("soak: {minutes} minutes from seed {first} on");
    play_days(first, |_| begun.elapsed() < Duration::from_secs(60 * minutes));
}

/// Plays days from this seed on, as long as there is to be one more.
fn play_days(first: u64, goes_on: impl Fn(u64) -> bool + Sync) {
    let (next, days, has_failed) = (AtomicU64::new(first), AtomicU64::new(0), AtomicBool::new(false));
    let sums = [const { AtomicU64::new(0) }; 5];
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if has_failed.load(Ordering::Relaxed) || !goes_on(seed) {
            return;
        }
        let seen = play(random_day(seed), false).unwrap_or_else(|finding| {
            has_failed.store(true, Ordering::Relaxed);
            panic!("{finding}");
        });
        days.fetch_add(1, Ordering::Relaxed);
        let seen = [seen.rings, seen.talks, seen.elections, seen.given_up, seen.leaders];
        for (sum, more) in sums.iter().zip(seen) {
            sum.fetch_add(more, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    let days = days.into_inner();
    println!("{days} days from seed {first} on: rings, talks, elections, boxes given up, leaders: {sums:?}");
}
