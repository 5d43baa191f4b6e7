//! What a caller hears before the queue, what an agent's phone shows, and what is told of agents and calls.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Setup, Sipp, SOON};

const WELCOME: u32 = 800;
const MUSIC: u32 = 440;

#[test]
fn the_welcome_is_heard_before_the_queue_and_the_prefix_is_shown() {
    let call_centre = CallCenter::new()
        .setting("agent-report", "true")
        .queue(
            "support@default",
            &[
                ("welcome-sound", "tone_stream://%(700,0,800)"),
                ("cid-name-prefix", "Support: "),
            ],
        )
        .agent("a1", &phone("a1", "answer"), &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let phone = Sipp::caller(switch, "queue-support");
        let ear = phone.ear();
        ear.hears_tone(SOON, WELCOME);
        let early = switch.events().since(mark);
        assert!(
            !early.iter().any(|event| event.is("member-queue-start")),
            "the welcome comes first"
        );
        let entered = switch.wait_for(mark, "member-queue-start");
        ear.hears_tone(SOON, MUSIC);
        let calls = switch.callcenter("call list");
        assert!(
            calls.contains(&format!("|{}|support@default|", entered.get("CC-Member-Session-UUID"))),
            "{calls}"
        );
        assert!(calls.contains("|queue||"), "{calls}");
        assert_eq!(switch.callcenter("agent login a1"), "+OK\n");
        let report = switch.events().wait(mark, SOON, "the agent's report", |event| {
            event.is("agent-report") && event.get("CC-Agent-Report") == "incall"
        });
        assert_eq!(report.get("CC-Agent"), "a1");
        assert_eq!(report.get("CC-Queue"), "support@default");
        let ring = switch.events().wait(mark, SOON, "the agent's phone", |event| {
            event.is_core("CHANNEL_ANSWER") && event.get("variable_cc_side") == "agent"
        });
        assert!(
            ring.get("Caller-Orig-Caller-ID-Name").starts_with("Support: "),
            "{ring:?}"
        );
        switch.wait_for(mark, "bridge-agent-start");
        switch.until("callcenter_config call list", |calls| calls.contains("|toagent|a1|"));
        switch.api("hupall");
        phone.finish();
        switch.wait_until_quiet();
    });
}

/// mod_sofia drops what stands before a colon of a name, so that no such prefix arrives; `check` tells of it.
#[test]
fn a_prefix_without_a_colon_is_what_the_phone_shows() {
    let call_centre = CallCenter::new()
        .queue("colon@default", &[("cid-name-prefix", "Support: ")])
        .queue("dash@default", &[("cid-name-prefix", "Support - ")])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("colon@default", "a1", 1, 1)
        .tier("dash@default", "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let told = switch.callcenter("check");
        assert!(
            told.contains("<queue name=\"colon@default\">|cid-name-prefix \"Support: \""),
            "{told}"
        );
        assert!(!told.contains("dash@default"), "{told}");
        for (queue, has_prefix) in [("colon", false), ("dash", true)] {
            let mark = switch.events().mark();
            let caller = switch.call("5550001", "Ann Ohm", &format!("queue-{queue}"));
            let phone = switch.events().wait(mark, SOON, "the phone", |event| {
                event.is_core("CHANNEL_ANSWER")
                    && event.get("Call-Direction") == "inbound"
                    && event.get("Caller-Destination-Number").starts_with("a1-")
            });
            let shown = phone.get("Caller-Caller-ID-Name");
            assert_eq!(shown == "Support - Ann Ohm", has_prefix, "{queue}: {shown}");
            assert_eq!(shown.contains("Support"), has_prefix, "{queue}: {shown}");
            switch.wait_for(mark, "bridge-agent-start");
            switch.hang_up(&caller);
            switch.wait_for(mark, "member-queue-end");
        }
        switch.wait_until_quiet();
    });
}

/// Where operators send callers: the caller is there when the event comes.
const ELSEWHERE: &str = r#"
<extension name="elsewhere"><condition field="destination_number" expression="^elsewhere$">
  <action application="event" data="Event-Subclass=dialplan::seen,Event-Name=CUSTOM"/>
  <action application="park"/>
</condition></extension>
"#;

/// A caller, behind those who wait already, is sent elsewhere while one of these sounds plays.
fn sent_elsewhere(parameters: &[(&str, &str)], waiting: &[&str], state: &str) {
    let call_centre = CallCenter::new().queue("support@default", parameters);
    with_ours(Setup::new(&call_centre).extensions(ELSEWHERE), |switch| {
        let waiting: Vec<_> = waiting
            .iter()
            .map(|number| switch.call_queue(number, "support"))
            .collect();
        let mark = switch.events().mark();
        let caller = switch.call("5551", "Ann", "queue-support");
        let desk = switch.events().wait(mark, SOON, "the caller at the desk", |event| {
            event.is_core("CHANNEL_ANSWER") && event.get("Call-Direction") == "inbound"
        });
        let desk = desk.get("Unique-ID").to_owned();
        switch.until(&format!("uuid_getvar {desk} cc_state"), |answer| answer.trim() == state);
        switch.api(&format!("uuid_transfer {desk} elsewhere XML default"));
        switch.events().wait(mark, SOON, "the caller elsewhere", |event| {
            event.get("Event-Subclass") == "dialplan::seen"
        });
        assert_eq!(switch.api(&format!("uuid_exists {desk}")), "true");
        let events = switch.events().since(mark);
        let joined = events
            .iter()
            .any(|event| event.is("member-queue-start") || event.is("member-queue-end"));
        assert!(!joined, "who has gone elsewhere has not joined");
        waiting
            .iter()
            .chain([&caller])
            .for_each(|caller| switch.hang_up(caller));
        switch.wait_until_quiet();
    });
}

#[test]
fn who_is_sent_elsewhere_during_the_welcome_has_not_joined() {
    sent_elsewhere(&[("welcome-sound", "tone_stream://%(20000,0,800)")], &[], "welcome");
}

#[test]
fn who_is_sent_elsewhere_while_being_dissuaded_at_the_door_is_left_there() {
    let parameters = [
        ("dissuade-queue-size", "1"),
        ("dissuade-sound", "tone_stream://%(20000,0,800)"),
        ("dissuade-destination", "wrong XML default"),
    ];
    sent_elsewhere(&parameters, &["5552", "5553"], "dissuading1");
}
