//! Tiers of the configuration, tiers made at run time, and tiers made while their agent has a call.

use super::*;

fn tier(agent: &str) -> TierConfig {
    TierConfig {
        queue: QUEUE.to_owned(),
        agent: agent.to_owned(),
        level: 1,
        position: 1,
    }
}

impl Centre {
    fn configured_agent(&mut self, name: &str) {
        self.agent(name, 1, 1);
        self.tell(Input::ApplyTier(tier(name)));
    }

    fn leaves_configuration(&mut self, agent: &str) -> Result<Reply, EngineError> {
        self.try_tell(Input::TierNotConfigured {
            queue: QUEUE.to_owned(),
            agent: agent.to_owned(),
        })
    }

    fn delete_tier(&mut self, agent: &str) {
        self.tell(Input::TierDel {
            queue: QUEUE.to_owned(),
            agent: agent.to_owned(),
        });
    }

    fn tier_state(&self, queue: &str) -> TierState {
        let rows = self.engine.tier_rows();
        let row = rows.iter().find(|row| row.queue == queue);
        row.expect("the tier is there").state
    }

    fn rows_of_configured_tiers(&self) -> Vec<&RowChange> {
        let rows = self.outputs.iter().filter_map(|output| match output {
            Output::Row(change) => Some(change),
            _ => None,
        });
        let is_one = |change: &&RowChange| {
            matches!(
                change,
                RowChange::ConfiguredTier { .. } | RowChange::ConfiguredTierGone { .. }
            )
        };
        rows.filter(is_one).collect()
    }
}

#[test]
fn only_a_tier_of_the_configuration_goes_with_it() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("run-time", 1, 1);
    centre.configured_agent("configured");
    assert_eq!(centre.leaves_configuration("run-time"), Err(EngineError::TierNotFound));
    assert_eq!(centre.leaves_configuration("nobody"), Err(EngineError::TierNotFound));
    assert_eq!(centre.leaves_configuration("configured"), Ok(Reply::Done));
    let agents: Vec<_> = centre.engine.tier_rows().into_iter().map(|row| row.agent).collect();
    assert_eq!(agents, ["run-time"]);
    let (queue, agent) = (QUEUE.to_owned(), "configured".to_owned());
    let expected = [
        &RowChange::ConfiguredTier {
            queue: queue.clone(),
            agent: agent.clone(),
        },
        &RowChange::ConfiguredTierGone { queue, agent },
    ];
    assert_eq!(centre.rows_of_configured_tiers(), expected);
}

#[test]
fn a_deleted_tier_that_is_added_again_is_made_at_run_time() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.configured_agent("a1");
    centre.delete_tier("a1");
    centre.tell(Input::TierAdd(tier("a1")));
    assert_eq!(centre.leaves_configuration("a1"), Err(EngineError::TierNotFound));
}

#[test]
fn where_a_tier_came_from_survives_a_restart() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("run-time", 1, 1);
    centre.configured_agent("configured");
    let snapshot = Snapshot {
        agents: centre.engine.agent_rows(),
        tiers: centre.engine.tier_rows(),
        configured_tiers: centre.engine.configured_tiers(),
        ..Snapshot::default()
    };
    let mut after = Centre::new("longest-idle-agent");
    after.tell(Input::Restore(snapshot));
    assert_eq!(after.leaves_configuration("run-time"), Err(EngineError::TierNotFound));
    assert_eq!(after.leaves_configuration("configured"), Ok(Reply::Done));
}

#[test]
fn a_tier_that_is_refused_is_told_to_the_operator() {
    let mut centre = Centre::new("longest-idle-agent");
    let refused = centre.try_tell(Input::ApplyTier(tier("ghost")));
    assert_eq!(refused, Err(EngineError::AgentNotFound));
    let words = centre.outputs.iter().find_map(|output| match output {
        Output::Notice(notice) if notice.level == NoticeLevel::Warning => Some(notice.text.as_str()),
        _ => None,
    });
    let expected = "<tier agent=\"ghost\" queue=\"support@default\">: Agent not found! The tier is left out. Make the queue and the \
                    agent known first, or remove the tier from the configuration.";
    assert_eq!(words, Some(expected));
}

#[test]
fn a_tier_made_again_during_a_call_shows_the_call() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::LoadQueue(QueueConfig::named("sales@default")));
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.delete_tier("a1");
    centre.tell(Input::TierAdd(tier("a1")));
    assert_eq!(
        centre.tier_state(QUEUE),
        TierState::Offering,
        "until the phone has stopped"
    );
    centre.end_ring(&ring, RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    assert_eq!(centre.tier_state(QUEUE), TierState::ActiveInbound);
    centre.delete_tier("a1");
    centre.tell(Input::TierAdd(tier("a1")));
    centre.tell(Input::TierAdd(TierConfig {
        queue: "sales@default".to_owned(),
        ..tier("a1")
    }));
    assert_eq!(centre.tier_state(QUEUE), TierState::ActiveInbound);
    assert_eq!(centre.tier_state("sales@default"), TierState::Standby);
    centre.hang_up(&ring);
    assert_eq!(centre.tier_state(QUEUE), TierState::Ready);
    assert_eq!(centre.tier_state("sales@default"), TierState::Ready);
}
