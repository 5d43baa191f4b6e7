//! What others have changed in the database's rows.

use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::member::MemberRow;
use crate::engine::rows::tier::TierRow;

/// What others have changed in the tables since they were last looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangesByOthers {
    /// Rows of `queues`.
    pub queues: Vec<ChangeByOthers<QueueConfig>>,
    /// Rows of `agents`.
    pub agents: Vec<ChangeByOthers<AgentRow>>,
    /// Rows of `tiers`.
    pub tiers: Vec<ChangeByOthers<TierRow>>,
    /// Rows of `members`.
    pub members: Vec<ChangeByOthers<MemberRow>>,
}

impl ChangesByOthers {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.queues.is_empty() && self.agents.is_empty() && self.tiers.is_empty() && self.members.is_empty()
    }

    /// Adds what came after these.
    pub fn append(&mut self, mut later: ChangesByOthers) {
        self.queues.append(&mut later.queues);
        self.agents.append(&mut later.agents);
        self.tiers.append(&mut later.tiers);
        self.members.append(&mut later.members);
    }
}

impl<R> ChangeByOthers<R> {
    /// The same of another kind of row.
    pub fn map<S>(self, of: impl Fn(R) -> S) -> ChangeByOthers<S> {
        match self {
            ChangeByOthers::Added(row) => ChangeByOthers::Added(of(row)),
            ChangeByOthers::Changed { before, after } => ChangeByOthers::Changed {
                before: of(before),
                after: of(after),
            },
            ChangeByOthers::Gone(row) => ChangeByOthers::Gone(of(row)),
        }
    }
}

/// What others have done to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeByOthers<R> {
    /// The row is new.
    Added(R),
    /// The row was changed. `before` is what the engine last wrote or the database last brought: only columns in which
    /// the two differ were changed, and where the engine has meanwhile gone on from `before`, its value is the newer one.
    Changed {
        /// The row as it was known.
        before: R,
        /// The row as it is now.
        after: R,
    },
    /// The row was deleted; this is what was known of it.
    Gone(R),
}
