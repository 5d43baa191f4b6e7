//! A new leader takes over what boxes have.

use super::*;

#[test]
fn who_waits_keeps_the_place_under_a_new_leader() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    for (instance, name) in [(HERE, "1"), (THERE, "2"), (HERE, "3")] {
        before.joins_at(instance, name, &mut home);
        before.pass_for(Span::from_millis(1));
    }
    let first = request("4");
    let first = JoinRequest {
        position: Some(1),
        ..first
    };
    let Reply::Joined { member, .. } = before.tell_of(THERE, Input::MemberJoin(first.clone())) else {
        panic!("4 joins");
    };
    home.requests.insert(member, first);
    before.pass(3);
    let reports = [HERE, THERE].map(|instance| home.report(&before.engine, before.now, instance));
    let mut after = before.successor(config("longest-idle-agent"), reports.to_vec());
    assert_eq!(after.order_of_line(), before.order_of_line());
    assert!(results(&after).is_empty(), "nobody is lost");
    for centre in [&mut before, &mut after] {
        centre.agent("a", 1, 1);
    }
    let ring = before.one_ring();
    assert_eq!(after.one_ring().member_uuid, ring.member_uuid);
    assert_eq!(ring.member_uuid, "member-4");
    let row = |centre: &Centre| centre.snapshot().members;
    assert_eq!(row(&after), row(&before));
}

#[test]
fn a_ring_goes_on_under_a_new_leader_and_nobody_is_rung_for_it_twice() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.agent("a", 1, 1);
    let member = before.joins_at(HERE, "1", &mut home);
    home.note(&before.outputs);
    let ring = before.one_ring();
    before.pass(2);
    let report = home.report(&before.engine, before.now, HERE);
    let mut after = before.successor(config("longest-idle-agent"), vec![report]);
    assert_eq!(after.rings(), []);
    assert_eq!(after.agent_row("a").state, AgentState::Receiving);
    for centre in [&mut before, &mut after] {
        centre.outputs.clear();
        centre.talk(&ring, member);
        centre.pass(5);
        centre.hang_up(&ring);
    }
    assert_eq!(after.outputs, before.outputs);
}

#[test]
fn an_answer_gets_its_connect_anew_and_what_the_last_leader_did_not_hear_is_done() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.agent("a", 1, 1);
    let member = before.joins_at(HERE, "1", &mut home);
    home.note(&before.outputs);
    let ring = before.one_ring();
    before.pass(2);
    before.answer(&ring);
    let told = home.report(&before.engine, before.now, HERE);
    let leg = "leg-a".to_owned();
    for stage in [
        OfferStage::Answered(leg.clone()),
        OfferStage::Connecting(leg.clone()),
        OfferStage::Bridged(leg),
    ] {
        let is_bridged = matches!(stage, OfferStage::Bridged(_));
        let mut report = told.clone();
        report.offers[0].stage = stage.clone();
        let mut after = before.successor(config("longest-idle-agent"), vec![report]);
        let connects = after
            .outputs
            .iter()
            .filter(|output| matches!(output, Output::Connect(_)));
        assert_eq!(connects.count(), usize::from(!is_bridged), "{stage:?}");
        assert_eq!(after.rings(), []);
        if !is_bridged {
            after.tell_of(HERE, Input::OfferBridged { offer: ring.offer });
        }
        after.tell_of(HERE, exit_of(member));
        assert_eq!(after.agent_row("a").state, AgentState::InAQueueCall);
        after.outputs.clear();
        after.hang_up(&ring);
        let told = results(&after);
        assert_eq!(told, vec![(HERE.to_owned(), CallResult::Answered); 2], "{stage:?}");
        assert_eq!(after.engine.holdings().members, 0);
    }
}

#[test]
fn what_has_happened_since_is_done_after_all_else_as_long_ago_as_it_was() {
    let (mut before, home, ring) = in_a_talk();
    before.pass(20);
    let mut report = home.report(&before.engine, before.now, HERE);
    let ended = Input::AgentLegEnded {
        offer: ring.offer,
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Agent,
    };
    report.since.push((Span::from_secs(5), ended));
    report.callers.push(CallerReport {
        request: request("2"),
        member: None,
        stay: None,
        age: Span::from_secs(7),
        announcement: None,
        application: ApplicationReport::Runs,
        is_promised: false,
    });
    let mut after = before.successor(config("longest-idle-agent"), Vec::new());
    let Reply::ReportsTaken(answers) = after.tell(Input::BoxesReport(vec![report])) else {
        panic!("reports are taken");
    };
    assert!(matches!(
        &answers[..],
        [LateAnswer {
            answer: Ok(Reply::Joined { .. }),
            ..
        }]
    ));
    let agent = after.agent_row("a");
    assert_eq!(agent.talk_time, 15);
    let rows = after.snapshot().members;
    assert_eq!(rows[0].joined_epoch, 1_000_020 - 7);
    assert_eq!(after.one_ring().member_uuid, "member-2");
}

#[test]
fn a_joining_whose_answer_was_lost_is_answered_once_more() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.joins_at(HERE, "1", &mut home);
    before.pass(3);
    let mut report = home.report(&before.engine, before.now, HERE);
    report.callers[0].member = None;
    report.callers[0].stay = None;
    let after = before.successor(config("longest-idle-agent"), vec![report]);
    assert_eq!(after.order_of_line(), before.order_of_line());
    assert_eq!(after.snapshot().members[0].joined_epoch, 1_000_000);
}

#[test]
fn whom_rows_tell_in_a_talk_is_not_free_before_its_box_has_told() {
    let (mut before, mut home, _) = in_a_talk();
    before.pass(5);
    let told = home.report(&before.engine, before.now, HERE);
    let gone = Input::BoxGone {
        instance: HERE.to_owned(),
    };
    for (input, state) in [
        (Input::BoxesReport(vec![told]), AgentState::InAQueueCall),
        (gone, AgentState::Receiving),
    ] {
        let mut after = before.successor(config("longest-idle-agent"), Vec::new());
        after.joins_at(THERE, "2", &mut home);
        assert_eq!(after.rings(), []);
        after.tell(input);
        assert_eq!(after.agent_row("a").state, state);
    }
}

#[test]
fn who_has_answered_and_goes_on_a_break_keeps_the_caller_under_a_new_leader() {
    let mut home = Home::default();
    let mut before = Centre::cluster(config("longest-idle-agent"));
    before.agent("a", 1, 1);
    before.joins_at(HERE, "1", &mut home);
    home.note(&before.outputs);
    let ring = before.one_ring();
    before.answer(&ring);
    before.status("a", "On Break");
    let told = home.report(&before.engine, before.now, HERE);
    let mut after = before.successor(config("longest-idle-agent"), vec![told]);
    assert_eq!(after.taken_back(), []);
    after.tell_of(HERE, Input::OfferBridged { offer: ring.offer });
    assert_eq!(after.agent_row("a").state, AgentState::InAQueueCall);
}

fn calls_back() -> QueueConfig {
    QueueConfig {
        callbacks: CallbackConfig {
            key: Some('2'),
            dial: Some("loopback/${callback_number}".to_owned()),
            ..CallbackConfig::default()
        },
        ..config("longest-idle-agent")
    }
}

/// A caller who was promised a call, and is still in the queue application; and what the box tells of that.
fn promised() -> (Centre, MemberId, BoxReport) {
    let mut home = Home::default();
    let mut centre = Centre::cluster(calls_back());
    let member = centre.joins_at(HERE, "5551", &mut home);
    centre.pass(3);
    let number = "5551".to_owned();
    let promise = centre.tell_of(HERE, Input::CallbackAsk { member, number });
    assert!(matches!(promise, Reply::CalledBack { .. }), "{promise:?}");
    let mut told = home.report(&centre.engine, centre.now, HERE);
    told.callers[0].is_promised = true;
    (centre, member, told)
}

/// Those who are called back, each with the attempts so far, and nobody whose call was given up.
fn awaited(centre: &Centre) -> Vec<(String, i64)> {
    let rows = centre.snapshot().callbacks;
    rows.into_iter().map(|row| (row.number, row.attempts)).collect()
}

/// A single box that crashes has the promise in its rows, too.
#[test]
fn what_was_promised_is_kept_when_another_one_leads_before_the_caller_has_gone() {
    let (centre, member, told) = promised();
    let ended = (Span::ZERO, exit_of(member));
    let leaves_later = centre.successor(calls_back(), vec![told.clone()]);
    let has_left = BoxReport {
        since: vec![ended],
        ..told
    };
    let has_left = centre.successor(calls_back(), vec![has_left]);
    for (mut after, is_there) in [(leaves_later, true), (has_left, false)] {
        after.agent("a", 1, 1);
        if is_there {
            assert_eq!(after.rings(), [], "whoever is on the way out is offered to nobody");
            after.outputs.clear();
            after.tell_of(HERE, exit_of(member));
        }
        let told = format!("{:?}", after.outputs);
        assert!(told.contains("\"callback\"") && !told.contains("\"cancel\""), "{told}");
        assert_eq!(awaited(&after), [("5551".to_owned(), 1)]);
        let dialled = after
            .outputs
            .iter()
            .filter(|output| matches!(output, Output::CallBack(_)));
        assert_eq!(dialled.count(), 1, "an agent is free");
    }
}

#[test]
fn what_was_promised_is_kept_when_the_box_is_given_up_and_when_it_is_back() {
    let (mut centre, member, told) = promised();
    centre.gives_up(HERE);
    assert_eq!(awaited(&centre), [("5551".to_owned(), 0)]);
    assert_eq!(results(&centre), []);
    centre.tell(Input::BoxesReport(vec![told]));
    centre.tell_of(HERE, exit_of(member));
    assert_eq!(awaited(&centre), [("5551".to_owned(), 0)]);
}

/// The answer was lost with the leader, and nobody waits for it: the caller leaves the queue, and keeps the place.
#[test]
fn who_has_asked_to_be_called_back_before_the_leader_died_is_let_go_by_the_next_one() {
    let config = calls_back();
    let mut home = Home::default();
    let mut centre = Centre::cluster(config.clone());
    let member = centre.joins_at(HERE, "5551", &mut home);
    let mut told = home.report(&centre.engine, centre.now, HERE);
    let number = "5551".to_owned();
    told.since.push((Span::ZERO, Input::CallbackAsk { member, number }));
    let mut after = centre.successor(config, vec![told]);
    let released = after.outputs.iter().any(|output| match output {
        Output::Release(release) => release.member == member && release.session_uuid == "session-5551",
        _ => false,
    });
    assert!(released, "{:?}", after.outputs);
    after.tell_of(HERE, exit_of(member));
    let waits = after.snapshot().members;
    assert!(waits.iter().all(|row| row.state != MemberState::Abandoned), "{waits:?}");
}

/// The clock of a box may show anything: what counts is how long ago something was.
#[test]
fn a_box_whose_clock_is_an_hour_off_has_its_callers_where_they_belong() {
    let config = QueueConfig {
        time_base_score: "system".to_owned(),
        ..config("longest-idle-agent")
    };
    let mut centre = Centre::cluster(config);
    let now = centre.engine.wall.secs(centre.now);
    for (instance, name, off) in [(HERE, "1", 3_600), (THERE, "2", -3_600), (LEADER, "3", 0)] {
        centre.tell_of(
            instance,
            Input::MemberJoin(JoinRequest {
                answered_epoch: now + off - 10,
                answered_ago: Some(Span::from_secs(10)),
                ..request(name)
            }),
        );
    }
    let rows = centre.snapshot().members;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.system_epoch - now, row.base_score))
        .collect();
    assert_eq!(told, [(-10, 10); 3]);
}
