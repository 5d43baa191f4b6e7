//! Days of every kind under all checkers.

use crate::checks;
use crate::world::World;
use callcenter_test_support::boxes::faults::{random_day, Plan};
use mod_callcenter::cluster::marks::Mark;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many random days a test plays.
const DAYS: u64 = 400;

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
    let found = world.run().and_then(|()| checks::at_the_end(&world));
    for line in &world.trace {
        println!("{line}");
    }
    found.map_err(|finding| {
        let at = world.now as f64 / 1e6;
        format!("{finding} at {at:.6}\nAgain with: CLUSTER_SEED={seed} cargo test --test cluster random_days")
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

fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
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
    let (next, sums) = (AtomicU64::new(first), [const { AtomicU64::new(0) }; 5]);
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= first + days {
            return;
        }
        let seen = play(random_day(seed), false).unwrap_or_else(|finding| {
            next.store(u64::MAX / 2, Ordering::Relaxed);
            panic!("{finding}");
        });
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
    // Marks are no part of a build without debug assertions.
    let is_whole = cfg!(debug_assertions) && days >= DAYS;
    let mut missed = if is_whole { Mark::not_passed() } else { Vec::new() };
    missed.retain(|mark| crate::mutants::is_played_here(*mark));
    assert!(missed.is_empty(), "the days have not passed {missed:?}");
    println!("{days} days: rings, talks, elections, boxes given up, leaders: {sums:?}");
}
