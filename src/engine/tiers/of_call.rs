//! What a call does to its agent's tiers: the one it goes through shows it, and through the others the agent cannot be reached
//! meanwhile. An agent may have many, so that they are not touched when one call follows another.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::tier::Tier;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, QueueId, TierId};
use crate::engine::vocabulary::words::{Strategy, TierState};

impl Engine {
    /// Marks the tier an offer goes through, and those the agent cannot be reached through meanwhile.
    pub(in crate::engine) fn take_tiers(&mut self, agent: AgentId, through: TierId) {
        match self.aftermath.returned.remove(&agent) {
            Some(last) => self.turn([last], TierState::Ready, TierState::Standby),
            None => self.turn(self.tiers_of(agent), TierState::Ready, TierState::Standby),
        }
        self.set_tier_state(through, TierState::Offering);
        if !self.round_robin.is_empty() {
            self.note_offered_through(agent);
        }
    }

    /// The same for a call that is under way already.
    pub(in crate::engine) fn occupy_tiers(&mut self, agent: AgentId, through: TierId) {
        self.aftermath.returned.remove(&agent);
        self.turn(self.tiers_of(agent), TierState::Ready, TierState::Standby);
        self.set_tier_state(through, TierState::ActiveInbound);
    }

    /// Gives those tiers a state that are in another one.
    fn turn(&mut self, tiers: impl IntoIterator<Item = TierId>, from: TierState, to: TierState) {
        for id in tiers {
            if self.tiers.get(&id).is_some_and(|tier| tier.state == from) {
                self.set_tier_state(id, to);
            }
        }
    }

    /// The call that went through this tier is over, which leaves it in that state.
    pub(in crate::engine) fn give_tiers_back(&mut self, agent: AgentId, through: TierId, state: TierState) {
        let tier = self.tiers.get(&through).filter(|tier| tier.agent == Some(agent));
        let shows_call = |tier: &Tier| {
            let states = [TierState::ActiveInbound, TierState::Standby, TierState::Offering];
            states.contains(&tier.state)
        };
        if tier.is_some_and(shows_call) && holds(Mark::TiersAreGivenBack) {
            self.set_tier_state(through, state);
        }
        self.aftermath.returned.insert(agent, through);
    }

    /// Gives back the tiers of agents who have no other call yet.
    pub(in crate::engine) fn return_tiers(&mut self) {
        for agent in std::mem::take(&mut self.aftermath.returned).into_keys() {
            self.turn(self.tiers_of(agent), TierState::Standby, TierState::Ready);
        }
    }

    /// round-robin goes on behind this agent.
    fn note_offered_through(&mut self, agent: AgentId) {
        for id in self.tiers_of(agent) {
            let queue = self.tiers.get(&id).map(|tier| tier.queue);
            let queue = queue.filter(|queue| self.round_robin.contains(queue));
            if let Some(queue) = queue.and_then(|queue| self.queues.get_mut(&queue)) {
                queue.last_offered = Some(id);
            }
        }
    }

    /// A queue has been loaded, or has another strategy.
    pub(in crate::engine) fn note_round_robin(&mut self, id: QueueId) {
        if self.strategy_of(id) == Some(Strategy::RoundRobin) {
            self.round_robin.insert(id);
            self.renew_last_offered(id);
        } else {
            self.round_robin.remove(&id);
        }
    }
}
