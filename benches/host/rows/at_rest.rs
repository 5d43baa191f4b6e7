//! What it costs that callers wait and nothing happens.

use std::time::Duration;

use super::Row;
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::{process, site};
use callcenter_test_support::harness::{CallCenter, FreeSwitch};

/// See [`Row`].
pub const ROW: Row = Row {
    name: "at_rest",
    about: "CPU and threads with 200 waiting and 100 agents on break",
    run,
};

/// How many wait, and how many agents could come.
pub const WAITING: usize = 200;
/// See [`WAITING`].
pub const AGENTS: usize = 100;

/// How long it is watched.
const WINDOWS: usize = 6;
const WINDOW: Duration = Duration::from_secs(4);

/// Threads a module may have of its own, few and whatever the number of members.
const OWN_THREADS: f64 = 5.0;

fn run(figures: &mut Figures) {
    let hold = hold_alone();
    let threads = Measure::cost(ROW.name, "threads", "").goal(Of::Median, Limit::MoreThanCore(OWN_THREADS));
    let all = Measure::cost(ROW.name, "CPU with the hold sound", "core");
    let call_centre = site::one_queue("longest-idle-agent", AGENTS, "On Break", site::phone_that_rings);
    for side in MODULES {
        let Some(switch) = site::start(side, &call_centre, site::NO_EVENTS) else {
            continue;
        };
        site::wait_in_line(&switch, WAITING);
        let rest = Rest::of(&switch, &hold);
        figures.add(&all, Side::Core, &rest.hold);
        figures.add(&all, side, &rest.cores);
        figures.add(&above_hold(ROW.name), side, &rest.above_hold());
        figures.add(&threads, Side::Core, &[hold.threads() as f64]);
        figures.add(&threads, side, &[switch.threads() as f64]);
    }
}

/// CPU above the cost of the hold sound, with what is asked of it.
pub fn above_hold(row: &'static str) -> Measure {
    Measure::cost(row, "CPU above the hold sound", "core").goal(Of::Median, Limit::Under(0.005))
}

/// As many channels as [`WAITING`] that hear the same sound, in a FreeSWITCH without a call-centre module.
pub fn hold_alone() -> FreeSwitch {
    let switch = site::start(Side::Core, &CallCenter::new(), site::NO_EVENTS).expect("FreeSWITCH is there");
    site::dial(&switch, WAITING, |_| format!("&playback({})", site::HOLD));
    site::until(|| site::legs(&switch).now == WAITING, "all channels");
    switch
}

/// CPU of a FreeSWITCH in which nothing happens, and of the hold sound alone at the very same time: whatever else the machine does
/// changes both.
pub struct Rest {
    /// In each window, in cores.
    cores: Vec<f64>,
    /// See [`hold_alone`].
    hold: Vec<f64>,
}

impl Rest {
    /// Watches both.
    pub fn of(switch: &FreeSwitch, hold: &FreeSwitch) -> Self {
        let pids = [switch.pid(), hold.pid()];
        // The threads that started the calls end first.
        process::cores(pids, 1, WINDOW);
        let windows = process::cores(pids, WINDOWS, WINDOW);
        let (cores, hold) = windows.into_iter().map(|[cores, hold]| (cores, hold)).unzip();
        Self { cores, hold }
    }

    /// What one used more than the other, in each window.
    pub fn above_hold(&self) -> Vec<f64> {
        let pairs = self.cores.iter().zip(&self.hold);
        pairs.map(|(cores, hold)| cores - hold).collect()
    }
}
