//! What an input is answered with at once.

use crate::engine::border::callback::CallbackOffer;
use crate::engine::border::error::EngineError;
use crate::engine::border::hold::{Hold, Parting};
use crate::engine::border::reconfiguration::ConfigChange;
use crate::engine::vocabulary::ids::{MemberId, OfferId};
use crate::engine::vocabulary::words::CancelReason;
use serde::{Deserialize, Serialize};

/// How an announcement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnnouncementEnd {
    /// It was played, or something else stopped it.
    Played,
    /// The sound cannot be played.
    Unplayable,
}

/// What an input is answered with at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Done; there is nothing to add.
    Done,
    /// The value asked for.
    Value(String),
    /// The caller is a member now.
    Joined {
        /// The member.
        member: MemberId,
        /// Its uuid: the new one, or that of the place resumed.
        member_uuid: String,
        /// How it waits, until an [`Output::Hold`](crate::engine::Output::Hold) says otherwise.
        hold: Hold,
    },
    /// The caller is to be called back and keeps the place: the channel leaves the queue application. Where it has joined with
    /// `callback_number` no [`Input::MemberExit`](crate::engine::Input::MemberExit) follows, otherwise one does, as always.
    CalledBack {
        /// The member's uuid, by which the callback is known.
        member_uuid: String,
        /// The place in line; 1 is the first.
        position: usize,
    },
    /// What a caller who has pressed `callback-key` may be offered now; none: the key means nothing else than any other.
    CallbackOffered(Option<CallbackOffer>),
    /// The caller may not enter, and is no member.
    Refused {
        /// Why.
        reason: CancelReason,
        /// What comes after the queue application; none: whatever the dialplan says.
        parting: Option<Parting>,
    },
    /// The configuration is in effect; this is other than before.
    #[serde(skip)]
    Reconfigured(Vec<ConfigChange>),
    /// The talks that were found are taken over.
    ///
    /// An offer for each, in their order.
    #[serde(skip)]
    Adopted(Vec<OfferId>),
    /// The reports are taken over, and so is every caller in them that no answer had come for.
    #[serde(skip)]
    ReportsTaken(Vec<LateAnswer>),
    /// The caller is no longer waiting.
    Left {
        /// Whether an agent has the caller.
        answered: bool,
    },
}

/// What became of a caller who was reported without a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateAnswer {
    /// The instance of its box.
    pub instance: String,
    /// The caller's channel.
    pub session_uuid: String,
    /// `new_member_uuid` of its request: a channel may have asked twice.
    pub new_member_uuid: String,
    /// What its joining is answered with.
    pub answer: Result<Reply, EngineError>,
}
