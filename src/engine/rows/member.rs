//! A member's row, with stock's columns.

use crate::engine::vocabulary::words::MemberState;
use serde::{Deserialize, Serialize};

/// The columns of stock's table `members`.
pub const MEMBER_COLUMNS: &[&str] = &[
    "queue",
    "instance_id",
    "uuid",
    "session_uuid",
    "cid_number",
    "cid_name",
    "system_epoch",
    "joined_epoch",
    "rejoined_epoch",
    "bridge_epoch",
    "abandoned_epoch",
    "base_score",
    "skill_score",
    "serving_agent",
    "serving_system",
    "state",
];

/// A row of `members`, columns in stock's order (`score` is computed when listed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// The queue's name.
    pub queue: String,
    /// The instance whose channel the member is.
    pub instance_id: String,
    /// The member's own uuid, the row's key.
    pub uuid: String,
    /// The caller's channel; empty once abandoned.
    pub session_uuid: String,
    /// Caller's number.
    pub cid_number: String,
    /// Caller's name.
    pub cid_name: String,
    /// When the channel was answered.
    pub system_epoch: i64,
    /// When the member joined.
    pub joined_epoch: i64,
    /// When an abandoned member came back.
    pub rejoined_epoch: i64,
    /// When the member was bridged.
    pub bridge_epoch: i64,
    /// When the member left without an answer.
    pub abandoned_epoch: i64,
    /// Score the member started with.
    pub base_score: i64,
    /// Score for skills (0 in stock).
    pub skill_score: i64,
    /// The agent who serves the member, or the strategy's name when several ring.
    pub serving_agent: String,
    /// The instance of that agent.
    pub serving_system: String,
    /// Present state.
    pub state: MemberState,
}

impl MemberRow {
    /// The score lists show: seconds waited plus base and skill score.
    pub(in crate::engine) fn score(&self, waited: i64) -> i64 {
        waited.saturating_add(self.base_score).saturating_add(self.skill_score)
    }
}

/// The epoch second in which the present or last stay of a member with this row began.
pub(in crate::engine) fn stay_began(row: &MemberRow) -> i64 {
    if row.rejoined_epoch > 0 {
        row.rejoined_epoch
    } else {
        row.joined_epoch
    }
}
