//! Values in which ours differs from stock on purpose, asserted exactly: where a comparison with stock would have to look away.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup, SOON};

fn call_centre(behaviour: &str) -> Setup {
    let call_centre = CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", behaviour), &[])
        .tier("support@default", "a1", 1, 1);
    Setup::new(&call_centre)
}

fn counts(switch: &FreeSwitch, mark: usize) -> Vec<String> {
    let events = switch.events().since(mark).into_iter();
    events
        .filter(|event| event.is("members-count"))
        .map(|event| event.get("CC-Count").to_owned())
        .collect()
}

fn presences(switch: &FreeSwitch, mark: usize) -> Vec<String> {
    let events = switch.events().since(mark).into_iter();
    events
        .filter(|event| event.is_core("PRESENCE_IN") && event.get("proto") == "callcenter")
        .map(|event| event.get("force-status").to_owned())
        .collect()
}

#[test]
fn the_end_of_a_talk_tells_the_real_cause_and_a_bridged_member_no_longer_counts() {
    with_ours(call_centre("talk-1000"), |switch| {
        let mark = switch.events().mark();
        switch.call_queue("5551234", "support");
        let start = switch.wait_for(mark, "bridge-agent-start");
        let end = switch.wait_for(mark, "bridge-agent-end");
        let left = switch.wait_for(mark, "member-queue-end");
        assert_eq!(end.get("CC-Hangup-Cause"), "NORMAL_CLEARING");
        assert_eq!(left.get("CC-Hangup-Cause"), "NORMAL_CLEARING");
        assert_eq!(end.get("CC-Agent-Bridged"), "true");
        assert_eq!(end.get("CC-Agent-Called-Time"), start.get("CC-Agent-Called-Time"));
        switch.wait_until_quiet();
        assert_eq!(counts(switch, mark), ["1", "0"]);
        assert_eq!(presences(switch, mark), ["Active (1 waiting)", "Idle"]);
    });
}

#[test]
fn a_talk_tells_whatever_cause_its_agents_leg_ended_with() {
    with_ours(call_centre("answer"), |switch| {
        for cause in [
            "USER_BUSY",
            "NORMAL_TEMPORARY_FAILURE",
            "ATTENDED_TRANSFER",
            "LOSE_RACE",
        ] {
            let mark = switch.events().mark();
            switch.call_queue("5551234", "support");
            let start = switch.wait_for(mark, "bridge-agent-start");
            switch.events().wait(mark, SOON, "the talk", |event| {
                event.is("agent-state-change") && event.get("CC-Agent-State") == "In a queue call"
            });
            switch.api(&format!("uuid_kill {} {cause}", start.get("CC-Agent-UUID")));
            for action in ["bridge-agent-end", "member-queue-end"] {
                let end = switch.wait_for(mark, action);
                assert_eq!(end.get("CC-Hangup-Cause"), cause, "{action}");
            }
            switch.wait_until_quiet();
            let agents = switch.callcenter("agent list a1");
            assert!(agents.contains("|Available|Waiting|"), "{cause}: {agents}");
        }
    });
}

#[test]
fn a_caller_who_hangs_up_ends_the_agents_leg_with_its_own_cause_and_the_cdr_knows_when() {
    with_ours(call_centre("answer"), |switch| {
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551234", "support");
        switch.events().wait(mark, SOON, "the talk", |event| {
            event.is("agent-state-change") && event.get("CC-Agent-State") == "In a queue call"
        });
        switch.hang_up(&caller);
        let end = switch.wait_for(mark, "bridge-agent-end");
        assert_eq!(end.get("CC-Hangup-Cause"), "NORMAL_CLEARING");
        let member = switch.events().wait(mark, SOON, "the member's CDR", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("variable_cc_side") == "member"
        });
        assert_eq!(member.get("variable_cc_cause"), "answered");
        let terminated: i64 = member
            .get("variable_cc_queue_terminated_epoch")
            .parse()
            .expect("epoch seconds");
        let answered: i64 = member
            .get("variable_cc_queue_answered_epoch")
            .parse()
            .expect("epoch seconds");
        assert!(terminated >= answered);
    });
}

#[test]
fn deleting_an_agent_is_told() {
    with_ours(call_centre("answer"), |switch| {
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter("agent del a1"), "+OK\n");
        assert_eq!(switch.wait_for(mark, "agent-del").get("CC-Agent"), "a1");
        assert_eq!(switch.callcenter("tier list"), "+OK\n");
    });
}
