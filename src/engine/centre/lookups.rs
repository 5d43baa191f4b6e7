//! What is found by name or identity, whoever asks.

use crate::engine::border::error::EngineError;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{several_marker, Member};
use crate::engine::centre::queue::Queue;
use crate::engine::centre::tier::Tier;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::ids::{AgentId, BoxNumber, MemberId, QueueId, TierId};
use crate::engine::vocabulary::time::{Timestamp, WallTime};
use crate::engine::vocabulary::words::{AgentStatus, Strategy, TierState};
use std::collections::BTreeSet;

impl Engine {
    /// The configuration of a queue; none while it is not loaded.
    pub(in crate::engine) fn config_of(&self, queue: QueueId) -> Option<&QueueConfig> {
        self.queues.get(&queue)?.config.as_ref()
    }

    /// Whether a queue calls back.
    pub(in crate::engine) fn calls_back_from(&self, queue: QueueId) -> bool {
        self.config_of(queue)
            .is_some_and(|config| config.callbacks.dial.is_some())
    }

    /// The order in which a queue chooses agents; none while it is not loaded.
    pub(in crate::engine) fn strategy_of(&self, queue: QueueId) -> Option<Strategy> {
        self.queues.get(&queue)?.strategy
    }

    /// The queue of this name, known from now on.
    pub(in crate::engine) fn queue_named(&mut self, name: &str) -> QueueId {
        if let Some(id) = self.queues.named(name) {
            return id;
        }
        let id = QueueId(self.next_id());
        self.queues.insert(id, Queue::named(name));
        id
    }

    pub(in crate::engine) fn loaded_queue(&self, name: &str) -> Result<QueueId, EngineError> {
        let id = self.queues.named(name).ok_or(EngineError::QueueNotFound)?;
        let is_loaded = self.queues.get(&id).is_some_and(|queue| queue.config.is_some());
        is_loaded.then_some(id).ok_or(EngineError::QueueNotFound)
    }

    pub(in crate::engine) fn agent_id(&self, name: &str) -> Result<AgentId, EngineError> {
        self.agents.named(name).ok_or(EngineError::AgentNotFound)
    }

    /// Whether rows with this `instance_id` are ours.
    pub(in crate::engine) fn is_ours(&self, instance_id: &str) -> bool {
        self.boxes.have(instance_id)
    }

    /// The box that a member's channel is on.
    pub(in crate::engine) fn box_of(&self, member: &Member) -> BoxNumber {
        if !self.boxes.are_several() {
            return BoxNumber::OWN;
        }
        self.boxes.number(&member.row.instance_id).unwrap_or_default()
    }

    /// The instance of the box that a member of this uuid is on.
    pub fn box_of_member_uuid(&self, uuid: &str) -> Option<&str> {
        let member = self.members.get(&self.members.of_uuid(uuid)?)?;
        Some(&member.row.instance_id)
    }

    /// Whether we own an agent of that name, or nobody does because there is none.
    pub(in crate::engine) fn may_decide_for(&self, agent: &str) -> bool {
        let known = self.agents.named(agent).and_then(|id| self.agents.get(&id));
        known.is_none_or(|agent| self.is_ours(&agent.row.instance_id))
    }

    /// The status that counts in the queues an agent serves: an agent of another instance takes none of our calls.
    pub(in crate::engine) fn status_here(&self, id: AgentId) -> Option<AgentStatus> {
        let agent = self.agents.get(&id)?;
        self.is_ours(&agent.row.instance_id).then_some(agent.row.status)
    }

    /// One agent.
    pub fn agent_row(&self, name: &str) -> Option<AgentRow> {
        let agent = self.agents.get(&self.agents.named(name)?)?;
        Some(agent.row.clone())
    }

    /// The row of the table `queues` of that name.
    pub fn queue_in_database(&self, name: &str) -> Option<&QueueConfig> {
        self.known_queue(name)?.in_database.as_ref()
    }

    pub(in crate::engine) fn known_queue(&self, name: &str) -> Option<&Queue> {
        self.queues.get(&self.queues.named(name)?)
    }

    pub(in crate::engine) fn tier_id(&self, queue: &str, agent: &str) -> Option<TierId> {
        let queue = self.queues.get(&self.queues.named(queue)?)?;
        let id = queue.tiers_by_agent.get(agent).copied()?;
        self.tiers.get(&id).filter(|tier| !tier.by_skill).map(|_| id)
    }

    /// A tier's row; none of one that stands for skills. The tier of a paused agent is on standby for all who know states alone.
    pub(in crate::engine) fn tier_row(&self, tier: &Tier) -> Option<TierRow> {
        let queue = self.queues.get(&tier.queue)?;
        let is_kept_back = tier.state.is_usable() && queue.is_paused(tier);
        (!tier.by_skill).then_some(TierRow {
            queue: queue.name.clone(),
            agent: tier.agent_name.clone(),
            state: if is_kept_back { TierState::Standby } else { tier.state },
            level: tier.level,
            position: tier.position,
        })
    }

    /// The levels of a queue's tiers, where the tier rules make anything of them: nobody is looked at otherwise.
    pub(in crate::engine) fn levels_of(&self, queue: &Queue) -> BTreeSet<i64> {
        if !queue.config.as_ref().is_some_and(|config| config.tier_rules_apply) {
            return BTreeSet::new();
        }
        let tiers = queue.tiers.iter().filter_map(|tier| self.tiers.get(tier));
        tiers.map(|tier| tier.level).collect()
    }

    /// An agent's tiers, in the order they were made.
    pub(in crate::engine) fn tiers_of(&self, agent: AgentId) -> Vec<TierId> {
        let agent = self.agents.get(&agent);
        agent.map(|agent| agent.tiers.clone()).unwrap_or_default()
    }

    /// Whether the agent can be reached through a tier, by its state.
    pub(in crate::engine) fn is_usable(&self, tier: &Tier) -> bool {
        let is_over = |agent| self.aftermath.returned.contains_key(&agent);
        tier.state.is_usable() || tier.state == TierState::Standby && tier.agent.is_some_and(is_over)
    }

    /// What the clock on the wall shows at an instant, as far as the engine was told.
    pub fn wall(&self, at: Timestamp) -> WallTime {
        self.wall.shown(at)
    }

    /// The member's position among all who wait in its queue, those included whose agents' phones ring; 1 is the first.
    pub(in crate::engine) fn position_of(&self, id: MemberId) -> Option<usize> {
        let member = self.members.get(&id)?;
        let queue = self.queues.get(&member.queue)?;
        queue.waiting_order.rank(&member.waits_at?).map(|before| before + 1)
    }

    /// What stands in a member's `serving_agent` while no single agent serves it.
    pub(in crate::engine) fn nobody_serves(&self, id: MemberId) -> &'static str {
        let strategy = self.members.get(&id).and_then(|member| self.strategy_of(member.queue));
        strategy.map_or("", several_marker)
    }
}
