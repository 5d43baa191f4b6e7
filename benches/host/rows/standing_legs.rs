//! Standing legs whose callers leave in the moment in which the two are joined: how many legs are lost, and what memory they leave behind.

use std::time::{Duration, Instant};

use super::Row;
use crate::figures::{Figures, Measure, Side, MODULES};
use crate::harness::{standby_centre, FreeSwitch};
use crate::process;
use crate::site;

/// See [`Row`].
pub const ROW: Row = Row {
    name: "standing_legs",
    about: "legs and callers lost when the other of the two leaves while they are joined; BENCH_TALKS (500) for each way whose name \
            contains BENCH_WAY (all)",
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
    let call_centre = standby_centre();
    let picked = std::env::var("BENCH_WAY").unwrap_or_default();
    for (who, command) in WAYS.into_iter().filter(|(who, _)| who.contains(&picked)) {
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
    let mut leg = switch.stand();
    let mut memory = Vec::new();
    for talk in 0..talks {
        // What FreeSWITCH takes for its first talks it keeps.
        if [talks / 5, talks * 3 / 5].contains(&talk) {
            memory.push(process::memory(switch.pid()));
        }
        leg = one_talk(switch, command, leg, talk, &mut lost);
    }
    memory.push(process::memory(switch.pid()));
    let measure = |what: &str, unit| Measure::cost(ROW.name, format!("{what} of {talks} talks, {who}"), unit);
    figures.add(&measure("the other lost", "legs"), side, &[lost.others as f64]);
    figures.add(&measure("agent or caller stuck", "talks"), side, &[lost.stuck as f64]);
    let parts = [
        "memory grown in the second and third fifth",
        "memory grown in the last two fifths",
    ];
    for (part, pair) in parts.into_iter().zip(memory.windows(2)) {
        figures.add(&measure(part, "MB"), side, &[pair[1] - pair[0]]);
    }
}

/// One talk in which somebody leaves while the two are joined; gives the leg that stands afterwards.
fn one_talk(switch: &FreeSwitch, command: &str, leg: String, talk: usize, lost: &mut Lost) -> String {
    let caller = switch.caller_being_joined(talk, site::PATIENCE);
    switch.api(&command.replace("CALLER", &caller).replace("LEG", &leg));
    let is_free = || switch.callcenter("agent get state a1").trim() == "Waiting";
    let goes_on = || {
        let doing = switch.api(&format!("uuid_getvar {caller} current_application"));
        ["sleep", "park"].contains(&doing.trim())
    };
    let of_leg = command.contains("LEG");
    let settled = || is_free() && (!of_leg || !switch.exists(&caller) || goes_on());
    lost.stuck += usize::from(!comes_true(settled));
    let other = if of_leg { &caller } else { &leg };
    lost.others += usize::from(!switch.exists(other));
    switch.api(&format!("uuid_kill {caller}"));
    if !of_leg && switch.exists(&leg) {
        return leg;
    }
    switch.api(&format!("uuid_kill {leg}"));
    switch.stand()
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
