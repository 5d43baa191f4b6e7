//! What happens at the same instant, or across a restart: situations the simulation found.

use super::*;

const OTHER: &str = "other@default";

impl Centre {
    fn load_other(&mut self) {
        self.tell(Input::LoadQueue(QueueConfig {
            strategy: "sequentially-by-agent-order".to_owned(),
            ..QueueConfig::named(OTHER)
        }));
    }

    fn serve_other(&mut self, agent: &str, position: i64) {
        self.tell(Input::TierAdd(TierConfig {
            queue: OTHER.to_owned(),
            agent: agent.to_owned(),
            level: 1,
            position,
        }));
    }

    fn caller_of_other(&mut self, name: &str) -> MemberId {
        let request = JoinRequest {
            queue: OTHER.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            cid_number: name.to_owned(),
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    /// Time passes, and nobody has acted on a deadline yet.
    fn stand_still(&mut self, seconds: i64) {
        self.now = self.now + Span::from_secs(seconds);
    }

    fn reasons_of_release(&self) -> Vec<CancelReason> {
        let outputs = self.outputs.iter();
        outputs
            .filter_map(|output| match output {
                Output::Release(release) => Some(release.reason),
                _ => None,
            })
            .collect()
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let members = self.engine.member_rows(None, self.now).into_iter();
        Snapshot {
            queues: Vec::new(),
            agents: self.engine.agent_rows(),
            tiers: self.engine.tier_rows(),
            members: members.map(|listing| listing.row).collect(),
            configured: Vec::new(),
            agent_limits: Vec::new(),
            configured_tiers: Vec::new(),
            skills: Vec::new(),
            pauses: Vec::new(),
            callers: Vec::new(),
            callbacks: self.engine.callbacks(None),
        }
    }

    /// A new process that reads these rows at `now`.
    fn restarted(snapshot: Snapshot, now: Timestamp, config: QueueConfig) -> Self {
        let mut after = Self {
            engine: Engine::new(Settings::default(), 2),
            now,
            outputs: Vec::new(),
        };
        after.tell(Input::Restore(snapshot));
        after.tell(Input::LoadQueue(config));
        after
    }
}

#[test]
fn a_command_at_the_end_of_a_wrap_up_does_not_take_the_waiting_member_from_the_agent() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.load_other();
    centre.serve_other("a1", 1);
    centre.set("a1", attribute("wrap_up_time", 5));
    let talker = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, talker);
    centre.hang_up(&ring);
    centre.caller("200");
    centre.stand_still(5);
    centre.load_other();
    assert_eq!(centre.one_ring().member_uuid, "member-200");
}

#[test]
fn of_two_deadlines_at_one_instant_none_takes_the_best_members_agent() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.load_other();
    centre.agent("a3", 1, 1);
    centre.serve_other("a3", 1);
    let ready = centre.now.secs() + 20;
    centre.set("a3", AgentSetting::ReadyTime(ready));
    centre.agent("a1", 1, 2);
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a1".to_owned(),
    });
    centre.serve_other("a1", 2);
    let leaving = centre.caller_of_other("1");
    assert_eq!(centre.one_ring().agent, "a1");
    centre.pass(10);
    centre.leave(leaving);
    centre.caller_with_score("good", 1000);
    centre.caller_of_other("bad");
    // a1's cancelled ring, of which nobody has reported the end, is given up in the instant in which a3 is ready.
    centre.pass(10);
    let rings = centre.rings();
    let mut pairs: Vec<_> = rings
        .iter()
        .map(|ring| (ring.agent.as_str(), ring.member_uuid.as_str()))
        .collect();
    pairs.sort_unstable();
    assert_eq!(pairs, [("a1", "member-bad"), ("a3", "member-good")]);
}

#[test]
fn max_wait_time_that_passes_while_the_agent_is_connected_counts_when_the_bridge_fails() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_wait_time: 5,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.pass(6);
    assert_eq!(centre.reasons_of_release(), []);
    centre.fail_bridge(&ring);
    assert_eq!(centre.reasons_of_release(), [CancelReason::Timeout]);
}

#[test]
fn the_limit_without_agents_holds_for_a_member_whose_agent_was_the_last() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_wait_time_with_no_agent: 10,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.tell(Input::TierDel {
        queue: QUEUE.to_owned(),
        agent: "a1".to_owned(),
    });
    centre.pass(2);
    centre.fail(&ring, HangupCause::NO_ANSWER);
    centre.pass(14);
    assert_eq!(centre.reasons_of_release(), [CancelReason::NoAgentTimeout]);
}

#[test]
fn a_clock_set_back_before_a_restart_leaves_nobody_in_wrap_up_until_then() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.set("a1", attribute("wrap_up_time", 10));
    let talker = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, talker);
    centre.hang_up(&ring);
    let an_hour_before = centre.now + Span::from_secs(-3600);
    let mut after = Centre::restarted(centre.snapshot(), an_hour_before, QueueConfig::named(QUEUE));
    after.caller("200");
    after.pass(10);
    assert_eq!(after.one_ring().member_uuid, "member-200");
}

#[test]
fn a_clock_set_back_before_a_restart_does_not_make_a_returning_caller_wait_until_then() {
    let config = QueueConfig {
        abandoned_resume_allowed: true,
        ..QueueConfig::named(QUEUE)
    };
    let mut centre = Centre::with_queue(config.clone());
    centre.caller("100");
    let an_hour_before = centre.now + Span::from_secs(-3600);
    let mut after = Centre::restarted(centre.snapshot(), an_hour_before, config);
    after.agent("a1", 1, 1);
    after.caller("100");
    assert_eq!(after.one_ring().member_uuid, "member-100");
}

#[test]
fn a_tier_left_in_a_call_is_usable_when_its_agent_comes_back() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let snapshot = Snapshot {
        agents: Vec::new(),
        ..centre.snapshot()
    };
    let mut after = Centre::restarted(snapshot, centre.now, QueueConfig::named(QUEUE));
    after.tell(Input::AgentAdd {
        name: "a1".to_owned(),
        agent_type: AgentType::parse("callback").expect("a known type"),
    });
    after.status("a1", "Available");
    after.caller("200");
    assert_eq!(after.one_ring().agent, "a1");
}
