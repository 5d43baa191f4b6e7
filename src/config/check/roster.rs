//! The agents and tiers that count, wherever they come from.

use crate::config::Configuration;
use crate::engine::{device_of, AgentKind, AgentRow, QueueConfig, Skills, TierRow};
use std::collections::{BTreeMap, HashMap};

/// Agents, and who serves which queue at which level.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    agents: BTreeMap<String, Known>,
    /// By queue, then by agent.
    levels: HashMap<String, BTreeMap<String, i64>>,
}

#[derive(Debug, Clone)]
struct Known {
    kind: AgentKind,
    contact: String,
    skills: Skills,
}

/// The level of who serves a queue for the skills alone.
const LEVEL_BY_SKILL: i64 = 1;

impl Roster {
    /// What is known beside a configuration: rows, and the skills of agents by name.
    pub fn of_rows(agents: Vec<AgentRow>, tiers: Vec<TierRow>, skills: Vec<(String, Skills)>) -> Self {
        let mut roster = Self::default();
        let mut skills: HashMap<String, Skills> = skills.into_iter().collect();
        for row in agents {
            let known = Known {
                kind: row.agent_type.kind(),
                contact: row.contact,
                skills: skills.remove(&row.name).unwrap_or_default(),
            };
            roster.agents.insert(row.name, known);
        }
        for row in tiers {
            roster.levels.entry(row.queue).or_default().insert(row.agent, row.level);
        }
        roster
    }

    /// What a configuration says alone.
    pub fn of(configuration: &Configuration) -> Self {
        Self::default().with(configuration)
    }

    /// This, and what a configuration says, which holds where both say something.
    pub fn with(mut self, configuration: &Configuration) -> Self {
        for agent in &configuration.agents {
            let known = self.agents.entry(agent.name.clone()).or_insert_with(|| Known {
                kind: agent.agent_type.kind(),
                contact: String::new(),
                skills: Skills::default(),
            });
            known.kind = agent.agent_type.kind();
            if let Some(contact) = &agent.contact {
                known.contact.clone_from(contact);
            }
            if let Some(skills) = &agent.skills {
                known.skills = skills.clone();
            }
        }
        for tier in &configuration.tiers {
            let levels = self.levels.entry(tier.queue.clone()).or_default();
            levels.insert(tier.agent.clone(), tier.level);
        }
        self
    }

    pub(super) fn has_agent(&self, name: &str) -> bool {
        self.agents.contains_key(name)
    }

    pub(super) fn agents(&self) -> impl Iterator<Item = &str> {
        self.agents.keys().map(String::as_str)
    }

    /// The skills of all agents.
    pub(super) fn skills(&self) -> impl Iterator<Item = &Skills> {
        self.agents.values().map(|agent| &agent.skills)
    }

    /// Callback agents without a contact, by name.
    pub(super) fn without_contact(&self) -> impl Iterator<Item = &str> {
        let mute = |agent: &Known| agent.kind == AgentKind::Callback && agent.contact.trim().is_empty();
        let agents = self.agents.iter().filter(move |(_, agent)| mute(agent));
        agents.map(|(name, _)| name.as_str())
    }

    /// Agents who serve a queue and whose contact names no device, by name.
    pub(super) fn without_device(&self, queue: &QueueConfig) -> Vec<&str> {
        let least = queue.least_skills();
        let tiers = self.levels.get(&queue.name);
        let serves = |name: &String, agent: &Known| {
            tiers.is_some_and(|tiers| tiers.contains_key(name))
                || (!least.is_empty() && least.are_met_by(&agent.skills))
        };
        let is_unknown = |agent: &Known| {
            let is_called = agent.kind == AgentKind::Callback && !agent.contact.trim().is_empty();
            is_called && device_of(&agent.contact).is_none()
        };
        let agents = self.agents.iter();
        let unknown = agents.filter(|(name, agent)| serves(name, agent) && is_unknown(agent));
        unknown.map(|(name, _)| name.as_str()).collect()
    }

    /// The levels at which a queue is served: by those who have tiers there, and by those who have its skills.
    pub(super) fn levels(&self, queue: &QueueConfig) -> Vec<i64> {
        let least = queue.least_skills();
        let tiers = self.levels.get(&queue.name);
        if least.is_empty() {
            let tiers = tiers.into_iter().flatten();
            return tiers
                .filter(|(agent, _)| self.has_agent(agent))
                .map(|(_, level)| *level)
                .collect();
        }
        let fits = self.agents.iter().filter(|(_, agent)| least.are_met_by(&agent.skills));
        let level = |name: &String| tiers.and_then(|tiers| tiers.get(name)).copied();
        fits.map(|(name, _)| level(name).unwrap_or(LEVEL_BY_SKILL)).collect()
    }
}
