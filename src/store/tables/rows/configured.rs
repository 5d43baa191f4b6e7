//! `agents_configured`, ours: what the configuration said of each agent when it was last read.

use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, LONG_TEXT, TEXT};
use std::borrow::Cow;

/// What the configuration said of an agent when it was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Configured {
    /// The agent's name.
    pub agent: String,
    /// The setting.
    pub setting: String,
    /// Its value.
    pub value: String,
}

table! {
    /// Our own: what the configuration said of each agent when it was last read.
    CONFIGURED: Configured in "agents_configured", Ours,
    key(agent, setting), filled(agent, setting), essential "agent", others_write: false,
    { agent: TEXT, setting: TEXT, value: LONG_TEXT, }
}

/// What earlier releases had in place of [`CONFIGURED`]: the status alone. It is read once and left as it is.
pub(in crate::store) static CONFIGURED_STATUSES: Table = Table {
    name: Cow::Borrowed("agents_configured_status"),
    columns: &[("agent", TEXT), ("status", TEXT)],
    key: &[],
    whose: Whose::Ours,
    essential: None,
    indexes: &[],
};
