//! Standing legs whose callers leave in the moment in which the two are joined: how many legs are lost, and what memory they leave behind.

use std::time::{Duration, Instant};

use super::Row;
use crate::figures::{Figures, Measure, Side, MODULES};
use crate::harness::{CallCenter, FreeSwitch};
use crate::process;
use crate::site::{self, QUEUE};

/// See [`Row`].
pub const ROW: Row = Row {
    name: "standing_legs",
    about:
        "legs and callers lost when the other of the two leaves while they are joined; BENCH_TALKS (500) for each way",
    run,
};

/// Who leaves, and how: the command, with `LEG` and `CALLER`.
const WAYS: [(&str, &str); 4] = [
    ("caller hangs up", "uuid_kill CALLER"),
    ("caller is transferred", "uuid_transfer CALLER park inline"),
    ("leg hangs up", "uuid_kill LEG"),
    ("leg is transferred", "uuid_transfer LEG park inline"),
];

/// How long an agent may take to be free again: stock looks twice a second.
const SOON: Duration = Duration::from_secs(10);

fn run(figures: &mut Figures) {
    let talks = std::env::var("BENCH_TALKS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(500);
    let call_centre = CallCenter::new()
        .queue(QUEUE, &[("discard-abandoned-after", "1")])
        .agent("a1", "", &[("type", "uuid-standby"), ("status", "Logged Out")])
        .tier(QUEUE, "a1", 1, 1);
    for (who, command) in WAYS {
        for side in MODULES {
            let Some(switch) = site::start(side, &call_centre, site::ALL_EVENTS) else {
                continue;
            };
            measure(figures, side, &switch, (who, command), talks);
        }
    }
}

/// What was left of the two.
#[derive(Default)]
struct Lost {
    others: usize,
    stuck: usize,
}

fn measure(figures: &mut Figures, side: Side, switch: &FreeSwitch, (who, command): (&str, &str), talks: usize) {
    let mut lost = Lost::default();
    let mut leg = stand(switch);
    let mut memory = 0.0;
    for talk in 0..talks {
        // What FreeSWITCH takes for its first talks it keeps.
        if talk == talks / 5 {
            memory = process::memory(switch.pid());
        }
        leg = one_talk(switch, command, leg, talk, &mut lost);
    }
    let grown = process::memory(switch.pid()) - memory;
    let measure = |what: &str, unit| Measure::cost(ROW.name, format!("{what} of {talks} talks, {who}"), unit);
    figures.add(&measure("the other lost", "legs"), side, &[lost.others as f64]);
    figures.add(&measure("agent or caller stuck", "talks"), side, &[lost.stuck as f64]);
    figures.add(&measure("memory grown in the last four fifths", "MB"), side, &[grown]);
}

/// One talk in which somebody leaves 0 to 120 ms after the agent was found; gives the leg that stands afterwards. Every moment comes in
/// turn: 7 and 121 have no common factor.
fn one_talk(switch: &FreeSwitch, command: &str, leg: String, talk: usize, lost: &mut Lost) -> String {
    let mark = switch.events().mark();
    let caller = originate(switch, "'callcenter:support@default,sleep:60000'", "");
    switch
        .events()
        .wait(mark, site::PATIENCE, "the caller's agent", |event| {
            event.is("bridge-agent-start") && event.get("CC-Member-Session-UUID") == caller
        });
    std::thread::sleep(Duration::from_millis((talk as u64) * 7 % 121));
    switch.api(&command.replace("CALLER", &caller).replace("LEG", &leg));
    let is_free = || switch.callcenter("agent get state a1").trim() == "Waiting";
    let goes_on = || {
        let doing = switch.api(&format!("uuid_getvar {caller} current_application"));
        ["sleep", "park"].contains(&doing.trim())
    };
    let of_leg = command.contains("LEG");
    let settled = || is_free() && (!of_leg || !exists(switch, &caller) || goes_on());
    lost.stuck += usize::from(!comes_true(settled));
    let other = if of_leg { &caller } else { &leg };
    lost.others += usize::from(!exists(switch, other));
    switch.api(&format!("uuid_kill {caller}"));
    if !of_leg && exists(switch, &leg) {
        return leg;
    }
    switch.api(&format!("uuid_kill {leg}"));
    stand(switch)
}

fn comes_true(holds: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + SOON;
    while !holds() {
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

fn exists(switch: &FreeSwitch, uuid: &str) -> bool {
    switch.api(&format!("uuid_exists {uuid}")).trim() == "true"
}

/// A channel that executes these applications.
fn originate(switch: &FreeSwitch, applications: &str, variables: &str) -> String {
    let uuid = switch.api("create_uuid").trim().to_owned();
    let command = format!("originate {{origination_uuid={uuid}{variables}}}null/channel {applications} inline");
    let answer = switch.api(&command);
    assert!(answer.starts_with("+OK"), "no channel: {answer}");
    uuid
}

/// The agent's leg, on standby.
fn stand(switch: &FreeSwitch) -> String {
    let leg = originate(switch, "park", ",park_after_bridge=true");
    let parks = || {
        let doing = switch.api(&format!("uuid_getvar {leg} current_application"));
        doing.trim() == "park"
    };
    site::until(parks, "the leg to park");
    switch.callcenter(&format!("agent set uuid a1 {leg}"));
    switch.callcenter("agent set status a1 Available");
    leg
}
