//! Whose doing the end of an offer was, what it costs the agent, and where the caller goes on to.

use super::*;

/// Every cause that has been mistaken for something else, and some that have not.
const CAUSES: [HangupCause; 8] = [
    HangupCause::ORIGINATOR_CANCEL,
    HangupCause::LOSE_RACE,
    HangupCause::NONE,
    HangupCause::NORMAL_CLEARING,
    HangupCause::ALLOTTED_TIMEOUT,
    HangupCause::USER_BUSY,
    HangupCause::CALL_REJECTED,
    HangupCause::USER_NOT_REGISTERED,
];

const REFUSED: RingEnd = RingEnd::Refused(Refusal::Sessions, HangupCause::DESTINATION_OUT_OF_ORDER);

const TOO_MANY_A_SECOND: RingEnd = RingEnd::Refused(Refusal::SessionRate, HangupCause::DESTINATION_OUT_OF_ORDER);

impl Centre {
    fn notices(&self) -> Vec<&str> {
        let notices = self.outputs.iter().filter_map(|output| match output {
            Output::Notice(notice) if notice.level == NoticeLevel::Warning => Some(notice.text.as_str()),
            _ => None,
        });
        notices.collect()
    }

    /// Who is rung next, and does not take it.
    fn next_misses(&mut self) -> String {
        let ring = self.one_ring();
        self.fail(&ring, HangupCause::NO_ANSWER);
        ring.agent
    }

    /// The actions of the agents' events, with the agent, since the last call.
    fn told_of_agents(&mut self) -> Vec<String> {
        let outputs = std::mem::take(&mut self.outputs);
        let events = outputs.into_iter().filter_map(|output| match output {
            Output::Event(event) => Some(event),
            _ => None,
        });
        events
            .filter_map(|event| Some(format!("{} {}", event.action(), event.header("CC-Agent")?)))
            .collect()
    }
}

#[test]
fn a_phone_that_refuses_with_any_cause_is_rung_once_a_second_and_has_missed_each_call() {
    for cause in CAUSES {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a", 1, 1);
        for limit in ["max_rejected", "max_busy", "max_not_registered"] {
            centre.set("a", attribute(limit, 9));
        }
        centre.set("a", attribute("max_no_answer", 9));
        centre.set("a", attribute("not_registered_delay_time", 0));
        centre.caller("100");
        for _ in 0..4 {
            let ring = centre.one_ring();
            centre.fail(&ring, cause.clone());
            assert_eq!(centre.rings(), [], "{cause}");
            centre.pass(1);
        }
        let limits = centre.engine.agent_limits("a").expect("the agent is there");
        let others = limits.rejected_count + limits.busy_count + limits.not_registered_count;
        assert_eq!(centre.agent_row("a").no_answer_count + others, 4, "{cause}");
    }
}

#[test]
fn what_is_refused_costs_nobody_a_miss_and_is_told_once_a_minute() {
    let mut centre = Centre::with_queue(QueueConfig {
        strategy: "ring-all".to_owned(),
        autopause: Autopause::All,
        ..QueueConfig::named(QUEUE)
    });
    for agent in ["a", "b"] {
        centre.agent(agent, 1, 1);
        centre.set(agent, attribute("max_no_answer", 1));
    }
    centre.caller("100");
    let tried = seconds_of_tries(&mut centre, 70);
    assert_eq!(
        tried,
        [0, 0, 1, 1, 3, 3, 7, 7, 15, 15, 23, 23, 31, 31, 39, 39, 47, 47, 55, 55, 63, 63]
    );
    for agent in ["a", "b"] {
        let row = centre.agent_row(agent);
        assert_eq!(
            (row.status, row.no_answer_count, row.ready_time),
            (AgentStatus::Available, 0, 0)
        );
    }
    let told = centre.notices();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("fsctl max_sessions"), "{told:?}");
}

/// Refuses whatever is rung for so long; the seconds in which that was.
fn seconds_of_tries(centre: &mut Centre, seconds: i64) -> Vec<i64> {
    let mut tries = Vec::new();
    for second in 0..seconds {
        let before = tries.len();
        let mut rings = centre.rings();
        while !rings.is_empty() {
            for ring in &rings {
                centre.end_ring(ring, REFUSED);
                tries.push(second);
            }
            assert!(tries.len() < before + 5, "one after the other in second {second}");
            rings = centre.rings();
        }
        centre.pass(1);
    }
    tries
}

#[test]
fn while_no_calls_are_made_a_caller_is_tried_less_and_less_often_and_with_one_agent_each_time() {
    for strategy in Strategy::ALL.iter().filter(|strategy| **strategy != Strategy::RingAll) {
        let mut centre = Centre::new(&strategy.to_string());
        for number in 0..20 {
            centre.agent(&format!("a{number}"), 1, 1);
        }
        centre.caller("100");
        let tried = seconds_of_tries(&mut centre, 20);
        assert_eq!(tried, [0, 1, 3, 7, 15], "{strategy}");
        // Whoever comes meanwhile waits as well; and the first call that is made ends it.
        centre.caller("200");
        assert_eq!(centre.rings(), [], "{strategy}");
        centre.pass(3);
        let rings = centre.rings();
        assert_eq!(rings.len(), 2, "{strategy}");
        centre.answer(&rings[0]);
        centre.end_ring(&rings[1], REFUSED);
        assert_eq!(centre.rings(), [], "{strategy}");
        centre.pass(1);
        assert_eq!(centre.one_ring().member_uuid, rings[1].member_uuid, "{strategy}");
    }
}

#[test]
fn as_many_phones_ring_each_second_as_freeswitch_makes_sessions() {
    const SESSIONS: usize = 30;
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::InternalDispatching { on: false });
    for number in 0..4 * SESSIONS {
        centre.agent(&format!("a{number}"), 1, 1);
        centre.caller(&format!("{number}"));
    }
    centre.tell(Input::InternalDispatching { on: true });
    for made in 1..=4 {
        let rings = centre.rings();
        assert_eq!(rings.len(), (5 - made) * SESSIONS);
        for ring in rings.iter().skip(SESSIONS) {
            centre.end_ring(ring, TOO_MANY_A_SECOND);
        }
        centre.pass(1);
    }
    assert_eq!(centre.rings(), []);
}

#[test]
fn an_agent_whose_call_is_refused_late_has_a_second_all_the_same() {
    let mut centre = Centre::new("ring-all");
    for agent in ["soon", "late"] {
        centre.agent(agent, 1, 1);
    }
    centre.caller("100");
    let rings = centre.rings();
    let of = |agent: &str| rings.iter().find(|ring| ring.agent == agent).expect("it rings");
    centre.end_ring(of("soon"), REFUSED);
    centre.pass_for(Span::from_millis(900));
    centre.end_ring(of("late"), REFUSED);
    centre.pass_for(Span::from_millis(100));
    assert_eq!(centre.one_ring().agent, "soon");
    centre.pass_for(Span::from_millis(899));
    assert_eq!(centre.rings(), []);
    centre.pass_for(Span::from_millis(1));
    assert_eq!(centre.one_ring().agent, "late");
}

#[test]
fn a_caller_who_is_gone_costs_the_agent_nothing_and_is_offered_to_nobody_else() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("gone");
    let ring = centre.one_ring();
    centre.caller("next");
    centre.end_ring(&ring, RingEnd::CallerGone);
    assert_eq!(centre.one_ring().member_uuid, "member-next");
    assert_eq!(centre.agent_row("a").no_answer_count, 0);
}

#[test]
fn an_agent_who_drops_the_caller_before_the_bridge_has_rejected_it() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.set("a", attribute("reject_delay_time", 5));
    centre.set("a", attribute("max_rejected", 2));
    centre.caller("100");
    for _ in 0..2 {
        let ring = centre.one_ring();
        centre.answer(&ring);
        centre.fail_bridge(&ring);
        centre.pass(4);
        assert_eq!(centre.rings(), []);
        centre.pass(1);
    }
    assert_eq!(centre.agent_row("a").status, AgentStatus::OnBreak);
}

#[test]
fn a_bridge_that_fails_while_both_are_there_is_not_the_agents_doing() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.set("a", attribute("max_rejected", 1));
    centre.caller("100");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.tell(Input::BridgeFailed {
        offer: ring.offer,
        member_up: true,
        agent_left: false,
        cause: HangupCause::NORMAL_CLEARING,
    });
    assert_eq!(centre.rings(), []);
    centre.pass(1);
    assert_eq!(centre.one_ring().agent, "a");
}

#[test]
fn a_caller_goes_on_to_those_who_have_not_missed_it_and_begins_anew_after_all_have() {
    for strategy in [
        "longest-idle-agent",
        "agent-with-least-talk-time",
        "agent-with-fewest-calls",
        "sequentially-by-agent-order",
        "round-robin",
        "random",
        "top-down",
    ] {
        let mut centre = Centre::with_queue(QueueConfig {
            strategy: strategy.to_owned(),
            retry_delay: 3,
            ..QueueConfig::named(QUEUE)
        });
        // The third is of another level, which no strategy goes to while somebody is free on the first.
        for (agent, level, position) in [("a", 1, 1), ("b", 1, 2), ("c", 2, 1)] {
            centre.agent(agent, level, position);
        }
        centre.caller("100");
        let mut rung = Vec::new();
        for _ in 0..6 {
            rung.push(centre.next_misses());
            centre.pass(3);
        }
        for round in rung.chunks_mut(3) {
            round.sort();
            assert_eq!(round, ["a", "b", "c"], "{strategy}");
        }
    }
}

#[test]
fn another_caller_is_offered_to_the_agent_who_missed_the_first() {
    let mut centre = Centre::with_queue(QueueConfig {
        strategy: "sequentially-by-agent-order".to_owned(),
        retry_delay: 3,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 2);
    centre.caller("first");
    assert_eq!(centre.next_misses(), "a");
    centre.pass(1);
    centre.caller("second");
    let ring = centre.one_ring();
    assert_eq!((ring.agent.as_str(), ring.member_uuid.as_str()), ("a", "member-second"));
}

#[test]
fn many_who_have_missed_a_caller_do_not_keep_it_from_the_one_behind_them() {
    let mut centre = Centre::new("sequentially-by-agent-order");
    for agent in 0..300 {
        centre.agent(&format!("a{agent}"), 1, agent + 1);
    }
    centre.caller("100");
    let mut rung = Vec::new();
    for _ in 0..300 {
        rung.push(centre.next_misses());
        // Whoever missed it is free again.
        centre.pass(1);
    }
    rung.sort();
    rung.dedup();
    assert_eq!(rung.len(), 300);
}

#[test]
fn ring_all_rings_on_without_the_agent_who_dropped_the_caller() {
    let mut centre = Centre::new("ring-all");
    centre.agent("drops", 1, 1);
    centre.agent("answers", 1, 2);
    centre.caller("100");
    let rings = centre.rings();
    centre.answer(&rings[0]);
    centre.end_ring(&rings[1], RingEnd::Withdrawn(HangupCause::LOSE_RACE));
    centre.pass(3);
    centre.fail_bridge(&rings[0]);
    let again = centre.one_ring();
    assert_eq!(again.agent, "answers");
    centre.pass(4);
    assert_eq!(centre.rings(), [], "the others are not made to pay");
    centre.caller("200");
    let other = centre.one_ring();
    assert_eq!(
        (other.agent.as_str(), other.member_uuid.as_str()),
        ("drops", "member-200"),
        "another caller may be dropped, too"
    );
    centre.fail(&other, HangupCause::NO_ANSWER);
    centre.fail(&again, HangupCause::NO_ANSWER);
    centre.pass(1);
    assert_eq!(centre.rings().len(), 2, "now nobody is hindered");
}

#[test]
fn an_agent_who_has_become_free_gets_the_next_caller_where_the_first_is_to_ring_on_alone() {
    let mut centre = Centre::new("ring-all");
    centre.agent("drops", 1, 1);
    centre.agent("answers", 1, 2);
    centre.caller("100");
    let rings = centre.rings();
    centre.answer(&rings[0]);
    centre.end_ring(&rings[1], RingEnd::Withdrawn(HangupCause::LOSE_RACE));
    centre.fail_bridge(&rings[0]);
    assert_eq!(centre.one_ring().agent, "answers");
    centre.caller("200");
    assert_eq!(centre.rings(), []);
    centre.pass(4);
    let ring = centre.one_ring();
    assert_eq!(
        (ring.agent.as_str(), ring.member_uuid.as_str()),
        ("drops", "member-200")
    );
}

#[test]
fn why_an_agent_rings_no_longer_is_told_before_the_next_agent_is_offered_the_caller() {
    for (input, told) in [
        (
            Input::AgentPause {
                name: "a".to_owned(),
                reason: "lunch".to_owned(),
            },
            "agent-status-change a",
        ),
        (Input::AgentDel { name: "a".to_owned() }, "agent-del a"),
    ] {
        let mut centre = Centre::new("sequentially-by-agent-order");
        centre.agent("a", 1, 1);
        centre.agent("b", 1, 2);
        centre.caller("100");
        centre.one_ring();
        centre.told_of_agents();
        centre.tell(input);
        let events = centre.told_of_agents();
        let place = |wanted: &str| events.iter().position(|event| event == wanted);
        let (why, next) = (place(told), place("agent-offering b"));
        assert!(why.is_some() && why < next, "{events:?}");
    }
}
