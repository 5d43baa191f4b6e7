//! `tiers`, stock's.

use crate::engine::TierRow;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, NUMBER_FROM_ONE, TEXT};
use std::borrow::Cow;

table! {
    /// `tiers`.
    TIERS: TierRow in "tiers", Stocks, key(queue, agent), filled(queue, agent), essential "queue", others_write: true,
    {
        queue: TEXT,
        agent: TEXT,
        state: TEXT,
        level: NUMBER_FROM_ONE,
        position: NUMBER_FROM_ONE,
    }
}
