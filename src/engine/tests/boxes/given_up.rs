//! A box is given up, or its report does not name what was there; it comes back, and two claim one agent.

use super::*;

#[test]
fn a_box_is_given_up_and_comes_back_with_its_callers_on_their_places() {
    let (mut centre, mut home, _) = in_a_talk();
    centre.pass(5);
    for (instance, name) in [(HERE, "2"), (THERE, "3")] {
        centre.joins_at(instance, name, &mut home);
        centre.pass(1);
    }
    let told = home.report(&centre.engine, centre.now, HERE);
    let line = centre.order_of_line();
    centre.outputs.clear();
    centre.gives_up(HERE);
    let lost = (HERE.to_owned(), CallResult::Lost);
    assert_eq!(results(&centre), [lost.clone(), lost]);
    assert_eq!(centre.one_ring().member_uuid, "member-3");
    centre.status("a", "On Break");
    centre.pass(3);
    centre.tell(Input::BoxesReport(vec![told]));
    let row = centre.snapshot().members;
    let waits = row.iter().find(|row| row.uuid == "member-2").expect("2 is there");
    assert_eq!((waits.abandoned_epoch, waits.rejoined_epoch), (0, 0));
    assert_eq!(centre.order_of_line(), line);
    let talk = row.iter().find(|row| row.uuid == "member-1").expect("1 talks");
    assert_eq!(talk.state, MemberState::Answered);
}

#[test]
fn a_talk_counts_before_a_ring_which_is_taken_back() {
    let (mut centre, mut home, ring) = in_a_talk();
    let told = home.report(&centre.engine, centre.now, HERE);
    centre.gives_up(HERE);
    centre.joins_at(THERE, "2", &mut home);
    let second = centre.one_ring();
    centre.tell(Input::BoxesReport(vec![told]));
    assert_eq!(centre.taken_back(), [second.offer]);
    assert_eq!(centre.agent_row("a").state, AgentState::InAQueueCall);
    // The talk is over before the other box has told that the phone is still.
    centre.hang_up(&ring);
    assert_eq!(centre.rings(), []);
    let end = RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL);
    let offer = second.offer;
    let late = centre
        .engine
        .handle_input_of(centre.now, THERE, Span::ZERO, Input::OfferFailed { offer, end });
    centre.collect();
    assert_eq!(late, Err(EngineError::OfferOver));
    assert_eq!(centre.one_ring().member_uuid, "member-2");
}

#[test]
fn of_two_talks_the_newer_stays_and_of_two_rings_the_newer_terms() {
    for is_answered in [true, false] {
        let mut home = Home::default();
        let mut centre = Centre::cluster(config("longest-idle-agent"));
        centre.agent("a", 1, 1);
        let first = centre.joins_at(HERE, "1", &mut home);
        home.note(&centre.outputs);
        let older = centre.one_ring();
        if is_answered {
            centre.talk(&older, first);
        }
        let told = home.report(&centre.engine, centre.now, HERE);
        centre.gives_up(HERE);
        centre.pass(2);
        let second = centre.joins_at(THERE, "2", &mut home);
        let newer = centre.one_ring();
        if is_answered {
            centre.talk(&newer, second);
        }
        centre.tell(Input::BoxesReport(vec![told]));
        assert_eq!(centre.taken_back(), [older.offer]);
        assert_eq!(centre.rings(), []);
        let expected = if is_answered {
            AgentState::InAQueueCall
        } else {
            AgentState::Receiving
        };
        assert_eq!(centre.agent_row("a").state, expected);
    }
}

/// A box that was frozen comes back in the moment between the answer and the bridge: that bridge cannot be taken back any more.
#[test]
fn whom_the_agent_has_answered_last_stays_though_they_are_not_bridged_yet() {
    let (mut centre, mut home, first) = in_a_talk();
    let told = home.report(&centre.engine, centre.now, HERE);
    centre.gives_up(HERE);
    centre.pass(2);
    let member = centre.joins_at(THERE, "2", &mut home);
    let second = centre.one_ring();
    centre.answer(&second);
    centre.outputs.clear();
    centre.tell(Input::BoxesReport(vec![told]));
    assert_eq!(centre.taken_back(), [first.offer]);
    centre.tell_of(THERE, Input::OfferBridged { offer: second.offer });
    centre.tell_of(THERE, exit_of(member));
    assert_eq!(centre.agent_row("a").state, AgentState::InAQueueCall);
    let rows = centre.snapshot().members;
    let talks = rows.iter().find(|row| row.uuid == "member-2").expect("2 talks");
    assert_eq!(talks.state, MemberState::Answered);
}

/// A box that was frozen bridges, when it goes on, whom the agent has left long ago: nobody waits for the end of that.
#[test]
fn who_was_bridged_too_late_is_lost_and_does_not_wait_for_ever() {
    let mut home = Home::default();
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.agent("a", 1, 1);
    let first = centre.joins_at(HERE, "1", &mut home);
    home.note(&centre.outputs);
    let older = centre.one_ring();
    centre.answer(&older);
    let answered = centre.now;
    let mut told = home.report(&centre.engine, centre.now, HERE);
    centre.gives_up(HERE);
    centre.pass(2);
    centre.joins_at(THERE, "2", &mut home);
    let newer = centre.one_ring();
    centre.answer(&newer);
    centre.outputs.clear();
    told.callers[0].application = ApplicationReport::HasEnded;
    told.offers[0].stage = OfferStage::Bridged("leg-a".to_owned());
    told.offers[0].age = Span::ZERO;
    told.offers[0].answered = centre.now.since(answered);
    let over = Input::AgentLegEnded {
        offer: older.offer,
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Agent,
    };
    told.since = vec![(Span::ZERO, exit_of(first)), (Span::ZERO, over)];
    centre.tell(Input::BoxesReport(vec![told]));
    assert_eq!(centre.taken_back(), [older.offer]);
    let rows = centre.snapshot().members;
    let waits = |row: &&MemberRow| row.state.waits() && row.uuid == "member-1";
    assert_eq!(rows.iter().find(waits), None);
}

#[test]
fn what_a_report_does_not_name_is_over() {
    let (mut centre, mut home, _) = in_a_talk();
    centre.joins_at(HERE, "2", &mut home);
    centre.joins_at(THERE, "3", &mut home);
    centre.tell(Input::BoxesReport(vec![BoxReport {
        instance: HERE.to_owned(),
        ..BoxReport::default()
    }]));
    assert_eq!(centre.one_ring().member_uuid, "member-3");
    assert_eq!(centre.order_of_line().len(), 1);
}

#[test]
fn offers_of_a_stay_have_names_of_their_own_though_its_box_has_not_heard_of_all() {
    let mut home = Home::default();
    let mut centre = Centre::cluster(config("longest-idle-agent"));
    centre.joins_at(HERE, "1", &mut home);
    let told = home.report(&centre.engine, centre.now, HERE);
    centre.agent("a", 1, 1);
    let first = centre.one_ring();
    centre.gives_up(HERE);
    centre.tell(Input::BoxesReport(vec![told]));
    let second = centre.one_ring();
    let end = RingEnd::NotTaken(HangupCause::NO_ANSWER);
    let offer = second.offer;
    centre.tell_of(HERE, Input::OfferFailed { offer, end });
    let outputs = centre.outputs.iter();
    let records = outputs.filter_map(|output| match output {
        Output::Row(RowChange::CallRecord(record)) if record.kind == RecordKind::Offer => {
            Some((record.uuid.clone(), record.offers))
        }
        _ => None,
    });
    let named = |offer: OfferId, number| (format!("member-1.1000000.o{offer}"), number);
    let expected = [named(first.offer, 1), named(second.offer, 2)];
    assert_eq!(records.collect::<Vec<_>>(), expected);
}

/// A module that is unloaded leaves its talks up: they count until the next one there tells what it has, a minute at most.
#[test]
fn talks_of_a_box_that_has_left_count_until_it_reports_or_a_minute_is_over() {
    for comes_back in [true, false] {
        let (mut centre, mut home, ring) = in_a_talk();
        centre.joins_at(HERE, "2", &mut home);
        let told = home.report(&centre.engine, centre.now, HERE);
        assert_eq!(told.talks.len(), 1);
        centre.outputs.clear();
        centre.tell(Input::BoxLeft {
            instance: HERE.to_owned(),
        });
        assert_eq!(centre.agent_row("a").state, AgentState::InAQueueCall);
        assert_eq!(centre.order_of_line(), [], "nobody waits there");
        centre.pass(30);
        assert_eq!(centre.agent_row("a").state, AgentState::InAQueueCall);
        let is_of_talk = |record: &(String, CallResult)| record.1 == CallResult::Answered;
        if comes_back {
            let callers = Vec::new();
            centre.tell(Input::BoxesReport(vec![BoxReport { callers, ..told }]));
            centre.pass(60);
            assert_eq!(centre.agent_row("a").state, AgentState::InAQueueCall);
            assert!(!results(&centre).iter().any(is_of_talk), "it goes on");
            centre.hang_up(&ring);
        } else {
            centre.pass(31);
        }
        assert_eq!(centre.agent_row("a").state, AgentState::Waiting);
    }
}

#[test]
fn a_new_leader_offers_nobody_to_an_agent_whose_talk_was_left_up() {
    let (centre, mut home, _) = in_a_talk();
    let mut after = centre.successor(config("longest-idle-agent"), Vec::new());
    after.tell(Input::BoxLeft {
        instance: HERE.to_owned(),
    });
    after.joins_at(THERE, "3", &mut home);
    assert_eq!(after.rings(), []);
    after.pass(61);
    assert_eq!(after.one_ring().member_uuid, "member-3");
}
