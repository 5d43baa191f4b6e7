//! The module is reloaded again and again in the middle of everything: talks that are up go on under its successor, each to its one end.

use crate::days::day;
use crate::faults::with_faults;
use crate::watch;
use callcenter_simulator::{Act, Ambushes, Plan};
use mod_callcenter::engine::Span;

/// The day of a seed with a reload every so many seconds, and with every tenth one at once after the one before.
fn reloaded(mut plan: Plan, apart: i64) -> Plan {
    let reloads = (1..).map(|number| plan.start + Span::from_secs(number * apart));
    let in_time = reloads.take_while(|at| *at <= plan.start + plan.length);
    let twice = |(number, at)| std::iter::repeat_n((at, Act::Reload), if number % 10 == 0 { 2 } else { 1 });
    let reloads: Vec<_> = in_time.enumerate().flat_map(twice).collect();
    plan.acts.extend(reloads);
    plan
}

fn check(seeds: std::ops::Range<u64>, apart: i64, plan_of: impl Fn(u64) -> Plan) {
    let mut talks = 0;
    for seed in seeds {
        let found = watch::check(&reloaded(plan_of(seed), apart)).unwrap_or_else(|finding| {
            panic!("with a reload every {apart} s: {finding}");
        });
        talks += found.talks_found;
    }
    assert!(talks > 100, "only {talks} talks were found");
}

#[test]
fn talks_outlive_reload_after_reload() {
    check(0..6, 37, day);
}

#[test]
fn talks_outlive_reloads_among_all_other_faults() {
    check(100..112, 53, |seed| with_faults(day(seed)));
}

/// Reloads at every moment of an offer: when the phone begins to ring, while the two are bridged, while the end is on its way.
fn ambushed(mut plan: Plan) -> Plan {
    let moments = [0, 20, 80, 400, 2_500].map(Span::from_millis);
    let reloads: Vec<_> = moments.into_iter().map(|after| vec![(after, Act::Reload)]).collect();
    let agents = plan.agents.iter().map(|agent| agent.name.clone());
    plan.ambushes = Ambushes {
        chance: 0.1,
        of_agent: agents.map(|agent| (agent, reloads.clone())).collect(),
    };
    plan
}

#[test]
fn talks_outlive_reloads_at_every_moment_of_an_offer() {
    check(200..208, 600, |seed| ambushed(day(seed)));
}
