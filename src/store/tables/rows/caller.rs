//! `callers`, ours: which agent talked to which caller of a queue last.

use crate::engine::CallerRow;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, LARGE_NUMBER, TEXT};
use std::borrow::Cow;

table! {
    /// Our own: which agent talked to which caller of a queue last.
    CALLERS: CallerRow in "callers", Ours,
    key(queue, caller), filled(queue, caller, agent), essential "caller", others_write: false,
    { queue: TEXT, caller: TEXT, agent: TEXT, last_talk_epoch: LARGE_NUMBER, }
}
