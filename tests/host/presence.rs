//! Presence of queues: probes are answered, callers who come and go are told, and a phone's BLF key sees it by SIP.

use std::time::Duration;

use callcenter_test_support::harness::{compare, with_ours, CallCenter, Event, FreeSwitch, Setup, Sipp, SOON};

const QUEUE: &str = "support@127.0.0.1";

fn setup() -> Setup {
    let dialplan = format!(
        r#"<extension name="presence"><condition field="destination_number" expression="^support$">
        <action application="callcenter" data="{QUEUE}"/></condition></extension>"#
    );
    Setup {
        presence: true,
        ..Setup::new(&CallCenter::new().queue(QUEUE, &[])).extensions(&dialplan)
    }
}

fn is_presence(event: &Event) -> bool {
    event.is_core("PRESENCE_IN") && event.get("proto") == "callcenter"
}

/// Everything of the answer that is not FreeSWITCH's own.
fn told(event: &Event) -> String {
    let own = event.headers.iter();
    let own = own.filter(|(name, _)| name.chars().next().is_some_and(char::is_lowercase));
    let mut lines: Vec<String> = own.map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    lines.join("\n")
}

fn probe(switch: &FreeSwitch, to: &str) -> Option<Event> {
    let mark = switch.events().mark();
    switch.send_event(
        "PRESENCE_PROBE",
        &[("proto", "callcenter"), ("to", to), ("from", "1001@127.0.0.1")],
    );
    switch.events().find(mark, Duration::from_secs(1), is_presence)
}

#[test]
fn probes_are_answered_and_changes_told_as_by_stock() {
    compare(setup(), |switch, recording| {
        for to in [
            "callcenter+support@127.0.0.1",
            "CallCenter+support@127.0.0.1",
            "callcenter+nowhere@127.0.0.1",
            "callcenter+support",
            "support@127.0.0.1",
        ] {
            let answer = probe(switch, to).map_or("no answer".to_string(), |event| told(&event));
            recording.text(switch, &format!("probe of {to}"), &answer);
        }
        let mark = switch.events().mark();
        for caller in ["5550001", "5550002"] {
            switch.call(caller, "Ann", "support");
            switch.events().wait(mark, SOON, "the caller's presence", |event| {
                is_presence(event)
                    && event
                        .get("force-status")
                        .contains(if caller == "5550001" { "1" } else { "2" })
            });
        }
        let answer = probe(switch, "callcenter+support@127.0.0.1").expect("an answer");
        recording.text(switch, "probe while two wait", &told(&answer));
        switch.api("hupall");
        switch.events().wait(mark, SOON, "the empty queue", |event| {
            is_presence(event) && event.get("force-status") == "Idle"
        });
        switch.wait_until_quiet();
    });
}

/// The call centre with one queue more.
fn with_later_queue() -> String {
    let queues = CallCenter::new().queue(QUEUE, &[]);
    queues.queue("later@127.0.0.1", &[]).xml()
}

#[test]
fn a_probe_loads_a_queue_of_the_configuration_that_nobody_has_loaded_as_with_stock() {
    compare(setup(), |switch, recording| {
        switch.rewrite_callcenter(with_later_queue());
        let answer = probe(switch, "callcenter+later@127.0.0.1").map_or("no answer".to_string(), |event| told(&event));
        recording.text(switch, "probe of a queue that was not loaded", &answer);
        let count = switch.callcenter("queue count");
        recording.text(switch, "queues loaded", &count);
    });
}

/// 1822: stock loads it again.
#[test]
fn a_probe_does_not_bring_an_unloaded_queue_back() {
    with_ours(setup(), |switch| {
        assert_eq!(switch.callcenter(&format!("queue unload {QUEUE}")), "+OK\n");
        assert!(probe(switch, &format!("callcenter+{QUEUE}")).is_none());
        assert_eq!(switch.callcenter("queue count"), "0\n");
        assert_eq!(switch.callcenter(&format!("queue load {QUEUE}")), "+OK\n");
        assert!(probe(switch, &format!("callcenter+{QUEUE}")).is_some());
    });
}

/// Is told of a lamp by SIP: lit after `light`, and out again after `put_out`.
fn lamp_follows(switch: &mut FreeSwitch, lamp: &str, light: &str, put_out: &str) {
    let mark = switch.events().mark();
    let is_told = |event: &Event, state: &str| {
        is_presence(event) && event.get("from") == format!("{lamp}@127.0.0.1") && event.get("answer-state") == state
    };
    let key = Sipp::blf_key(switch, &format!("callcenter+{lamp}"));
    switch
        .events()
        .wait(mark, SOON, "an answer to the subscription", |event| {
            is_told(event, "terminated")
        });
    let mark = switch.events().mark();
    assert_eq!(switch.callcenter(light), "+OK\n");
    switch
        .events()
        .wait(mark, SOON, "a lamp that is lit", |event| is_told(event, "confirmed"));
    key.wait_until_lit();
    assert_eq!(switch.callcenter(put_out), "+OK\n");
    switch
        .events()
        .wait(mark, SOON, "a lamp that is out", |event| is_told(event, "terminated"));
    key.finish();
}

#[test]
fn blf_keys_show_whether_anybody_is_free_and_who_is_paused() {
    let call_centre = CallCenter::new()
        .setting("agent-presence", "true")
        .queue(QUEUE, &[])
        .agent("a1", "user/a1", &[])
        .tier(QUEUE, "a1", 1, 1);
    let setup = Setup {
        presence: true,
        ..Setup::new(&call_centre)
    };
    with_ours(setup, |switch| {
        lamp_follows(switch, "support_avail", "agent logout a1", "agent login a1");
        let (pause, resume) = (
            format!("tier pause {QUEUE} a1 lunch"),
            format!("tier resume {QUEUE} a1"),
        );
        lamp_follows(switch, "support_pause_a1", &pause, &resume);
        lamp_follows(switch, "support_pause_a1", "agent pause a1 lunch", "agent resume a1");
    });
}

#[test]
fn a_blf_key_follows_the_queue() {
    compare(setup(), |switch, _| {
        let mark = switch.events().mark();
        let key = Sipp::blf_key(switch, "callcenter+support");
        if switch.events().find(mark, SOON, is_presence).is_none() {
            key.finish();
            panic!("the subscription was not answered");
        }
        let caller = switch.call("5550001", "Ann", "support");
        let joined = switch.wait_for(mark, "member-queue-start");
        assert_eq!(joined.get("CC-Queue"), QUEUE);
        switch.events().wait(mark, SOON, "a busy queue", |event| {
            is_presence(event) && event.get("answer-state") == "confirmed"
        });
        key.wait_until_lit();
        switch.hang_up(&caller);
        key.finish();
        switch.wait_until_quiet();
    });
}
