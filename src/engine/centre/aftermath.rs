//! What has changed within a step, until everything has followed from it.

use crate::engine::border::row_change::RowChange;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId, TierId};
use crate::engine::vocabulary::words::TierState;
use std::collections::{BTreeMap, BTreeSet};

/// What has changed since rows were last put out.
#[derive(Default)]
pub(in crate::engine) struct Changed {
    pub agents: BTreeSet<AgentId>,
    pub tiers: BTreeSet<TierId>,
    /// Tiers of which the state alone has changed, with the one they had: of several changes that lead back to it nobody is told.
    pub tier_states: BTreeMap<TierId, TierState>,
    pub members: BTreeSet<MemberId>,
    pub limits: BTreeSet<AgentId>,
    pub others: Vec<RowChange>,
    /// Agents who have become ready, and for whom nobody has looked for members yet.
    pub freed: BTreeSet<AgentId>,
    /// Queues in which agents and members may find each other who could not before.
    pub opened: BTreeSet<QueueId>,
    /// Agents whose call is over, and its tier: the other tiers are given back unless the next call takes them at once.
    pub returned: BTreeMap<AgentId, TierId>,
    /// Agents who may have become present or absent, and whom their queues have not counted so yet; whether in each in its own way.
    pub present: BTreeMap<AgentId, bool>,
    /// Queues that may have become empty, or wait under other rules for it.
    pub staffing: BTreeSet<QueueId>,
    /// Queues in which the first agent may have become free, or the last one not to be.
    pub free: BTreeSet<QueueId>,
    /// Queues whose line has moved and whose members' channels are to know it.
    pub moved_lines: BTreeSet<QueueId>,
    /// Queues that agents serve no more, unless they do again before everything has followed from this: their phones ring for nobody there.
    pub left_queues: BTreeSet<(QueueId, AgentId)>,
}
