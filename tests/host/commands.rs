//! What supervisors and their programs ask for in one line, in a real FreeSWITCH.

use callcenter_test_support::harness::{phone, rows, with_ours, CallCenter, Setup, SOON};

const QUEUE: &str = "support@default";

fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue(QUEUE, &[])
        .agent("a1", &phone("a1", "answer"), &[("status", "Logged Out")])
        .agent("a2", &phone("a2", "answer"), &[])
        .tier(QUEUE, "a1", 1, 1)
}

#[test]
fn an_agent_who_joins_a_queue_paused_is_not_rung_for_who_waits() {
    with_ours(Setup::new(&call_centre()), |switch| {
        let mark = switch.events().mark();
        switch.call_queue("5550001", "support");
        switch.wait_for(mark, "member-queue-start");
        let add = format!("tier add {QUEUE} a2 1 1 paused in training");
        assert_eq!(switch.callcenter(&add), "+OK\n");
        let told = switch.wait_for(mark, "tier-pause-change");
        assert_eq!(told.get("CC-Pause-Reason"), "in training");
        // Clients that know states alone, and read the table, see it as well.
        let row = format!("{QUEUE}|a2|Standby|1|1");
        assert!(switch.callcenter("tier list").contains(&row));
        let written = rows(&switch.database(), "tiers");
        assert!(
            written.iter().any(|row| row.contains(r#"agent="a2" state="Standby""#)),
            "{written:?}"
        );
        let offers = switch.events().since(mark).into_iter();
        assert_eq!(offers.filter(|event| event.is("agent-offering")).count(), 0);
        assert_eq!(switch.callcenter(&format!("tier resume {QUEUE} a2")), "+OK\n");
        switch.wait_for(mark, "bridge-agent-start");
    });
}

#[test]
fn an_agent_on_demand_is_offered_calls_again_after_the_login() {
    with_ours(Setup::new(&call_centre()), |switch| {
        assert_eq!(switch.callcenter(&format!("tier add {QUEUE} a2")), "+OK\n");
        let on_demand = "agent set status a2 Available (On Demand)";
        assert_eq!(switch.callcenter(on_demand), "+OK\n");
        let mark = switch.events().mark();
        let caller = switch.call_queue("5550001", "support");
        switch.wait_for(mark, "bridge-agent-start");
        switch.hang_up(&caller);
        switch.wait_for(mark, "bridge-agent-end");
        switch.until("callcenter_config agent get state a2", |state| state == "Idle");
        let mark = switch.events().mark();
        switch.call_queue("5550002", "support");
        switch.wait_for(mark, "member-queue-start");
        assert_eq!(switch.callcenter("agent login a2"), "+OK\n");
        switch.wait_for(mark, "bridge-agent-start");
    });
}

#[test]
fn free_agents_are_counted_without_those_who_talk_outside_the_queues() {
    with_ours(Setup::new(&call_centre()), |switch| {
        assert_eq!(switch.callcenter(&format!("tier add {QUEUE} a2")), "+OK\n");
        let count = format!("queue count agents {QUEUE} 'Available' 'Waiting' 0");
        assert_eq!(switch.callcenter(&count), "1\n");
        switch.api("originate null/outside 'callcenter_track:a2,park' inline");
        let command = format!("callcenter_config {count}");
        assert_eq!(switch.until(&command, |count| count == "0\n"), "0\n");
    });
}

#[test]
fn a_value_that_is_empty_is_no_error_on_the_event_socket() {
    with_ours(Setup::new(&call_centre()), |switch| {
        assert_eq!(switch.callcenter("agent get pause_reason a2"), "\n");
        assert_eq!(switch.callcenter("agent pause a2 gone for lunch"), "+OK\n");
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter("agent resume a2"), "+OK\n");
        let told = switch.events().wait(mark, SOON, "the end of the break", |event| {
            event.is("agent-status-change")
        });
        assert_eq!(told.get("CC-Pause-Reason"), "gone for lunch");
    });
}
