//! Who may enter a queue, who has to leave it, and who is dissuaded from waiting.

use std::time::Duration;

use callcenter_test_support::harness::{phone, with_ours, CallCenter, Event, FreeSwitch, Setup, Sipp, SOON};

const MUSIC: u32 = 440;
const DISSUASION: u32 = 800;
const DISSUASION_SOUND: &str = "tone_stream://%(500,0,800)";

/// Where callers are transferred to who are dissuaded.
const ELSEWHERE: &str = r#"
<extension name="elsewhere"><condition field="destination_number" expression="^elsewhere-(.+)$">
  <action application="set" data="went_elsewhere=$1"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

fn setup() -> Setup {
    let dissuasion = [("dissuade-sound", DISSUASION_SOUND)];
    let queue = |call_centre: CallCenter, name: &str, more: &[(&str, &str)]| {
        call_centre.queue(&format!("{name}@default"), &[dissuasion.as_slice(), more].concat())
    };
    let mut call_centre = CallCenter::new();
    let queues: &[(&str, &[(&str, &str)])] = &[
        ("full", &[("max-queue-length", "1")]),
        ("nobody", &[("reject-on-no-agents", "true")]),
        ("paused", &[("join-empty", "no")]),
        ("left", &[("leave-when-empty", "strict")]),
        (
            "size",
            &[
                ("dissuade-queue-size", "1"),
                ("dissuade-destination", "elsewhere-${cc_cancel_reason} XML default"),
            ],
        ),
        (
            "slow",
            &[
                ("dissuade-estimated-wait", "1"),
                ("dissuade-destination", "elsewhere-${cc_cancel_reason} XML default"),
            ],
        ),
        ("hangup", &[("dissuade-wait", "1"), ("dissuade-hangup", "true")]),
        ("told", &[("dissuade-wait", "1")]),
    ];
    for (name, params) in queues {
        call_centre = queue(call_centre, name, params);
    }
    let agents = [("paused", "On Break"), ("left", "Available"), ("slow", "On Break")];
    for (name, status) in agents {
        let queue = format!("{name}@default");
        call_centre = call_centre
            .agent(
                name,
                &phone(name, "reject"),
                &[("status", status), ("reject-delay-time", "60")],
            )
            .tier(&queue, name, 1, 1);
    }
    Setup::new(&call_centre).extensions(ELSEWHERE)
}

/// The end of the leg that the call centre sees of this caller.
fn end(switch: &FreeSwitch, mark: usize, number: &str) -> Event {
    switch.events().wait(mark, SOON, "end of the caller's leg", |event| {
        event.is_core("CHANNEL_HANGUP")
            && event.get("variable_cc_side") == "member"
            && event.get("Caller-Caller-ID-Number") == number
    })
}

/// The reason, and whether the dialplan went on after the queue.
fn outcome(end: &Event) -> (&str, bool) {
    let reason = end.get("variable_cc_cancel_reason");
    (reason, end.get("variable_after_queue") == "reached")
}

#[test]
fn whoever_is_not_admitted_goes_on_in_the_dialplan_with_the_reason() {
    with_ours(setup(), |switch| {
        let waiting = switch.call_queue("5550000", "full");
        for (number, queue, reason) in [
            ("5550001", "full", "QUEUE_FULL"),
            ("5550002", "nobody", "NO_AGENTS"),
            ("5550003", "paused", "JOIN_EMPTY"),
        ] {
            let mark = switch.events().mark();
            switch.call(number, "Caller", &format!("queue-{queue}"));
            let refused = switch.wait_for(mark, "member-queue-refused");
            assert_eq!(refused.get("CC-Cancel-Reason"), reason);
            assert_eq!(refused.get("CC-Queue"), format!("{queue}@default"));
            let end = end(switch, mark, number);
            assert_eq!(outcome(&end), (reason, true));
            assert_eq!(end.get("variable_cc_cause"), "cancel");
            let events = switch.events().since(mark);
            assert!(!events.iter().any(|event| event.is("member-queue-start")), "{queue}");
        }
        switch.callcenter("agent set status paused Available");
        switch.call_queue("5550004", "paused");
        switch.hang_up(&waiting);
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

#[test]
fn whoever_calls_a_queue_that_is_not_there_goes_on_in_the_dialplan_with_the_reason() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        switch.call("5550001", "Caller", "queue-nowhere");
        let end = switch.events().wait(mark, SOON, "end of the caller's leg", |event| {
            event.is_core("CHANNEL_HANGUP") && !event.get("variable_cc_cancel_reason").is_empty()
        });
        assert_eq!(outcome(&end), ("QUEUE_NOT_FOUND", true));
        assert_eq!(end.get("variable_cc_cause"), "cancel");
    });
}

#[test]
fn whoever_waits_leaves_when_the_last_agent_does() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        switch.call_queue("5550001", "left");
        switch.wait_for(mark, "bridge-agent-fail");
        switch.callcenter("agent set status left 'On Break'");
        let left = switch.wait_for(mark, "member-queue-end");
        assert_eq!(left.get("CC-Cancel-Reason"), "LEAVE_EMPTY");
        assert_eq!(outcome(&end(switch, mark, "5550001")), ("LEAVE_EMPTY", true));
        switch.wait_until_quiet();
    });
}

#[test]
fn a_long_queue_sends_a_caller_elsewhere_after_the_sound() {
    with_ours(setup(), |switch| {
        for number in ["5550001", "5550002"] {
            switch.call_queue(number, "size");
        }
        let mark = switch.events().mark();
        let phone = Sipp::caller(switch, "queue-size");
        phone.ear().hears_tone(SOON, DISSUASION);
        let gone = switch.events().wait(mark, SOON, "the transfer", |event| {
            event.is_core("CHANNEL_HANGUP") && !event.get("variable_went_elsewhere").is_empty()
        });
        assert_eq!(gone.get("variable_went_elsewhere"), "DISSUADE_QUEUE_SIZE");
        assert_eq!(outcome(&gone), ("DISSUADE_QUEUE_SIZE", false));
        phone.finish();
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

#[test]
fn a_long_estimate_sends_a_caller_elsewhere() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let first = switch.call_queue("5550001", "slow");
        // The pace of the line is what is measured, so time has to pass.
        std::thread::sleep(Duration::from_millis(2500));
        switch.hang_up(&first);
        switch.wait_for(mark, "member-queue-end");
        switch.call("5550002", "Caller", "queue-slow");
        let refused = switch.wait_for(mark, "member-queue-refused");
        assert_eq!(refused.get("CC-Cancel-Reason"), "DISSUADE_ESTIMATED_WAIT");
        let gone = switch.events().wait(mark, SOON, "the transfer", |event| {
            event.is_core("CHANNEL_HANGUP") && !event.get("variable_went_elsewhere").is_empty()
        });
        assert_eq!(gone.get("variable_went_elsewhere"), "DISSUADE_ESTIMATED_WAIT");
        assert_eq!(gone.get("variable_cc_state"), "dissuading1");
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

#[test]
fn a_long_wait_ends_after_the_sound() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let phone = Sipp::caller(switch, "queue-hangup");
        let ear = phone.ear();
        ear.hears_tone(SOON, MUSIC);
        ear.hears_tone(SOON, DISSUASION);
        let left = switch.wait_for(mark, "member-queue-end");
        assert_eq!(left.get("CC-Cancel-Reason"), "DISSUADE_WAIT");
        let gone = switch.events().wait(mark, SOON, "the end of the call", |event| {
            event.is_core("CHANNEL_HANGUP") && event.get("variable_cc_side") == "member"
        });
        assert_eq!(outcome(&gone), ("DISSUADE_WAIT", false));
        phone.finish();
        switch.wait_until_quiet();
    });
}

#[test]
fn who_is_dissuaded_without_more_hears_the_sound_and_waits_on() {
    with_ours(setup(), |switch| {
        let mark = switch.events().mark();
        let phone = Sipp::caller(switch, "queue-told");
        phone.ear().hears(SOON, "music, the sound, and music again", |spells| {
            let tones: Vec<u32> = spells.iter().map(|spell| spell.tone).collect();
            tones.windows(3).any(|three| three == [MUSIC, DISSUASION, MUSIC])
        });
        let end = switch
            .events()
            .find(mark, Duration::ZERO, |event| event.is("member-queue-end"));
        assert!(end.is_none(), "{end:?}");
        switch.api("hupall");
        phone.finish();
        switch.wait_until_quiet();
    });
}

#[test]
fn who_lacks_the_skill_counts_at_no_door() {
    let extensions = r#"<extension name="order"><condition field="destination_number" expression="^order-(.+)$">
      <action application="set" data="cc_param=order 7"/>
      <action application="callcenter" data="$1@default"/>
    </condition></extension>"#;
    let call_centre = CallCenter::new()
        .queue(
            "german@default",
            &[("required-skills", "german"), ("join-empty", "loose")],
        )
        .agent("plain", &phone("plain", "answer"), &[])
        .tier("german@default", "plain", 1, 1);
    with_ours(Setup::new(&call_centre).extensions(extensions), |switch| {
        switch.until_cell("stats queue german@default", "free_agents", "0");
        let mark = switch.events().mark();
        switch.call("5550001", "Caller", "order-german");
        let refused = switch.wait_for(mark, "member-queue-refused");
        assert_eq!(refused.get("CC-Cancel-Reason"), "JOIN_EMPTY");
        assert_eq!(refused.get("CC-Param"), "order 7");
        assert_eq!(switch.callcenter("agent set skills plain german"), "+OK\n");
        let mark = switch.events().mark();
        switch.call("5550002", "Caller", "order-german");
        let start = switch.wait_for(mark, "bridge-agent-start");
        assert_eq!(start.get("CC-Param"), "order 7");
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}
