//! The engine's rules, one by one.

mod admission;
mod adoption;
mod agent_reports;
mod announcements;
mod blf;
mod boxes;
mod call_records;
mod callbacks;
mod channel_variables;
mod chats;
mod clock;
mod configured_tiers;
mod counted_work;
mod crossings;
mod devices;
mod eligibility;
mod idleness;
mod left_queues;
mod limits_of_failures;
mod manual_dispatch;
mod matching;
mod offers_by_rule;
mod overview;
mod pauses;
mod preferred;
mod queue_log;
mod queues_in_database;
mod reconfigured_queue;
mod reload;
mod restarts;
mod rows_by_others;
mod rules_for_who_waits;
mod standing_legs;
mod statistics;
mod stock_faults;
mod succession;
mod watchdog;
mod whatever_happens;
mod whose_doing;

use super::*;

const QUEUE: &str = "support@default";

/// An engine and what it has put out.
struct Centre {
    engine: Engine,
    now: Timestamp,
    outputs: Vec<Output>,
}

impl Centre {
    fn new(strategy: &str) -> Self {
        Self::with_queue(QueueConfig {
            strategy: strategy.to_owned(),
            ..QueueConfig::named(QUEUE)
        })
    }

    fn with_queue(config: QueueConfig) -> Self {
        Self::with_settings(Settings::default(), config)
    }

    fn with_settings(settings: Settings, config: QueueConfig) -> Self {
        let mut centre = Self {
            engine: Engine::new(settings, 1),
            now: Timestamp::from_secs(1_000_000),
            outputs: Vec::new(),
        };
        centre.tell(Input::LoadQueue(config));
        centre
    }

    fn tell(&mut self, input: Input) -> Reply {
        self.try_tell(input).expect("the engine accepts the input")
    }

    fn try_tell(&mut self, input: Input) -> Result<Reply, EngineError> {
        let reply = self.engine.handle_input(self.now, input);
        self.collect();
        reply
    }

    fn collect(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            self.outputs.push(output);
        }
    }

    /// Lets time pass, acting on each deadline when it comes.
    fn pass(&mut self, seconds: i64) {
        self.pass_for(Span::from_secs(seconds));
    }

    fn pass_for(&mut self, span: Span) {
        let end = self.now + span;
        while let Some(at) = self.engine.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.engine.handle_timeout(self.now);
            self.collect();
        }
        self.now = end;
    }

    fn agent(&mut self, name: &str, level: i64, position: i64) {
        let agent_type = AgentType::parse("callback").expect("a known type");
        self.tell(Input::AgentAdd {
            name: name.to_owned(),
            agent_type,
        });
        self.set(name, AgentSetting::Contact(format!("user/{name}")));
        let tier = TierConfig {
            queue: QUEUE.to_owned(),
            agent: name.to_owned(),
            level,
            position,
        };
        self.tell(Input::TierAdd(tier));
        self.status(name, "Available");
    }

    fn set(&mut self, name: &str, setting: AgentSetting) {
        self.tell(Input::AgentSet {
            name: name.to_owned(),
            setting,
        });
    }

    fn status(&mut self, name: &str, status: &str) {
        self.set(name, AgentSetting::Status(status.to_owned()));
    }

    fn caller(&mut self, name: &str) -> MemberId {
        self.caller_with_score(name, 0)
    }

    fn caller_with_score(&mut self, name: &str, base_score: i64) -> MemberId {
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            cid_number: name.to_owned(),
            cid_name: format!("Caller {name}"),
            base_score,
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    fn leave(&mut self, member: MemberId) {
        self.leave_application(member, false);
    }

    /// The channel leaves the queue application, and is up.
    fn exits(&mut self, member: MemberId) {
        self.leave_application(member, true);
    }

    fn leave_application(&mut self, member: MemberId, channel_up: bool) {
        self.tell(Input::MemberExit {
            member,
            exit: MemberExit {
                channel_up,
                reason: None,
                key: None,
            },
        });
    }

    /// Takes the rings put out since the last call.
    fn rings(&mut self) -> Vec<Ring> {
        let (rings, others) = std::mem::take(&mut self.outputs)
            .into_iter()
            .partition(|output| matches!(output, Output::Ring(_)));
        self.outputs = others;
        let rings: Vec<Output> = rings;
        rings
            .into_iter()
            .filter_map(|output| {
                if let Output::Ring(ring) = output {
                    Some(ring)
                } else {
                    None
                }
            })
            .collect()
    }

    fn one_ring(&mut self) -> Ring {
        let mut rings = self.rings();
        assert_eq!(rings.len(), 1, "one ring is expected: {rings:?}");
        rings.remove(0)
    }

    /// The agent's side does not take it.
    fn fail(&mut self, ring: &Ring, cause: HangupCause) {
        self.end_ring(ring, RingEnd::NotTaken(cause));
    }

    fn end_ring(&mut self, ring: &Ring, end: RingEnd) {
        self.tell(Input::OfferFailed { offer: ring.offer, end });
    }

    /// The agent's leg is up.
    fn answer(&mut self, ring: &Ring) {
        self.tell(Input::OfferAnswered {
            offer: ring.offer,
            agent_uuid: format!("leg-{}", ring.agent),
        });
    }

    /// The agent is gone before the bridge, the member is not.
    fn fail_bridge(&mut self, ring: &Ring) {
        self.tell(Input::BridgeFailed {
            offer: ring.offer,
            member_up: true,
            agent_left: true,
            cause: HangupCause::NORMAL_CLEARING,
        });
    }

    /// Takes a ringing offer to a talk.
    fn talk(&mut self, ring: &Ring, member: MemberId) {
        self.answer(ring);
        self.tell(Input::OfferBridged { offer: ring.offer });
        self.exits(member);
    }

    fn hang_up(&mut self, ring: &Ring) {
        self.tell(Input::AgentLegEnded {
            offer: ring.offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        });
    }

    /// Takes the actions of the events put out since the last call.
    fn actions(&mut self) -> Vec<String> {
        let outputs = std::mem::take(&mut self.outputs);
        let events = outputs.iter().filter_map(|output| {
            if let Output::Event(event) = output {
                Some(event)
            } else {
                None
            }
        });
        events.map(|event| event.action().to_owned()).collect()
    }

    fn agent_row(&self, name: &str) -> AgentRow {
        self.engine.agent_row(name).expect("the agent is there")
    }

    fn member_states(&self) -> Vec<MemberState> {
        self.engine
            .member_rows(Some(QUEUE), self.now)
            .into_iter()
            .map(|listing| listing.row.state)
            .collect()
    }
}

#[test]
fn a_call_tells_its_whole_life_in_order() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.actions();
    let member = centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(
        (ring.contact.as_str(), ring.member_uuid.as_str()),
        ("user/a1", "member-100")
    );
    centre.talk(&ring, member);
    centre.pass(30);
    centre.hang_up(&ring);
    assert_eq!(
        centre.actions(),
        [
            "member-queue-start",
            "members-count",
            "agent-state-change",
            "agent-offering",
            "bridge-agent-start",
            "agent-state-change",
            "members-count",
            "bridge-agent-end",
            "member-queue-end",
            "agent-state-change",
        ]
    );
    let row = centre.agent_row("a1");
    assert_eq!(
        (row.state, row.calls_answered, row.talk_time),
        (AgentState::Waiting, 1, 30)
    );
    assert!(centre.member_states().is_empty());
}

#[test]
fn the_application_may_end_before_the_bridge_is_reported() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.tell(Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid: "leg".to_owned(),
    });
    let left = centre.tell(Input::MemberExit {
        member,
        exit: MemberExit {
            channel_up: true,
            reason: None,
            key: None,
        },
    });
    assert_eq!(left, Reply::Left { answered: true });
    centre.tell(Input::OfferBridged { offer: ring.offer });
    assert_eq!(centre.member_states(), [MemberState::Answered]);
    centre.hang_up(&ring);
    assert!(centre.member_states().is_empty());
    assert_eq!(centre.engine.queues()[0].calls_answered, 1);
}

#[test]
fn the_agents_leg_may_end_before_the_bridge_is_reported() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.tell(Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid: "leg".to_owned(),
    });
    centre.hang_up(&ring);
    centre.tell(Input::OfferBridged { offer: ring.offer });
    assert_eq!(centre.agent_row("a1").state, AgentState::Waiting);
    centre.tell(Input::MemberExit {
        member,
        exit: MemberExit {
            channel_up: true,
            reason: None,
            key: None,
        },
    });
    assert!(centre.member_states().is_empty());
    assert_eq!(centre.engine.queues()[0].calls_answered, 1);
}

#[test]
fn a_freed_agent_gets_the_best_member_at_once() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let first = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    centre.caller("200");
    centre.pass(1);
    centre.caller_with_score("300", 60);
    assert!(centre.rings().is_empty());
    centre.hang_up(&ring);
    assert_eq!(centre.one_ring().cid_number, "300");
}

#[test]
fn wrap_up_ends_exactly_when_it_is_over() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("wrap_up_time", 10));
    let first = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, first);
    centre.now = centre.now + Span::from_millis(300);
    centre.hang_up(&ring);
    centre.caller("200");
    assert!(centre.rings().is_empty());
    let over = centre.now + Span::from_secs(10);
    assert_eq!(centre.engine.poll_timeout(), Some(over));
    centre.pass(10);
    assert_eq!(centre.one_ring().cid_number, "200");
}

#[test]
fn a_failed_offer_goes_to_the_next_agent_and_the_first_has_a_pause() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    centre.set("a1", attribute("busy_delay_time", 60));
    centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a1");
    centre.fail(&ring, HangupCause::USER_BUSY);
    let second = centre.one_ring();
    assert_eq!(second.agent, "a2");
    assert_eq!(centre.agent_row("a1").ready_time, centre.now.secs() + 60);
    centre.fail(&second, HangupCause::NO_ANSWER);
    assert!(centre.rings().is_empty(), "nobody is rung again at once");
    assert_eq!(centre.engine.tier_rows()[1].state, TierState::NoAnswer);
    centre.pass(1);
    assert_eq!(centre.one_ring().agent, "a2");
}

#[test]
fn too_many_unanswered_calls_take_the_status_away() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("max_no_answer", 1));
    centre.caller("100");
    let ring = centre.one_ring();
    centre.actions();
    centre.fail(&ring, HangupCause::NO_ANSWER);
    assert_eq!(
        centre.actions(),
        [
            "agent-max-no-answer",
            "agent-status-change",
            "bridge-agent-fail",
            "agent-state-change"
        ]
    );
    assert_eq!(centre.agent_row("a1").status, AgentStatus::OnBreak);
}

#[test]
fn a_member_who_leaves_stops_the_ringing() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.leave(member);
    let cancelled = Output::CancelRing {
        offer: ring.offer,
        cause: HangupCause::ORIGINATOR_CANCEL,
    };
    assert!(centre.outputs.contains(&cancelled));
    assert_eq!(centre.member_states(), [MemberState::Abandoned]);
    let late = centre.try_tell(Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid: "leg".to_owned(),
    });
    assert_eq!(late, Err(EngineError::OfferOver));
    assert_eq!(centre.agent_row("a1").state, AgentState::Waiting);
    centre.pass(62);
    assert!(
        centre.member_states().is_empty(),
        "an abandoned member is discarded in the end"
    );
}

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
fn max_wait_time_waits_for_an_offer_under_way() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_wait_time: 5,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.pass(6);
    let is_release = |output: &Output| matches!(output, Output::Release(_));
    assert!(!centre.outputs.iter().any(is_release));
    centre.fail(&ring, HangupCause::NO_ANSWER);
    let release = Release {
        member,
        session_uuid: "session-100".to_owned(),
        reason: CancelReason::Timeout,
        parting: None,
    };
    assert!(centre.outputs.contains(&Output::Release(release)));
    centre.pass(10);
    assert!(
        centre.rings().is_empty(),
        "a member asked to leave is not offered again"
    );
}

#[test]
fn without_agents_a_member_is_let_go() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_wait_time_with_no_agent: 10,
        max_wait_time_with_no_agent_time_reached: 5,
        ..QueueConfig::named(QUEUE)
    });
    let member = centre.caller("100");
    centre.pass(14);
    assert!(!centre.outputs.iter().any(|output| matches!(output, Output::Release(_))));
    centre.pass(1);
    let reason = CancelReason::NoAgentTimeout;
    let release = Release {
        member,
        session_uuid: "session-100".to_owned(),
        reason,
        parting: None,
    };
    assert!(centre.outputs.contains(&Output::Release(release)));
}

#[test]
fn a_returning_caller_gets_the_old_place() {
    let mut centre = Centre::with_queue(QueueConfig {
        abandoned_resume_allowed: true,
        ..QueueConfig::named(QUEUE)
    });
    let member = centre.caller("100");
    centre.pass(20);
    centre.leave(member);
    centre.pass(5);
    centre.actions();
    assert_eq!(centre.caller("100"), member);
    assert_eq!(centre.actions(), ["member-queue-resume", "members-count"]);
    let listing = &centre.engine.member_rows(Some(QUEUE), centre.now)[0];
    assert_eq!((listing.score, listing.row.state), (25, MemberState::Waiting));
}

#[test]
fn a_crash_leaves_nobody_stuck() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    let mut members = centre.engine.member_rows(None, centre.now);
    let snapshot = Snapshot {
        agents: centre.engine.agent_rows(),
        tiers: centre.engine.tier_rows(),
        members: members.drain(..).map(|listing| listing.row).collect(),
        ..Snapshot::default()
    };
    let mut after = Centre {
        engine: Engine::new(Settings::default(), 2),
        now: centre.now,
        outputs: Vec::new(),
    };
    after.tell(Input::Restore(snapshot));
    after.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    let row = after.agent_row("a1");
    assert_eq!(
        (row.state, row.status, row.uuid.as_str()),
        (AgentState::Waiting, AgentStatus::Available, "")
    );
    assert_eq!(after.engine.tier_rows()[0].state, TierState::Ready);
    assert_eq!(after.member_states(), [MemberState::Abandoned]);
    after.caller("200");
    assert_eq!(after.one_ring().agent, "a1");
}

#[test]
fn deleting_a_talking_agent_lets_the_call_go_on() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.tell(Input::AgentDel { name: "a1".to_owned() });
    assert!(centre.engine.agent_rows().is_empty());
    centre.actions();
    centre.hang_up(&ring);
    assert_eq!(centre.actions(), ["bridge-agent-end", "member-queue-end"]);
    assert!(centre.engine.tier_rows().is_empty());
}

#[test]
fn a_configured_status_is_taken_once() {
    let mut centre = Centre::new("longest-idle-agent");
    let config = AgentConfig {
        name: "a1".to_owned(),
        agent_type: AgentType::parse("callback").expect("a known type"),
        contact: None,
        status: Some(AgentStatus::LoggedOut),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    };
    centre.tell(Input::ApplyAgent(config.clone()));
    centre.status("a1", "Available");
    centre.tell(Input::ApplyAgent(config.clone()));
    assert_eq!(centre.agent_row("a1").status, AgentStatus::Available);
    centre.tell(Input::ApplyAgent(AgentConfig {
        status: Some(AgentStatus::OnBreak),
        ..config
    }));
    assert_eq!(centre.agent_row("a1").status, AgentStatus::OnBreak);
}

/// The value a channel variable was last given, if it has one.
fn variable(centre: &Centre, name: &str) -> Option<String> {
    let mut latest_first = centre.outputs.iter().rev().filter_map(|output| match output {
        Output::Variables { changes, .. } => changes.iter().rev().find(|change| change.name == name),
        _ => None,
    });
    latest_first.next().and_then(|change| change.value.clone())
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

#[test]
fn a_standby_agent_whose_leg_is_gone_is_logged_out_without_a_pause() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.stands_on("a1", "leg");
    centre.leg("leg", LegState::Alone);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.end_ring(&ring, RingEnd::NoStandingLeg);
    let row = centre.agent_row("a1");
    assert_eq!(row.status, AgentStatus::LoggedOut);
    assert_eq!((row.no_answer_count, row.ready_time), (1, 0));
}

fn attribute(key: &str, value: i64) -> AgentSetting {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}
