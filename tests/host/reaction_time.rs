//! How soon an agent who becomes available is offered a waiting call. Measured, not judged: `make bench`.

use std::time::Duration;

use crate::harness::{install_for, say, CallCenter, Event, FreeSwitch, Module, Setup, SOON};

/// How often each case is measured.
const ROUNDS: usize = 21;

/// After a failed offer our module leaves an agent alone for a second; stock does not.
const REST_OF_AN_AGENT: Duration = Duration::from_millis(1100);

/// From the time stamp of agent-status-change to that of agent-offering, in microseconds, by FreeSWITCH's own clock, which
/// ticks once a millisecond here. Clients see every event up to 20 ms later: the event socket looks up no more often.
type Times = Vec<i64>;

#[test]
#[ignore = "a measurement; run by `make bench`"]
fn from_available_to_offered() {
    for (agents, members) in [(10, 1), (300, 1), (300, 200), (300, 500)] {
        for module in [Module::Stock, Module::Ours] {
            let Some(times) = measure(module, agents, members) else {
                return;
            };
            say(&format!(
                "{agents} agents, {members} waiting, {module:?}: offered after {}",
                summary(times)
            ));
        }
    }
}

fn summary(mut times: Times) -> String {
    times.sort_unstable();
    let most = times.last().copied().unwrap_or_default();
    format!("{} us (median of {}, most {most})", times[times.len() / 2], times.len())
}

fn measure(module: Module, agents: usize, members: usize) -> Option<Times> {
    let mut call_centre = CallCenter::new().queue(
        "support@default",
        &[("strategy", "longest-idle-agent"), ("moh-sound", "silence_stream://-1")],
    );
    for agent in 0..agents {
        let name = format!("a{agent}");
        call_centre = call_centre
            .agent(&name, "error/USER_BUSY", &[("status", "On Break")])
            .tier("support@default", &name, 1, 1);
    }
    let setup = Setup {
        fine_clock: true,
        ..Setup::new(&call_centre)
    };
    let switch = FreeSwitch::start(install_for(module)?, module, setup);
    for _ in 0..members {
        switch.api("bgapi originate {null_enable_auto_answer=true}null/caller &callcenter(support@default)");
    }
    let wanted = format!("{members}\n");
    switch.until("callcenter_config queue count members support@default", |count| {
        count == wanted
    });
    let mut times = Times::new();
    for round in 0..ROUNDS {
        if round > 0 && round % agents == 0 {
            std::thread::sleep(REST_OF_AN_AGENT);
        }
        times.push(one_round(&switch, &format!("a{}", round % agents)));
    }
    Some(times)
}

fn one_round(switch: &FreeSwitch, agent: &str) -> i64 {
    let mark = switch.events().mark();
    switch.callcenter(&format!("agent set status {agent} Available"));
    let time_of = |action: &str| {
        let arrived = |event: &Event| event.is(action) && event.get("CC-Agent") == agent;
        switch.events().wait(mark, SOON, action, arrived).time()
    };
    let waited = time_of("agent-offering") - time_of("agent-status-change");
    switch.callcenter(&format!("agent set status {agent} 'On Break'"));
    switch.until(&format!("callcenter_config agent get state {agent}"), |state| {
        state == "Waiting"
    });
    waited
}
