//! Agents who reject, are busy, do not answer or are not registered: events, counters and delays, beside stock.

use crate::harness::{compare, phone, CallCenter, Setup};

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
