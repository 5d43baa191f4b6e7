//! All that can happen to the engine, all it can want, and what it shows.

pub(super) mod changes_by_others;
pub(super) mod error;
pub(super) mod event;
pub(super) mod input;
pub(super) mod output;
pub(super) mod views;
