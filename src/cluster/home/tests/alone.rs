//! What a box does by itself: it ends waits while it is alone, and has talks that a module before it has left up.

use super::*;
use crate::engine::{Course, LeftTalk, Media, MemberRow, MemberState, Stay, Talk, TalkReport, Timestamp};

/// A caller's stay that ends by itself after so many seconds of the cluster's time.
fn stay(waits_until: Option<i64>) -> Stay {
    let row = MemberRow {
        queue: "q".to_owned(),
        instance_id: "box1".to_owned(),
        uuid: "member".to_owned(),
        session_uuid: "caller".to_owned(),
        cid_number: String::new(),
        cid_name: String::new(),
        system_epoch: 0,
        joined_epoch: 0,
        rejoined_epoch: 0,
        bridge_epoch: 0,
        abandoned_epoch: 0,
        base_score: 0,
        skill_score: 0,
        serving_agent: String::new(),
        serving_system: String::new(),
        state: MemberState::Waiting,
    };
    let at = Timestamp::default();
    Stay {
        row,
        joined: at,
        turn: 0,
        entered: at,
        limits_from: at,
        repetition: 0,
        highest_repetition: 0,
        clock_was_set_back: false,
        logged_call: None,
        entry_place: 1,
        offers_made: 0,
        rejections: 0,
        offered_at_once: false,
        ring_more_at: at,
        retry_at: at,
        last_tried: None,
        missed_by: Vec::new(),
        preferred: Default::default(),
        waits_until: waits_until.map(Timestamp::from_secs),
        dissuaded: false,
        dissuasion_playing: None,
        overdue: None,
        told_place: 0,
        heard: None,
        offers: Vec::new(),
    }
}

fn stays(home: &mut Home, waits_until: Option<i64>) {
    let (member, stay) = (MemberId(7), Box::new(stay(waits_until)));
    assert_eq!(home.read(NOW, ToBox::Stays { member, stay }), []);
}

#[test]
fn a_caller_is_let_go_once_when_its_time_is_over() {
    let mut home = with_caller();
    stays(&mut home, None);
    assert_eq!(home.next_end_of_wait(), None);
    stays(&mut home, Some(60));
    let end = Timestamp::from_secs(60);
    assert_eq!(home.next_end_of_wait(), Some(end));
    assert_eq!(home.end_waits(Timestamp::from_secs(59)), []);
    let release = Release {
        member: MemberId(7),
        session_uuid: "caller".to_owned(),
        reason: CancelReason::Timeout,
        parting: None,
    };
    assert_eq!(home.end_waits(end), [Deed::CarryOut(Output::Release(release))]);
    assert_eq!(home.end_waits(end), []);
}

#[test]
fn who_is_promised_a_call_is_on_the_way_out() {
    let mut home = with_caller();
    stays(&mut home, Some(60));
    let question = home.question();
    let ask = Input::CallbackAsk {
        member: MemberId(7),
        number: "100".to_owned(),
    };
    home.happens(NOW, 2, Some(question), &ask);
    assert!(!home.is_promised(MemberId(7)));
    let answer = Ok(Reply::CalledBack {
        member_uuid: "member".to_owned(),
        position: 1,
    });
    home.read(NOW, ToBox::Answers { question, answer });
    assert!(home.is_promised(MemberId(7)));
    let told = home.report(NOW, 0).has.callers;
    assert!(told[0].is_promised && told[0].application == ApplicationReport::IsToEnd);
    assert_eq!(home.end_waits(Timestamp::from_secs(61)), []);
}

#[test]
fn nobody_who_talks_is_let_go() {
    let mut home = with_caller();
    stays(&mut home, Some(60));
    does(&mut home, Output::Ring(ring(9)));
    bridge(&mut home, 9);
    assert_eq!(home.end_waits(Timestamp::from_secs(61)), []);
    assert_eq!(home.channel_of(MemberId(7)), Some(("caller", true)));
}

#[test]
fn an_agent_who_is_released_before_the_bridge_is_called_off_all_the_same() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    assert_eq!(home.read(NOW, ToBox::Releases { offer: OfferId(9) }), []);
    let cancel = Output::CancelRing {
        offer: OfferId(9),
        cause: HangupCause::NONE,
    };
    let deeds = home.read(NOW, ToBox::Does(Box::new(cancel.clone())));
    assert_eq!(deeds, [Deed::CarryOut(cancel)]);
}

#[test]
fn a_talk_that_another_box_has_ended_is_told_of_no_more() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    bridge(&mut home, 9);
    assert!(home.talks_on("leg"));
    let is_known = Deed::Tell(Input::NotFound {
        members: Vec::new(),
        offers: vec![OfferId(9)],
    });
    for _ in 0..2 {
        let deeds = home.read(NOW, ToBox::Releases { offer: OfferId(9) });
        assert_eq!(
            deeds,
            std::slice::from_ref(&is_known),
            "the leader keeps it until it is known"
        );
        assert!(!home.talks_on("leg"));
    }
    assert!(home.report(NOW, 0).has.offers.is_empty());
}

#[test]
fn talks_that_were_left_up_are_in_the_first_report_and_can_be_left_again() {
    let talk = Talk {
        queue: "q".to_owned(),
        agent: "a".to_owned(),
        agent_type: AgentType::callback(),
        agent_uuid: "leg".to_owned(),
        member_uuid: "member".to_owned(),
        member_session_uuid: "caller".to_owned(),
        cid_number: String::new(),
        cid_name: String::new(),
        dnis: None,
        param: None,
        media: Media::Audio,
        course: Course::default(),
    };
    let left = LeftTalk {
        talk: talk.clone(),
        known_as: Some((OfferId(9), MemberId(7))),
    };
    assert_eq!(LeftTalk::read_mark(&left.mark()), Some((talk.course, left.known_as)));
    let mut home = Home::new("box1");
    home.take_over(
        NOW,
        TalkReport {
            offer: OfferId(9),
            member: MemberId(7),
            talk,
        },
    );
    assert_eq!(home.talks(), [left]);
    let told = home.report(NOW, 0).has;
    assert_eq!(
        (told.talks.len(), told.talks[0].offer, told.talks[0].member),
        (1, OfferId(9), MemberId(7))
    );
    let ended = Input::AgentLegEnded {
        offer: OfferId(9),
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Agent,
    };
    home.happens(NOW, 1, None, &ended);
    let told = home.report(NOW, 0);
    assert!(told.has.talks.is_empty() && told.ended[0].talk.is_some());
}
