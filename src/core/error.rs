//! Why an input was refused.

/// Why the engine refused an input. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// No agent of that name.
    #[error("Agent not found!")]
    AgentNotFound,
    /// The configuration names an agent that another instance owns.
    #[error("Agent belongs to another instance!")]
    AgentElsewhere,
    /// An agent of that name is there already.
    #[error("Agent already exist!")]
    AgentExists,
    /// The value is no agent status.
    #[error("Invalid Agent Status!")]
    InvalidAgentStatus,
    /// The value is no agent state.
    #[error("Invalid Agent State!")]
    InvalidAgentState,
    /// The queue is not loaded.
    #[error("Queue not found!")]
    QueueNotFound,
    /// The agent serves that queue already.
    #[error("Tier already exist!")]
    TierExists,
    /// The agent does not serve that queue.
    #[error("Tier not found!")]
    TierNotFound,
    /// The input speaks of a member that is over.
    #[error("Member not found!")]
    MemberNotFound,
    /// The input speaks of an offer that is over; whatever it brought is to be hung up.
    #[error("The offer is over")]
    OfferOver,
    /// No agent talks on that leg.
    #[error("No agent of a queue call talks on that channel")]
    NoSuchLeg,
}
