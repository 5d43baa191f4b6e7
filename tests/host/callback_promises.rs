//! What becomes of promises: those that are not made any more on this day, that nobody keeps, that are delayed as the queue says; what
//! whoever is called sees; and a dial string that leads nowhere.

use crate::callbacks::{
    add, agent_is, hears_music_alone, line_that, line_to, pending, setup, takes_the_call, told, waits, NUMBER, QUEUE,
};
use callcenter_test_support::harness::{with_ours, Event, FreeSwitch, SipPhone, SOON};

fn set(switch: &FreeSwitch, parameter: &str, value: &str) {
    let answer = switch.callcenter(&format!("queue set {parameter} {QUEUE} {value}"));
    assert_eq!(answer, "+OK\n", "{parameter} {value}");
}

/// Seconds from one event to another.
fn between(earlier: &Event, later: &Event) -> f64 {
    (later.time() - earlier.time()) as f64 / 1e6
}

/// Channels of people who are called back, since then.
fn dialled(switch: &FreeSwitch, mark: usize) -> Vec<Event> {
    let events = switch.events().since(mark).into_iter();
    events
        .filter(|event| event.is_core("CHANNEL_CREATE") && event.get("variable_cc_side") == "callback")
        .collect()
}

/// A second caller than the usual one, whose number is in tones as well.
const OTHER: &str = "2121";

#[test]
fn what_is_too_late_is_not_promised_and_what_was_not_kept_is_listed_for_somebody_to_call_by_hand() {
    let rules = [
        ("callback-until", "00:00"),
        ("callback-expires", "4"),
        ("callback-attempts", "1"),
        ("callback-ring-time", "5"),
    ];
    with_ours(setup(&rules), |switch| {
        // From midnight to midnight: by command, by a dialplan, and by the key.
        let refused = switch.callcenter(&format!("callback add {QUEUE} {NUMBER}"));
        assert_eq!(
            refused,
            "-ERR The queue promises no more calls today (callback-until)!\n"
        );
        let phone = SipPhone::new(switch, 900);
        let mark = switch.events().mark();
        let call = phone.call(&format!("asks-{NUMBER}"));
        phone.ear(&call).hears_tone(SOON, 900);
        phone.hang_up(&call);
        switch.events().wait(mark, SOON, "the refusal", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("variable_cc_callback_refused") == "TOO_LATE"
        });
        let (call, ear) = waits(switch, &phone, NUMBER);
        phone.press(&call, "2");
        hears_music_alone(&ear, NUMBER);
        phone.hang_up(&call);
        switch.wait_until_quiet();
        assert_eq!(pending(switch), 0);
        set(switch, "callback_until", "''");
        // Two that nobody has time for, and one whose only attempt is in vain.
        let mark = switch.events().mark();
        let late = [add(switch, NUMBER), add(switch, OTHER)];
        for number in [NUMBER, OTHER] {
            let expired = told(switch, mark, "callback-expired", number);
            assert_eq!(expired.get("CC-Callback-Result"), "expired");
        }
        line_that(switch, "busy");
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let vain = add(switch, NUMBER);
        let given_up = told(switch, mark, "callback-expired", NUMBER);
        assert_eq!(given_up.get("CC-Callback-Result"), "given-up");
        assert_eq!(pending(switch), 0);
        let list = switch.callcenter("callback expired");
        let line_of = |uuid: &str| list.lines().find(|line| line.contains(uuid)).unwrap_or_default();
        for (uuid, number) in [(&late[0], NUMBER), (&late[1], OTHER)] {
            let line = line_of(uuid);
            assert!(line.contains(number) && line.contains("|expired"), "{list}");
        }
        let line = line_of(&vain);
        assert!(line.contains("|busy|") && line.contains("|given-up"), "{list}");
        assert_eq!(switch.callcenter(&format!("callback expired {QUEUE}")), list);
        let figures = [
            "callbacks_requested",
            "callback_attempts",
            "callbacks_reached",
            "callbacks_expired",
        ];
        assert_eq!(
            figures.map(|column| switch.cell("stats queue", column)),
            ["3", "1", "0", "3"]
        );
        // The one attempt of this day was made.
        set(switch, "callback_attempts_per_day", "1");
        let refused = switch.callcenter(&format!("callback add {QUEUE} {NUMBER}"));
        assert!(refused.contains("(callback-attempts-per-day)"), "{refused}");
    });
}

#[test]
fn a_promise_to_a_dialplan_is_delayed_as_the_queue_says_and_the_far_side_sees_who_calls() {
    let rules = [
        ("callback-delay", "3"),
        ("callback-retry-delay", "4"),
        ("callback-caller-id-name", "Support Desk"),
        ("callback-caller-id-number", "030123456"),
    ];
    with_ours(setup(&rules), |switch| {
        line_that(switch, "busy");
        agent_is(switch, "Available");
        let phone = SipPhone::new(switch, 900);
        let mark = switch.events().mark();
        let call = phone.call(&format!("asks-{NUMBER}"));
        let requested = told(switch, mark, "callback-requested", NUMBER);
        phone.hang_up(&call);
        let attempt = |number: &str| {
            switch.events().wait(mark, SOON, "an attempt", |event| {
                event.is("callback-attempt") && event.get("CC-Callback-Attempts") == number
            })
        };
        let first = attempt("1");
        let waited = between(&requested, &first);
        assert!((2.9..4.5).contains(&waited), "{waited} s");
        let failed = told(switch, mark, "callback-failed", NUMBER);
        let waited = between(&failed, &attempt("2"));
        assert!((3.9..5.5).contains(&waited), "{waited} s");
        let shown = |event: &Event| {
            let number = event.get("Caller-Caller-ID-Number").to_owned();
            (event.get("Caller-Caller-ID-Name").to_owned(), number)
        };
        let expected = ("Support Desk".to_owned(), "030123456".to_owned());
        assert_eq!(dialled(switch, mark).iter().map(shown).next(), Some(expected.clone()));
        // What has come over SIP to whoever is called.
        let there = switch.events().wait(mark, SOON, "the phone that is called", |event| {
            event.is_core("CHANNEL_CREATE")
                && event.get("Call-Direction") == "inbound"
                && event.get("Caller-Destination-Number") == format!("{NUMBER}-busy")
        });
        assert_eq!(shown(&there), expected);
    });
}

#[test]
fn an_agent_who_is_first_hears_the_queues_own_sound_and_gives_back_with_its_own_key() {
    let rules = [
        ("callback-first", "agent"),
        ("callback-agent-sound", "tone_stream://%(400,100,1100)"),
        ("callback-give-back-key", "9"),
        ("callback-retry-delay", "3"),
    ];
    with_ours(setup(&rules), |switch| {
        let agent = SipPhone::new(switch, 350);
        let contact = agent.contact();
        assert_eq!(switch.callcenter(&format!("agent set contact a1 {contact}")), "+OK\n");
        line_that(switch, "busy");
        add(switch, NUMBER);
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        let leg = agent.answered(0);
        agent.ear(&leg).hears_tone(SOON, 1100);
        agent.press(&leg, "9");
        agent.wait_for_end(&leg);
        assert_eq!(dialled(switch, mark).len(), 0, "it is given back");
        // The next time the usual key, which is any other here, takes it.
        let leg = agent.answered(1);
        let ear = agent.ear(&leg);
        ear.hears_tone(SOON, 1100);
        agent.press(&leg, "2");
        let failed = told(switch, mark, "callback-failed", NUMBER);
        assert_eq!(failed.get("CC-Callback-End"), "busy");
        agent.wait_for_end(&leg);
        agent_is(switch, "On Break");
        switch.wait_until_quiet();
        assert_eq!((dialled(switch, mark).len(), pending(switch)), (1, 1));
    });
}

/// Nobody has failed to answer where the site's way out is none: the attempt does not count, the log says what to do, and the agent has
/// other callers meanwhile.
#[test]
fn a_dial_string_that_leads_nowhere_is_refused_or_told_and_costs_nobody_an_attempt() {
    with_ours(
        setup(&[("callback-attempts", "1"), ("callback-retry-delay", "2")]),
        |switch| {
            for text in [
                "${callback_number}@gateway",
                "sofia/",
                "[a=b]",
                "user/${callback_number",
            ] {
                let answer = switch.callcenter(&format!("queue set callback_dial {QUEUE} {text}"));
                assert!(answer.starts_with("-ERR Invalid callback_dial"), "{text}: {answer}");
            }
            let right = "sofia/desk/${callback_number}${callback_line}";
            let dial = switch.callcenter(&format!("queue get callback_dial {QUEUE}"));
            assert_eq!(dial, right, "what is refused changes nothing");
            let mark = switch.events().mark();
            for (dial, cause) in [
                ("nowhere/${callback_number}", "CHAN_NOT_IMPLEMENTED"),
                ("sofia/gateway/nowhere/${callback_number}", "INVALID_GATEWAY"),
            ] {
                set(switch, "callback_dial", dial);
                let uuid = add(switch, NUMBER);
                let mark = switch.events().mark();
                agent_is(switch, "Available");
                let failed = told(switch, mark, "callback-failed", NUMBER);
                let said = (failed.get("CC-Callback-End"), failed.get("CC-Callback-Attempts"));
                assert_eq!(said, ("refused", "0"), "{cause}");
                agent_is(switch, "On Break");
                if cause == "CHAN_NOT_IMPLEMENTED" {
                    switch.wait_for_log(&format!("Nobody of queue {QUEUE} can be called back ({cause})"));
                }
                assert_eq!(switch.callcenter(&format!("callback cancel {uuid}")), "+OK\n");
            }
            // The agent is there for others.
            agent_is(switch, "Available");
            set(switch, "callback_dial", "nowhere/${callback_number}");
            add(switch, NUMBER);
            told(switch, mark, "callback-failed", NUMBER);
            let caller = switch.call_queue("5550001", "support");
            let talk = switch.wait_for(mark, "bridge-agent-start");
            assert_eq!(talk.get("CC-Member-CID-Number"), "5550001");
            // The only attempt is still to be made.
            set(switch, "callback_dial", right);
            let phone = SipPhone::new(switch, 900);
            line_to(switch, &phone);
            let mark = switch.events().mark();
            switch.hang_up(&caller);
            let call = takes_the_call(switch, &phone, mark, 0);
            phone.hang_up(&call);
            switch.wait_until_quiet();
            assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
        },
    );
}
