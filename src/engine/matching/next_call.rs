//! The next call of an agent whose call is over. Where somebody waits, the agent needs no place among the free agents of all its
//! queues, which it would leave at once.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::marks::{holds, Mark};
use crate::engine::matching::rank::{best_in_line, Rank};
use crate::engine::vocabulary::ids::{AgentId, MemberId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{Media, Strategy};

impl Engine {
    /// Offers an agent the best member of all its queues. False where the agent is not ready, may take chats as well, or serves nobody who
    /// waits, where the best member's queue has to choose between several agents, and where somebody waits who prefers this one: then
    /// the agent is to be placed.
    pub(in crate::engine) fn offer_next_call(&mut self, now: Timestamp, id: AgentId) -> bool {
        let next = self.next_call(now, id);
        let Some((member, tier)) = next else { return false };
        self.assign(now, member, tier);
        // A callback may have come to its end just then.
        let agent = self.agents.get(&id);
        agent.is_some_and(|agent| agent.is_held || agent.offer.is_some())
    }

    fn next_call(&self, now: Timestamp, id: AgentId) -> Option<(MemberId, TierId)> {
        let agent = self.agents.get(&id).filter(|_| self.dispatches)?;
        let ready_at = agent.ready_at(Media::Audio, &self.boxes).ok();
        let takes_chats = agent.limits.max_chats > 0 || agent.chats.is_placed;
        if takes_chats || ready_at.is_none_or(|at| at > now) || self.has_own_callers(agent) {
            return None;
        }
        let mut best: Option<(Rank, TierId)> = None;
        for tier in &agent.tiers {
            if best.is_some_and(|(best, _)| !self.may_have_better(*tier, best)) {
                continue;
            }
            let Some(rank) = self.next_through(agent, *tier) else {
                continue;
            };
            let found = (rank, *tier);
            best = Some(best.map_or(found, |best| best.min(found)));
        }
        let (rank, tier) = best?;
        let member = rank.place.member;
        self.is_without_choice(member)?.then_some((member, tier))
    }

    /// Whether anybody who waits in the queue of this tier comes before `best`: the first in line alone is looked at, which costs a
    /// fraction of asking who of them may be had.
    fn may_have_better(&self, id: TierId, best: Rank) -> bool {
        let tier = self.tiers.get(&id);
        let queue = tier.and_then(|tier| self.queues.get(&tier.queue));
        queue.is_some_and(|queue| {
            let first = queue.waiting_order.nth(0);
            first.is_some_and(|first| Rank::of(queue, first) < best)
        })
    }

    /// The best member whom a ready agent may serve now through this tier.
    fn next_through(&self, agent: &Agent, id: TierId) -> Option<Rank> {
        let tier = self.tiers.get(&id)?;
        let queue = self.queues.get(&tier.queue)?;
        let level = queue.level_in_order(tier);
        self.open_through(tier, agent, queue, Media::Audio).ok()?;
        let may_have = |member| !self.is_kept_from(id, member);
        let is_asked = self.callbacks.has_given_back();
        best_in_line(queue, Span::ZERO, (is_asked, may_have), |_, class| {
            let requirement = &class.requirement;
            let accepts = requirement.accepts(agent.ability(), tier.level) || !holds(Mark::NextCallNeedsTheSkills);
            let fits = requirement.media() == Media::Audio && accepts;
            fits.then(|| requirement.level(level))
        })
    }

    /// Whether no other agent is free whom a member's queue could choose, and nothing is drawn; none for who is not in line.
    fn is_without_choice(&self, id: MemberId) -> Option<bool> {
        let member = self.members.get(&id)?;
        let queue = self.queues.get(&member.queue)?;
        let class = queue.classes.get(member.place?.class)?;
        Some(class.free.is_empty() && queue.strategy? != Strategy::WeightedRandom)
    }
}
