//! `agents_limits`, ours: what agents have beyond stock's columns. Stock's table stays as stock made it, also for who goes back.

use crate::engine::AgentLimits;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, LARGE_NUMBER, NUMBER, TEXT};
use std::borrow::Cow;

/// What an agent has beyond stock's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct LimitsRow {
    /// The agent's name.
    pub agent: String,
    /// The limits.
    pub limits: AgentLimits,
}

table! {
    /// Our own: what agents have beyond stock's columns.
    AGENT_LIMITS: LimitsRow in "agents_limits", Ours,
    key(agent), filled(agent), essential "agent", others_write: false,
    { agent: TEXT, }
    limits: AgentLimits {
        not_registered_delay_time: NUMBER,
        max_rejected: NUMBER,
        max_busy: NUMBER,
        max_not_registered: NUMBER,
        rejected_count: NUMBER,
        busy_count: NUMBER,
        not_registered_count: NUMBER,
        max_chats: NUMBER,
        chat_wrap_up_time: NUMBER,
        longest_wrap_up: NUMBER,
        chat_ready_time: LARGE_NUMBER,
    }
}
