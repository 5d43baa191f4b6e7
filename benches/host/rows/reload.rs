//! `reload mod_callcenter` at a large site.

use std::time::Instant;

use super::Row;
use crate::figures::{Figures, Limit, Measure, Of, MODULES};
use crate::site;
use callcenter_test_support::harness::CallCenter;

/// See [`Row`].
pub const ROW: Row = Row {
    name: "reload",
    about: "`reload mod_callcenter` with 1,000 agents, 3,000 tiers and 100 queues",
    run,
};

const AGENTS: usize = 1_000;
const QUEUES: usize = 100;
const TIERS_OF_AN_AGENT: usize = 3;
const ROUNDS: usize = 7;

fn run(figures: &mut Figures) {
    let measure = Measure::cost(ROW.name, "reload mod_callcenter", "ms").goal(Of::Median, Limit::Under(200.0));
    for side in MODULES {
        let Some(switch) = site::start(side, &large_site(), site::NO_EVENTS) else {
            continue;
        };
        for _ in 0..ROUNDS {
            let asked = Instant::now();
            let answer = switch.api("reload mod_callcenter");
            let took = asked.elapsed().as_secs_f64() * 1000.0;
            assert!(answer.contains("+OK module loaded"), "{answer}");
            figures.add(&measure, side, &[took]);
        }
        let agents = switch.callcenter("agent list").lines().count();
        let tiers = switch.callcenter("tier list").lines().count();
        let with_header_and_ok = |rows| rows + 2;
        assert_eq!(agents, with_header_and_ok(AGENTS));
        assert_eq!(tiers, with_header_and_ok(AGENTS * TIERS_OF_AN_AGENT));
    }
}

fn large_site() -> CallCenter {
    let name = |queue: usize| format!("queue{queue}@default");
    let queues = (0..QUEUES).fold(CallCenter::new(), |file, queue| {
        file.queue(&name(queue), &[("strategy", "longest-idle-agent")])
    });
    (0..AGENTS).fold(queues, |file, number| {
        let agent = site::agent(number);
        let file = file.agent(&agent, &site::phone_that_rings(&agent), &[("status", "On Break")]);
        (0..TIERS_OF_AN_AGENT).fold(file, |file, tier| {
            file.tier(&name((number + tier) % QUEUES), &agent, 1, 1)
        })
    })
}
