//! Who talked to whom last.

/// A caller of a queue and the agent who talked to it last: a row of the table `callers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerRow {
    /// The queue's name.
    pub queue: String,
    /// The caller's number, or what `sticky-key` names.
    pub caller: String,
    /// The agent's name.
    pub agent: String,
    /// When they were connected, epoch seconds.
    pub last_talk_epoch: i64,
}
