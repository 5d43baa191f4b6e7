//! Attempts to reach somebody: how many, how often, and how they end.

use super::*;

#[test]
fn one_attempt_at_a_time_and_the_next_after_the_pause() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    let call = centre.one_call();
    centre.pass(20);
    assert!(centre.calls().is_empty());
    centre.call_fails(&call, CallbackEnd::Busy);
    let late = Input::CallbackFailed {
        attempt: call.attempt,
        end: CallbackEnd::Busy,
    };
    assert_eq!(centre.try_tell(late), Err(EngineError::AttemptOver));
    centre.pass(59);
    assert!(centre.calls().is_empty());
    centre.pass(1);
    assert_eq!(centre.one_call().number_of_attempt, 2);
}

#[test]
fn there_are_no_more_attempts_than_free_agents() {
    let mut centre = centre();
    for number in ["100", "101", "102"] {
        centre.asks(number);
    }
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    let calls = centre.calls();
    let numbers: Vec<_> = calls.iter().map(|call| call.number.as_str()).collect();
    assert_eq!(numbers, ["100", "101"]);
    centre.call_fails(&calls[0], CallbackEnd::NoAnswer);
    assert_eq!(
        centre.one_call().number,
        "102",
        "the agent who was held is free for the next"
    );
}

#[test]
fn voicemail_is_nobody_and_attempts_have_an_end() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    for _ in 0..2 {
        let call = centre.one_call();
        centre.call_fails(&call, CallbackEnd::NotConfirmed);
        centre.pass(60);
    }
    assert!(centre.calls().is_empty());
    assert_eq!(centre.results(), ["given-up"]);
    assert_eq!(centre.causes(), ["CALLBACK_GIVEN_UP"]);
    assert!(centre.member_states().is_empty());
    assert_eq!(centre.engine.queues()[0].calls_abandoned, 0);
}

#[test]
fn a_call_that_was_not_made_is_no_attempt() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    for _ in 0..5 {
        let call = centre.one_call();
        assert_eq!(call.number_of_attempt, 1);
        let end = CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION);
        centre.call_fails(&call, end);
        assert!(centre.calls().is_empty());
        centre.pass(9);
    }
    let call = centre.one_call();
    centre.comes_back(&call);
}

/// A mistake in `callback-dial`, or a gateway that is down: nobody has failed to answer, and the operator is told.
#[test]
fn a_dial_string_that_leads_nowhere_costs_no_attempt_and_is_told_once_a_minute() {
    let mut centre = changed(|config| config.attempts_per_day = 2);
    centre.asks("100");
    centre.agent("a1", 1, 1);
    for caller in 0..5 {
        let call = centre.one_call();
        assert_eq!(call.number_of_attempt, 1);
        let end = CallbackEnd::NoWayOut(HangupCause::named("GATEWAY_DOWN".to_owned()));
        centre.call_fails(&call, end);
        assert_eq!(centre.rows_kept().callbacks[0].last_end, "refused");
        centre.pass(30);
        assert!(centre.calls().is_empty(), "not before callback-retry-delay");
        let live = centre.caller(&format!("20{caller}"));
        let ring = centre.one_ring();
        assert_eq!(ring.member_uuid, format!("member-20{caller}"), "the agent is free");
        centre.leave(live);
        centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
        centre.pass(30);
    }
    let notices = centre.outputs.iter().filter_map(|output| match output {
        Output::Notice(notice) if notice.text.starts_with("Nobody of queue") => Some(notice.text.clone()),
        _ => None,
    });
    let notices: Vec<String> = notices.collect();
    assert_eq!(notices.len(), 5, "{notices:?}");
    for word in [
        QUEUE,
        "GATEWAY_DOWN",
        "loopback/${callback_number}/default",
        "does not count",
    ] {
        assert!(notices[0].contains(word), "{word}: {notices:?}");
    }
    let call = centre.one_call();
    centre.comes_back(&call);
}

#[test]
fn an_attempt_that_is_under_way_is_not_cut_off_by_the_expiry() {
    let mut centre = centre();
    centre.asks("100");
    centre.pass(590);
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.pass(15);
    assert!(centre.results().is_empty());
    centre.call_fails(&call, CallbackEnd::NoAnswer);
    assert_eq!(centre.results(), ["expired"]);
}

#[test]
fn who_confirms_and_never_arrives_is_called_again() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.reached(&call);
    centre.caller("101");
    assert!(centre.rings().is_empty());
    centre.pass(10);
    assert_eq!(centre.one_ring().member_uuid, "member-101", "the agent is held no more");
    assert_eq!(centre.rows_kept().callbacks[0].last_end, "unreachable");
}

#[test]
fn an_attempt_of_which_nothing_is_heard_is_given_up() {
    let mut centre = centre();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.caller("101");
    centre.pass(34);
    assert!(centre.rings().is_empty());
    centre.pass(1);
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.one_ring().member_uuid, "member-101", "nobody is held for longer");
}

#[test]
fn while_no_calls_are_made_the_line_as_a_whole_waits() {
    let mut centre = centre();
    for number in ["100", "101", "102"] {
        centre.asks(number);
    }
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    let end = CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION);
    centre.call_fails(&call, end);
    let waits = |centre: &Centre| centre.engine.queue_statistics(None)[0].live.free_agents == 0;
    assert!(
        centre.calls().is_empty() && waits(&centre),
        "the agent is free when calls are made"
    );
    centre.pass(9);
    assert_eq!(
        centre.one_call().number,
        "100",
        "and who stood first is the first again"
    );
}

#[test]
fn nobody_is_called_back_before_it_is_known_which_agents_talk() {
    let mut before = centre();
    before.asks("100");
    let mut after = Centre::with_settings(Settings::default(), config());
    after.now = before.now;
    after.tell(Input::Restore(before.rows_kept()));
    after.agent("a1", 1, 1);
    assert!(
        after.calls().is_empty(),
        "a1 may have a talk that has outlasted the module"
    );
    after.tell(Input::Adopt(Found::default()));
    assert_eq!(after.one_call().number, "100");
}

#[test]
fn a_call_says_who_calls_and_which_key_takes_it_as_the_queue_does() {
    let mut centre = changed(|config| {
        config.caller_id_name = Some("Support".to_owned());
        config.caller_id_number = Some("030123456".to_owned());
        config.confirm_key = '5';
    });
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    assert_eq!(
        (
            call.caller_id_name.as_str(),
            call.caller_id_number.as_str(),
            call.confirm_key
        ),
        ("Support", "030123456", '5')
    );
}
