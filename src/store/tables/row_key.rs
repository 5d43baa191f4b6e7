//! Which row of which table a change is about.

use crate::engine::RowChange;

/// The row a change is about.
#[derive(PartialEq, Eq, Hash)]
pub(in crate::store) enum RowKey {
    /// A queue, by name.
    Queue(String),
    /// An agent, by name.
    Agent(String),
    /// A tier, by queue and agent.
    Tier(String, String),
    /// A member, by uuid.
    Member(String),
    /// What the configuration says of an agent, by agent and setting.
    Configured(String, String),
    /// A tier that the configuration names, by queue and agent.
    ConfiguredTier(String, String),
    /// An agent's limits, by name.
    AgentLimits(String),
    /// A call detail record, by its identity.
    CallRecord(String),
    /// An agent's skills, by name.
    AgentSkills(String),
    /// Somebody to be called back, by the member's uuid.
    Callback(String),
    /// A caller who is known again, by queue and caller.
    Caller(String, String),
    /// An agent's pause, by agent and queue.
    Pause(String, Option<String>),
}

impl RowKey {
    /// The row this change is about.
    pub fn of(change: &RowChange) -> Self {
        match change {
            RowChange::Queue(row) => RowKey::Queue(row.name.clone()),
            RowChange::QueueGone(name) => RowKey::Queue(name.clone()),
            RowChange::Agent(row) => RowKey::Agent(row.name.clone()),
            RowChange::AgentGone(name) => RowKey::Agent(name.clone()),
            RowChange::Tier(row) => RowKey::Tier(row.queue.clone(), row.agent.clone()),
            RowChange::TierGone { queue, agent } => RowKey::Tier(queue.clone(), agent.clone()),
            RowChange::Member(row) => RowKey::Member(row.uuid.clone()),
            RowChange::MemberGone(uuid) => RowKey::Member(uuid.clone()),
            RowChange::Configured { agent, setting, .. } => RowKey::Configured(agent.clone(), setting.clone()),
            RowChange::AgentLimits { agent, .. } | RowChange::AgentLimitsGone(agent) => {
                RowKey::AgentLimits(agent.clone())
            }
            RowChange::AgentSkills { agent, .. } => RowKey::AgentSkills(agent.clone()),
            RowChange::ConfiguredTier { queue, agent } | RowChange::ConfiguredTierGone { queue, agent } => {
                RowKey::ConfiguredTier(queue.clone(), agent.clone())
            }
            RowChange::Pause { agent, queue, .. } => RowKey::Pause(agent.clone(), queue.clone()),
            RowChange::Caller(row) => RowKey::Caller(row.queue.clone(), row.caller.clone()),
            RowChange::CallerGone { queue, caller } => RowKey::Caller(queue.clone(), caller.clone()),
            RowChange::Callback(row) => RowKey::Callback(row.uuid.clone()),
            RowChange::CallbackGone(uuid) => RowKey::Callback(uuid.clone()),
            RowChange::CallRecord(record) => RowKey::CallRecord(record.uuid.clone()),
        }
    }
}
