//! What is done only once the leader's tables say that it is wanted still: a phone is dialled, two legs are bridged.

use crate::cluster::Home;
use crate::engine::{Connect, HangupCause, Input, OfferId, Output, Ring, RingEnd};

/// A deed that is asked about first.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "an errand waits for one look, and most of them are of the large kind"
)]
pub(super) enum Errand {
    /// The agent's phone is dialled.
    Dial(Ring),
    /// Caller and agent are bridged.
    Bridge(Connect),
}

impl Errand {
    /// What it is about.
    pub fn offer(&self) -> OfferId {
        match self {
            Self::Dial(ring) => ring.offer,
            Self::Bridge(connect) => connect.offer,
        }
    }

    /// It is wanted no more.
    pub fn cancel(&self) -> Output {
        Output::CancelRing {
            offer: self.offer(),
            cause: HangupCause::ORIGINATOR_CANCEL,
        }
    }

    /// The end of an offer whose phone was never dialled.
    pub fn never_rung(ring: &Ring, cancel: &Output) -> Input {
        let cause = match cancel {
            Output::CancelRing { cause, .. } => cause.clone(),
            _ => HangupCause::ORIGINATOR_CANCEL,
        };
        Input::OfferFailed {
            offer: ring.offer,
            end: RingEnd::Withdrawn(cause),
        }
    }

    /// The bridge that an agent who has answered waits for: nobody else would hang up a leg that is to be bridged no more. One who waits
    /// while somebody is called back sees to that alone.
    pub fn of_answered(home: &Home, offer: OfferId) -> Option<Self> {
        let (ring, agent_uuid) = home.answered(offer)?;
        ring.calls_back.is_none().then(|| {
            Self::Bridge(Connect {
                offer,
                media: ring.media,
                agent_kind: ring.agent_type.kind(),
                member_session_uuid: ring.member_session_uuid.clone(),
                agent_uuid: agent_uuid.to_owned(),
                record_template: None,
                delay: 0,
                sounds: Vec::new(),
            })
        })
    }
}
