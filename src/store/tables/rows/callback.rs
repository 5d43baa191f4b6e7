//! `callbacks`, ours: who is to be called back.

use crate::engine::CallbackRow;
use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, FREE_TEXT, LARGE_NUMBER, TEXT};
use std::borrow::Cow;

table! {
    /// Our own: who is to be called back.
    CALLBACKS: CallbackRow in "callbacks", Ours,
    key(uuid), filled(uuid, queue, number), essential "number", others_write: false,
    {
        uuid: TEXT,
        queue: TEXT,
        instance_id: TEXT,
        number: TEXT,
        name: TEXT,
        requested_epoch: LARGE_NUMBER,
        state: TEXT,
        attempts: LARGE_NUMBER,
        last_end: TEXT,
        next_attempt_epoch: LARGE_NUMBER,
        expires_epoch: LARGE_NUMBER,
        joined_epoch: LARGE_NUMBER,
        base_score: LARGE_NUMBER,
        required_skills: FREE_TEXT,
        levels: TEXT,
        preferred_agents: FREE_TEXT,
        param: FREE_TEXT,
    }
}
