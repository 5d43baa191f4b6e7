//! What lists show of queues and members.

use super::row::MemberRow;
use super::settings::QueueConfig;

/// A loaded queue as `queue list` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueListing {
    /// Its configuration.
    pub config: QueueConfig,
    /// Members answered since the queue was loaded.
    pub calls_answered: u64,
    /// Members who left unanswered since the queue was loaded.
    pub calls_abandoned: u64,
}

/// A member as `queue list members` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberListing {
    /// The row.
    pub row: MemberRow,
    /// Seconds waited plus base and skill score, as stock computes it.
    pub score: i64,
}
