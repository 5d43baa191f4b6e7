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
    assert_eq!(
        centre.dispatch("100", "b"),
        Err(EngineError::NotEligible(WhyNot::RingsAlready))
    );
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

fn not(why: WhyNot) -> Result<Reply, EngineError> {
    Err(EngineError::NotEligible(why))
}

/// A queue where one caller waits and two agents are free, whom nobody is offered to by itself.
fn two_free(config: QueueConfig) -> Centre {
    let mut centre = Centre::with_queue(config);
    centre.dispatching(false);
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 1);
    centre.caller("100");
    centre
}

#[test]
fn who_is_offered_to_nobody_says_its_own_reason() {
    let mut centre = two_free(QueueConfig::named(QUEUE));
    centre.tell(Input::UnloadQueue(QUEUE.to_owned()));
    assert_eq!(centre.dispatch("100", "a"), not(WhyNot::QueueNotLoaded));
    centre.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    assert_eq!(centre.dispatch("100", "a"), Ok(Reply::Done));
    assert_eq!(centre.dispatch("100", "b"), not(WhyNot::RingsAlready));
    let ring = centre.one_ring();
    let refused = RingEnd::Refused(Refusal::Sessions, HangupCause::DESTINATION_OUT_OF_ORDER);
    centre.end_ring(&ring, refused);
    assert_eq!(centre.dispatch("100", "b"), not(WhyNot::CallsRefused));
    centre.pass(10);
    assert_eq!(centre.dispatch("100", "b"), Ok(Reply::Done));
}

#[test]
fn who_rests_or_rings_on_or_is_overdue_says_so() {
    let mut centre = two_free(QueueConfig {
        retry_delay: 30,
        max_wait_time: 100,
        ..QueueConfig::named(QUEUE)
    });
    assert_eq!(centre.dispatch("100", "a"), Ok(Reply::Done));
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert_eq!(centre.dispatch("100", "b"), not(WhyNot::MemberRests));
    centre.pass(40);
    assert_eq!(centre.dispatch("100", "b"), Ok(Reply::Done));
    centre.pass(60);
    assert_eq!(centre.dispatch("100", "a"), not(WhyNot::Overdue));
    let mut centre = two_free(QueueConfig {
        strategy: Strategy::RingProgressively.to_string(),
        ring_progressively_delay: 5,
        ..QueueConfig::named(QUEUE)
    });
    assert_eq!(centre.dispatch("100", "a"), Ok(Reply::Done));
    assert_eq!(centre.dispatch("100", "b"), not(WhyNot::NextPhoneLater));
    centre.pass(5);
    assert_eq!(centre.dispatch("100", "b"), Ok(Reply::Done));
}

impl Centre {
    fn why(&self, member: &str, agent: &str) -> Result<Unoffered, EngineError> {
        self.engine
            .why_not_offered(self.now, &format!("member-{member}"), agent)
    }
}

#[test]
fn why_somebody_is_not_offered_is_what_dispatch_member_would_answer() {
    let mut centre = two_free(QueueConfig::named(QUEUE));
    assert_eq!(centre.why("100", "a"), Ok(Unoffered::DispatchingIsOff));
    assert_eq!(centre.rings(), [], "who asks has nobody rung");
    for (member, agent) in [("999", "a"), ("100", "nobody")] {
        let answer = centre.dispatch(member, agent).map(|_| Unoffered::ForNoReason);
        assert_eq!(centre.why(member, agent), answer);
    }
    centre.status("a", "On Break");
    assert_eq!(centre.why("100", "a"), Err(WhyNot::NotAvailable.into()));
    centre.dispatching(true);
    assert_eq!(centre.one_ring().agent, "b");
    assert_eq!(centre.why("100", "a"), Err(WhyNot::RingsAlready.into()));
}

#[test]
fn a_member_who_waits_for_a_preferred_agent_says_so_to_all_others() {
    let mut centre = Centre::with_queue(QueueConfig {
        sticky_wait: 60,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("own", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.agent("other", 1, 1);
    let preferring = JoinRequest {
        queue: QUEUE.to_owned(),
        new_member_uuid: "member-101".to_owned(),
        preferred: PreferredAgents::one("own"),
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(preferring));
    assert_eq!(centre.rings(), []);
    assert_eq!(centre.why("101", "other"), Ok(Unoffered::AwaitsPreferred));
    assert_eq!(centre.why("101", "own"), Err(WhyNot::Engaged.into()));
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert_eq!(
        centre.dispatch("101", "other"),
        Err(WhyNot::Engaged.into()),
        "who has taken the first"
    );
}
