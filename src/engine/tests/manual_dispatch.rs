//! Calls given to agents by command, with internal dispatching off and on.

use super::*;

impl Centre {
    fn dispatching(&mut self, on: bool) {
        self.tell(Input::InternalDispatching { on });
    }

    fn dispatch(&mut self, member: &str, agent: &str) -> Result<Reply, EngineError> {
        self.try_tell(Input::DispatchMember {
            uuid: format!("member-{member}"),
            agent: agent.to_owned(),
        })
    }
}

fn by_hand() -> Centre {
    let mut centre = Centre::new("longest-idle-agent");
    centre.dispatching(false);
    centre.agent("a", 1, 1);
    centre
}

#[test]
fn nobody_is_offered_until_somebody_says_so() {
    let mut centre = by_hand();
    centre.caller("100");
    centre.caller("101");
    centre.pass(300);
    assert_eq!(centre.rings(), []);
    assert_eq!(centre.dispatch("101", "a"), Ok(Reply::Done));
    let ring = centre.one_ring();
    assert_eq!((ring.member_uuid.as_str(), ring.agent.as_str()), ("member-101", "a"));
}

#[test]
fn switched_on_again_whoever_waits_is_served_at_once() {
    let mut centre = by_hand();
    centre.caller("100");
    assert_eq!(centre.rings(), []);
    centre.dispatching(true);
    assert_eq!(centre.one_ring().member_uuid, "member-100");
}

#[test]
fn the_setting_is_what_it_begins_with() {
    let settings = Settings {
        internal_call_dispatching: false,
        ..Settings::default()
    };
    assert!(!Engine::new(settings, 1).dispatches());
    assert!(Engine::new(Settings::default(), 1).dispatches());
}

#[test]
fn a_ring_that_is_under_way_goes_on_and_its_failure_brings_no_other() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.dispatching(false);
    assert!(!centre
        .outputs
        .iter()
        .any(|output| matches!(output, Output::CancelRing { .. })));
    centre.fail(&ring, HangupCause::NO_ANSWER);
    centre.pass(60);
    assert_eq!(centre.rings(), []);
}

#[test]
fn each_condition_that_is_not_met_is_told() {
    let mut centre = by_hand();
    let member = centre.caller("100");
    assert_eq!(centre.dispatch("999", "a"), Err(EngineError::MemberNotFound));
    assert_eq!(centre.dispatch("100", "nobody"), Err(EngineError::AgentNotFound));
    centre.tell(Input::AgentAdd {
        name: "other".to_owned(),
        agent_type: AgentType::callback(),
    });
    centre.status("other", "Available");
    assert_eq!(centre.dispatch("100", "other"), Err(EngineError::AgentServesNot));
    centre.status("a", "On Break");
    assert_eq!(
        centre.dispatch("100", "a"),
        Err(EngineError::NotEligible(WhyNot::NotAvailable))
    );
    centre.status("a", "Available");
    centre.set("a", AgentSetting::State("Idle".to_owned()));
    assert_eq!(
        centre.dispatch("100", "a"),
        Err(EngineError::NotEligible(WhyNot::PutAside))
    );
    centre.set("a", AgentSetting::State("Waiting".to_owned()));
    assert_eq!(centre.dispatch("100", "a"), Ok(Reply::Done));
    centre.agent("b", 1, 1);
    assert_eq!(centre.dispatch("100", "b"), Err(EngineError::MemberNotInLine));
    let ring = centre.one_ring();
    centre.caller("101");
    assert_eq!(
        centre.dispatch("101", "a"),
        Err(EngineError::NotEligible(WhyNot::Engaged))
    );
    centre.talk(&ring, member);
    assert_eq!(centre.dispatch("100", "b"), Err(EngineError::MemberNotWaiting));
}

#[test]
fn skills_and_levels_hold_for_calls_given_by_hand() {
    let mut centre = Centre::with_queue(QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: 30,
        tier_rule_no_agent_no_wait: false,
        ..QueueConfig::named(QUEUE)
    });
    centre.dispatching(false);
    centre.agent("second", 2, 1);
    centre.caller("100");
    assert_eq!(
        centre.dispatch("100", "second"),
        Err(EngineError::NotEligible(WhyNot::LevelNotOpen))
    );
    centre.pass(60);
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        new_member_uuid: "member-101".to_owned(),
        requirements: CallerRequirements {
            skills: RequiredSkills::parse("gold").expect("skills"),
            ..CallerRequirements::default()
        },
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(request));
    centre.pass(60);
    assert_eq!(
        centre.dispatch("101", "second"),
        Err(EngineError::NotEligible(WhyNot::Skills))
    );
    assert_eq!(centre.dispatch("100", "second"), Ok(Reply::Done));
}
