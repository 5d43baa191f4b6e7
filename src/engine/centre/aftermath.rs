//! What has changed within a step, and what follows from it.
//!
//! Agents and members who have changed are noted by their stores (`Agents::change`, `Members::change`); here is noted what concerns
//! more than one of them. The settle loop works both off, until nothing is left.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::stores::touched::Touched;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId, TierId};
use crate::engine::vocabulary::words::TierState;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that have changed since rows were last put out, beside those of agents and members, whose stores know.
#[derive(Default)]
pub(in crate::engine) struct Changed {
    pub tiers: BTreeSet<TierId>,
    /// Tiers of which the state alone has changed, with the one they had: of several changes that lead back to it nobody is told.
    pub tier_states: Vec<(TierId, TierState)>,
    pub others: Vec<RowChange>,
}

/// What else is to follow before the step ends.
#[derive(Default)]
pub(in crate::engine) struct Aftermath {
    /// Queues in which agents and members may find each other who could not before.
    pub opened: BTreeSet<QueueId>,
    /// Members whom an agent has not taken: what the offer left on the channel goes where nobody else is found.
    pub not_taken: BTreeSet<MemberId>,
    /// Agents whose call is over, and its tier: the other tiers are given back unless the next call takes them at once.
    pub returned: BTreeMap<AgentId, TierId>,
    /// Agents who may have become present or absent, and whom their queues have not counted so yet.
    pub present: Touched<AgentId>,
    /// Those of them who may have done so in each queue in another way.
    pub present_by_queue: BTreeSet<AgentId>,
    /// Queues that may have become empty, or wait under other rules for it.
    pub staffing: BTreeSet<QueueId>,
    /// Members of queues with `sticky-only` and `leave-when-empty` whom none of the agents may be there for who alone may have them.
    pub deserted: BTreeSet<MemberId>,
    /// Queues in which the first agent may have become free, or the last one not to be.
    pub free: BTreeSet<QueueId>,
    /// Queues whose line has moved and whose members' channels are to know it.
    pub moved_lines: BTreeSet<QueueId>,
    /// Queues whose line has moved while callbacks of theirs may be dialled before an agent is free.
    pub leading: BTreeSet<QueueId>,
    /// Agents who were deleted, and of whom nothing is under way any more.
    pub gone: BTreeSet<AgentId>,
    /// Queues that agents serve no more, unless they do again before everything has followed from this: their phones ring for nobody there.
    pub left_queues: BTreeSet<(QueueId, AgentId)>,
}
