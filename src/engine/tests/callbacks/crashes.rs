//! What a crash leaves of callbacks.

use super::*;

#[test]
fn what_is_pending_and_what_was_under_way_is_there_after_a_crash() {
    let mut before = centre();
    let strict = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "s".to_owned(),
        new_member_uuid: "strict".to_owned(),
        cid_number: "100".to_owned(),
        base_score: 50,
        requirements: CallerRequirements {
            skills: RequiredSkills::parse("german").expect("skills"),
            ..CallerRequirements::default()
        },
        param: Some("p".to_owned()),
        callback_number: Some("100".to_owned()),
        ..JoinRequest::default()
    };
    assert!(matches!(
        before.tell(Input::MemberJoin(strict)),
        Reply::CalledBack { position: 1, .. }
    ));
    before.asks("101");
    before.agent("a1", 1, 1);
    assert_eq!(before.one_call().number, "101", "a1 speaks no German");
    before.pass(5);
    let mut after = before.restarts();
    assert_eq!(after.member_states(), [MemberState::Waiting, MemberState::Waiting]);
    after.agent("a1", 1, 1);
    assert!(after.calls().is_empty(), "that call may still be up");
    after.pass(84);
    assert!(after.calls().is_empty());
    after.pass(1);
    let call = after.one_call();
    assert_eq!(
        (call.number.as_str(), call.number_of_attempt),
        ("101", 2),
        "what was cut off counts"
    );
    after.set("a1", AgentSetting::Skills(Skills::parse("german").expect("skills")));
    after.call_fails(&call, CallbackEnd::Declined);
    let call = after.one_call();
    assert_eq!((call.number.as_str(), call.member_uuid.as_str()), ("100", "strict"));
    after.comes_back(&call);
    let ring = after.one_ring();
    assert_eq!((ring.param.as_str(), ring.joined_epoch), ("p", 1_000_000));
}

#[test]
fn a_line_that_was_there_at_the_start_has_no_pace_until_it_has_moved_twice() {
    let mut before = centre();
    for number in ["100", "101", "102"] {
        before.asks(number);
    }
    let mut after = before.restarts();
    after.agent("a1", 1, 1);
    after.status("a1", "On Break");
    let cancels = |centre: &mut Centre, uuid: &str| {
        centre.tell(Input::CallbackCancel { uuid: uuid.to_owned() });
        centre.engine.queue_statistics(Some(QUEUE)).remove(0).estimated_wait
    };
    assert_eq!(cancels(&mut after, "member-101"), None);
    after.pass(20);
    assert_eq!(cancels(&mut after, "member-102"), Some(Span::from_secs(40)));
}

#[test]
fn what_lies_ahead_because_the_clock_was_set_back_is_as_if_it_were_now() {
    let mut before = centre();
    before.asks("100");
    let mut rows = before.rows_kept();
    for row in &mut rows.members {
        (row.joined_epoch, row.rejoined_epoch, row.abandoned_epoch) = (2_000_000, 2_000_000, 2_000_000);
    }
    for row in &mut rows.callbacks {
        row.joined_epoch = 2_000_000;
    }
    let mut after = Centre::with_settings(Settings::default(), config());
    after.tell(Input::Restore(rows));
    let rows = after.rows_kept();
    let (kept, now) = (&rows.members[0], after.now.steady_secs());
    assert_eq!(
        (kept.joined_epoch, kept.rejoined_epoch, kept.abandoned_epoch),
        (now, now, now)
    );
    assert_eq!(
        rows.callbacks[0].joined_epoch, now,
        "both rows tell of one time of joining"
    );
}
