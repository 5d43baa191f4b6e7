//! Rows at the start, rows changed by others, and what is up already.

pub(super) mod adoption;
pub(super) mod callbacks;
pub(super) mod changes_by_others;
pub(super) mod restore;
