//! What of the tables changes.

use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::rows::call_record::CallRecord;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::rows::caller::CallerRow;
use crate::engine::rows::member::MemberRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::skills::Skills;

/// A change of a row. The last change of a key is the whole truth about it, so changes may be coalesced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// The queue's row is this.
    Queue(Box<QueueConfig>),
    /// The table `queues` has no such queue.
    QueueGone(String),
    /// The agent's row is this.
    Agent(AgentRow),
    /// There is no such agent.
    AgentGone(String),
    /// The tier's row is this.
    Tier(TierRow),
    /// There is no such tier.
    TierGone {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// The member's row is this.
    Member(MemberRow),
    /// There is no member of that uuid.
    MemberGone(String),
    /// What the configuration said of an agent when it was last read (a table of our own beside stock's).
    Configured {
        /// The agent's name.
        agent: String,
        /// The setting, as in `agent set`.
        setting: String,
        /// The value; none when it says nothing of it.
        value: Option<String>,
    },
    /// What the agent has beyond stock's columns is this (another table of our own).
    AgentLimits {
        /// The agent's name.
        agent: String,
        /// The limits.
        limits: AgentLimits,
    },
    /// The agent has no limits but the default.
    AgentLimitsGone(String),
    /// An agent's skills (a table of our own, too).
    AgentSkills {
        /// The agent's name.
        agent: String,
        /// The skills; none at all where there are none.
        skills: Skills,
    },
    /// The configuration names this tier (another table of our own).
    ConfiguredTier {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// The configuration does not name this tier, or it is gone.
    ConfiguredTierGone {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// An agent's pause is this, or there is none (a table of our own as well).
    Pause {
        /// The agent's name.
        agent: String,
        /// The queue's name; none for a break.
        queue: Option<String>,
        /// The pause.
        pause: Option<Pause>,
    },
    /// Who talked to a caller last is this (a table of our own).
    Caller(CallerRow),
    /// The caller of a queue is not known any more.
    CallerGone {
        /// The queue's name.
        queue: String,
        /// The caller.
        caller: String,
    },
    /// Somebody is to be called back (a table of our own).
    Callback(Box<CallbackRow>),
    /// The callback of this member's uuid has ended.
    CallbackGone(String),
    /// There is this call detail record, from now on and unchanged.
    CallRecord(Box<CallRecord>),
}

impl RowChange {
    /// Whether it says that a row is not there.
    pub fn is_removal(&self) -> bool {
        matches!(
            self,
            RowChange::QueueGone(_)
                | RowChange::AgentGone(_)
                | RowChange::TierGone { .. }
                | RowChange::MemberGone(_)
                | RowChange::AgentLimitsGone(_)
                | RowChange::ConfiguredTierGone { .. }
                | RowChange::CallerGone { .. }
                | RowChange::CallbackGone(_)
                | RowChange::Configured { value: None, .. }
                | RowChange::Pause { pause: None, .. }
        )
    }
}
