//! Call centres to measure: callers and agents on `null/` channels, which carry no audio anywhere.

use std::time::{Duration, Instant};

use crate::figures::Side;
use callcenter_test_support::harness::{install_for, CallCenter, Event, FreeSwitch, Module, Setup};

/// The queue of call centres that have one.
pub const QUEUE: &str = "support@default";

/// What callers hear while they wait: the kind of source `$${hold_music}` usually is.
pub const HOLD: &str = "local_stream://default";

/// How long a slow module on a busy machine may take for anything.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// An agent's phone that answers at once and hangs up about a second later.
pub fn phone_that_talks(agent: &str, seconds: u32) -> String {
    format!("[execute_on_answer=sched_hangup +{seconds}]null/{agent}")
}

/// An agent's phone that rings and rings.
pub fn phone_that_rings(agent: &str) -> String {
    format!("[null_enable_auto_answer=false]null/{agent}")
}

/// An agent's name.
pub fn agent(number: usize) -> String {
    format!("a{number}")
}

/// A call centre with one queue and these agents in it.
pub fn one_queue(strategy: &str, agents: usize, status: &str, contact: impl Fn(&str) -> String) -> CallCenter {
    let queue = CallCenter::new().queue(QUEUE, &[("strategy", strategy), ("moh-sound", HOLD)]);
    (0..agents).fold(queue, |file, number| {
        let name = agent(number);
        file.agent(&name, &contact(&name), &[("status", status)])
            .tier(QUEUE, &name, 1, 1)
    })
}

/// All the call centre's events.
pub const ALL_EVENTS: &[&str] = &["event plain BACKGROUND_JOB CUSTOM callcenter::info"];

/// Only what costs FreeSWITCH little to tell: states of agents, and offers.
pub const STATES_AND_OFFERS: &[&str] = &[
    "event plain BACKGROUND_JOB CUSTOM callcenter::info",
    "filter Event-Name BACKGROUND_JOB",
    "filter CC-Action agent-state-change",
    "filter CC-Action agent-offering",
];

/// No more than the harness needs.
pub const NO_EVENTS: &[&str] = &["event plain BACKGROUND_JOB"];

/// Starts FreeSWITCH with one of the modules, or with none; nothing where stock's is not there, or where that side is not wanted.
pub fn start(side: Side, call_centre: &CallCenter, events: &'static [&'static str]) -> Option<FreeSwitch> {
    start_with(side, Setup::new(call_centre), events)
}

/// Like [`start`], with more said about it.
pub fn start_with(side: Side, setup: Setup, events: &'static [&'static str]) -> Option<FreeSwitch> {
    if !side.is_wanted() {
        return None;
    }
    let module = if side == Side::Stock {
        Module::Stock
    } else {
        Module::Ours
    };
    let setup = Setup {
        fine_clock: true,
        quiet: true,
        bare: side == Side::Core,
        events: Some(events),
        ..setup
    };
    Some(FreeSwitch::start(install_for(module)?, module, setup))
}

/// Has this many callers dial what is said.
pub fn dial(switch: &FreeSwitch, callers: usize, destination: impl Fn(usize) -> String) {
    for number in 0..callers {
        let destination = destination(number);
        let answer = switch.api(&format!(
            "bgapi originate {{origination_caller_id_number={number}}}null/caller {destination}"
        ));
        assert!(answer.starts_with("+OK"), "caller {number} could not dial: {answer}");
    }
}

/// Has this many callers wait in [`QUEUE`].
pub fn wait_in_line(switch: &FreeSwitch, callers: usize) {
    dial(switch, callers, |_| format!("&callcenter({QUEUE})"));
    let wanted = format!("{callers}\n");
    let question = format!("callcenter_config queue count members {QUEUE}");
    until(|| switch.api(&question) == wanted, "everybody to wait in line");
}

/// Waits for something that no event tells.
pub fn until(holds: impl Fn() -> bool, what: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Channels of a FreeSWITCH.
pub struct Legs {
    /// How many there are.
    pub now: usize,
    /// How many there have been since it was started.
    pub ever: usize,
}

/// Asks how many channels there are: cheap, unlike the list of them, which FreeSWITCH keeps in a database.
pub fn legs(switch: &FreeSwitch) -> Legs {
    let status = switch.api("status");
    let number_before = |words: &str| {
        let line = status.lines().find_map(|line| line.split_once(words));
        line.and_then(|(number, _)| number.trim().parse().ok())
            .unwrap_or_default()
    };
    Legs {
        now: number_before(" session(s) - peak"),
        ever: number_before(" session(s) since startup"),
    }
}

/// Waits until there have been this many channels and all have ended.
pub fn until_legs_ended(switch: &FreeSwitch, ever: usize) {
    let over = || {
        let legs = legs(switch);
        legs.now == 0 && legs.ever >= ever
    };
    until(over, "the end of all calls");
}

/// Whether an event tells that an agent is in this state now.
pub fn is_state(event: &Event, state: &str) -> bool {
    event.is("agent-state-change") && event.get("CC-Agent-State") == state
}

/// Milliseconds from one event to another, by FreeSWITCH's clock, which ticks once in a millisecond.
pub fn milliseconds(from: &Event, to: &Event) -> f64 {
    (to.time() - from.time()) as f64 / 1000.0
}
