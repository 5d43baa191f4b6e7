//! How an attempt to call somebody back ended without the person.

use crate::engine::vocabulary::ring_end::Refusal;
use crate::engine::vocabulary::words::HangupCause;
use serde::{Deserialize, Serialize};

/// How an attempt to call somebody back ended, as whoever dialled has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackEnd {
    /// The line was busy.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// Somebody or something answered, and nobody pressed the key: voicemail.
    NotConfirmed,
    /// The person has said that no call is wanted any more: there is no other attempt.
    Declined,
    /// The call failed for this cause: the number is not reached.
    Unreachable(HangupCause),
    /// The agent who had taken the callback was gone before the person was reached.
    AgentGone,
    /// The call was not made at all. Nobody has failed to answer, so it does not count as an attempt.
    Refused(Refusal, HangupCause),
    /// FreeSWITCH has no such endpoint, profile or gateway as `callback-dial` names, or the gateway is down. No phone has rung, so it does
    /// not count as an attempt either.
    NoWayOut(HangupCause),
}

impl CallbackEnd {
    /// What an agent's phone is told who waited for it.
    pub(in crate::engine) fn cause(&self) -> HangupCause {
        match self {
            Self::Busy => HangupCause::USER_BUSY,
            Self::NoAnswer | Self::NotConfirmed => HangupCause::NO_ANSWER,
            Self::Declined => HangupCause::CALL_REJECTED,
            Self::AgentGone => HangupCause::ORIGINATOR_CANCEL,
            Self::Unreachable(cause) | Self::Refused(_, cause) | Self::NoWayOut(cause) => cause.clone(),
        }
    }

    /// In one word, for events and the list.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::NotConfirmed => "not-confirmed",
            Self::Declined => "declined",
            Self::Unreachable(_) => "unreachable",
            Self::AgentGone => "no-agent",
            Self::Refused(..) | Self::NoWayOut(_) => "refused",
        }
    }
}
