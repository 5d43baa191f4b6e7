//! Agents who serve a queue no more while their phone rings for it, whichever way that comes about.

use super::*;

const OTHER: &str = "sales@default";

fn configured(queue: &str, agent: &str) -> TierConfig {
    TierConfig {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        level: 1,
        position: if agent == "a1" { 1 } else { 2 },
    }
}

fn skilled(skills: &str) -> QueueConfig {
    QueueConfig {
        required_skills: RequiredSkills::parse(skills).expect("required skills"),
        ..QueueConfig::named(QUEUE)
    }
}

/// The tiers anew, and nothing else.
fn reload(tiers: Vec<TierConfig>) -> Input {
    Input::Reconfigure(Box::new(Reconfiguration {
        tiers: Some(tiers),
        ..Reconfiguration::default()
    }))
}

fn names() -> (String, String) {
    (QUEUE.to_owned(), "a1".to_owned())
}

/// Every way in which a1 serves the queue no more.
fn ways() -> Vec<(&'static str, Input)> {
    let (queue, agent) = names();
    let deleted = Input::TierDel { queue, agent };
    let (queue, agent) = names();
    let not_configured = Input::TierNotConfigured { queue, agent };
    let (queue, agent) = names();
    let row = TierRow {
        queue,
        agent,
        state: TierState::Offering,
        level: 1,
        position: 1,
    };
    let mut by_sql = ChangesByOthers::default();
    by_sql.tiers.push(ChangeByOthers::Gone(row));
    vec![
        ("tier del", deleted),
        ("tier reload", not_configured),
        ("reload", reload(vec![configured(QUEUE, "a2"), configured(OTHER, "a1")])),
        ("by SQL", Input::RowsChanged(by_sql)),
    ]
}

impl Centre {
    fn cancelled(&self) -> Vec<OfferId> {
        let cancelled = self.outputs.iter().filter_map(|output| match output {
            Output::CancelRing { offer, .. } => Some(*offer),
            _ => None,
        });
        cancelled.collect()
    }
}

/// a1 and then a2 serve the queue, a1 another one as well.
fn two_agents() -> Centre {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::LoadQueue(QueueConfig::named(OTHER)));
    for agent in ["a1", "a2"] {
        centre.agent(agent, 1, if agent == "a1" { 1 } else { 2 });
        centre.tell(Input::ApplyTier(configured(QUEUE, agent)));
    }
    centre.tell(Input::ApplyTier(configured(OTHER, "a1")));
    centre
}

#[test]
fn who_leaves_a_queue_is_not_rung_for_it_any_more_and_has_missed_nobody() {
    for (what, way) in ways() {
        let mut centre = two_agents();
        centre.caller("100");
        let ring = centre.one_ring();
        assert_eq!(ring.agent, "a1", "{what}");
        centre.tell(way);
        assert_eq!(centre.cancelled(), [ring.offer], "{what}");
        assert_eq!(centre.one_ring().agent, "a2", "{what}: the caller goes on");
        // However the phone has reported its end.
        centre.fail(&ring, HangupCause::NO_ANSWER);
        let row = centre.agent_row("a1");
        assert_eq!((row.state, row.no_answer_count), (AgentState::Waiting, 0), "{what}");
        assert_eq!(centre.rings(), [], "{what}");
    }
}

#[test]
fn who_leaves_a_queue_is_rung_on_for_another() {
    for (what, way) in ways() {
        let mut centre = two_agents();
        let request = JoinRequest {
            queue: OTHER.to_owned(),
            session_uuid: "session".to_owned(),
            new_member_uuid: "member".to_owned(),
            ..JoinRequest::default()
        };
        centre.tell(Input::MemberJoin(request));
        assert_eq!(centre.one_ring().agent, "a1", "{what}");
        centre.tell(way);
        assert_eq!(centre.cancelled(), [], "{what}");
    }
}

#[test]
fn who_leaves_a_queue_in_a_talk_talks_on() {
    for (what, way) in ways() {
        let mut centre = two_agents();
        let member = centre.caller("100");
        let ring = centre.one_ring();
        centre.talk(&ring, member);
        centre.tell(way);
        assert_eq!(centre.cancelled(), [], "{what}");
        assert_eq!(centre.agent_row("a1").state, AgentState::InAQueueCall, "{what}");
    }
}

#[test]
fn who_loses_the_skill_is_not_rung_any_more_and_who_has_it_needs_no_tier() {
    let mut centre = Centre::with_queue(skilled("german"));
    centre.agent("a1", 1, 1);
    let skills = |text| AgentSetting::Skills(Skills::parse(text).expect("skills"));
    centre.set("a1", skills("german"));
    centre.caller("100");
    let ring = centre.one_ring();
    let (queue, agent) = names();
    centre.tell(Input::TierDel { queue, agent });
    assert_eq!(centre.cancelled(), [], "the skill serves");
    centre.set("a1", skills("french"));
    assert_eq!(centre.cancelled(), [ring.offer]);
}

#[test]
fn a_queue_that_asks_for_another_skill_rings_nobody_who_served_by_the_old_one() {
    let mut centre = Centre::with_queue(skilled("german"));
    centre.tell(Input::AgentAdd {
        name: "a1".to_owned(),
        agent_type: AgentType::callback(),
    });
    centre.set("a1", AgentSetting::Skills(Skills::parse("german").expect("skills")));
    centre.status("a1", "Available");
    centre.caller("100");
    let ring = centre.one_ring();
    centre.tell(Input::LoadQueue(skilled("french")));
    assert_eq!(centre.cancelled(), [ring.offer]);
    centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
    assert_eq!(centre.rings(), []);
}
