//! `callback-first` = `agent`: the agent is rung, and the number dialled once the agent has taken it.

use super::*;

fn agent_first() -> Centre {
    changed(|config| config.first = CallbackFirst::Agent)
}

/// The only agent has taken the callback of the only caller, who is being called.
fn attempt_under_way() -> (Centre, Ring, CallBack) {
    let mut centre = agent_first();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let ring = centre.rung_for("100");
    let call = centre.takes(&ring);
    (centre, ring, call)
}

impl Centre {
    /// The one phone that rings for somebody who is to be called back.
    fn rung_for(&mut self, number: &str) -> Ring {
        let ring = self.one_ring();
        let told = ring
            .calls_back
            .as_ref()
            .map(|back| (back.number.as_str(), back.give_back_key));
        assert_eq!((told, ring.member_session_uuid.as_str()), (Some((number, '2')), ""));
        ring
    }

    /// The agent takes it: whom to call now.
    fn takes(&mut self, ring: &Ring) -> CallBack {
        self.tell(Input::OfferAnswered {
            offer: ring.offer,
            agent_uuid: format!("leg-{}", ring.agent),
        });
        let call = self.one_call();
        let waits = call.waiting_agent.as_ref().map(|waiting| waiting.offer);
        assert_eq!(waits, Some(ring.offer));
        call
    }

    fn is_freed(&mut self, ring: &Ring) {
        let is_end = |output: &Output| matches!(output, Output::CancelRing { offer, .. } if *offer == ring.offer);
        assert!(self.outputs.iter().any(is_end), "{ring:?} is ended");
        self.end_ring(ring, RingEnd::Withdrawn(HangupCause::NO_ANSWER));
    }

    fn connected(&mut self) -> Vec<(OfferId, String)> {
        let connects = self.outputs.iter().filter_map(|output| match output {
            Output::Connect(connect) => Some((connect.offer, connect.member_session_uuid.clone())),
            _ => None,
        });
        connects.collect()
    }
}

#[test]
fn the_agent_takes_it_and_the_number_is_dialled() {
    let mut centre = agent_first();
    let first = centre.asks("100");
    centre.caller("101");
    centre.agent("a1", 1, 1);
    assert!(
        centre.calls().is_empty(),
        "nobody is dialled before the agent has taken it"
    );
    let ring = centre.rung_for("100");
    let call = centre.takes(&ring);
    assert!(!call.must_confirm, "the agent hears who answers");
    assert!(centre.connected().is_empty());
    centre.pass(5);
    let member = centre.comes_back(&call);
    assert_eq!(member, first);
    assert_eq!(centre.connected(), [(ring.offer, "back-100".to_owned())]);
    assert!(centre.results().is_empty());
    centre.tell(Input::OfferBridged { offer: ring.offer });
    assert_eq!(centre.results(), ["answered"]);
    assert!(centre.rows_kept().callbacks.is_empty() && centre.calls().is_empty());
}

#[test]
fn a_site_that_has_a_sound_of_its_own_wants_the_key() {
    let mut centre = changed(|config| {
        config.first = CallbackFirst::Agent;
        config.confirm_sound = Some("confirm.wav".to_owned());
    });
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let ring = centre.rung_for("100");
    assert!(centre.takes(&ring).must_confirm);
}

#[test]
fn what_is_given_back_is_for_others_and_costs_nothing() {
    let mut centre = agent_first();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("max_no_answer", 1));
    let ring = centre.rung_for("100");
    centre.end_ring(&ring, RingEnd::GivenBack);
    centre.pass(10);
    assert!(centre.rings().is_empty(), "a1 does not want it");
    let live = centre.caller("101");
    let other = centre.one_ring();
    assert_eq!((other.agent.as_str(), other.member_uuid.as_str()), ("a1", "member-101"));
    centre.talk(&other, live);
    centre.agent("a2", 1, 2);
    let ring = centre.rung_for("100");
    assert_eq!(ring.agent, "a2");
    centre.end_ring(&ring, RingEnd::GivenBack);
    centre.hang_up(&other);
    centre.pass(48);
    assert!(centre.rings().is_empty(), "both have given it back");
    centre.pass(2);
    assert_eq!(centre.rung_for("100").agent, "a1");
    assert_eq!(centre.engine.queue_statistics(None)[0].counts.callbacks.given_back, 2);
}

#[test]
fn who_waited_in_vain_is_free_at_once() {
    let (mut centre, ring, call) = attempt_under_way();
    centre.call_fails(&call, CallbackEnd::Busy);
    centre.is_freed(&ring);
    centre.caller("101");
    assert_eq!(centre.one_ring().member_uuid, "member-101");
    assert_eq!(centre.rows_kept().callbacks[0].last_end, "busy");
}

#[test]
fn an_agent_who_hangs_up_ends_the_attempt() {
    let (mut centre, ring, call) = attempt_under_way();
    centre.end_ring(&ring, RingEnd::NotTaken(HangupCause::NORMAL_CLEARING));
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.rows_kept().callbacks[0].last_end, "no-agent");
    centre.pass(59);
    assert!(centre.rings().is_empty());
    centre.pass(1);
    let ring = centre.rung_for("100");
    assert_eq!(centre.takes(&ring).number_of_attempt, 2);
}

#[test]
fn an_agent_who_is_taken_away_while_waiting_has_a_moments_pause() {
    let mut centre = agent_first();
    centre.asks("100");
    centre.asks("101");
    centre.agent("a1", 1, 1);
    let ring = centre.rung_for("100");
    centre.takes(&ring);
    centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
    assert!(centre.rings().is_empty(), "it might be taken away again");
    centre.pass(1);
    centre.rung_for("101");
}

#[test]
fn whoever_has_answered_does_not_lose_the_place_by_the_agent() {
    let (mut centre, ring, call) = attempt_under_way();
    let session_uuid = centre.reached(&call);
    centre.end_ring(&ring, RingEnd::NotTaken(HangupCause::NORMAL_CLEARING));
    assert!(!centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    centre.agent("a2", 1, 2);
    assert!(centre.rings().is_empty(), "a2 is held");
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid,
        new_member_uuid: "another".to_owned(),
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(request));
    let ring = centre.one_ring();
    assert_eq!((ring.agent.as_str(), ring.calls_back), ("a2", None));
}

#[test]
fn who_calls_meanwhile_gets_the_agent_who_waits() {
    let (mut centre, ring, call) = attempt_under_way();
    centre.caller("100");
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    assert_eq!(centre.results(), ["taken-live"]);
    assert_eq!(centre.connected(), [(ring.offer, "session-100".to_owned())]);
}

#[test]
fn a_ring_for_it_ends_when_it_does() {
    for takes in [false, true] {
        let mut centre = agent_first();
        centre.asks("100");
        centre.agent("a1", 1, 1);
        let ring = centre.rung_for("100");
        if takes {
            centre.takes(&ring);
        }
        let uuid = "member-100".to_owned();
        centre.tell(Input::CallbackCancel { uuid });
        centre.is_freed(&ring);
        assert_eq!(centre.results(), ["cancelled"]);
        let left = centre.engine.holdings();
        assert_eq!((left.members, left.offers), (0, 0));
    }
}

#[test]
fn a_phone_that_rings_for_it_is_not_cut_off_by_the_expiry() {
    let mut centre = agent_first();
    centre.asks("100");
    centre.pass(590);
    centre.agent("a1", 1, 1);
    let ring = centre.rung_for("100");
    centre.pass(15);
    assert!(centre.results().is_empty());
    centre.end_ring(&ring, RingEnd::NotTaken(HangupCause::NO_ANSWER));
    assert_eq!(centre.results(), ["expired"]);
}

#[test]
fn an_agent_who_is_released_waits_no_longer() {
    let (mut centre, ring, call) = attempt_under_way();
    centre.tell(Input::AgentBreak {
        agent_uuid: "leg-a1".to_owned(),
    });
    assert!(centre.outputs.contains(&Output::CancelCallBack(call.attempt)));
    let is_end = |output: &Output| matches!(output, Output::CancelRing { offer, .. } if *offer == ring.offer);
    assert!(centre.outputs.iter().any(is_end), "the channel would wait for ever");
}

#[test]
fn an_agent_who_takes_a_callback_of_a_queue_that_calls_back_no_more_is_let_go() {
    let mut centre = agent_first();
    centre.asks("100");
    centre.agent("a1", 1, 1);
    let ring = centre.rung_for("100");
    centre.tell(Input::UnloadQueue(QUEUE.to_owned()));
    centre.tell(Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid: "leg-a1".to_owned(),
    });
    centre.is_freed(&ring);
    assert_eq!(centre.agent_row("a1").state, AgentState::Waiting);
    assert_eq!(
        centre.engine.callbacks(None).len(),
        1,
        "the callback is still to be made"
    );
}

#[test]
fn an_agent_who_takes_a_callback_of_a_number_that_is_called_no_more_on_this_day_is_taken_until_the_phone_is_free() {
    let (mut centre, ring, call) = attempt_under_way();
    centre.call_fails(&call, CallbackEnd::Busy);
    centre.is_freed(&ring);
    centre.pass(60);
    let ring = centre.rung_for("100");
    let mut fewer = config();
    (fewer.callbacks.first, fewer.callbacks.attempts_per_day) = (CallbackFirst::Agent, 1);
    centre.tell(Input::LoadQueue(fewer));
    centre.caller("101");
    centre.tell(Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid: "leg-a1".to_owned(),
    });
    assert_eq!(centre.results(), ["too-often"]);
    assert!(centre.rings().is_empty(), "the phone is up still");
    centre.is_freed(&ring);
    assert_eq!(centre.one_ring().member_uuid, "member-101");
}
