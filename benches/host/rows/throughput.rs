//! Many calls at once for agents who answer at once: wall time, CPU a call, and how long agents idle between two calls.

use super::Row;
use crate::calls::{self, Rush};
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::site;

/// See [`Row`].
pub const ROW: Row = Row {
    name: "throughput",
    about: "500 calls at once, 50 agents who answer at once and talk for about a second",
    run,
};

const CALLS: usize = 500;
const AGENTS: usize = 50;

fn run(figures: &mut Figures) {
    let at_most = Limit::TimesCore(1.25);
    let cpu = Measure::cost(ROW.name, "CPU a call; core: bridges alone", "ms").goal(Of::Median, at_most);
    let with_hold = Measure::cost(ROW.name, "CPU a call; core: hold sound and bridges", "ms").goal(Of::Median, at_most);
    let wall = Measure::cost(ROW.name, "wall time", "s");
    let bound = Measure::cost(ROW.name, "wall time beside the talk time of an agent", "times")
        .goal(Of::Median, Limit::Under(1.1));
    let idle = Measure::cost(ROW.name, "idle time of an agent between two calls", "ms")
        .goal(Of::Mean, Limit::Under(10.0))
        .goal(Of::P99, Limit::Under(10.0));
    let bridges = calls::plain_bridges(CALLS, AGENTS);
    figures.add(&cpu, Side::Core, &[bridges.cpu_a_call]);
    let held = calls::held_bridges(CALLS, AGENTS);
    figures.add(&with_hold, Side::Core, &[held.cpu_a_call]);
    figures.add(&wall, Side::Core, &[held.wall]);
    let call_centre = site::one_queue("longest-idle-agent", AGENTS, "Available", |name| {
        site::phone_that_talks(name, 1)
    });
    for side in MODULES {
        let Some(rush) = Rush::play(side, &call_centre, CALLS) else {
            continue;
        };
        for measure in [&cpu, &with_hold] {
            figures.add(measure, side, &[rush.cost.cpu_a_call]);
        }
        figures.add(&wall, side, &[rush.cost.wall]);
        figures.add(&bound, side, &[rush.cost.wall * AGENTS as f64 / rush.talk]);
        figures.add(&idle, side, &rush.idle);
    }
}
