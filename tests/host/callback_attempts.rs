//! Attempts to call somebody back that do not reach the person, each tried again as set; and what is never dialled.

use crate::callbacks::{
    add, agent_is, hears_the_prompt, is_called, line_that, line_to, pending, presses_until, rings, setup,
    takes_the_call, told, NUMBER, QUEUE,
};
use callcenter_test_support::harness::{with_ours, FreeSwitch, SipPhone, SOON};
use std::time::Duration;

/// Short enough to be waited for.
const SHORT: [(&str, &str); 2] = [("callback-ring-time", "5"), ("callback-attempts", "2")];

/// Two attempts end in this way, and then the callback is given up.
fn is_given_up_after(switch: &FreeSwitch, end: &str) {
    let mark = switch.events().mark();
    add(switch, NUMBER);
    agent_is(switch, "Available");
    for attempt in ["1", "2"] {
        let failed = switch.events().wait(mark, SOON * 2, "the end of the attempt", |event| {
            event.is("callback-failed") && event.get("CC-Callback-Attempts") == attempt
        });
        assert_eq!(failed.get("CC-Callback-End"), end, "attempt {attempt}");
    }
    let given_up = told(switch, mark, "callback-expired", NUMBER);
    assert_eq!(given_up.get("CC-Callback-Result"), "given-up");
    switch.wait_until_quiet();
    assert_eq!(pending(switch), 0);
    let offered = switch.events().since(mark);
    assert!(
        !offered.iter().any(|event| event.is("agent-offering")),
        "nobody is offered who was not reached"
    );
    agent_is(switch, "On Break");
}

#[test]
fn busy_unreachable_unanswered_and_unconfirmed_are_tried_again_and_given_up() {
    with_ours(setup(&SHORT), |switch| {
        for (behaviour, end) in [
            ("busy", "busy"),
            ("respond-404", "unreachable"),
            ("ring", "no-answer"),
            ("answer", "not-confirmed"),
        ] {
            line_that(switch, behaviour);
            is_given_up_after(switch, end);
        }
    });
}

#[test]
fn no_more_phones_ring_than_agents_are_free() {
    with_ours(setup(&[]), |switch| {
        line_that(switch, "ring");
        for number in [NUMBER, "2121", "1122"] {
            add(switch, number);
        }
        let mark = switch.events().mark();
        agent_is(switch, "Available");
        rings(switch, mark);
        let another = switch.events().find(mark, Duration::from_secs(2), |event| {
            event.is("callback-attempt") && event.get("CC-Callback-Number") != NUMBER
        });
        assert!(another.is_none() && pending(switch) == 3, "{another:?}");
    });
}

#[test]
fn who_declines_is_not_called_again() {
    with_ours(setup(&[]), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (mark, call) = is_called(switch, &phone);
        hears_the_prompt(&phone.ear(&call));
        let failed = presses_until(switch, &phone, (&call, "2"), (mark, "callback-failed"));
        assert_eq!(failed.get("CC-Callback-End"), "declined");
        phone.wait_for_end(&call);
        assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
    });
}

#[test]
fn a_command_adds_cancels_and_hastens_a_callback() {
    with_ours(setup(&[("callback-delay", "3600")]), |switch| {
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        agent_is(switch, "Available");
        let cancelled = add(switch, "1313");
        assert_eq!(switch.callcenter(&format!("callback cancel {cancelled}")), "+OK\n");
        let uuid = add(switch, NUMBER);
        assert!(switch.callcenter(&format!("callback list {QUEUE}")).contains(&uuid));
        let mark = switch.events().mark();
        assert_eq!(switch.callcenter(&format!("callback now {uuid}")), "+OK\n");
        let call = takes_the_call(switch, &phone, mark, 0);
        phone.hang_up(&call);
        switch.wait_until_quiet();
        assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
    });
}

#[test]
fn a_call_that_is_cancelled_ends_at_every_stage() {
    with_ours(setup(&[]), |switch| {
        agent_is(switch, "Available");
        line_that(switch, "ring");
        let uuid = add(switch, NUMBER);
        rings(switch, 0);
        assert_eq!(switch.callcenter(&format!("callback cancel {uuid}")), "+OK\n");
        switch.wait_until_quiet();
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        let uuid = add(switch, NUMBER);
        let call = phone.answered(0);
        assert_eq!(switch.callcenter(&format!("callback cancel {uuid}")), "+OK\n");
        phone.wait_for_end(&call);
        switch.wait_until_quiet();
        assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
    });
}

#[test]
fn what_is_no_number_is_refused_and_nobody_is_dialled() {
    with_ours(setup(&[]), |switch| {
        agent_is(switch, "Available");
        let endless = "1".repeat(10_240);
        let mark = switch.events().mark();
        for number in [
            "'${x}'",
            "1,2",
            "1|2",
            "1:_:2",
            "{a=b}1",
            "[a=b]1",
            "+",
            "sofia/gateway/x/1",
            "\"1';--\"",
            &endless,
        ] {
            let answer = switch.callcenter(&format!("callback add {QUEUE} {number}"));
            assert!(answer.starts_with("-ERR"), "{number}: {answer}");
        }
        // The caller's dialplan goes on, and may know why.
        let phone = SipPhone::new(switch, 900);
        let call = phone.call("asks-in-vain");
        phone.ear(&call).hears_tone(SOON, 900);
        phone.hang_up(&call);
        switch.events().wait(mark, SOON, "the refusal", |event| {
            event.is_core("CHANNEL_HANGUP_COMPLETE") && event.get("variable_cc_callback_refused") == "NOT_A_NUMBER"
        });
        switch.wait_until_quiet();
        let dialled = switch.events().find(mark, Duration::from_millis(200), |event| {
            event.is_core("CHANNEL_CREATE") && event.get("variable_cc_side") == "callback"
        });
        assert!(dialled.is_none() && pending(switch) == 0, "{dialled:?}");
    });
}
