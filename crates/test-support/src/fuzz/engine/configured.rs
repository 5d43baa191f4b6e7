//! What the configuration says: queues, agents and tiers with settings of every kind.

use super::World;
use mod_callcenter::engine::{
    AgentConfig, AgentRow, AgentSetting, AgentStatus, AgentType, Assignment, Input, QueueConfig, Reconfiguration,
    Settings, Strategy, TierConfig,
};

impl World<'_> {
    pub(super) fn configured_queue(&mut self) -> QueueConfig {
        let name = self.queue();
        self.queue_as_configured(name)
    }

    pub(super) fn queue_as_configured(&mut self, name: String) -> QueueConfig {
        let strategies = Strategy::ALL;
        let mut config = QueueConfig::named(name);
        config.strategy = strategies[self.byte() % strategies.len()].as_str().to_owned();
        config.max_wait_time = self.seconds();
        config.max_wait_time_with_no_agent = self.seconds();
        config.tier_rules_apply = self.flag();
        config.tier_rule_wait_second = self.seconds();
        config.tier_rule_wait_multiply_level = self.flag();
        config.tier_rule_no_agent_no_wait = self.flag();
        config.abandoned_resume_allowed = self.flag();
        config.discard_abandoned_after = self.seconds();
        config.announce_sound = self.flag().then(|| "hello.wav".to_owned());
        config.announce_frequency = self.seconds();
        config.ring_progressively_delay = self.seconds();
        config
    }

    pub(super) fn configured_agent(&mut self) -> AgentConfig {
        let mut agent = available(&self.name());
        agent.attributes = vec![attribute("wrap_up_time", self.number())];
        agent.status = Some(AgentStatus::ALL[self.byte() % AgentStatus::ALL.len()]);
        agent
    }

    pub(super) fn configured_tier(&mut self) -> TierConfig {
        tier(&self.queue(), &self.name(), self.number(), self.number())
    }

    /// A whole configuration, of which much may be missing.
    pub(super) fn reload(&mut self) -> Input {
        let settings = self.flag().then(|| Settings {
            reserve_agents: self.flag(),
            internal_call_dispatching: self.flag(),
            agent_presence: self.flag(),
            ..Settings::default()
        });
        let queues = (0..self.byte() % 3).map(|_| self.configured_queue()).collect();
        let agents = (0..self.byte() % 3).map(|_| self.configured_agent()).collect();
        let has_tiers = self.flag();
        let tiers = (0..self.byte() % 4).map(|_| self.configured_tier()).collect();
        Input::Reconfigure(Box::new(Reconfiguration {
            settings,
            queues,
            agents,
            tiers: has_tiers.then_some(tiers),
        }))
    }
}

pub(super) fn agent_type(standby: bool) -> AgentType {
    let word = if standby { "uuid-standby" } else { "callback" };
    AgentType::parse(word).expect("a known type")
}

/// An attribute of an agent with the value nearest to `number` that it takes.
pub(super) fn attribute(key: &str, number: i64) -> Assignment<AgentRow> {
    let value = number.clamp(0, i32::MAX.into()).to_string();
    match AgentSetting::attribute(key, &value) {
        Some(Ok(AgentSetting::Attribute(attribute))) => attribute,
        other => panic!("{key} = {value}: {other:?}"),
    }
}

pub(super) fn available(name: &str) -> AgentConfig {
    AgentConfig {
        name: name.to_owned(),
        agent_type: agent_type(false),
        contact: Some(format!("user/{name}")),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    }
}

pub(super) fn tier(queue: &str, agent: &str, level: i64, position: i64) -> TierConfig {
    TierConfig {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        level,
        position,
    }
}
