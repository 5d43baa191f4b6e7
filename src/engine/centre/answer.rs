//! What is counted of an offer that was answered.

use crate::engine::vocabulary::ids::{AgentId, QueueId};
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::words::Media;

/// An agent has taken a caller.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Answer {
    pub queue: QueueId,
    pub agent: AgentId,
    pub media: Media,
    /// How long the caller had waited.
    pub wait: Span,
    /// How long the phone had rung.
    pub ring: Span,
    /// The caller does not count in the service level.
    pub outside_level: bool,
    /// The caller prefers the agent.
    pub by_preferred: bool,
}
