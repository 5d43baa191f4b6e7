//! Whom each strategy rings, and what it leaves on the caller's channel.

use super::*;

/// The value a channel variable was last given, if it has one.
#[test]
fn ring_all_rings_everybody_and_the_first_to_answer_wins() {
    let mut centre = Centre::new("ring-all");
    for (position, name) in (1..).zip(["a1", "a2", "a3"]) {
        centre.agent(name, 1, position);
    }
    let member = centre.caller("100");
    let rings = centre.rings();
    assert_eq!(
        rings.iter().map(|ring| ring.agent.as_str()).collect::<Vec<_>>(),
        ["a1", "a2", "a3"]
    );
    centre.agent("a4", 1, 4);
    assert_eq!(
        centre.one_ring().agent,
        "a4",
        "an agent who becomes free joins the ringing"
    );
    centre.talk(&rings[1], member);
    let lost: Vec<_> = centre
        .outputs
        .iter()
        .filter(|output| matches!(output, Output::CancelRing { .. }))
        .collect();
    assert_eq!(lost.len(), 3);
    for ring in [&rings[0], &rings[2]] {
        centre.fail(ring, HangupCause::LOSE_RACE);
    }
    assert_eq!(centre.agent_row("a1").state, AgentState::Waiting);
    assert_eq!(centre.agent_row("a2").state, AgentState::InAQueueCall);
}

#[test]
fn in_ring_all_an_agent_on_break_stops_ringing_alone() {
    let mut centre = Centre::new("ring-all");
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    centre.caller("100");
    let rings = centre.rings();
    centre.outputs.clear();
    centre.status("a1", "On Break");
    let cancels: Vec<_> = centre
        .outputs
        .iter()
        .filter_map(|output| {
            if let Output::CancelRing { offer, .. } = output {
                Some(*offer)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(cancels, [rings[0].offer]);
}

#[test]
fn round_robin_goes_on_after_the_agent_offered_last() {
    let mut centre = Centre::new("round-robin");
    for (position, name) in (1..).zip(["a1", "a2", "a3"]) {
        centre.agent(name, 1, position);
    }
    let mut order = Vec::new();
    for caller in ["100", "200", "300", "400"] {
        centre.pass(1);
        let member = centre.caller(caller);
        let ring = centre.one_ring();
        order.push(ring.agent.clone());
        centre.talk(&ring, member);
        centre.hang_up(&ring);
    }
    assert_eq!(order, ["a1", "a2", "a3", "a1"]);
}

#[test]
fn tier_rules_open_the_next_level_after_the_wait() {
    let mut centre = Centre::with_queue(QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: 30,
        tier_rule_wait_multiply_level: true,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.agent("a2", 2, 1);
    let first = centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a1", "the first level with agents needs no wait");
    centre.talk(&ring, first);
    centre.caller("200");
    assert!(centre.rings().is_empty());
    centre.pass(59);
    assert!(centre.rings().is_empty());
    centre.pass(1);
    assert_eq!(centre.one_ring().agent, "a2");
}

#[test]
fn top_down_leaves_the_tier_called_last_on_the_channel_until_it_begins_again() {
    let mut centre = Centre::new("top-down");
    for (name, position) in [("a1", 1), ("a2", 5)] {
        centre.agent(name, 2, position);
        centre.set(name, attribute("busy_delay_time", 60));
    }
    centre.caller("100");
    for position in ["1", "5"] {
        let ring = centre.one_ring();
        assert_eq!(
            variable(&centre, "cc_last_agent_tier_position").as_deref(),
            Some(position)
        );
        assert_eq!(variable(&centre, "cc_last_agent_tier_level").as_deref(), Some("2"));
        centre.fail(&ring, HangupCause::USER_BUSY);
    }
    assert_eq!(variable(&centre, "cc_last_agent_tier_position"), None);
    assert_eq!(variable(&centre, "cc_last_agent_tier_level"), None);
}

#[test]
fn ring_progressively_leaves_the_time_of_the_last_call_on_the_channel() {
    let mut centre = Centre::new("ring-progressively");
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let now = centre.now.secs().to_string();
    assert_eq!(variable(&centre, "cc_last_originated_call"), Some(now));
}

#[test]
fn round_robin_and_top_down_take_equals_by_name() {
    for strategy in ["round-robin", "top-down"] {
        let mut centre = Centre::new(strategy);
        for name in ["b", "c", "a"] {
            centre.agent(name, 1, 1);
        }
        centre.caller("100");
        assert_eq!(centre.one_ring().agent, "a", "{strategy}");
    }
}
