//! Who asks to be called back, by which way, and who is refused.

use super::*;

#[test]
fn a_number_is_called_back_once_from_a_queue() {
    let mut centre = changed(|config| config.other_number = true);
    centre.asks("100");
    let other = centre.caller("101");
    assert_eq!(centre.ask(other, "100"), Err(CallbackRefusal::Pending.into()));
    assert_eq!(centre.engine.position_of(other), Some(2), "who was told waits on");
    assert!(centre.ask(other, "101").is_ok());
}

#[test]
fn what_is_no_number_or_not_admitted_is_refused() {
    let mut centre = changed(|config| {
        config.numbers = Some(NumberPattern::parse("1[0-9]+").expect("a pattern"));
        config.max_pending = 1;
    });
    let member = centre.caller("100");
    let endless = "1".repeat(10_240);
    for text in ["", "${x}", "100,1", "100|1", "1:_:2", "{a=b}100", "1' OR 1", &endless] {
        assert_eq!(
            centre.ask(member, text),
            Err(CallbackRefusal::NotANumber.into()),
            "{text}"
        );
    }
    assert_eq!(centre.ask(member, "200"), Err(CallbackRefusal::NotAdmitted.into()));
    assert_eq!(centre.ask(member, "101"), Err(CallbackRefusal::NotTheCallers.into()));
    centre.asks("110");
    assert_eq!(centre.ask(member, "100"), Err(CallbackRefusal::TooMany.into()));
    let mut without = centre_with(QueueConfig::named(QUEUE));
    let member = without.caller("100");
    assert_eq!(without.ask(member, "100"), Err(CallbackRefusal::NotInThisQueue.into()));
}

#[test]
fn commands_cancel_hasten_and_add() {
    let mut centre = changed(|config| config.delay = 120);
    let uuid = |uuid: &str| uuid.to_owned();
    centre.tell(Input::CallbackAdd {
        queue: QUEUE.to_owned(),
        number: "200".to_owned(),
        name: "Web".to_owned(),
        new_member_uuid: uuid("web"),
    });
    centre.agent("a1", 1, 1);
    centre.pass(60);
    assert!(centre.calls().is_empty());
    centre.tell(Input::CallbackNow { uuid: uuid("web") });
    let call = centre.one_call();
    assert_eq!((call.name.as_str(), call.member_uuid.as_str()), ("Web", "web"));
    centre.tell(Input::CallbackCancel { uuid: uuid("web") });
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.results(), ["cancelled"]);
    let again = Input::CallbackCancel { uuid: uuid("web") };
    assert_eq!(centre.try_tell(again), Err(EngineError::CallbackNotFound));
    assert_eq!(
        centre.caller("101"),
        MemberId(centre.caller("102").number() - 2),
        "both wait"
    );
    assert_eq!(centre.one_ring().member_uuid, "member-101", "the agent is free");
}

#[test]
fn a_caller_is_offered_it_when_the_queue_says() {
    let mut centre = changed(|config| {
        config.offer_after = 20;
        config.offer_position = 2;
        config.offer_sound = Some("offer.wav".to_owned());
        config.offer_frequency = 30;
    });
    let offered = |centre: &Centre, member| centre.engine.callback_offer(centre.now, member).is_some();
    let played = |centre: &mut Centre| {
        let outputs = std::mem::take(&mut centre.outputs);
        let announced = outputs.iter().filter(|output| matches!(output, Output::Announce(_)));
        announced.count()
    };
    centre.agent("a1", 1, 1);
    let talking = centre.caller("99");
    let ring = centre.one_ring();
    centre.talk(&ring, talking);
    let (first, second) = (centre.caller("100"), centre.caller("101"));
    let withheld = centre.caller("anonymous");
    let last = centre.caller("102");
    assert!(!offered(&centre, second));
    centre.pass(20);
    assert_eq!(
        played(&mut centre),
        2,
        "neither the first is told nor the withheld number"
    );
    assert!(offered(&centre, second) && !offered(&centre, first) && !offered(&centre, withheld));
    centre.leave(first);
    assert!(!offered(&centre, second), "now the first");
    assert!(offered(&centre, last));
    centre.status("a1", "Logged Out");
    assert!(!offered(&centre, last), "nobody would call");
}

#[test]
fn a_dialplan_asks_by_a_variable_and_is_told() {
    let mut centre = centre();
    let request = |number: &str| JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "s".to_owned(),
        new_member_uuid: format!("m{number}"),
        cid_number: "100".to_owned(),
        callback_number: Some(number.to_owned()),
        ..JoinRequest::default()
    };
    let refused = centre.tell(Input::MemberJoin(request("1;2")));
    assert!(matches!(
        refused,
        Reply::Refused {
            reason: CancelReason::CallbackRefused,
            ..
        }
    ));
    let called_back = centre.tell(Input::MemberJoin(request("100")));
    let expected = Reply::CalledBack {
        member_uuid: "m100".to_owned(),
        position: 1,
    };
    assert_eq!(called_back, expected);
    assert_eq!(
        centre.tell(Input::MemberJoin(request("100"))),
        expected,
        "asking again changes nothing"
    );
    let is_promise = |output: &&Output| match output {
        Output::Variables { changes, .. } => changes.iter().any(|change| change.value.as_deref() == Some("callback")),
        _ => false,
    };
    let promises = centre.outputs.iter().filter(is_promise);
    assert_eq!(promises.count(), 2, "the dialplan finds it each time");
    assert_eq!(centre.member_states(), [MemberState::Waiting]);
}

#[test]
fn nobody_is_dialled_before_the_caller_has_hung_up() {
    let mut centre = centre();
    let member = centre.caller("100");
    assert!(centre.ask(member, "100").is_ok());
    centre.agent("a1", 1, 1);
    centre.pass(30);
    assert!(centre.calls().is_empty() && centre.rings().is_empty());
    centre.exits(member);
    assert_eq!(centre.one_call().number, "100");
}

#[test]
fn rings_stop_for_who_asks_to_be_called_back() {
    let mut centre = centre();
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    assert!(centre.ask(member, "100").is_ok());
    centre.exits(member);
    assert!(centre.calls().is_empty(), "a1 is not free before the ring has ended");
    centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
    assert_eq!(centre.one_call().number, "100");
}
