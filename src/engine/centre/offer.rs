//! One member presented to one agent.

use crate::engine::centre::answer::Answer;
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::member::MemberFacts;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, QueueId, TierId};
use crate::engine::vocabulary::talk_end::TalkEnd;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{HangupCause, Media};
use std::mem::Discriminant;
use std::sync::Arc;

/// An offer from the choice of the agent to its one end.
#[derive(Debug)]
pub(in crate::engine) struct Offer {
    pub id: OfferId,
    pub queue: QueueId,
    pub member: MemberId,
    pub agent: AgentId,
    pub tier: TierId,
    /// Where the agent stood among those who were free; none for the next call of one whose call was just over.
    pub place: Option<FreeKey>,
    pub stage: Stage,
    pub called: Timestamp,
    /// Seconds the phone may ring.
    pub may_ring: u32,
    pub answered: Timestamp,
    pub bridged: Timestamp,
    /// Which offer of the member's stay it is, counted from 1.
    pub number: u32,
    /// Offers of the stay that agents had not taken before.
    pub rejections_before: u32,
    pub agent_uuid: String,
    /// The member as it was offered: it may be gone, or back in the queue with another channel, when the offer ends.
    pub facts: Arc<MemberFacts>,
    /// The watchdog did not find it outside when it was at this stage.
    pub suspected: Option<Discriminant<Stage>>,
}

impl Offer {
    /// Whether it is about a call or a chat.
    pub fn media(&self) -> Media {
        self.facts.media
    }

    /// Whether member and agent have been reported together.
    pub fn is_bridged(&self) -> bool {
        matches!(self.stage, Stage::Bridged { .. })
    }

    /// Whether the agent has answered, and the bridge is being made.
    pub fn is_connecting(&self) -> bool {
        matches!(self.stage, Stage::Connecting { .. })
    }

    /// Whether the agent waits for somebody who is being called back.
    pub fn is_calling(&self) -> bool {
        self.stage == Stage::Calling
    }

    /// Whether the member has left the queue: its member-queue-end has been told.
    pub fn has_lost_member(&self) -> bool {
        match self.stage {
            Stage::Ringing | Stage::Calling | Stage::Cancelling(_) => false,
            Stage::Connecting { member_left, .. } | Stage::Bridged { member_left } => member_left,
        }
    }

    /// The member leaves the queue although the agent has answered. What only rings for it is cancelled instead.
    pub fn lose_member(&mut self) {
        match &mut self.stage {
            Stage::Ringing | Stage::Calling | Stage::Cancelling(_) => {
                debug_assert!(false, "only rings: {:?}", self.member);
            }
            Stage::Connecting { member_left, .. } | Stage::Bridged { member_left } => *member_left = true,
        }
    }

    /// What is counted of it, once the agent has answered, whoever the member is.
    pub fn answer(&self) -> Answer {
        Answer {
            queue: self.queue,
            agent: self.agent,
            media: self.media(),
            wait: self.answered.since(self.facts.entered),
            ring: self.answered.since(self.called),
            outside_level: false,
            by_preferred: false,
        }
    }
}

/// How far an offer has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) enum Stage {
    /// The agent is being rung.
    Ringing,
    /// The ring is being stopped; the cause is the offer's end.
    Cancelling(HangupCause),
    /// The agent has taken somebody who is to be called back, and waits while the number is dialled.
    Calling,
    /// The agent has answered; the bridge is being made.
    Connecting {
        /// The member has left the queue meanwhile.
        member_left: bool,
        /// The agent's leg has ended, before the bridge was reported.
        leg_ended: Option<(HangupCause, TalkEnd)>,
    },
    /// Member and agent talk.
    Bridged {
        /// The member had left the queue by then, or was there otherwise: the talk is none of it, and is about to end.
        member_left: bool,
    },
}
