//! What others have changed in the database's rows.

use super::row::{AgentRow, MemberRow, TierRow};

/// What others have changed in the tables since they were last looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForeignChanges {
    /// Rows of `agents`.
    pub agents: Vec<ForeignChange<AgentRow>>,
    /// Rows of `tiers`.
    pub tiers: Vec<ForeignChange<TierRow>>,
    /// Rows of `members`.
    pub members: Vec<ForeignChange<MemberRow>>,
}

impl ForeignChanges {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty() && self.tiers.is_empty() && self.members.is_empty()
    }

    /// Adds what came after these.
    pub fn append(&mut self, mut later: ForeignChanges) {
        self.agents.append(&mut later.agents);
        self.tiers.append(&mut later.tiers);
        self.members.append(&mut later.members);
    }
}

/// What others have done to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForeignChange<R> {
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
