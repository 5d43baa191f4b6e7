//! `agents`, stock's.

use crate::engine::AgentRow;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, LONG_TEXT, NUMBER, TEXT};
use std::borrow::Cow;

table! {
    /// `agents`.
    AGENTS: AgentRow in "agents", Stocks, key(name), filled(name), essential "name", others_write: true,
    {
        name: TEXT,
        instance_id: TEXT,
        uuid: TEXT,
        agent_type = "type": TEXT,
        contact: LONG_TEXT,
        status: TEXT,
        state: TEXT,
        max_no_answer: NUMBER,
        wrap_up_time: NUMBER,
        reject_delay_time: NUMBER,
        busy_delay_time: NUMBER,
        no_answer_delay_time: NUMBER,
        last_bridge_start: NUMBER,
        last_bridge_end: NUMBER,
        last_offered_call: NUMBER,
        last_status_change: NUMBER,
        no_answer_count: NUMBER,
        calls_answered: NUMBER,
        talk_time: NUMBER,
        ready_time: NUMBER,
        external_calls_count: NUMBER,
    }
}
