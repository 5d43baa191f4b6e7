//! Rows at the start, rows changed by others, and what is up already.

pub(super) mod adoption;
pub(super) mod callbacks;
pub(super) mod changes_by_others;
pub(super) mod given_up;
pub(super) mod reported_offers;
pub(super) mod reports;
pub(super) mod restore;
pub(super) mod stays;
