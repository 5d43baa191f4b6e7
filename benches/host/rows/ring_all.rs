//! Many calls at once that ring every free agent: how many offers that takes, and what it costs.

use super::Row;
use crate::calls::{self, Rush};
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::site;

/// See [`Row`].
pub const ROW: Row = Row {
    name: "ring_all",
    about: "ring-all: 100 calls at once, 30 agents who answer at once and talk for about a second",
    run,
};

const CALLS: usize = 100;
const AGENTS: usize = 30;

fn run(figures: &mut Figures) {
    let most = 1.25 * CALLS as f64;
    let offers = Measure::cost(ROW.name, "offers for 100 calls", "").goal(Of::Median, Limit::Under(most));
    let wall = Measure::cost(ROW.name, "wall time", "s");
    let cpu = Measure::cost(ROW.name, "CPU a call; core: hold sound and bridges", "ms")
        .goal(Of::Median, Limit::TimesCore(1.25));
    let held = calls::held_bridges(CALLS, AGENTS);
    figures.add(&cpu, Side::Core, &[held.cpu_a_call]);
    figures.add(&wall, Side::Core, &[held.wall]);
    let call_centre = site::one_queue("ring-all", AGENTS, "Available", |name| site::phone_that_talks(name, 1));
    for side in MODULES {
        let Some(rush) = Rush::play(side, &call_centre, CALLS) else {
            continue;
        };
        figures.add(&offers, side, &[rush.offers as f64]);
        figures.add(&wall, side, &[rush.cost.wall]);
        figures.add(&cpu, side, &[rush.cost.cpu_a_call]);
    }
}
