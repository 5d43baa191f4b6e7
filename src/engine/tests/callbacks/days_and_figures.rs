//! Callbacks by the day and the hour, and what is counted of them.

use super::*;

/// `Centre` begins at 13:46:40 UTC.
fn until(text: &str) -> Option<TimeOfDay> {
    TimeOfDay::parse(text)
}

#[test]
fn nothing_is_promised_from_a_time_of_day_on() {
    let mut centre = changed(|config| config.until = until("13:48"));
    let (early, late) = (centre.caller("100"), centre.caller("101"));
    centre.agent("a1", 1, 1);
    centre.status("a1", "On Break");
    assert!(centre.ask(early, "100").is_ok());
    assert!(centre.engine.callback_offer(centre.now, late).is_some());
    centre.pass(80);
    assert_eq!(centre.ask(late, "101"), Err(CallbackRefusal::TooLate.into()));
    assert!(centre.engine.callback_offer(centre.now, late).is_none());
    centre.exits(early);
    centre.rings();
    centre.leave(late);
    centre.status("a1", "Available");
    assert_eq!(centre.one_call().number, "100", "what was promised is kept");
}

#[test]
fn the_time_of_day_is_that_of_the_machine() {
    let mut centre = changed(|config| config.until = until("15:00"));
    let member = centre.caller("100");
    centre.tell(Input::LocalTime(LocalTime {
        ahead: 7_200,
        changes: vec![],
    }));
    assert_eq!(centre.ask(member, "100"), Err(CallbackRefusal::TooLate.into()));
    centre.tell(Input::LocalTime(LocalTime {
        ahead: 7_200,
        changes: vec![(1_000_000, 3_600)],
    }));
    assert!(centre.ask(member, "100").is_ok());
}

#[test]
fn a_number_is_called_so_often_on_a_day() {
    let mut centre = changed(|config| {
        config.attempts_per_day = 3;
        config.attempts = 2;
    });
    centre.agent("a1", 1, 1);
    centre.status("a1", "On Break");
    centre.asks("100");
    centre.status("a1", "Available");
    for _ in 0..2 {
        let call = centre.one_call();
        centre.call_fails(&call, CallbackEnd::Busy);
        centre.pass(60);
    }
    assert_eq!(centre.results(), ["given-up"]);
    centre.status("a1", "On Break");
    centre.asks("100");
    centre.status("a1", "Available");
    let call = centre.one_call();
    let refused = CallbackEnd::Refused(Refusal::Fault, HangupCause::NORMAL_CIRCUIT_CONGESTION);
    centre.call_fails(&call, refused);
    centre.pass(60);
    let call = centre.one_call();
    centre.call_fails(&call, CallbackEnd::Busy);
    assert_eq!(centre.results(), ["given-up", "too-often"]);
    assert!(centre.causes().contains(&"CALLBACK_TOO_OFTEN".to_owned()));
    centre.status("a1", "On Break");
    let member = centre.caller("100");
    assert_eq!(centre.ask(member, "100"), Err(CallbackRefusal::TooOften.into()));
    centre.pass(11 * 3_600);
    assert!(centre.ask(member, "100").is_ok(), "it is another day");
}

#[test]
fn an_attempt_that_a_crash_cut_off_counts() {
    let mut before = centre();
    before.asks("100");
    before.agent("a1", 1, 1);
    for crash in 1..=2 {
        assert_eq!(before.one_call().number_of_attempt, crash);
        let mut after = before.restarts();
        after.pass(90);
        after.agent("a1", 1, 1);
        before = after;
    }
    assert!(before.calls().is_empty());
    assert_eq!(before.results(), ["given-up"]);
}

#[test]
fn while_no_calls_are_made_the_next_in_line_are_not_tried_in_turn() {
    let mut centre = centre();
    for number in ["100", "101", "102"] {
        centre.asks(number);
    }
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    let end = CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION);
    centre.call_fails(&call, end);
    assert!(centre.calls().is_empty());
    centre.pass(1);
    assert_eq!(centre.one_call().number, "100", "the first in line comes first again");
}

#[test]
fn promises_that_were_not_kept_are_listed() {
    let mut centre = centre();
    centre.asks("100");
    centre.pass(600);
    let unkept = centre.engine.unkept_callbacks(Some(QUEUE));
    let told = unkept
        .iter()
        .map(|unkept| (unkept.number.as_str(), unkept.result, unkept.ended_epoch));
    assert_eq!(told.collect::<Vec<_>>(), [("100", CallbackResult::Expired, 1_000_600)]);
    assert!(centre.engine.unkept_callbacks(Some("nowhere")).is_empty());
    assert_eq!(centre.engine.unkept_callbacks(None).len(), 1);
    for number in 0..250 {
        let number = format!("2{number}");
        centre.asks(&number);
        centre.pass(600);
    }
    assert_eq!(centre.engine.unkept_callbacks(None).len(), 200);
}

#[test]
fn the_queue_log_tells_a_callback_line_by_line() {
    let settings = Settings {
        queue_log_file: Some("queue_log".to_owned()),
        ..Settings::default()
    };
    let mut centre = Centre::with_settings(settings, config());
    let member = centre.caller("100");
    centre.pass(7);
    assert!(centre.ask(member, "100").is_ok());
    centre.exits(member);
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.call_fails(&call, CallbackEnd::Busy);
    centre.pass(60);
    let call = centre.one_call();
    centre.pass(5);
    let member = centre.comes_back(&call);
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.status("a1", "On Break");
    centre.asks("101");
    centre.pass(600);
    let lines = centre.outputs.iter().filter_map(|output| match output {
        Output::QueueLog(line) => Some(line.to_string()),
        _ => None,
    });
    let told: Vec<String> = lines
        .filter(|line| line.contains("|CALLBACK_") || line.contains("|CONNECT|") || line.contains("|EXITWITHTIMEOUT|"))
        .collect();
    assert_eq!(
        told,
        [
            "1000007|session-100|support@default|NONE|CALLBACK_REQUESTED|100|1|7",
            "1000007|session-100|support@default|NONE|CALLBACK_ATTEMPT|100|1",
            "1000007|session-100|support@default|NONE|CALLBACK_FAILED|100|1|busy",
            "1000067|session-100|support@default|NONE|CALLBACK_ATTEMPT|100|2",
            "1000072|session-100|support@default|NONE|CALLBACK_REACHED|100|2",
            "1000072|session-100|support@default|NONE|CALLBACK_ENDED|100|2|answered",
            "1000072|session-100|support@default|a1|CONNECT|72|leg-a1|0",
            "1000072|session-101|support@default|NONE|CALLBACK_REQUESTED|101|1|0",
            "1000672|session-101|support@default|NONE|CALLBACK_EXPIRED|101|0|expired",
            "1000672|session-101|support@default|NONE|EXITWITHTIMEOUT|1|1|600",
        ]
    );
}

/// Whoever calls by hand wants to know whether somebody was busy or has a voicemail.
#[test]
fn the_list_of_promises_that_were_not_kept_says_how_the_last_attempt_ended() {
    let mut centre = changed(|config| config.attempts = 1);
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    centre.call_fails(&call, CallbackEnd::NotConfirmed);
    let unkept = centre.engine.unkept_callbacks(None).remove(0);
    let told = (unkept.result, unkept.attempts, unkept.last_end.as_str());
    assert_eq!(told, (CallbackResult::GivenUp, 1, "not-confirmed"));
}

#[test]
fn each_end_is_counted_once() {
    let mut centre = centre();
    centre.asks("100");
    centre.asks("101");
    centre.agent("a1", 1, 1);
    let call = centre.one_call();
    let member = centre.comes_back(&call);
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    let call = centre.one_call();
    centre.call_fails(&call, CallbackEnd::Declined);
    let statistics = &centre.engine.queue_statistics(None)[0];
    let expected = CallbackCounts {
        requested: 2,
        attempts: 2,
        reached: 1,
        answered: 1,
        declined: 1,
        ..CallbackCounts::default()
    };
    assert_eq!(statistics.counts.callbacks, expected);
    assert_eq!(statistics.live.callbacks, 0);
    assert_eq!(centre.engine.centre_statistics(centre.now).counts.callbacks, expected);
}

#[test]
fn callbacks_count_in_the_service_level_or_not() {
    for (level, expected) in [(CallbackLevel::Count, 50), (CallbackLevel::LeaveOut, 100)] {
        let mut centre = changed(|config| config.service_level = level);
        centre.asks("100");
        centre.pass(100);
        centre.agent("a1", 1, 1);
        let call = centre.one_call();
        let member = centre.comes_back(&call);
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        centre.hang_up(&ring);
        let member = centre.caller("101");
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        let counts = centre.engine.queue_statistics(None)[0].counts;
        assert_eq!((counts.answered, counts.service_level()), (2, expected), "{level}");
    }
}
