//! A member who is to be called back: what is kept of it beside the member.
//!
//! Such a member is away: it has no channel, stands among all who wait, and is for no agent's phone. When an agent could have it, an
//! attempt is made and the agent is held for it; what is reached takes the place with a channel of its own.

use crate::engine::centre::line::places::Place;
use crate::engine::centre::saved::Saved;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::ids::{AgentId, CallbackAttemptId};
use crate::engine::vocabulary::time::Timestamp;
use std::cmp::Reverse;

/// How far a callback is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum CallbackStage {
    /// The caller who has asked for it is still in the queue application.
    Leaving,
    /// Nobody is dialled.
    Pending,
    /// Somebody is being dialled.
    Attempting(CallbackAttemptId),
    /// Somebody has confirmed, and is on the way to the place.
    Arriving,
    /// The place is taken: the member waits like any other, until an agent has it.
    Here,
}

impl CallbackStage {
    /// As the row says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leaving | Self::Pending => "pending",
            Self::Attempting(_) => "attempting",
            Self::Arriving | Self::Here => "reached",
        }
    }

    /// Whether somebody is being called, or was reached and is on the way.
    pub fn is_dialled(self) -> bool {
        matches!(self, Self::Attempting(_) | Self::Arriving)
    }

    /// Whether the member has no channel in the queue.
    pub fn is_away(self) -> bool {
        matches!(self, Self::Pending | Self::Attempting(_) | Self::Arriving)
    }
}

/// An agent who is held for a callback: whoever stands before its place may have the agent all the same. First comes the queue's
/// priority, then the place, as when an agent becomes free.
pub(in crate::engine) type HeldAgent = (Reverse<u32>, Place, AgentId);

/// A callback that was asked for and has not ended.
#[derive(Debug)]
pub(in crate::engine) struct Callback {
    pub row: Saved<CallbackRow>,
    pub stage: CallbackStage,
    /// No attempt before.
    pub due: Timestamp,
    /// When it is given up.
    pub expires: Option<Timestamp>,
    /// The agent who is held for it.
    pub hold: Option<HeldAgent>,
    /// Agents who have given it back, and until when it is not theirs.
    pub given_back: Vec<(AgentId, Timestamp)>,
    /// The place in line on which it may be dialled before an agent is free.
    pub leads: Option<Place>,
}

impl Callback {
    /// One that was asked for just now.
    pub fn of(row: CallbackRow, due: Timestamp, expires: Option<Timestamp>) -> Self {
        let mut row = Saved::known(row);
        row.save();
        Self {
            row,
            stage: CallbackStage::Pending,
            due,
            expires,
            hold: None,
            given_back: Vec::new(),
            leads: None,
        }
    }

    /// It is this far now.
    pub fn enter(&mut self, stage: CallbackStage) {
        self.stage = stage;
        if self.row.state != stage.as_str() {
            self.row.state = stage.as_str().to_owned();
        }
    }

    /// Whether an agent is to be found for it: to be called back now, or because the one is gone who was held.
    pub fn wants_agent(&self, now: Timestamp) -> bool {
        match self.stage {
            CallbackStage::Pending => self.due <= now,
            CallbackStage::Attempting(_) | CallbackStage::Arriving => self.hold.is_none(),
            CallbackStage::Leaving | CallbackStage::Here => false,
        }
    }
}
