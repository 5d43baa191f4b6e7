use super::*;
use crate::cluster::fixtures;
use crate::cluster::messages::ToBox;
use crate::engine::{
    AgentType, CallsBack, CancelReason, Hold, JoinRequest, MemberExit, Release, Ring, RingEnd, TalkEnd,
};

const NOW: BoxTime = BoxTime::from_micros(1_000_000_000);

/// A box with one caller, who has joined as member 7.
fn with_caller() -> Home {
    let mut home = Home::new("box1");
    join(&mut home, "drawn", 1);
    let deeds = home.read(
        NOW,
        ToBox::Answers {
            question: 1,
            answer: joined(7),
        },
    );
    assert_eq!(
        deeds,
        [Deed::Answer {
            question: 1,
            answer: joined(7)
        }]
    );
    home
}

fn join(home: &mut Home, drawn: &str, number: u64) {
    let question = home.question();
    let request = JoinRequest {
        session_uuid: "caller".to_owned(),
        new_member_uuid: drawn.to_owned(),
        ..JoinRequest::default()
    };
    home.happens(NOW, number, Some(question), &Input::MemberJoin(request));
}

fn joined(member: u64) -> Result<Reply, EngineError> {
    Ok(Reply::Joined {
        member: MemberId(member),
        member_uuid: "member".to_owned(),
        hold: Hold::default(),
    })
}

fn ring(offer: u64) -> Ring {
    fixtures::ring(OfferId(offer))
}

fn connect(offer: u64) -> Output {
    Output::Connect(fixtures::connect(OfferId(offer)))
}

fn does(home: &mut Home, output: Output) -> Vec<Deed> {
    home.read(NOW, ToBox::Does(Box::new(output)))
}

fn cancel(offer: u64) -> Output {
    let cause = HangupCause::ORIGINATOR_CANCEL;
    Output::CancelRing {
        offer: OfferId(offer),
        cause,
    }
}

fn answer_phone(home: &mut Home, offer: u64, number: u64) -> u64 {
    let question = home.question();
    let answered = Input::OfferAnswered {
        offer: OfferId(offer),
        agent_uuid: "leg".to_owned(),
    };
    home.happens(NOW, number, Some(question), &answered);
    question
}

fn bridge(home: &mut Home, offer: u64) {
    answer_phone(home, offer, 2);
    does(home, connect(offer));
    home.happens(NOW, 3, None, &Input::OfferBridged { offer: OfferId(offer) });
}

#[test]
fn a_ring_for_a_caller_who_has_left_is_told_as_failed_and_rings_nobody() {
    let mut home = with_caller();
    let exit = MemberExit {
        channel_up: false,
        reason: None,
        key: None,
    };
    home.happens(
        NOW,
        2,
        None,
        &Input::MemberExit {
            member: MemberId(7),
            exit,
        },
    );
    let end = RingEnd::CallerGone;
    assert_eq!(
        does(&mut home, Output::Ring(ring(9))),
        [Deed::Tell(Input::OfferFailed { offer: OfferId(9), end })]
    );
    assert!(!home.rings(OfferId(9)));
}

#[test]
fn an_offer_is_rung_once_and_connected_once() {
    let mut home = with_caller();
    assert_eq!(
        does(&mut home, Output::Ring(ring(9))),
        [Deed::CarryOut(Output::Ring(ring(9)))]
    );
    assert_eq!(does(&mut home, Output::Ring(ring(9))), []);
    assert_eq!(does(&mut home, connect(9)), [], "nobody has answered");
    let question = answer_phone(&mut home, 9, 2);
    // The answer was lost on the way: the wish that follows from it is one as well.
    let answer = Deed::Answer {
        question,
        answer: Ok(Reply::Done),
    };
    assert_eq!(does(&mut home, connect(9)), [answer, Deed::CarryOut(connect(9))]);
    assert!(home.connects(OfferId(9)));
    assert_eq!(does(&mut home, connect(9)), [], "a new leader wants it anew");
}

/// Whoever answers while nobody leads, and hangs up before somebody does, is there until the bridge has failed: a leader who is told of the
/// answer waits for that.
#[test]
fn an_agent_who_hangs_up_before_the_bridge_is_known_until_it_has_failed() {
    let gone = Input::AgentLegEnded {
        offer: OfferId(9),
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Agent,
    };
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    answer_phone(&mut home, 9, 2);
    home.happens(NOW, 3, None, &gone);
    let report = home.report(NOW, 0);
    assert_eq!((report.has.offers.len(), report.ended), (1, Vec::new()));
    assert!(does(&mut home, connect(9)).contains(&Deed::CarryOut(connect(9))));
    home.happens(NOW, 4, None, &gone);
    assert!(home.connects(OfferId(9)), "it was on its way");
    let failed = Input::BridgeFailed {
        offer: OfferId(9),
        member_up: true,
        agent_left: true,
        cause: HangupCause::NONE,
    };
    home.happens(NOW, 5, None, &failed);
    assert_eq!(home.counts().1, 0);
}

#[test]
fn what_is_taken_back_ends_as_far_as_it_is() {
    let mut home = with_caller();
    assert_eq!(does(&mut home, cancel(9)), [], "its end was told");
    does(&mut home, Output::Ring(ring(9)));
    assert_eq!(does(&mut home, cancel(9)), [Deed::CarryOut(cancel(9))]);
    bridge(&mut home, 9);
    let (offer, cause) = (OfferId(9), HangupCause::ORIGINATOR_CANCEL);
    let agent_uuid = "leg".to_owned();
    assert_eq!(
        does(&mut home, cancel(9)),
        [Deed::EndTalk {
            offer,
            agent_uuid,
            cause
        }]
    );
}

#[test]
fn an_offer_that_the_engine_does_not_know_any_more_is_forgotten_by_its_answer() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    let question = answer_phone(&mut home, 9, 2);
    let answer = Err(EngineError::OfferOver);
    let deeds = home.read(
        NOW,
        ToBox::Answers {
            question,
            answer: answer.clone(),
        },
    );
    assert_eq!(deeds, [Deed::Answer { question, answer }]);
    assert_eq!(home.report(NOW, 9).has.offers, []);
}

#[test]
fn who_leaves_before_the_answer_comes_leaves_when_it_is_there() {
    let mut home = Home::new("box1");
    join(&mut home, "drawn", 1);
    let exit = MemberExit {
        channel_up: true,
        reason: Some(CancelReason::ExitWithKey),
        key: Some('3'),
    };
    assert!(home.leaves_unanswered("drawn", exit));
    assert_eq!(does(&mut home, Output::Ring(ring(9))).len(), 1, "nobody is rung");
    let session_uuid = "caller".to_owned();
    let deeds = home.read(
        NOW,
        ToBox::AnswersJoining {
            session_uuid,
            answer: joined(7),
        },
    );
    let left = Input::MemberExit {
        member: MemberId(7),
        exit,
    };
    assert_eq!(deeds, [Deed::Tell(left.clone())]);
    home.happens(NOW, 2, None, &left);
    assert_eq!(home.report(NOW, 0).has.callers, []);
}

#[test]
fn a_refused_caller_is_forgotten() {
    let mut home = Home::new("box1");
    join(&mut home, "drawn", 1);
    let answer = Ok(Reply::Refused {
        reason: CancelReason::QueueFull,
        parting: None,
    });
    home.read(NOW, ToBox::Answers { question: 1, answer });
    assert_eq!(home.report(NOW, 0).has.callers, []);
}

#[test]
fn letting_go_stops_everything_but_talks() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    bridge(&mut home, 9);
    does(&mut home, Output::Ring(ring(10)));
    does(&mut home, Output::Ring(ring(11)));
    let question = answer_phone(&mut home, 11, 4);
    let stopped = [
        Deed::CarryOut(cancel(10)),
        Deed::Answer {
            question,
            answer: Ok(Reply::Done),
        },
        Deed::CarryOut(cancel(11)),
    ];
    assert_eq!(home.let_go(), stopped);
}

#[test]
fn a_report_tells_the_stages_and_the_ends_of_the_last_minute() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    home.happens(
        NOW,
        2,
        None,
        &Input::OfferFailed {
            offer: OfferId(9),
            end: RingEnd::CallerGone,
        },
    );
    does(&mut home, Output::Ring(ring(10)));
    let later = NOW + Span::from_secs(2);
    let report = home.report(later, 1);
    assert_eq!(
        report.ended[0].offer.as_ref().map(|offer| offer.ring.offer),
        Some(OfferId(9))
    );
    let has = report.has;
    assert_eq!(has.callers.len(), 1);
    assert_eq!(
        has.offers
            .iter()
            .map(|offer| (offer.ring.offer, offer.age))
            .collect::<Vec<_>>(),
        [(OfferId(10), Span::from_secs(2))]
    );
    let much_later = NOW + Span::from_secs(61);
    assert_eq!(home.report(much_later, 1).ended.len(), 1, "nobody knows it yet");
    assert_eq!(home.report(much_later, 2).ended.len(), 0);
}

#[test]
fn a_caller_is_there_until_its_talk_is_over() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    bridge(&mut home, 9);
    let exit = MemberExit {
        channel_up: true,
        reason: None,
        key: None,
    };
    home.happens(
        NOW,
        4,
        None,
        &Input::MemberExit {
            member: MemberId(7),
            exit,
        },
    );
    let has = home.report(NOW, 0).has;
    assert_eq!(has.callers[0].application, ApplicationReport::HasEnded);
    assert_eq!(has.offers[0].stage, OfferStage::Bridged("leg".to_owned()));
    let cause = HangupCause::NORMAL_CLEARING;
    home.happens(
        NOW,
        5,
        None,
        &Input::AgentLegEnded {
            offer: OfferId(9),
            cause,
            by: TalkEnd::Caller,
        },
    );
    let has = home.report(NOW, 0).has;
    assert!(has.callers.is_empty() && has.offers.is_empty());
}

#[test]
fn whoever_is_to_leave_is_told_as_such() {
    let mut home = with_caller();
    let release = Release {
        member: MemberId(7),
        session_uuid: "caller".to_owned(),
        reason: CancelReason::Timeout,
        parting: None,
    };
    assert_eq!(does(&mut home, Output::Release(release.clone())).len(), 1);
    assert_eq!(
        home.report(NOW, 0).has.callers[0].application,
        ApplicationReport::IsToEnd
    );
    let unknown = Release {
        member: MemberId(8),
        ..release
    };
    assert_eq!(does(&mut home, Output::Release(unknown)), []);
}

#[test]
fn an_end_is_told_with_what_was_there_before_and_only_to_whom_the_rows_lack_it() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    let end = RingEnd::CallerGone;
    home.happens(NOW, 5, None, &Input::OfferFailed { offer: OfferId(9), end });
    let exit = MemberExit {
        channel_up: false,
        reason: None,
        key: None,
    };
    home.happens(
        NOW,
        6,
        None,
        &Input::MemberExit {
            member: MemberId(7),
            exit,
        },
    );
    let report = home.report(NOW, 4);
    assert!(report.has.callers.is_empty() && report.has.offers.is_empty());
    let seen = |cursor: u64| {
        let has = report.clone().beyond(cursor);
        (has.callers.len(), has.offers.len(), has.since.len())
    };
    assert_eq!((seen(4), seen(5), seen(6)), ((1, 1, 2), (1, 0, 1), (0, 0, 0)));
}

#[test]
fn a_report_that_was_told_a_while_ago_is_older_by_that() {
    let mut home = with_caller();
    does(&mut home, Output::Ring(ring(9)));
    let ago = Span::from_secs(4);
    let later = home.report(NOW + Span::from_secs(1), 0);
    let mut told = home.report(NOW, 0).told_ago(ago);
    for age in [&mut told.has.callers[0].age, &mut told.has.offers[0].age] {
        assert_eq!(*age, ago);
        *age = Span::from_secs(1);
    }
    assert_eq!(told, later);
}

#[test]
fn a_phone_rings_for_whoever_is_to_be_called_back_and_has_the_talk_with_the_channel_that_was_reached() {
    let mut home = with_caller();
    let ring = Ring {
        member_session_uuid: String::new(),
        calls_back: Some(Box::new(CallsBack {
            number: "100".to_owned(),
            give_back_key: '2',
            sound: None,
        })),
        ..ring(9)
    };
    let rung = does(&mut home, Output::Ring(ring.clone()));
    assert_eq!(rung, [Deed::CarryOut(Output::Ring(ring))]);
    let (offer, agent_uuid) = (OfferId(9), "leg".to_owned());
    home.happens(NOW, 2, None, &Input::OfferAnswered { offer, agent_uuid });
    does(&mut home, connect(9));
    home.happens(NOW, 3, None, &Input::OfferBridged { offer });
    let exit = MemberExit {
        channel_up: true,
        reason: None,
        key: None,
    };
    let member = MemberId(7);
    home.happens(NOW, 4, None, &Input::MemberExit { member, exit });
    let report = home.report(NOW, 4).has;
    assert_eq!(report.callers[0].application, ApplicationReport::HasEnded);
    assert_eq!(report.offers[0].ring.member_session_uuid, "caller");
}

mod alone;
