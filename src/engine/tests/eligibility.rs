//! One question, one answer: who counts as able to serve, wherever that is asked. `core/consistency/pairs.rs` has all pairs at random.

mod clock_without_agents;

use super::*;

fn required(text: &str) -> RequiredSkills {
    RequiredSkills::parse(text).expect("required skills")
}

/// Asterisk's `no`: whoever is on a break does not count.
const NO: Absences = Absences::PAUSED;

fn german() -> QueueConfig {
    QueueConfig {
        required_skills: required("german"),
        ..QueueConfig::named(QUEUE)
    }
}

fn wishing(skills: &str, media: Media) -> CallerRequirements {
    CallerRequirements {
        skills: required(skills),
        media,
        ..CallerRequirements::default()
    }
}

impl Centre {
    /// Who tries to come in, and why not.
    fn enters(&mut self, name: &str, requirements: CallerRequirements) -> Option<CancelReason> {
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            requirements,
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Refused { reason, .. } => Some(reason),
            _ => None,
        }
    }

    fn gone(&mut self) -> Vec<(String, CancelReason)> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let gone = outputs.filter_map(|output| match output {
            Output::Release(release) => Some((release.session_uuid, release.reason)),
            _ => None,
        });
        gone.collect()
    }

    fn give(&mut self, member: &str, agent: &str) -> Result<Reply, EngineError> {
        self.try_tell(Input::DispatchMember {
            uuid: format!("member-{member}"),
            agent: agent.to_owned(),
        })
    }

    fn learns(&mut self, agent: &str, skills: &str) {
        self.set(agent, AgentSetting::Skills(Skills::parse(skills).expect("skills")));
    }

    fn figures(&self) -> QueueStatistics {
        self.engine.queue_statistics(Some(QUEUE)).remove(0)
    }
}

fn refused(why: WhyNot) -> Result<Reply, EngineError> {
    Err(EngineError::NotEligible(why))
}

#[test]
fn an_agent_with_a_tier_and_without_the_skill_counts_nowhere() {
    for absences in [NO, Absences::STRICT, Absences::NONE] {
        let mut centre = Centre::with_queue(QueueConfig {
            join_empty: Some(absences),
            ..german()
        });
        centre.agent("a", 1, 1);
        let figures = centre.figures();
        assert_eq!((figures.live.free_agents, figures.live.agents), (0, 0));
        assert_eq!(figures.estimated_wait, None);
        assert_eq!(centre.engine.centre_statistics(centre.now).live.free_agents, 0);
        assert_eq!(
            centre.enters("100", CallerRequirements::default()),
            Some(CancelReason::JoinEmpty)
        );
        centre.learns("a", "german");
        let figures = centre.figures();
        assert_eq!((figures.live.free_agents, figures.live.agents), (1, 1));
        assert_eq!(figures.estimated_wait, Some(Span::ZERO));
        assert_eq!(centre.engine.centre_statistics(centre.now).live.free_agents, 1);
        assert_eq!(centre.enters("101", CallerRequirements::default()), None);
    }
}

#[test]
fn nobody_enters_or_waits_on_where_nobody_has_the_skill() {
    let mut centre = Centre::with_queue(QueueConfig {
        reject_on_no_agents: true,
        leave_when_empty: Some(Absences::NONE),
        ..german()
    });
    centre.agent("plain", 1, 1);
    assert_eq!(
        centre.enters("100", CallerRequirements::default()),
        Some(CancelReason::NoAgents)
    );
    centre.learns("plain", "german");
    centre.set("plain", AgentSetting::State("Idle".to_owned()));
    assert_eq!(centre.enters("101", CallerRequirements::default()), None);
    assert_eq!(centre.gone(), []);
    centre.learns("plain", "french");
    assert_eq!(centre.gone(), [("session-101".to_owned(), CancelReason::LeaveEmpty)]);
}

#[test]
fn a_callers_own_skills_decide_for_this_caller() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: Some(Absences::NONE),
        leave_when_empty: Some(Absences::NONE),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("plain", 1, 1);
    centre.set("plain", AgentSetting::State("Idle".to_owned()));
    let gold = || wishing("gold", Media::Audio);
    assert_eq!(centre.enters("100", gold()), Some(CancelReason::JoinEmpty));
    assert_eq!(centre.enters("101", CallerRequirements::default()), None);
    centre.agent("golden", 1, 1);
    centre.set("golden", AgentSetting::State("Idle".to_owned()));
    centre.learns("golden", "gold");
    assert_eq!(centre.enters("102", gold()), None);
    assert_eq!(centre.gone(), []);
    centre.status("golden", "Logged Out");
    assert_eq!(centre.gone(), [("session-102".to_owned(), CancelReason::LeaveEmpty)]);
}

#[test]
fn who_will_do_once_less_is_asked_for_is_somebody_to_wait_for() {
    let mut centre = Centre::with_queue(QueueConfig {
        required_skills: required("german,gold"),
        skill_relax_seconds: 20,
        join_empty: Some(Absences::NONE),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre.learns("a", "german");
    assert_eq!(centre.figures().live.free_agents, 0, "not at once");
    assert_eq!(centre.enters("100", CallerRequirements::default()), None);
    centre.pass(20);
    assert_eq!(centre.one_ring().agent, "a");
}

#[test]
fn a_level_that_is_over_is_nobody_to_wait_for() {
    let mut centre = Centre::with_queue(QueueConfig {
        level_rules: LevelRules::parse("30:9:3").expect("rules"),
        leave_when_empty: Some(Absences::NONE),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("two", 2, 1);
    centre.set("two", AgentSetting::State("Idle".to_owned()));
    assert_eq!(centre.enters("100", CallerRequirements::default()), None);
    centre.pass(29);
    assert_eq!(centre.gone(), []);
    centre.pass(1);
    assert_eq!(centre.gone(), [("session-100".to_owned(), CancelReason::LeaveEmpty)]);
}

#[test]
fn tier_rules_skip_a_level_whose_agents_will_not_do() {
    let mut centre = Centre::with_queue(QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: 30,
        tier_rule_wait_multiply_level: true,
        ..german()
    });
    centre.agent("first", 1, 1);
    centre.agent("second", 2, 1);
    centre.learns("second", "german");
    assert_eq!(centre.figures().live.free_agents, 1);
    centre.caller("100");
    assert_eq!(centre.one_ring().agent, "second");
}

#[test]
fn a_free_agent_of_a_level_that_is_not_open_is_nobody_at_once() {
    let mut centre = Centre::with_queue(QueueConfig {
        tier_rules_apply: true,
        tier_rule_wait_second: 30,
        tier_rule_no_agent_no_wait: false,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    assert_eq!(
        (centre.figures().live.free_agents, centre.figures().estimated_wait),
        (0, None)
    );
    assert_eq!(centre.engine.centre_statistics(centre.now).live.free_agents, 0);
}

#[test]
fn while_nobody_dispatches_a_free_agent_promises_nothing() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.tell(Input::InternalDispatching { on: false });
    assert_eq!(
        (centre.figures().live.free_agents, centre.figures().estimated_wait),
        (1, None)
    );
}

#[test]
fn calls_outside_the_queues_keep_nobody_away_where_the_queue_does_not_mind() {
    for (minds, reason) in [(true, Some(CancelReason::JoinEmpty)), (false, None)] {
        let mut centre = Centre::with_queue(QueueConfig {
            skip_agents_with_external_calls: minds,
            join_empty: Some(Absences::NONE.with(Absence::InUse)),
            ..QueueConfig::named(QUEUE)
        });
        centre.agent("a", 1, 1);
        centre.tell(Input::ExternalCallStarted { agent: "a".to_owned() });
        assert_eq!(centre.enters("100", CallerRequirements::default()), reason, "{minds}");
    }
}

#[test]
fn a_tier_that_cannot_be_used_is_nobody_to_wait_for() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: Some(Absences::STRICT),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    let set = |state| Input::TierSet {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        setting: TierSetting::State(state),
    };
    centre.tell(set(TierState::Standby));
    assert_eq!(
        centre.enters("100", CallerRequirements::default()),
        Some(CancelReason::JoinEmpty)
    );
    centre.tell(set(TierState::Ready));
    assert_eq!(centre.enters("101", CallerRequirements::default()), None);
}

#[test]
fn a_chat_enters_where_somebody_takes_chats_whatever_the_calls() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: Some(Absences::STRICT.with(Absence::InUse).with(Absence::Ringing)),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    let chat = || wishing("", Media::Chat);
    assert_eq!(centre.enters("100", chat()), Some(CancelReason::JoinEmpty), "no chats");
    centre.set("a", attribute("max_chats", 1));
    let call = centre.caller("101");
    let ring = centre.one_ring();
    centre.talk(&ring, call);
    assert_eq!(
        centre.enters("102", CallerRequirements::default()),
        Some(CancelReason::JoinEmpty),
        "in a call"
    );
    assert_eq!(centre.enters("103", chat()), None, "which is no chat");
    let ring = centre.one_ring();
    assert_eq!(
        centre.enters("104", chat()),
        Some(CancelReason::JoinEmpty),
        "one at a time"
    );
    centre.answer(&ring);
    centre.tell(Input::OfferBridged { offer: ring.offer });
    assert_eq!(
        centre.enters("105", chat()),
        Some(CancelReason::JoinEmpty),
        "and no more"
    );
}

#[test]
fn a_chat_is_given_to_an_agent_in_a_call_and_a_refusal_names_its_reason() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::InternalDispatching { on: false });
    centre.agent("a", 1, 1);
    let call = centre.caller("call");
    assert_eq!(centre.give("call", "a"), Ok(Reply::Done));
    let ring = centre.one_ring();
    centre.talk(&ring, call);
    assert_eq!(centre.enters("chat", wishing("", Media::Chat)), None);
    assert_eq!(centre.give("chat", "a"), refused(WhyNot::NoChats));
    centre.set("a", attribute("max_chats", 1));
    let (queue, agent) = (QUEUE.to_owned(), "a".to_owned());
    centre.tell(Input::TierPause {
        queue: queue.clone(),
        agent: agent.clone(),
        reason: String::new(),
    });
    assert_eq!(centre.give("chat", "a"), refused(WhyNot::Paused));
    centre.tell(Input::TierResume { queue, agent });
    assert_eq!(centre.give("chat", "a"), Ok(Reply::Done));
    let ring = centre.one_ring();
    assert_eq!(centre.enters("next", wishing("", Media::Chat)), None);
    assert_eq!(centre.give("next", "a"), refused(WhyNot::ChatRings));
    centre.answer(&ring);
    centre.tell(Input::OfferBridged { offer: ring.offer });
    assert_eq!(centre.give("next", "a"), refused(WhyNot::FullOfChats));
    assert_eq!(centre.enters("gold", wishing("gold", Media::Chat)), None);
    centre.set("a", attribute("max_chats", 2));
    assert_eq!(centre.give("gold", "a"), refused(WhyNot::Skills));
    assert_eq!(centre.give("next", "a"), Ok(Reply::Done));
}

#[test]
fn a_refusal_of_a_call_names_its_reason() {
    let mut centre = Centre::with_queue(QueueConfig {
        ring_in_use: false,
        ..QueueConfig::named(QUEUE)
    });
    centre.tell(Input::InternalDispatching { on: false });
    centre.agent("a", 3, 1);
    centre.set("a", attribute("wrap_up_time", 30));
    centre.caller("100");
    assert_eq!(centre.give("100", "a"), Ok(Reply::Done));
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert_eq!(centre.give("100", "a"), refused(WhyNot::Rests));
    centre.pass(5);
    let device = |in_use| Input::DeviceState {
        device: "a@x".to_owned(),
        in_use,
    };
    centre.tell(device(true));
    assert_eq!(centre.give("100", "a"), refused(WhyNot::PhoneInUse));
    centre.tell(device(false));
    centre.tell(Input::ExternalCallStarted { agent: "a".to_owned() });
    assert_eq!(centre.give("100", "a"), refused(WhyNot::OtherCall));
    centre.tell(Input::ExternalCallEnded { agent: "a".to_owned() });
    centre.tell(Input::TierSet {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        setting: TierSetting::State(TierState::Standby),
    });
    assert_eq!(centre.give("100", "a"), refused(WhyNot::TierState));
    centre.tell(Input::TierSet {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        setting: TierSetting::State(TierState::Ready),
    });
    let levels = LevelLimits {
        max: Some(2),
        ..LevelLimits::default()
    };
    let requirements = CallerRequirements {
        levels,
        ..CallerRequirements::default()
    };
    assert_eq!(centre.enters("101", requirements), None);
    assert_eq!(centre.give("101", "a"), refused(WhyNot::Level));
    assert_eq!(centre.give("100", "a"), Ok(Reply::Done));
}

#[test]
fn the_raised_and_the_lowest_level_are_never_above_the_highest_from_the_beginning() {
    for (min, raise) in [(Some(5), None), (None, Some(5))] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("one", 1, 1);
        let levels = LevelLimits {
            max: Some(1),
            min,
            raise,
            ..LevelLimits::default()
        };
        let requirements = CallerRequirements {
            levels,
            ..CallerRequirements::default()
        };
        assert_eq!(centre.enters("100", requirements), None);
        assert_eq!(centre.one_ring().agent, "one");
    }
}

#[test]
fn a_place_on_entry_is_exact_among_those_who_came_in_one_second() {
    let mut centre = Centre::new("longest-idle-agent");
    for name in ["first", "second", "third"] {
        centre.caller(name);
        centre.now = centre.now + Span::from_millis(1);
    }
    let mut joins = |name: &str, position| {
        centre.now = centre.now + Span::from_millis(1);
        centre.tell(Input::MemberJoin(JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            position: Some(position),
            ..JoinRequest::default()
        }));
        let listed = centre.engine.member_rows(Some(QUEUE), centre.now).into_iter();
        let names = listed.map(|listing| listing.row.uuid.trim_start_matches("member-").to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(joins("a", 2), "first a second third");
    assert_eq!(joins("b", 2), "first b a second third");
    assert_eq!(joins("c", 3), "first b c a second third");
    assert_eq!(joins("d", 1), "d first b c a second third");
    assert_eq!(joins("e", 8), "d first b c a second third e");
    for number in 0..100 {
        let line = joins(&number.to_string(), 2);
        assert!(line.starts_with(&format!("d {number} ")), "{line}");
    }
}

#[test]
fn what_a_caller_brings_is_told_at_the_door_as_well() {
    let mut centre = Centre::with_queue(QueueConfig {
        reject_on_no_agents: true,
        ..QueueConfig::named(QUEUE)
    });
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        param: Some("order 7".to_owned()),
        requirements: wishing("", Media::Chat),
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(request));
    let event = centre.outputs.iter().find_map(|output| match output {
        Output::Event(event) if event.action() == "member-queue-refused" => Some(event.headers.clone()),
        _ => None,
    });
    let headers = event.expect("the event");
    for header in [("CC-Param", "order 7"), ("CC-Media", "chat")] {
        let header = (header.0, header.1.to_owned());
        assert!(headers.contains(&header), "{headers:?}");
    }
}
