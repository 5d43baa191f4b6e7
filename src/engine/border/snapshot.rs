//! The rows of a database.

use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::rows::caller::CallerRow;
use crate::engine::rows::member::MemberRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::skills::Skills;

/// The rows of a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// `queues`, in their order; none without the setting `queues-from-db`.
    pub queues: Vec<QueueConfig>,
    /// `agents`, in their order.
    pub agents: Vec<AgentRow>,
    /// `tiers`, in their order.
    pub tiers: Vec<TierRow>,
    /// `members`, in their order.
    pub members: Vec<MemberRow>,
    /// What the configuration said of agents when it was last read: agent, setting and value.
    pub configured: Vec<(String, String, String)>,
    /// The skills of agents, by agent.
    pub skills: Vec<(String, Skills)>,
    /// The tiers that the configuration named when it was last read: queue and agent.
    pub configured_tiers: Vec<(String, String)>,
    /// What agents have beyond stock's columns, by name; only where it is not the default.
    pub agent_limits: Vec<(String, AgentLimits)>,
    /// Pauses: agent, queue (none for a break), and why.
    pub pauses: Vec<(String, Option<String>, Pause)>,
    /// Who talked to which caller last.
    pub callers: Vec<CallerRow>,
    /// Who is to be called back.
    pub callbacks: Vec<CallbackRow>,
}
