//! The database of the simulation: the rows as the last change of each key left them.

use mod_callcenter::engine::{
    AgentLimits, AgentRow, CallbackRow, CallerRow, MemberRow, Pause, QueueConfig, RowChange, Skills, Snapshot, TierRow,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows in the order they were first written, as a database returns them.
#[derive(Debug, Default, Clone)]
pub struct Rows {
    queues: Vec<QueueConfig>,
    agents: Vec<AgentRow>,
    tiers: Vec<TierRow>,
    members: Vec<MemberRow>,
    configured: BTreeMap<(String, String), String>,
    configured_tiers: BTreeSet<(String, String)>,
    agent_limits: BTreeMap<String, AgentLimits>,
    skills: BTreeMap<String, Skills>,
    pauses: BTreeMap<(String, Option<String>), Pause>,
    callers: BTreeMap<(String, String), CallerRow>,
    callbacks: BTreeMap<String, CallbackRow>,
}

impl Rows {
    /// Writes a change.
    pub fn apply(&mut self, change: RowChange) {
        match change {
            RowChange::Queue(row) => upsert(&mut self.queues, *row, |a, b| a.name == b.name),
            RowChange::QueueGone(name) => self.queues.retain(|row| row.name != name),
            RowChange::Agent(row) => upsert(&mut self.agents, row, |a, b| a.name == b.name),
            RowChange::AgentGone(name) => self.agents.retain(|row| row.name != name),
            RowChange::Tier(row) => upsert(&mut self.tiers, row, |a, b| a.queue == b.queue && a.agent == b.agent),
            RowChange::TierGone { queue, agent } => self.tiers.retain(|row| row.queue != queue || row.agent != agent),
            RowChange::Member(row) => upsert(&mut self.members, row, |a, b| a.uuid == b.uuid),
            RowChange::MemberGone(uuid) => self.members.retain(|row| row.uuid != uuid),
            RowChange::Configured { agent, setting, value } => match value {
                Some(value) => drop(self.configured.insert((agent, setting), value)),
                None => drop(self.configured.remove(&(agent, setting))),
            },
            RowChange::AgentLimits { agent, limits } => drop(self.agent_limits.insert(agent, limits)),
            RowChange::AgentLimitsGone(agent) => drop(self.agent_limits.remove(&agent)),
            RowChange::AgentSkills { agent, skills } => drop(self.skills.insert(agent, skills)),
            RowChange::ConfiguredTier { queue, agent } => {
                self.configured_tiers.insert((queue, agent));
            }
            RowChange::ConfiguredTierGone { queue, agent } => {
                self.configured_tiers.remove(&(queue, agent));
            }
            RowChange::Pause { agent, queue, pause } => match pause {
                Some(pause) => drop(self.pauses.insert((agent, queue), pause)),
                None => drop(self.pauses.remove(&(agent, queue))),
            },
            RowChange::Caller(row) => drop(self.callers.insert((row.queue.clone(), row.caller.clone()), row)),
            RowChange::CallerGone { queue, caller } => drop(self.callers.remove(&(queue, caller))),
            RowChange::Callback(row) => drop(self.callbacks.insert(row.uuid.clone(), *row)),
            RowChange::CallbackGone(uuid) => drop(self.callbacks.remove(&uuid)),
            // Nothing ever reads a record back.
            RowChange::CallRecord(_) => {}
        }
    }

    /// All agents.
    pub fn agents(&self) -> &[AgentRow] {
        &self.agents
    }

    /// All tiers.
    pub fn tiers(&self) -> &[TierRow] {
        &self.tiers
    }

    /// All members.
    pub fn members(&self) -> &[MemberRow] {
        &self.members
    }

    /// An agent's skills; none where none were written.
    pub fn skills(&self, agent: &str) -> Option<&Skills> {
        self.skills.get(agent)
    }

    /// Whether an agent is paused in a queue.
    pub fn is_paused(&self, agent: &str, queue: &str) -> bool {
        let key = (agent.to_owned(), Some(queue.to_owned()));
        self.pauses.contains_key(&key)
    }

    /// Who talked to a caller of a queue last.
    pub fn last_agent(&self, queue: &str, caller: &str) -> Option<&str> {
        let known = self.callers.get(&(queue.to_owned(), caller.to_owned()));
        known.map(|row| row.agent.as_str())
    }

    /// What an agent has beyond the row.
    pub fn limits(&self, agent: &str) -> AgentLimits {
        self.agent_limits.get(agent).copied().unwrap_or_default()
    }

    /// What a restart would read.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            queues: self.queues.clone(),
            agents: self.agents.clone(),
            tiers: self.tiers.clone(),
            members: self.members.clone(),
            configured: (self.configured.clone().into_iter())
                .map(|((agent, setting), value)| (agent, setting, value))
                .collect(),
            configured_tiers: self.configured_tiers.iter().cloned().collect(),
            agent_limits: self.agent_limits.clone().into_iter().collect(),
            skills: self.skills.clone().into_iter().collect(),
            pauses: (self.pauses.clone().into_iter())
                .map(|((agent, queue), pause)| (agent, queue, pause))
                .collect(),
            callers: self.callers.values().cloned().collect(),
            callbacks: self.callbacks.values().cloned().collect(),
        }
    }
}

fn upsert<T>(rows: &mut Vec<T>, row: T, same: impl Fn(&T, &T) -> bool) {
    // The newest rows change most.
    match rows.iter_mut().rev().find(|old| same(old, &row)) {
        Some(old) => *old = row,
        None => rows.push(row),
    }
}
