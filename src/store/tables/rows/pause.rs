//! `agents_paused`, ours: agents who take no callers of a queue, and why; without a queue, why they are on a break.

use crate::engine::Pause;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, NUMBER, TEXT};
use std::borrow::Cow;

/// An agent's pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct PauseRow {
    /// The agent's name.
    pub agent: String,
    /// The queue's name; empty for a break.
    pub queue: String,
    /// The pause.
    pub pause: Pause,
}

impl PauseRow {
    /// The queue; none for a break.
    pub fn in_queue(&self) -> Option<String> {
        Some(self.queue.clone()).filter(|queue| !queue.is_empty())
    }
}

table! {
    /// Our own: agents who take no callers of a queue, and why; without a queue, why they are on a break.
    PAUSES: PauseRow in "agents_paused", Ours,
    key(agent, queue), filled(agent), essential "agent", others_write: false,
    { agent: TEXT, queue: TEXT, }
    pause: Pause { reason: TEXT, since = "paused_epoch": NUMBER, }
}
