//! Who has missed a caller.

use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::vocabulary::ids::TierId;
use std::collections::BTreeSet;

/// Who has missed a caller since the last round of offers began.
#[derive(Debug, Default)]
pub(in crate::engine) struct Missed {
    pub by: BTreeSet<TierId>,
    /// Those of them who answered, and were gone before the bridge.
    pub dropped_by: BTreeSet<TierId>,
    /// Where the last of them stood among the free agents.
    pub last: Option<FreeKey>,
}
