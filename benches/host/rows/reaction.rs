//! How soon an agent who becomes available is offered a waiting call, and how long the command takes that makes them so.

use std::time::Instant;

use super::Row;
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::site;
use callcenter_test_support::harness::{Event, FreeSwitch};

/// See [`Row`].
pub const ROW: Row = Row {
    name: "reaction",
    about: "from Available to agent-offering, and the command `agent set status` itself",
    run,
};

/// Agents, members who wait, and how often each is measured.
const CASES: [(usize, usize, usize); 3] = [(10, 1, 100), (100, 200, 60), (300, 500, 30)];

fn run(figures: &mut Figures) {
    for (agents, members, rounds) in CASES {
        let case = format!("{agents} agents, {members} waiting");
        let call_centre = site::one_queue("longest-idle-agent", agents, "On Break", site::phone_that_rings);
        for side in MODULES {
            let Some(switch) = site::start(side, &call_centre, site::ALL_EVENTS) else {
                continue;
            };
            site::wait_in_line(&switch, members);
            let (offer, command) = (
                offer(ROW.name, &case),
                command(ROW.name, &case).goal(Of::Median, Limit::Under(1.0)),
            );
            measure(figures, [&offer, &command], side, &switch, agents, rounds);
        }
    }
}

/// The time to the offer, with what is asked of it.
pub fn offer(row: &'static str, case: &str) -> Measure {
    Measure::cost(row, format!("offer, {case}"), "ms")
        .goal(Of::Median, Limit::Under(1.0))
        .goal(Of::P99, Limit::Under(5.0))
}

/// The time of the command, beside that of one which FreeSWITCH answers by itself while the same members wait.
pub fn command(row: &'static str, case: &str) -> Measure {
    Measure::cost(row, format!("agent set status, {case}; core: `api version`"), "ms")
}

/// Makes one agent after the other available, and the time to the offer and of the commands a figure.
pub fn measure(
    figures: &mut Figures,
    [offer, command]: [&Measure; 2],
    side: Side,
    switch: &FreeSwitch,
    agents: usize,
    rounds: usize,
) {
    for round in 0..rounds {
        let name = site::agent(round % agents);
        let mark = switch.events().mark();
        let available = set_status(switch, &name, "Available");
        let of_agent = |action: &str| {
            let is_it = |event: &Event| event.is(action) && event.get("CC-Agent") == name;
            switch.events().wait(mark, site::PATIENCE, action, is_it)
        };
        let waited = site::milliseconds(&of_agent("agent-status-change"), &of_agent("agent-offering"));
        let mark = switch.events().mark();
        let on_break = set_status(switch, &name, "'On Break'");
        let is_free = |event: &Event| site::is_state(event, "Waiting") && event.get("CC-Agent") == name;
        switch.events().wait(mark, site::PATIENCE, "end of the offer", is_free);
        figures.add(offer, side, &[waited]);
        figures.add(command, side, &[available, on_break]);
        if side == Side::Ours {
            figures.add(command, Side::Core, &[timed(switch, "version").0]);
        }
    }
}

/// How long the command takes, in milliseconds, as its client sees it.
fn set_status(switch: &FreeSwitch, agent: &str, status: &str) -> f64 {
    let (took, answer) = timed(switch, &format!("callcenter_config agent set status {agent} {status}"));
    assert_eq!(answer, "+OK\n", "agent set status");
    took
}

/// How long a command takes, in milliseconds, and its answer.
fn timed(switch: &FreeSwitch, command: &str) -> (f64, String) {
    let asked = Instant::now();
    let answer = switch.api(command);
    (asked.elapsed().as_secs_f64() * 1000.0, answer)
}
