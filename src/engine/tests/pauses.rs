//! Pauses: asked for in one queue, asked for everywhere, and those after a call that was not taken.

use super::*;

impl Centre {
    fn pause(&mut self, agent: &str, reason: &str) {
        self.tell(Input::TierPause {
            queue: QUEUE.to_owned(),
            agent: agent.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn resume(&mut self, agent: &str) {
        self.tell(Input::TierResume {
            queue: QUEUE.to_owned(),
            agent: agent.to_owned(),
        });
    }

    /// Agent, queue and reason of each pause.
    fn paused(&self) -> Vec<(String, Option<String>, String)> {
        let pauses = self.engine.pauses().into_iter();
        pauses
            .map(|pause| (pause.agent, pause.queue, pause.pause.reason))
            .collect()
    }

    /// The pauses a database would hold.
    fn kept(&self) -> Vec<(String, Option<String>, Pause)> {
        let mut rows = std::collections::BTreeMap::new();
        for output in &self.outputs {
            if let Output::Row(RowChange::Pause { agent, queue, pause }) = output {
                rows.insert((agent.clone(), queue.clone()), pause.clone());
            }
        }
        let kept = rows.into_iter();
        kept.filter_map(|((agent, queue), pause)| Some((agent, queue, pause?)))
            .collect()
    }

    fn events(&self, action: &str) -> Vec<&Event> {
        let events = self.outputs.iter().filter_map(|output| match output {
            Output::Event(event) => Some(event),
            _ => None,
        });
        events.filter(|event| event.action() == action).collect()
    }

    /// An agent of another queue as well.
    fn also_serves(&mut self, agent: &str, queue: &str) {
        self.tell(Input::LoadQueue(QueueConfig::named(queue)));
        self.tell(Input::TierAdd(TierConfig {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            level: 1,
            position: 1,
        }));
    }
}

fn in_queue(agent: &str, reason: &str) -> (String, Option<String>, String) {
    (agent.to_owned(), Some(QUEUE.to_owned()), reason.to_owned())
}

fn everywhere(agent: &str, reason: &str) -> (String, Option<String>, String) {
    (agent.to_owned(), None, reason.to_owned())
}

#[test]
fn a_paused_agent_gets_no_callers_of_that_queue_and_those_of_others() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.also_serves("a", "sales@default");
    centre.pause("a", "lunch");
    centre.caller("100");
    assert!(centre.rings().is_empty(), "the agent is paused");
    let elsewhere = JoinRequest {
        queue: "sales@default".to_owned(),
        session_uuid: "session-101".to_owned(),
        new_member_uuid: "member-101".to_owned(),
        ..JoinRequest::default()
    };
    centre.tell(Input::MemberJoin(elsewhere));
    let rings = centre.rings();
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0].queue, "sales@default");
    centre.fail(&rings[0], HangupCause::NO_ANSWER);
    centre.rings();
    centre.resume("a");
    centre.pass(2);
    assert!(
        centre.rings().iter().any(|ring| ring.queue == QUEUE),
        "the pause is over"
    );
    assert_eq!(centre.paused(), []);
}

#[test]
fn a_pause_stops_the_phone_that_rings_for_the_queue_and_tells_of_it() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("100");
    let ring = centre.rings().remove(0);
    centre.outputs.clear();
    centre.pause("a", "lunch");
    let stopped = |output: &Output| matches!(output, Output::CancelRing { offer, .. } if *offer == ring.offer);
    assert!(centre.outputs.iter().any(stopped));
    let told = centre.events("tier-pause-change");
    assert_eq!(told.len(), 1);
    for (header, value) in [
        ("CC-Queue", QUEUE),
        ("CC-Agent", "a"),
        ("CC-Tier-Paused", "true"),
        ("CC-Pause-Reason", "lunch"),
    ] {
        assert_eq!(told[0].header(header), Some(value), "{header}");
    }
    centre.outputs.clear();
    centre.pause("a", "lunch");
    assert_eq!(
        centre.events("tier-pause-change"),
        Vec::<&Event>::new(),
        "it is no news"
    );
    centre.resume("a");
    assert_eq!(
        centre.events("tier-pause-change")[0].header("CC-Tier-Paused"),
        Some("false")
    );
}

#[test]
fn who_is_paused_in_a_queue_counts_as_paused_there() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: Some(Absences::PAUSED),
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre.pause("a", "");
    let live = centre.engine.queue_statistics(Some(QUEUE))[0].live;
    assert_eq!((live.agents, live.free_agents, live.paused_agents), (1, 0, 1));
    let request = JoinRequest {
        queue: QUEUE.to_owned(),
        session_uuid: "session-100".to_owned(),
        new_member_uuid: "member-100".to_owned(),
        ..JoinRequest::default()
    };
    let refused = centre.tell(Input::MemberJoin(request.clone()));
    assert!(matches!(
        refused,
        Reply::Refused {
            reason: CancelReason::JoinEmpty,
            ..
        }
    ));
    centre.resume("a");
    assert!(matches!(centre.tell(Input::MemberJoin(request)), Reply::Joined { .. }));
}

#[test]
fn pauses_outlast_a_restart_and_go_with_their_tier() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 1);
    centre.pause("a", "lunch");
    centre.tell(Input::AgentPause {
        name: "b".to_owned(),
        reason: "meeting".to_owned(),
    });
    let expected = [in_queue("a", "lunch"), everywhere("b", "meeting")];
    assert_eq!(centre.paused(), expected);
    let mut after = Centre::new("longest-idle-agent");
    after.tell(Input::Restore(Snapshot {
        agents: centre.engine.agent_rows(),
        tiers: centre.engine.tier_rows(),
        pauses: centre.kept(),
        ..Snapshot::default()
    }));
    after.tell(Input::LoadQueue(QueueConfig::named(QUEUE)));
    assert_eq!(after.paused(), expected);
    after.caller("100");
    assert!(after.rings().is_empty());
    after.resume("a");
    assert_eq!(after.rings().len(), 1);
    after.pause("a", "lunch");
    after.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
    });
    after.tell(Input::AgentDel { name: "b".to_owned() });
    assert_eq!(after.paused(), []);
    assert_eq!(after.kept(), []);
}

#[test]
fn a_pause_that_nothing_is_left_of_is_forgotten() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let pause = Pause {
        reason: "lunch".to_owned(),
        since: 1,
    };
    let mut after = Centre::new("longest-idle-agent");
    after.tell(Input::Restore(Snapshot {
        agents: centre.engine.agent_rows(),
        pauses: vec![
            ("a".to_owned(), None, pause.clone()),
            ("a".to_owned(), Some(QUEUE.to_owned()), pause.clone()),
            ("nobody".to_owned(), None, pause),
        ],
        ..Snapshot::default()
    }));
    assert_eq!(after.paused(), [], "available, without a tier, and gone");
    let forgotten = |output: &&Output| matches!(output, Output::Row(RowChange::Pause { pause: None, .. }));
    assert_eq!(after.outputs.iter().filter(forgotten).count(), 3);
}

#[test]
fn the_reason_of_a_break_goes_with_the_break() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.tell(Input::AgentPause {
        name: "a".to_owned(),
        reason: "lunch".to_owned(),
    });
    assert_eq!(centre.engine.pause_reason("a").as_deref(), Some("lunch"));
    let told = centre.events("agent-status-change");
    assert_eq!(
        told.last().and_then(|event| event.header("CC-Pause-Reason")),
        Some("lunch")
    );
    centre.caller("100");
    assert!(centre.rings().is_empty());
    centre.tell(Input::AgentResume { name: "a".to_owned() });
    assert_eq!(centre.engine.pause_reason("a").as_deref(), Some(""));
    assert_eq!(centre.rings().len(), 1);
    assert_eq!(centre.kept(), []);
}

#[test]
fn an_agent_who_serves_by_skills_can_be_paused_as_well() {
    let mut centre = Centre::with_queue(QueueConfig {
        required_skills: RequiredSkills::parse("german").expect("skills"),
        ..QueueConfig::named(QUEUE)
    });
    let agent_type = AgentType::callback();
    centre.tell(Input::AgentAdd {
        name: "a".to_owned(),
        agent_type,
    });
    let skills = |text: &str| AgentSetting::Skills(Skills::parse(text).expect("skills"));
    centre.set("a", skills("german"));
    centre.status("a", "Available");
    centre.pause("a", "lunch");
    centre.caller("100");
    assert!(centre.rings().is_empty());
    assert_eq!(centre.engine.tier_listings(), []);
    centre.tell(Input::TierAdd(TierConfig {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    }));
    assert_eq!(centre.rings(), [], "a tier does not end the pause");
    assert!(centre.engine.tier_listings()[0].pause.is_some());
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
    });
    assert_eq!(centre.rings().len(), 1, "a tier that goes takes it along");
    centre.pause("a", "lunch");
    centre.set("a", skills("french"));
    assert_eq!(centre.paused(), [], "and so do skills");
}

fn centre_with(autopause: Autopause) -> Centre {
    let mut centre = Centre::with_queue(QueueConfig {
        autopause,
        autopause_busy: autopause == Autopause::All,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a", 1, 1);
    centre
}

/// A call that ends so; what the agent is then.
fn after_offer(centre: &mut Centre, cause: HangupCause) -> (Vec<(String, Option<String>, String)>, AgentStatus) {
    let member = centre.caller("100");
    let ring = centre.rings().remove(0);
    centre.fail(&ring, cause);
    centre.leave(member);
    let row = centre.engine.agent_row("a").expect("the agent");
    (centre.paused(), row.status)
}

#[test]
fn an_agent_who_does_not_answer_is_paused_where_the_queue_says() {
    let paused = vec![in_queue("a", "Auto-Pause")];
    let on_break = vec![everywhere("a", "Auto-Pause")];
    for (autopause, cause, pauses, status) in [
        (Autopause::No, HangupCause::NO_ANSWER, vec![], AgentStatus::Available),
        (Autopause::Yes, HangupCause::NO_ANSWER, paused, AgentStatus::Available),
        (
            Autopause::All,
            HangupCause::NO_ANSWER,
            on_break.clone(),
            AgentStatus::OnBreak,
        ),
        (Autopause::Yes, HangupCause::USER_BUSY, vec![], AgentStatus::Available),
        (
            Autopause::All,
            HangupCause::USER_BUSY,
            on_break.clone(),
            AgentStatus::OnBreak,
        ),
        (
            Autopause::All,
            HangupCause::CALL_REJECTED,
            on_break,
            AgentStatus::OnBreak,
        ),
        (
            Autopause::All,
            HangupCause::USER_NOT_REGISTERED,
            vec![],
            AgentStatus::Available,
        ),
    ] {
        let mut centre = centre_with(autopause);
        let found = after_offer(&mut centre, cause.clone());
        assert_eq!(found, (pauses, status), "{autopause} {cause}");
    }
}

#[test]
fn nobody_is_paused_soon_after_a_call() {
    let config = QueueConfig {
        autopause: Autopause::Yes,
        autopause_delay: 30,
        ..QueueConfig::named(QUEUE)
    };
    let mut centre = Centre::with_queue(config.clone());
    let row = AgentRow {
        last_bridge_end: centre.now.secs() - 5,
        status: AgentStatus::Available,
        contact: "user/a".to_owned(),
        ..AgentRow::new("a", "single_box", AgentType::callback())
    };
    let tier = TierRow {
        queue: QUEUE.to_owned(),
        agent: "a".to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    };
    centre.tell(Input::Restore(Snapshot {
        agents: vec![row],
        tiers: vec![tier],
        ..Snapshot::default()
    }));
    centre.tell(Input::LoadQueue(config));
    assert_eq!(after_offer(&mut centre, HangupCause::NO_ANSWER).0, []);
    centre.pass(30);
    assert_eq!(after_offer(&mut centre, HangupCause::NO_ANSWER).0.len(), 1);
}

#[test]
fn only_who_serves_a_queue_can_be_paused_there() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let refused = |centre: &mut Centre, queue: &str, agent: &str| {
        let input = Input::TierPause {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            reason: String::new(),
        };
        centre.try_tell(input).expect_err("nobody to pause")
    };
    assert_eq!(refused(&mut centre, "nowhere", "a"), EngineError::TierNotFound);
    assert_eq!(refused(&mut centre, QUEUE, "nobody"), EngineError::TierNotFound);
}

#[test]
fn a_tier_that_begins_paused_is_not_rung_for_who_waits_already() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.status("a", "On Break");
    centre.caller("100");
    centre.tell(Input::AgentAdd {
        name: "b".to_owned(),
        agent_type: AgentType::callback(),
    });
    centre.status("b", "Available");
    let tier = TierConfig {
        queue: QUEUE.to_owned(),
        agent: "b".to_owned(),
        level: 1,
        position: 1,
    };
    let reason = "in training".to_owned();
    centre.tell(Input::TierAddPaused { tier, reason });
    assert!(centre.rings().is_empty());
    assert_eq!(centre.paused(), [in_queue("b", "in training")]);
    centre.resume("b");
    assert_eq!(centre.one_ring().agent, "b");
}

#[test]
fn a_paused_tier_is_on_standby_for_who_knows_states_alone() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let state = |centre: &Centre| centre.engine.tier_rows()[0].state;
    let written = |centre: &mut Centre| {
        let outputs = std::mem::take(&mut centre.outputs).into_iter();
        let states = outputs.filter_map(|output| match output {
            Output::Row(RowChange::Tier(row)) => Some(row.state),
            _ => None,
        });
        states.collect::<Vec<_>>()
    };
    written(&mut centre);
    centre.pause("a", "lunch");
    assert_eq!(
        (state(&centre), written(&mut centre)),
        (TierState::Standby, vec![TierState::Standby])
    );
    centre.resume("a");
    assert_eq!(
        (state(&centre), written(&mut centre)),
        (TierState::Ready, vec![TierState::Ready])
    );
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.pause("a", "lunch");
    assert_eq!(state(&centre), TierState::ActiveInbound, "the talk goes on");
    centre.hang_up(&ring);
    assert_eq!(state(&centre), TierState::Standby);
}

#[test]
fn the_end_of_a_break_tells_what_it_was_for() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let reason_told = |centre: &Centre| {
        let told = centre.events("agent-status-change");
        let last = told.last().expect("the status has changed");
        last.header("CC-Pause-Reason").map(str::to_owned)
    };
    for end in [
        Input::AgentResume { name: "a".to_owned() },
        Input::AgentSet {
            name: "a".to_owned(),
            setting: AgentSetting::Status("Logged Out".to_owned()),
        },
    ] {
        centre.tell(Input::AgentPause {
            name: "a".to_owned(),
            reason: "lunch".to_owned(),
        });
        centre.tell(end);
        assert_eq!(reason_told(&centre).as_deref(), Some("lunch"));
    }
    centre.status("a", "Available");
    assert_eq!(reason_told(&centre), None, "it is told once");
}
