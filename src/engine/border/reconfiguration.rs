//! The configuration read anew, and what is other than before.

use crate::engine::configuration::agent::{AgentConfig, TierConfig};
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::configuration::settings::Settings;

/// A whole configuration, read anew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconfiguration {
    /// The settings; none where nothing is said of them, and they stay.
    pub settings: Option<Settings>,
    /// The queues.
    pub queues: Vec<QueueConfig>,
    /// The agents.
    pub agents: Vec<AgentConfig>,
    /// The tiers; none where nothing is said of them, and they stay.
    pub tiers: Option<Vec<TierConfig>>,
}

/// One thing that is other than before, or cannot be as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigChange {
    /// `setting`, `queue`, `agent` or `tier`.
    pub about: &'static str,
    /// Its name; of a tier the queue's and the agent's.
    pub name: String,
    /// What has become of it, in words for the operator.
    pub change: String,
}
