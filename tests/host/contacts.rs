//! Contacts that ring several phones, or in a way of their own: they end with the ring, whatever they are, and each phone is told how.

use std::time::Duration;

use callcenter_test_support::harness::{free_udp, phone, with_ours, CallCenter, FreeSwitch, Setup, Sipp};

/// Long enough for something that takes a few seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much longer than its time a ring may last on a busy machine.
const LATE_US: i64 = 1_900_000;

fn sipp_phone(port: u16) -> String {
    format!("sofia/desk/phone@127.0.0.1:{port}")
}

fn no_agent_leg_is_left(switch: &FreeSwitch) {
    switch.until("show channels", |channels| {
        !channels
            .lines()
            .any(|line| line.contains("outbound") && line.contains("sofia/desk/"))
    });
}

/// The ring of one agent with this contact ends by itself after so many seconds, and no phone of it rings on.
fn rings_for(contact: &str, seconds: i64) {
    let call_centre = CallCenter::new()
        .setting("agent-originate-timeout", "3")
        .queue("support@default", &[])
        .agent("a1", contact, &[("max-no-answer", "1")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        let offered = switch.wait_for(mark, "agent-offering");
        let failed = switch.events().wait(mark, PATIENCE, "the end of the ring", |event| {
            event.is("bridge-agent-fail")
        });
        let rung = failed.time() - offered.time();
        let least = (seconds - 1) * 1_000_000;
        assert!(
            rung >= least && rung <= seconds * 1_000_000 + LATE_US,
            "it rang for {rung} us"
        );
        switch.wait_for(mark, "agent-max-no-answer");
        no_agent_leg_is_left(switch);
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet_within(PATIENCE);
    });
}

/// The caller leaves while such a contact rings: every phone stops at once.
fn stops_with_the_caller(contact: &str) {
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .agent("a1", contact, &[])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.wait_for(mark, "agent-offering");
        switch.events().wait(mark, PATIENCE, "a phone that rings", |event| {
            event.is_core("CHANNEL_CREATE") && event.get("variable_cc_side") == "agent"
        });
        let left = switch.events().mark();
        switch.hang_up(&caller);
        let gone = switch.wait_for(left, "member-queue-end");
        let failed = switch.events().wait(left, PATIENCE, "the end of the offer", |event| {
            event.is("bridge-agent-fail")
        });
        assert!(
            failed.time() - gone.time() < LATE_US,
            "the offer went on without the caller"
        );
        switch.wait_until_quiet_within(PATIENCE);
        let agents = switch.callcenter("agent list");
        let row = agents.lines().nth(1).unwrap_or_default();
        assert_eq!(row.split('|').nth(16), Some("0"), "a missed call is counted: {row}");
    });
}

fn two_phones(between: &str) -> String {
    format!("{}{between}{}", phone("one", "ring"), phone("two", "ring"))
}

#[test]
fn several_phones_at_once_ring_for_the_time_of_the_setting() {
    rings_for(&two_phones(","), 3);
}

#[test]
fn each_phone_rings_for_its_own_time_where_the_contact_says_so() {
    let contact = format!(
        "[leg_timeout=1]{},[leg_timeout=2]{}",
        phone("one", "ring"),
        phone("two", "ring")
    );
    rings_for(&contact, 2);
}

#[test]
fn several_dial_strings_ring_for_the_time_of_the_setting() {
    rings_for(&two_phones(":_:"), 3);
}

#[test]
fn a_group_that_somebody_could_pick_up_from_rings_for_the_time_of_the_setting() {
    rings_for(&format!("{},pickup/team", phone("one", "ring")), 3);
}

#[test]
fn several_phones_at_once_stop_with_the_caller() {
    stops_with_the_caller(&two_phones(","));
}

#[test]
fn several_dial_strings_stop_with_the_caller() {
    stops_with_the_caller(&two_phones(":_:"));
}

#[test]
fn a_group_that_somebody_could_pick_up_from_stops_with_the_caller() {
    stops_with_the_caller(&format!("{},pickup/team", phone("one", "ring")));
}

#[test]
fn a_phone_that_begins_later_stops_with_the_caller() {
    let late = format!("[leg_delay_start=30]{}", phone("two", "ring"));
    stops_with_the_caller(&format!("{},{late}", phone("one", "ring")));
}

/// A display of missed calls does not show a call that a colleague has answered (RFC 3326).
#[test]
fn who_was_slower_is_told_that_somebody_has_answered() {
    let port = free_udp();
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "ring-all")])
        .agent("slower", &sipp_phone(port), &[])
        .agent("answers", &phone("answers", "answer-after-1500"), &[])
        .tier("support@default", "slower", 1, 1)
        .tier("support@default", "answers", 1, 2);
    with_ours(Setup::new(&call_centre), |switch| {
        let slower = Sipp::phone_that_loses(port);
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch
            .events()
            .wait(mark, PATIENCE, "an answer", |event| event.is("bridge-agent-start"));
        slower.finish();
        switch.hang_up(&caller);
        switch.wait_until_quiet_within(PATIENCE);
    });
}

#[test]
fn who_was_rung_when_the_caller_left_has_a_missed_call() {
    let port = free_udp();
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "ring-all")])
        .agent("a1", &sipp_phone(port), &[])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let rung = Sipp::phone_that_misses(port);
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.events().wait(mark, PATIENCE, "a phone that rings", |event| {
            event.is_core("CHANNEL_PROGRESS") && event.get("variable_cc_side") == "agent"
        });
        switch.hang_up(&caller);
        rung.finish();
        switch.wait_until_quiet_within(PATIENCE);
    });
}
