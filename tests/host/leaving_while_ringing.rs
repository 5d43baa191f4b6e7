//! The caller hangs up while the agent's phone rings, or before the agent's channel exists; or the agent leaves the queue.

use std::time::Duration;

use callcenter_test_support::harness::{
    compare, install_for, phone, with_ours, CallCenter, FreeSwitch, Module, Setup, SOON,
};

fn call_centre(contact: &str) -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", contact, &[])
        .tier("support@default", "a1", 1, 1)
}

/// The longest a phone may ring on for a caller who is gone.
const LONGEST_LATE_RING_US: i64 = 200_000;

/// Rings the agent, lets the caller hang up and gives how long the phone rang on, in microseconds.
fn ring_on(switch: &FreeSwitch, agent_is_called: &str) -> i64 {
    let mark = switch.events().mark();
    let caller = switch.call_queue("5551234", "support");
    switch.events().wait(mark, SOON, "call to the agent", |event| {
        event.is_core(agent_is_called) && event.get("variable_cc_side") == "agent"
    });
    let left = switch.events().mark();
    switch.hang_up(&caller);
    let gone = switch.events().wait(left, SOON, "end of the caller", |event| {
        event.is_core("CHANNEL_HANGUP") && event.get("variable_cc_side") == "member"
    });
    let stopped = switch.events().wait(left, SOON, "end of the ring", |event| {
        event.is_core("CHANNEL_HANGUP") && event.get("variable_cc_side") == "agent"
    });
    assert!(
        !switch
            .events()
            .since(mark)
            .iter()
            .any(|event| event.is_core("CHANNEL_ANSWER") && event.get("variable_cc_side") == "agent"),
        "the agent's phone was answered"
    );
    stopped.time() - gone.time()
}

#[test]
fn a_ringing_phone_stops_at_once() {
    with_ours(Setup::new(&call_centre(&phone("a1", "ring"))), |switch| {
        let late = ring_on(switch, "CHANNEL_PROGRESS");
        assert!(late < LONGEST_LATE_RING_US, "the phone rang on for {late} us");
    });
}

#[test]
fn a_phone_that_has_not_answered_the_invite_yet_stops_at_once() {
    with_ours(Setup::new(&call_centre(&phone("a1", "slow"))), |switch| {
        let late = ring_on(switch, "CHANNEL_CREATE");
        assert!(late < LONGEST_LATE_RING_US, "the phone rang on for {late} us");
    });
}

#[test]
fn no_phone_rings_when_the_caller_left_before_its_channel_existed() {
    let contact = format!("{{originate_delay_start=2000}}{}", phone("a1", "ring"));
    with_ours(Setup::new(&call_centre(&contact)), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.wait_for(mark, "agent-offering");
        switch.hang_up(&caller);
        switch.wait_for(mark, "bridge-agent-fail");
        // The channel would come two seconds after the offer.
        let rung = switch.events().find(mark, Duration::from_secs(3), |event| {
            event.is_core("CHANNEL_CREATE") && event.get("Caller-Destination-Number").starts_with("a1-")
        });
        assert!(rung.is_none(), "the phone rang for nobody");
    });
}

#[test]
fn events_rows_and_variables_are_stocks() {
    compare(Setup::new(&call_centre(&phone("a1", "ring"))), |switch, recording| {
        let mark = switch.events().mark();
        ring_on(switch, "CHANNEL_PROGRESS");
        switch.wait_for(mark, "bridge-agent-fail");
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
        switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
        recording.events_by_agent(switch, mark);
        recording.final_variables(switch, mark);
        recording.command(switch, "agent list");
        recording.command(switch, "tier list");
        recording.command(switch, "queue list members support@default");
        recording.command(switch, "queue list");
    });
}

/// a1's phone rings, and a1 leaves the queue by `tier del`. a2 serves the queue, too.
fn leave_while_ringing(switch: &FreeSwitch) -> usize {
    let mark = switch.events().mark();
    switch.call_queue("5551234", "support");
    switch.events().wait(mark, SOON, "a phone that rings", |event| {
        event.is_core("CHANNEL_PROGRESS") && event.get("variable_cc_agent") == "a1"
    });
    let left = switch.events().mark();
    assert_eq!(switch.callcenter("tier del support@default a1"), "+OK\n");
    left
}

fn two_agents() -> Setup {
    let centre = call_centre(&phone("a1", "ring"));
    let a2 = centre.agent("a2", &phone("a2", "answer"), &[("no-answer-delay-time", "0")]);
    Setup::new(&a2.tier("support@default", "a2", 1, 2))
}

#[test]
fn who_leaves_the_queue_is_not_rung_any_more_and_the_caller_goes_on() {
    with_ours(two_agents(), |switch| {
        let left = leave_while_ringing(switch);
        let stopped = switch.events().wait(left, SOON, "end of the ring", |event| {
            event.is_core("CHANNEL_HANGUP") && event.get("variable_cc_agent") == "a1"
        });
        assert_eq!(stopped.get("Hangup-Cause"), "ORIGINATOR_CANCEL");
        let talk = switch.wait_for(left, "bridge-agent-start");
        assert_eq!(talk.get("CC-Agent"), "a2");
        let listing = switch.callcenter("agent list a1");
        let row: Vec<&str> = listing.lines().nth(1).unwrap_or_default().split('|').collect();
        assert_eq!(
            (row[6], row[16]),
            ("Waiting", "0"),
            "free, and no call missed: {listing}"
        );
    });
}

#[test]
fn stock_rings_on_for_a_queue_that_the_agent_has_left() {
    let Some(install) = install_for(Module::Stock) else {
        return;
    };
    let mut switch = FreeSwitch::start(install, Module::Stock, two_agents());
    let left = leave_while_ringing(&switch);
    let stopped = switch.events().find(left, Duration::from_secs(3), |event| {
        event.is_core("CHANNEL_HANGUP") && event.get("variable_cc_agent") == "a1"
    });
    assert!(stopped.is_none(), "stock has stopped the phone");
    switch.stop();
}
