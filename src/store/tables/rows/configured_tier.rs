//! `tiers_configured`, ours: the tiers that the configuration named when it was last read.

use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, TEXT};
use std::borrow::Cow;

/// A tier that the configuration named when it was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct ConfiguredTier {
    /// The queue's name.
    pub queue: String,
    /// The agent's name.
    pub agent: String,
}

table! {
    /// Our own: the tiers that the configuration named when it was last read.
    CONFIGURED_TIERS: ConfiguredTier in "tiers_configured", Ours,
    key(queue, agent), filled(queue, agent), essential "queue", others_write: false,
    { queue: TEXT, agent: TEXT, }
}
