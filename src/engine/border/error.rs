//! Why an input was refused.

use crate::engine::border::callback::CallbackRefusal;
use crate::engine::vocabulary::why_not::WhyNot;
use serde::{Deserialize, Serialize};

/// Why the engine refused an input. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
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
    /// A queue of that name is there already.
    #[error("Queue already exist!")]
    QueueExists,
    /// The setting `queues-from-db` is off.
    #[error("Queues are not kept in the database! Set queues-from-db to true in callcenter.conf.xml and load the module again.")]
    QueuesNotInDatabase,
    /// The queue is one of callcenter.conf.xml.
    #[error("The queue is not in the database! Remove it from callcenter.conf.xml and use queue reload.")]
    QueueNotInDatabase,
    /// Somebody waits or talks in the queue.
    #[error("Queue is in use: {waiting} waiting, {talking} talking! Send new calls elsewhere and try again when they have left.")]
    QueueInUse {
        /// Callers who wait.
        waiting: usize,
        /// Callers who talk to an agent.
        talking: usize,
    },
    /// The agent serves that queue already.
    #[error("Tier already exist!")]
    TierExists,
    /// The agent does not serve that queue.
    #[error("Tier not found!")]
    TierNotFound,
    /// The input speaks of a member that is over.
    #[error("Member not found!")]
    MemberNotFound,
    /// An agent has the member already, or it is on its way out.
    #[error("Member is not waiting!")]
    MemberNotWaiting,
    /// `caller forget`, where nothing is kept of the caller.
    #[error("Caller is not remembered in any queue!")]
    CallerNotRemembered,
    /// The agent has no tier in the member's queue, and no skill that does without.
    #[error("Agent does not serve the member's queue!")]
    AgentServesNot,
    /// The agent may not have the member now.
    #[error(transparent)]
    NotEligible(#[from] WhyNot),
    /// The input speaks of an offer that is over; whatever it brought is to be hung up.
    #[error("The offer is over")]
    OfferOver,
    /// Nobody is called back.
    #[error(transparent)]
    CallbackRefused(#[from] CallbackRefusal),
    /// `callback cancel`, `callback now`: nobody of this uuid is to be called back.
    #[error("Callback not found! See `callback list`.")]
    CallbackNotFound,
    /// The person has been reached.
    #[error("The caller has been reached and is in the queue! Use `member withdraw`.")]
    CallbackReached,
    /// The input speaks of an attempt that is over; whatever it brought is to be hung up.
    #[error("The attempt is over")]
    AttemptOver,
    /// The instance is none of the cluster's.
    #[error("The instance is no box of the cluster")]
    NotOfTheCluster,
    /// No agent talks on that leg.
    #[error("No agent of a queue call talks on that channel")]
    NoSuchLeg,
}
