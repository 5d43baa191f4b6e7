//! A tier's row, with stock's columns.

use crate::engine::vocabulary::words::TierState;

/// The columns of stock's table `tiers`.
pub const TIER_COLUMNS: &[&str] = &["queue", "agent", "state", "level", "position"];

/// A row of `tiers`, columns in stock's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierRow {
    /// The queue's name.
    pub queue: String,
    /// The agent's name.
    pub agent: String,
    /// Present state.
    pub state: TierState,
    /// Level: lower is tried first.
    pub level: i64,
    /// Position within the level.
    pub position: i64,
}
