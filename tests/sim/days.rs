//! Thousands of random call-centre hours under all checkers.

use crate::centre::random_day;
use crate::watch;

/// Runs days of these strategies: the one of `SIM_SEED`, or as many as the test is given.
fn run_days(name: &str, first_seed: u64, days: u64, strategies: &[&str]) {
    if let Some(seed) = std::env::var("SIM_SEED").ok().and_then(|seed| seed.parse().ok()) {
        watch::check(name, &random_day(seed, strategies));
        return;
    }
    for seed in first_seed..first_seed + days {
        watch::check(name, &random_day(seed, strategies));
    }
}

#[test]
fn longest_idle_agent() {
    run_days("longest_idle_agent", 1_000_000, DAYS, &["longest-idle-agent"]);
}

#[test]
fn round_robin() {
    run_days("round_robin", 2_000_000, DAYS, &["round-robin"]);
}

#[test]
fn ring_all() {
    run_days("ring_all", 3_000_000, DAYS, &["ring-all"]);
}

#[test]
fn other_orders() {
    let strategies = [
        "top-down",
        "agent-with-least-talk-time",
        "agent-with-fewest-calls",
        "sequentially-by-agent-order",
        "sequentially-by-next-agent-order",
        "random",
        "no-such-strategy",
    ];
    run_days("other_orders", 4_000_000, DAYS, &strategies);
}

#[test]
fn ring_progressively() {
    run_days("ring_progressively", 5_000_000, DAYS, &["ring-progressively"]);
}

#[test]
fn all_strategies_side_by_side() {
    let strategies = [
        "longest-idle-agent",
        "round-robin",
        "ring-all",
        "top-down",
        "ring-progressively",
        "random",
    ];
    run_days("all_strategies_side_by_side", 6_000_000, DAYS, &strategies);
}

/// Days of each test; a day is 1.2 hours on average.
const DAYS: u64 = 600;
