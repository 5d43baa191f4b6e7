//! A caller: one channel on its way through one queue.

use super::expected::Lot;
use mod_callcenter::engine::{CancelReason, MemberId, OfferId, Span};

/// A caller's number within the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallerId(pub u64);

/// What a caller is and where it stands.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The queue's name.
    pub queue: String,
    /// Caller's number.
    pub number: String,
    /// How long the caller will talk.
    pub talk: Span,
    /// Whether the agent ends the conversation.
    pub agent_ends: bool,
    /// Chance of calling again after giving up.
    pub redial: f64,
    /// What chance had in store for the caller before the day began; none where it is drawn on the way.
    pub lot: Option<Lot>,
    /// The member, once joined.
    pub member: Option<MemberId>,
    /// Whether the channel is up.
    pub channel_up: bool,
    /// Whether the queue application still runs on the channel, as far as the engine has been told.
    pub in_queue: bool,
    /// Why the queue application is to end, where it knows.
    pub reason: Option<CancelReason>,
    /// Whether the application ends with the channel up and without a reason, other than by a bridge.
    pub taken_away: bool,
    /// Whether the caller leaves because it will be called back.
    pub is_promised: bool,
    /// The leg the caller is bridged to.
    pub bridged: Option<OfferId>,
}

impl CallerId {
    /// The caller's channel.
    pub fn session_uuid(self) -> String {
        format!("caller-{}", self.0)
    }

    /// The member uuid the caller brings.
    pub fn member_uuid(self) -> String {
        format!("member-{}", self.0)
    }

    /// The caller of a channel.
    pub fn of_session(session_uuid: &str) -> Option<Self> {
        session_uuid.strip_prefix("caller-")?.parse().ok().map(Self)
    }
}

impl Caller {
    /// Whether the queue application was ended by something other than a bridge.
    pub fn has_turned_away(&self) -> bool {
        !self.channel_up || self.reason.is_some() || self.taken_away || self.is_promised
    }
}
