//! A call from its beginning to its end, and ends that come early.

use super::*;

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
