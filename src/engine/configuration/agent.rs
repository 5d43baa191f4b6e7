//! Agents and their tiers as they are configured.

use crate::engine::configuration::parameters::Assignment;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::words::{AgentStatus, AgentType};

/// One `<agent>`; what is absent keeps the value the agent has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentConfig {
    /// The agent's name.
    pub name: String,
    /// `type`.
    pub agent_type: AgentType,
    /// `contact`.
    pub contact: Option<String>,
    /// `status`.
    pub status: Option<AgentStatus>,
    /// `skills`.
    pub skills: Option<Skills>,
    /// The attributes that are a value and nothing more, in their order.
    pub attributes: Vec<Assignment<AgentRow>>,
    /// The same, for what stock has no column for.
    pub limits: Vec<Assignment<AgentLimits>>,
}

/// One `<tier>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierConfig {
    /// The queue.
    pub queue: String,
    /// The agent.
    pub agent: String,
    /// `level`; 1 when absent.
    pub level: i64,
    /// `position`; 1 when absent.
    pub position: i64,
}
