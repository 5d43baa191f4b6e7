use super::*;
use crate::cluster::fixtures;
use crate::engine::names::header;
use crate::engine::{
    CallsBack, CancelReason, Event, HangupCause, Hold, Inspection, JoinRequest, MemberExit, Notice, NoticeLevel,
    OfferReport, OfferStage, Presence, Release, Ring, RowChange, Span, TalkEnd,
};

/// Two boxes, the first of which leads; a caller on the second one is member 7.
fn two_boxes() -> Whereabouts {
    let mut known = Whereabouts::new("a");
    for instance in ["a", "b"] {
        let has = BoxReport {
            instance: instance.to_owned(),
            ..BoxReport::default()
        };
        known.report(&has, &[]);
    }
    let request = JoinRequest {
        session_uuid: "caller".to_owned(),
        ..JoinRequest::default()
    };
    let joined = Ok(Reply::Joined {
        member: MemberId(7),
        member_uuid: "member".to_owned(),
        hold: Hold::default(),
    });
    known.begins("b", &Input::MemberJoin(request), &joined);
    known
}

fn boxes(known: &mut Whereabouts, asker: &str, output: Output) -> Vec<String> {
    boxes_of(known.address((asker, false), output))
}

fn boxes_of(addressed: Addressed) -> Vec<String> {
    match addressed {
        Addressed::Boxes(boxes) => boxes.into_iter().map(|(to, _)| to).collect(),
        Addressed::Journal(_) => vec!["journal".to_owned()],
    }
}

fn event(session: &str) -> Output {
    Output::Event(Event {
        headers: vec![(header::MEMBER_SESSION_UUID, session.to_owned())],
        channel: None,
    })
}

fn release() -> Output {
    Output::Release(Release {
        member: MemberId(7),
        session_uuid: "caller".to_owned(),
        reason: CancelReason::Timeout,
        parting: None,
    })
}

#[test]
fn what_is_about_a_call_goes_to_its_box() {
    let mut known = two_boxes();
    assert_eq!(boxes(&mut known, "a", event("caller")), ["b"]);
    assert_eq!(boxes(&mut known, "a", release()), ["b"]);
    assert_eq!(
        boxes(&mut known, "b", event("")),
        ["b"],
        "without a call, the box that has asked"
    );
    assert_eq!(
        boxes(&mut known, "a", Output::Row(RowChange::AgentGone("x".to_owned()))),
        ["journal"]
    );
    let notice = |session: Option<&str>| {
        Output::Notice(Notice {
            level: NoticeLevel::Info,
            session_uuid: session.map(str::to_owned),
            text: String::new(),
        })
    };
    assert_eq!(boxes(&mut known, "b", notice(Some("caller"))), ["b"]);
    assert_eq!(boxes(&mut known, "b", notice(None)), ["a"]);
}

#[test]
fn of_a_box_that_is_given_up_the_leader_tells_and_the_rest_is_dropped() {
    let mut known = two_boxes();
    known.give_up("b");
    assert_eq!(boxes(&mut known, "a", event("caller")), ["a"]);
    assert_eq!(boxes(&mut known, "a", release()), [] as [&str; 0]);
    known.lose("b");
    assert!(known.channels.is_empty() && known.by_part.is_empty());
}

#[test]
fn an_event_that_is_fired_everywhere_is_still_its_own_boxs() {
    let mut known = two_boxes();
    let tellers = |known: &mut Whereabouts, event| boxes_of(known.address(("a", true), event));
    assert_eq!(tellers(&mut known, event("caller")), ["a", "b"]);
    let Output::Event(told) = event("caller") else { return };
    assert_eq!(known.whose(&told, "a"), "b");
    known.give_up("b");
    assert_eq!(tellers(&mut known, event("caller")), ["a"]);
    assert_eq!(known.whose(&told, "a"), "b", "also once it is dead");
    let Output::Event(told) = event("") else { return };
    assert_eq!(known.whose(&told, "a"), "a", "without a call, whoever has asked");
}

#[test]
fn lamps_are_told_where_somebody_has_asked() {
    let mut known = two_boxes();
    let presence = || {
        Output::Presence(Presence::Queue {
            queue: "q".to_owned(),
            waiting: 1,
        })
    };
    assert_eq!(boxes(&mut known, "a", presence()), [] as [&str; 0]);
    known.begins("b", &Input::PresenceProbe { queue: "q".to_owned() }, &Ok(Reply::Done));
    assert_eq!(boxes(&mut known, "a", presence()), ["b"]);
}

#[test]
fn each_box_is_asked_for_its_own_part() {
    let mut known = two_boxes();
    let inspection = Inspection {
        waiting: vec![(MemberId(7), "caller".to_owned()), (MemberId(8), "unknown".to_owned())],
        ..Inspection::default()
    };
    let part = Inspection {
        waiting: vec![(MemberId(7), "caller".to_owned())],
        ..Inspection::default()
    };
    let addressed = known.address(("a", false), Output::Inspect(inspection));
    assert_eq!(
        addressed,
        Addressed::Boxes(vec![("b".to_owned(), Output::Inspect(part))])
    );
}

#[test]
fn a_caller_who_has_left_is_forgotten_once_the_talk_is_over() {
    let mut known = two_boxes();
    known.note("b", "caller", Part::Offer(OfferId(9)));
    let exit = MemberExit {
        channel_up: true,
        reason: None,
        key: None,
    };
    known.ends(&Input::MemberExit {
        member: MemberId(7),
        exit,
    });
    assert_eq!(boxes(&mut known, "a", event("caller")), ["b"], "it talks");
    let cause = HangupCause::NORMAL_CLEARING;
    known.ends(&Input::BridgeFailed {
        offer: OfferId(9),
        member_up: true,
        agent_left: false,
        cause,
    });
    assert!(known.channels.is_empty() && known.by_part.is_empty());
}

/// A variable of this channel.
fn variable(channel: &str) -> Output {
    Output::Variables {
        session_uuid: channel.to_owned(),
        changes: Vec::new(),
    }
}

#[test]
fn what_is_about_an_agents_leg_goes_to_the_box_of_the_caller_until_the_talk_is_over() {
    let mut known = two_boxes();
    known.note("b", "caller", Part::Offer(OfferId(9)));
    let answered = Input::OfferAnswered {
        offer: OfferId(9),
        agent_uuid: "leg".to_owned(),
    };
    known.begins("b", &answered, &Ok(Reply::Done));
    assert_eq!(boxes(&mut known, "a", variable("leg")), ["b"]);
    known.ends(&Input::AgentLegEnded {
        offer: OfferId(9),
        cause: HangupCause::NORMAL_CLEARING,
        by: TalkEnd::Agent,
    });
    assert_eq!(boxes(&mut known, "a", variable("leg")), [] as [&str; 0]);
    assert!(known.agent_legs.is_empty() && known.answered.is_empty());
}

#[test]
fn agents_legs_that_a_box_reports_are_on_it() {
    let mut known = two_boxes();
    let ring = |offer| Ring {
        member_session_uuid: "caller".to_owned(),
        ..fixtures::ring(OfferId(offer))
    };
    let offer = |offer, stage| OfferReport {
        ring: ring(offer),
        stage,
        age: Span::default(),
        answered: Span::default(),
    };
    let has = BoxReport {
        instance: "b".to_owned(),
        offers: vec![
            offer(9, OfferStage::Answered("answered".to_owned())),
            offer(10, OfferStage::Bridged("bridged".to_owned())),
        ],
        ..BoxReport::default()
    };
    known.report(&has, &[]);
    for leg in ["answered", "bridged"] {
        assert_eq!(boxes(&mut known, "a", variable(leg)), ["b"]);
    }
    known.lose("b");
    assert!(known.agent_legs.is_empty() && known.answered.is_empty());
}

#[test]
fn a_phone_for_whoever_is_to_be_called_back_rings_on_the_box_that_was_asked_for_it() {
    let mut known = two_boxes();
    let asked = Input::CallbackAsk {
        member: MemberId(7),
        number: "100".to_owned(),
    };
    let answer = Ok(Reply::CalledBack {
        member_uuid: "member".to_owned(),
        position: 1,
    });
    known.begins("b", &asked, &answer);
    let ring = |offer, member_uuid: &str| {
        Output::Ring(Ring {
            member_uuid: member_uuid.to_owned(),
            member_session_uuid: String::new(),
            calls_back: Some(Box::new(CallsBack {
                number: "100".to_owned(),
                give_back_key: '2',
                sound: None,
            })),
            ..fixtures::ring(OfferId(offer))
        })
    };
    assert_eq!(boxes(&mut known, "a", ring(1, "member")), ["b"]);
    assert_eq!(boxes(&mut known, "a", ring(2, "unknown")), ["a"]);
    let (offer, cause) = (OfferId(1), HangupCause::ORIGINATOR_CANCEL);
    assert_eq!(boxes(&mut known, "a", Output::CancelRing { offer, cause }), ["b"]);
}
