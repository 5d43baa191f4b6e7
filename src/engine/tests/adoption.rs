//! Talks and standing legs that are up when an engine begins.

use super::*;

/// A talk after two seconds of waiting, and what the module leaves behind: rows, and the talks.
fn talking() -> (Centre, Snapshot, Vec<Talk>) {
    let mut centre = Centre::with_settings(settings(), QueueConfig::named(QUEUE));
    centre.agent("a", 1, 1);
    centre.status("a", "On Break");
    let member = centre.caller("100");
    centre.pass(2);
    centre.status("a", "Available");
    let ring = centre.one_ring();
    centre.pass(1);
    centre.talk(&ring, member);
    centre.pass(10);
    let (snapshot, talks) = (centre.snapshot(), centre.engine.talks());
    (centre, snapshot, talks)
}

fn settings() -> Settings {
    Settings {
        cdrs: Some(true),
        ..Settings::default()
    }
}

/// The module is loaded again, and finds this.
fn loaded(before: &Centre, snapshot: Snapshot, found: Found) -> (Centre, Vec<OfferId>) {
    let mut after = Centre {
        engine: Engine::new(settings(), 2),
        now: before.now,
        outputs: Vec::new(),
    };
    after.tell(Input::Restore(snapshot));
    after.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    after.outputs.clear();
    match after.tell(Input::Adopt(found)) {
        Reply::Adopted(offers) => (after, offers),
        other => panic!("answered with {other:?}"),
    }
}

fn found(talks: Vec<Talk>) -> Found {
    Found {
        talks,
        ..Found::default()
    }
}

fn nothing_is_left(centre: &Centre) {
    let holdings = centre.engine.holdings();
    assert_eq!((holdings.members, holdings.offers), (0, 0));
}

fn end(centre: &mut Centre, offer: OfferId) {
    centre.tell(Input::AgentLegEnded {
        offer,
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Caller,
    });
}

fn records(centre: &Centre) -> Vec<CallRecord> {
    let outputs = centre.outputs.iter();
    let records = outputs.filter_map(|output| match output {
        Output::Row(RowChange::CallRecord(record)) => Some((**record).clone()),
        _ => None,
    });
    records.collect()
}

#[test]
fn a_talk_goes_on_as_if_the_engine_had_been_there_from_its_beginning() {
    let (mut before, snapshot, talks) = talking();
    let (mut after, offers) = loaded(&before, snapshot.clone(), found(talks));
    assert_eq!(after.engine.agent_rows(), snapshot.agents);
    assert_eq!(after.engine.tier_rows(), snapshot.tiers);
    let members = after.snapshot().members;
    assert_eq!(members, snapshot.members);
    assert!(records(&after).is_empty(), "nobody is lost");

    let offer = *before.engine.offers.keys().next().expect("the offer");
    for centre in [&mut before, &mut after] {
        centre.outputs.clear();
        centre.pass(5);
    }
    end(&mut before, offer);
    end(&mut after, offers[0]);
    let events = |centre: &Centre| {
        let outputs = centre.outputs.clone().into_iter();
        outputs
            .filter(|output| matches!(output, Output::Event(_) | Output::Row(_) | Output::Variables { .. }))
            .collect::<Vec<_>>()
    };
    assert_eq!(events(&after), events(&before));
    assert_eq!(records(&after).len(), 2);
    nothing_is_left(&after);
}

#[test]
fn nobody_is_offered_to_an_agent_whose_talk_was_found_until_it_ends() {
    let (before, snapshot, talks) = talking();
    let (mut after, offers) = loaded(&before, snapshot, found(talks));
    after.caller("200");
    after.pass(60);
    assert_eq!(after.rings(), []);
    end(&mut after, offers[0]);
    assert_eq!(after.one_ring().member_uuid, "member-200");
}

#[test]
fn the_end_of_a_talk_that_was_found_comes_once() {
    let (before, snapshot, talks) = talking();
    let (mut after, offers) = loaded(&before, snapshot, found(talks));
    end(&mut after, offers[0]);
    let told = [
        "bridge-agent-end",
        "cdr",
        "member-queue-end",
        "cdr",
        "agent-state-change",
    ];
    assert_eq!(after.actions(), told);
    let again = after.try_tell(Input::AgentLegEnded {
        offer: offers[0],
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Caller,
    });
    assert_eq!(again, Err(EngineError::OfferOver));
    assert!(after.snapshot().members.is_empty());
}

/// No channel outlives the process: who was under way is recorded once, as ever.
#[test]
fn a_talk_of_which_nothing_is_up_is_lost() {
    let (before, snapshot, _) = talking();
    let (mut after, offers) = loaded(&before, snapshot, Found::default());
    assert!(offers.is_empty());
    let results: Vec<_> = records(&after).iter().map(|record| record.result).collect();
    assert_eq!(results, [CallResult::Lost]);
    assert_eq!(after.agent_row("a").state, AgentState::Waiting);
    after.caller("200");
    assert_eq!(after.one_ring().agent, "a");
}

#[test]
fn a_talk_whose_rows_the_database_never_had_is_taken_over_too() {
    let (before, mut snapshot, talks) = talking();
    snapshot.members.clear();
    let (mut after, offers) = loaded(&before, snapshot, found(talks));
    let members = after.snapshot().members;
    let row = members.first().expect("a row");
    assert_eq!((row.state, row.serving_agent.as_str()), (MemberState::Answered, "a"));
    assert_eq!((row.joined_epoch, row.bridge_epoch), (1_000_000, 1_000_003));
    end(&mut after, offers[0]);
    assert!(after.snapshot().members.is_empty());
}

/// The caller had given up before and come back, which the database did not hear of any more, or of neither.
#[test]
fn a_talk_belongs_to_its_own_stay_where_the_database_knows_the_stay_before_alone() {
    for state in [MemberState::Abandoned, MemberState::Waiting] {
        let (before, mut snapshot, mut talks) = talking();
        let (row, course) = (&mut snapshot.members[0], &mut talks[0].course);
        let has_ended = state == MemberState::Abandoned;
        row.state = state;
        row.session_uuid = if has_ended { "" } else { "another-channel" }.to_owned();
        row.joined_epoch -= 100;
        row.abandoned_epoch = i64::from(has_ended) * (row.joined_epoch + 50);
        course.joined_epoch = row.joined_epoch;
        let stay = format!("{}.{}", row.uuid, course.entered.secs());
        let (mut after, offers) = loaded(&before, snapshot, found(talks));
        end(&mut after, offers[0]);
        let stays: Vec<_> = records(&after).into_iter().map(|record| record.uuid).collect();
        assert_eq!(stays, [format!("{stay}.o1"), stay], "{state:?}");
        nothing_is_left(&after);
    }
}

/// Agent, tier and queue are gone; the talk is told of and recorded all the same, and leaves nothing behind.
#[test]
fn a_talk_of_an_agent_and_a_queue_that_are_gone_ends_as_any_other() {
    let (before, _, talks) = talking();
    let mut after = Centre {
        engine: Engine::new(settings(), 2),
        now: before.now,
        outputs: Vec::new(),
    };
    after.tell(Input::Restore(Snapshot::default()));
    let Reply::Adopted(offers) = after.tell(Input::Adopt(found(talks))) else {
        panic!("the talk is taken over");
    };
    assert!(after.engine.agent_rows().is_empty());
    after.outputs.clear();
    end(&mut after, offers[0]);
    assert_eq!(after.actions(), ["bridge-agent-end", "cdr", "member-queue-end", "cdr"]);
    assert!(after.engine.agents.is_empty(), "the agent was there for the talk only");
    nothing_is_left(&after);
}

/// Somebody made an agent of the same name again after the one who talks was deleted.
#[test]
fn the_talk_of_a_deleted_agent_keeps_nobody_of_that_name_busy() {
    let (mut before, _, _) = talking();
    before.tell(Input::AgentDel { name: "a".to_owned() });
    before.agent("a", 1, 1);
    let (snapshot, talks) = (before.snapshot(), before.engine.talks());
    assert!(talks[0].course.agent_is_gone);
    let (mut after, offers) = loaded(&before, snapshot, found(talks));
    after.caller("200");
    assert_eq!(after.one_ring().agent, "a");
    end(&mut after, offers[0]);
    assert_eq!(after.agent_row("a").state, AgentState::Receiving);
}

#[test]
fn an_agent_of_two_calls_is_busy_with_one_and_both_end() {
    let (before, snapshot, talks) = talking();
    let second = Talk {
        agent_uuid: "leg-b".to_owned(),
        member_uuid: "member-b".to_owned(),
        member_session_uuid: "session-b".to_owned(),
        ..talks[0].clone()
    };
    let (mut after, offers) = loaded(
        &before,
        snapshot,
        found(vec![talks[0].clone(), second, talks[0].clone()]),
    );
    for offer in offers {
        assert_eq!(
            after
                .actions()
                .iter()
                .filter(|action| *action == "member-queue-end")
                .count(),
            0
        );
        end(&mut after, offer);
        after.outputs.clear();
    }
    assert_eq!(after.agent_row("a").state, AgentState::Waiting);
    nothing_is_left(&after);
}

#[test]
fn a_standing_leg_that_is_up_stays_its_agents() {
    let mut before = Centre::new("longest-idle-agent");
    for name in ["up", "gone"] {
        before.agent(name, 1, 1);
        let standby = AgentType::parse("uuid-standby").expect("a known type");
        before.set(name, AgentSetting::Type(standby));
        before.set(name, AgentSetting::Uuid(format!("leg-{name}")));
    }
    let standing = vec![
        ("up".to_owned(), "leg-up".to_owned()),
        ("nobody".to_owned(), "leg".to_owned()),
    ];
    let up = Found {
        standing,
        ..Found::default()
    };
    let (after, _) = loaded(&before, before.snapshot(), up);
    let row = |name: &str| after.engine.agent_row(name).expect("the agent");
    assert_eq!(
        (row("up").uuid.as_str(), row("up").status),
        ("leg-up", AgentStatus::Available)
    );
    assert_eq!(row("gone").uuid, "");
}

#[test]
fn a_course_is_read_as_it_was_written_and_nothing_else_is_one() {
    let (_, _, talks) = talking();
    let course = talks[0].course;
    assert_eq!(Course::parse(&course.to_string()), Some(course));
    let one_more = format!("{course}:1");
    let too_great = format!("{course}").replacen(":1:", ":99999999999:", 1);
    for text in ["", ":", "1:2", "a:b:c:d:e:f:g:h:i:j:k:l", &one_more, &too_great] {
        assert_eq!(Course::parse(text), None, "{text:?}");
    }
}

/// The machine's clock was set back while nothing was loaded.
#[test]
fn nothing_of_a_talk_that_was_found_lies_ahead() {
    let (mut before, snapshot, talks) = talking();
    before.now = Timestamp::from_secs(999_000);
    let (mut after, offers) = loaded(&before, snapshot, found(talks));
    assert_eq!(after.agent_row("a").last_bridge_start, 999_000);
    after.pass(3);
    end(&mut after, offers[0]);
    assert_eq!(after.agent_row("a").talk_time, 3);
}
