//! `callback-lead`: dialled before an agent is free, when the pace of the line says that one soon will be.

use super::*;

/// Two agents who talk, and a line that has moved by one every 20 seconds.
fn busy(change: impl FnOnce(&mut CallbackConfig)) -> (Centre, Vec<Ring>) {
    let mut centre = changed(change);
    let mut rings = Vec::new();
    for name in ["a1", "a2"] {
        centre.agent(name, 1, 1);
        let member = centre.caller(&format!("of-{name}"));
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        rings.push(ring);
    }
    for number in ["90", "91"] {
        let member = centre.caller(number);
        centre.pass(20);
        centre.hang_up(&rings.remove(0));
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        rings.push(ring);
    }
    (centre, rings)
}

#[test]
fn who_is_soon_served_is_dialled_and_who_stands_behind_is_not() {
    let (mut centre, mut rings) = busy(|config| config.lead = 25);
    centre.asks("100");
    centre.asks("101");
    let call = centre.one_call();
    assert_eq!((call.number.as_str(), call.must_confirm), ("100", true));
    centre.pass(10);
    let member = centre.comes_back(&call);
    assert!(centre.rings().is_empty(), "nobody is free yet");
    centre.hang_up(&rings.remove(0));
    let ring = centre.one_ring();
    assert_eq!(ring.member_uuid, "member-100", "who has confirmed is first in line");
    centre.talk(&ring, member);
    assert_eq!(centre.results(), ["answered"]);
    assert_eq!(centre.one_call().number, "101", "now it is the first");
}

#[test]
fn the_agent_who_becomes_free_meanwhile_is_held() {
    let (mut centre, mut rings) = busy(|config| config.lead = 25);
    centre.asks("100");
    let call = centre.one_call();
    centre.caller("102");
    centre.hang_up(&rings.remove(0));
    assert!(centre.rings().is_empty(), "held for who is being called");
    centre.call_fails(&call, CallbackEnd::Busy);
    assert_eq!(
        centre.one_ring().member_uuid,
        "member-102",
        "and free when that was in vain"
    );
}

#[test]
fn there_are_no_more_ahead_than_agents() {
    let (mut centre, _) = busy(|config| config.lead = 300);
    for number in ["100", "101", "102"] {
        centre.asks(number);
    }
    assert_eq!(centre.calls().len(), 2);
}

#[test]
fn without_a_pace_or_agents_or_with_the_agent_first_nobody_is_dialled_ahead() {
    let mut new = changed(|config| config.lead = 300);
    new.asks("100");
    assert!(new.calls().is_empty());
    let (mut centre, _) = busy(|config| (config.lead, config.first) = (300, CallbackFirst::Agent));
    centre.asks("100");
    assert!(centre.calls().is_empty());
    let (mut centre, _) = busy(|_| ());
    centre.asks("100");
    assert!(centre.calls().is_empty(), "it is off by default");
}

#[test]
fn a_lead_that_is_set_counts_for_who_waits() {
    let (mut centre, _) = busy(|_| ());
    centre.asks("100");
    let mut config = config();
    config.callbacks.lead = 25;
    centre.tell(Input::LoadQueue(config));
    assert_eq!(centre.one_call().number, "100");
}

#[test]
fn only_who_would_wait_long_is_offered_it_where_the_queue_says_so() {
    let (mut centre, _) = busy(|config| config.offer_wait = 30);
    let (first, second) = (centre.caller("100"), centre.caller("101"));
    let offered = |member| centre.engine.callback_offer(centre.now, member).is_some();
    assert!(!offered(first), "it is the first one's turn in 20 seconds");
    assert!(offered(second));
}
