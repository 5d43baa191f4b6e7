//! Agents who reject, are busy, do not answer or are not registered: events, counters and delays, beside stock.

use callcenter_test_support::harness::{compare, phone, with_ours, CallCenter, Setup};

/// One caller, one agent who cannot be had; what the rows say after the first offer has failed.
fn fails(contact: &str, attributes: &[(&str, &str)], queue: &[(&str, &str)]) {
    let call_centre = CallCenter::new()
        .queue("support@default", queue)
        .agent("a1", contact, attributes)
        .tier("support@default", "a1", 1, 1);
    compare(Setup::new(&call_centre), |switch, recording| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.wait_for(mark, "bridge-agent-fail");
        switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
        recording.command(switch, "agent list");
        recording.command(switch, "tier list");
        recording.command(switch, "queue list members support@default");
        let failed = switch
            .events()
            .since(mark)
            .into_iter()
            .find(|event| event.is("bridge-agent-fail"));
        let ready: i64 = switch
            .callcenter("agent list")
            .lines()
            .nth(1)
            .and_then(|row| row.split('|').nth(19)?.parse().ok())
            .unwrap_or(0);
        let ended: i64 = failed.map_or(0, |event| event.get("CC-Agent-Aborted-Time").parse().unwrap_or(0));
        let delay = if ready == 0 { 0 } else { ready - ended };
        recording.note(&format!("not offered again for {delay} s"));
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
        recording.events_by_agent(switch, mark);
        recording.final_variables(switch, mark);
    });
}

const DELAYS: &[(&str, &str)] = &[
    ("reject-delay-time", "20"),
    ("busy-delay-time", "30"),
    ("no-answer-delay-time", "40"),
    ("max-no-answer", "3"),
];

#[test]
fn rejected() {
    fails(&phone("a1", "reject"), DELAYS, &[]);
}

#[test]
fn busy() {
    fails(&phone("a1", "busy"), DELAYS, &[]);
}

#[test]
fn not_answered() {
    fails(&format!("[leg_timeout=1]{}", phone("a1", "ring")), DELAYS, &[]);
}

#[test]
fn not_registered() {
    fails("error/USER_NOT_REGISTERED", DELAYS, &[]);
}

#[test]
fn not_answered_too_often_goes_on_break() {
    let contact = format!("[leg_timeout=1]{}", phone("a1", "ring"));
    fails(&contact, &[("max-no-answer", "1"), ("no-answer-delay-time", "40")], &[]);
}

#[test]
fn not_answered_too_often_goes_to_the_status_of_the_queue() {
    let contact = format!("[leg_timeout=1]{}", phone("a1", "ring"));
    let attributes = [("max-no-answer", "1"), ("no-answer-delay-time", "40")];
    fails(&contact, &attributes, &[("agent-no-answer-status", "Logged Out")]);
}

/// What stock does not have (FreeSWITCH #152, #153): limits from the XML, and a pause of one's own for a phone that is not registered.
#[test]
fn rejected_busy_and_not_registered_too_often() {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("agent-no-answer-status", "Logged Out")])
        .agent("rejects", &phone("rejects", "reject"), &[("max-rejected", "1")])
        .agent("busy", &phone("busy", "busy"), &[("max-busy", "1")])
        .agent(
            "away",
            "error/USER_NOT_REGISTERED",
            &[("max-not-registered", "2"), ("not-registered-delay-time", "1")],
        )
        .tier("support@default", "rejects", 1, 1)
        .tier("support@default", "busy", 1, 2)
        .tier("support@default", "away", 1, 3);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        for (agent, word, limit) in [
            ("rejects", "Rejected", "1"),
            ("busy", "Busy", "1"),
            ("away", "Not-Registered", "2"),
        ] {
            let told = switch.wait_for(mark, &format!("agent-max-{}", word.to_lowercase()));
            assert_eq!(told.get("CC-Agent"), agent);
            assert_eq!(told.get(&format!("CC-Agent-{word}-Count")), limit);
            assert_eq!(told.get(&format!("CC-Agent-{word}-Status")), "Logged Out");
            assert_eq!(switch.callcenter(&format!("agent get status {agent}")), "Logged Out");
        }
        assert_eq!(switch.callcenter("agent get not_registered_count away"), "2");
        switch.callcenter("agent set status away 'On Break'");
        assert_eq!(switch.callcenter("agent set status away Available"), "+OK\n");
        assert_ne!(switch.callcenter("agent get not_registered_count away"), "2");
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        switch.wait_until_quiet();
    });
}
