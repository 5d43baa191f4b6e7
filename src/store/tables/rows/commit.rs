//! `callcenter_commits`, ours, on servers only: the last transaction of each writer.

use crate::store::tables::table::{Table, Whose, TEXT};
use std::borrow::Cow;

/// Our own, on servers only: the last transaction of each writer.
pub(in crate::store) static COMMITS: Table = Table {
    name: Cow::Borrowed("callcenter_commits"),
    columns: &[("writer", TEXT), ("mark", TEXT)],
    key: &["writer"],
    whose: Whose::Ours,
    essential: Some("writer"),
    indexes: &[],
};
