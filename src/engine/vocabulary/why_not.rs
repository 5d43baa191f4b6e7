//! Why an agent may not be offered a member, and why one who may is not.

use serde::{Deserialize, Serialize};

/// Why an agent may not be offered a member now. What keeps the member from everybody comes first; then the agent, the agent in the queue,
/// and what the member asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum WhyNot {
    /// Nothing is offered in a queue that is not loaded.
    #[error("The member's queue is not loaded! Load it with `queue load`.")]
    QueueNotLoaded,
    /// A limit was reached, or the member was withdrawn, while a phone rang.
    #[error("Member's wait is over: it leaves as soon as no phone rings for it!")]
    Overdue,
    /// Calls that were refused are not tried again at once.
    #[error("FreeSWITCH makes no calls now: the log says why. Callers are offered again within seconds once it does.")]
    CallsRefused,
    /// Strategies that ring one agent at a time.
    #[error("An agent's phone rings for the member already!")]
    RingsAlready,
    /// `ring-progressively-delay`.
    #[error(
        "Phones ring for the member, and the next one rings later (ring-progressively-delay)! Try again in a moment."
    )]
    NextPhoneLater,
    /// `retry-delay`.
    #[error("Member rests after an offer that failed: retry-delay is not over! Try again in a moment.")]
    MemberRests,
    /// The agent is deleted.
    #[error("Agent not found!")]
    Gone,
    /// Another instance offers calls to the agent.
    #[error("Agent belongs to another instance!")]
    Elsewhere,
    /// Logged out, or on a break.
    #[error("Agent is not available!")]
    NotAvailable,
    /// In state Idle, or asked to be so after the call.
    #[error("Agent is put aside: its state is Idle! Set it with `agent set state`.")]
    PutAside,
    /// In a call, or a phone rings for one.
    #[error("Agent is not free!")]
    Engaged,
    /// Held for somebody who is being called back.
    #[error("Agent is held for a caller who is being called back! See `callback list`.")]
    Held,
    /// The standing leg has hung up, or was never there.
    #[error("Agent's standing leg is not there! Give the agent one that is up with `agent set uuid`.")]
    NoLeg,
    /// The standing leg is bridged to somebody outside the queues, or serves another agent who stands on it.
    #[error("Agent's standing leg is in another call!")]
    LegInUse,
    /// No chats at all.
    #[error("Agent takes no chats! Give it some with `agent set max_chats`.")]
    NoChats,
    /// A standing leg is a telephone.
    #[error("Agent takes no chats: it is on standby with a leg that is up!")]
    StandingLeg,
    /// As many chats as `max-chats`.
    #[error("Agent has as many chats as max_chats allows!")]
    FullOfChats,
    /// One chat at a time is offered.
    #[error("Agent is being offered another chat! Try again in a moment.")]
    ChatRings,
    /// The pause after a call, a chat or an offer that failed.
    #[error("Agent rests: the pause after a call, a chat or a failed offer is not over! Try again when it is.")]
    Rests,
    /// `tier pause`.
    #[error("Agent is paused in the member's queue! End it with `tier resume`.")]
    Paused,
    /// By hand or by SQL: a call's own state is [`WhyNot::Engaged`].
    #[error("Agent's tier in the member's queue is neither Ready nor No Answer! Set it with `tier set state`.")]
    TierState,
    /// `skip-agents-with-external-calls`.
    #[error("Agent is in a call outside the queues!")]
    OtherCall,
    /// `ring-in-use`.
    #[error("Agent's phone is in use!")]
    PhoneInUse,
    /// In a cluster: the agent's standing leg is a channel of one box, the member's one of another.
    #[error("Agent stands on a channel of another box than the member's!")]
    OtherBox,
    /// `required-skills`, `cc_required_skills`.
    #[error("Agent does not have the skills that the member needs!")]
    Skills,
    /// `level-rules`, `cc_max_level`, `cc_min_level`.
    #[error("Agent's level is not one that the member may be offered to now!")]
    Level,
    /// `sticky-only`.
    #[error("Member waits for agents whom it prefers, and for nobody else (sticky-only)!")]
    OthersAlone,
    /// Tier rules.
    #[error("Member has not waited long enough for the agent's level!")]
    LevelNotOpen,
}

/// Why an agent who may be offered a member is not: the call centre leaves it to `dispatch member`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unoffered {
    /// Nothing is in the way.
    ForNoReason,
    /// `dispatch internal off`.
    DispatchingIsOff,
    /// `sticky-wait`: the member is for an agent whom it prefers.
    AwaitsPreferred,
    /// The agent has dropped the caller, whose other phones ring on.
    HasDropped,
}

impl Unoffered {
    /// The same for whoever has asked.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ForNoReason => "Nothing is in the way: `dispatch member` offers it.",
            Self::DispatchingIsOff => {
                "Internal dispatching is off: `dispatch member` offers it, or `dispatch internal on` everybody."
            }
            Self::AwaitsPreferred => {
                "Member waits for an agent whom it prefers (sticky-wait): `dispatch member` offers it all the same."
            }
            Self::HasDropped => {
                "Agent has dropped the caller, whose other phones ring on: `dispatch member` offers it all the same."
            }
        }
    }
}
