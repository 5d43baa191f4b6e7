//! `members`, stock's.

use crate::engine::MemberRow;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, NUMBER, TEXT, TEXT_NOT_NULL};
use std::borrow::Cow;

table! {
    /// `members`.
    MEMBERS: MemberRow in "members", Stocks, key(uuid), filled(uuid), essential "session_uuid", others_write: false,
    {
        queue: TEXT,
        instance_id: TEXT,
        uuid: TEXT_NOT_NULL,
        session_uuid: TEXT_NOT_NULL,
        cid_number: TEXT,
        cid_name: TEXT,
        system_epoch: NUMBER,
        joined_epoch: NUMBER,
        rejoined_epoch: NUMBER,
        bridge_epoch: NUMBER,
        abandoned_epoch: NUMBER,
        base_score: NUMBER,
        skill_score: NUMBER,
        serving_agent: TEXT,
        serving_system: TEXT,
        state: TEXT,
    }
}
