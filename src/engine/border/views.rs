//! What lists show of queues and members.

use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::member::MemberRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::words::CallState;

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

/// What no row and no file tells of a queue: for whoever begins another engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueInForce<'e> {
    /// It is loaded with this, and is none of the table `queues`.
    Loaded(&'e QueueConfig),
    /// A command has unloaded it: it stays so until somebody loads it by name.
    PutAway,
}

/// How much the engine remembers of calls: nothing once all have ended and nobody may come back to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holdings {
    /// Members, abandoned ones too.
    pub members: usize,
    /// Offers under way.
    pub offers: usize,
    /// Deadlines to come.
    pub deadlines: usize,
}

/// What the watchdog has put right since the start: all zero unless something has gone wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs {
    /// Offers of whose end no report has come.
    pub lost_offers: u64,
    /// Offers that rang, or were being bridged, without end.
    pub endless_offers: u64,
    /// Members whose channel was gone without a report.
    pub lost_members: u64,
}

/// A call as `call list` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallListing {
    /// The member's row.
    pub row: MemberRow,
    /// How far the call is.
    pub state: CallState,
    /// Whole seconds since the caller entered.
    pub duration: i64,
}

/// Which agents of a queue a list is about; what is not given lets everybody pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentFilter {
    /// The status, compared exactly, as SQL does.
    pub status: Option<String>,
    /// The state, likewise.
    pub state: Option<String>,
    /// How many calls outside the queues the agent has. FreeSWITCH #1109.
    pub external_calls: Option<i64>,
}

impl AgentFilter {
    /// Whether the list has this agent.
    pub(in crate::engine) fn lets_pass(&self, row: &AgentRow) -> bool {
        let is = |wanted: &Option<String>, text: &str| wanted.as_deref().is_none_or(|wanted| wanted == text);
        is(&self.status, row.status.as_str())
            && is(&self.state, row.state.as_str())
            && self
                .external_calls
                .is_none_or(|calls| calls == row.external_calls_count)
    }
}

/// A tier as `tier list` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierListing {
    /// The row.
    pub row: TierRow,
    /// The pause of its agent in its queue.
    pub pause: Option<Pause>,
}

/// A pause as `pause list` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseListing {
    /// The agent's name.
    pub agent: String,
    /// The queue's name; none where the agent is on a break.
    pub queue: Option<String>,
    /// Why, and since when.
    pub pause: Pause,
}

/// A member as `queue list members` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberListing {
    /// The row.
    pub row: MemberRow,
    /// Seconds waited plus base and skill score, as stock computes it.
    pub score: i64,
}
