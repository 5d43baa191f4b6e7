//! Agents whom callers prefer: whom a caller waits for, which of them it gets, and whose turn it is when such an agent becomes free.
//!
//! A caller who waits for a preferred agent keeps the place in line. Others may be passed over for it while they have waited no longer
//! than their own queue's `sticky-wait`, and nobody of a queue with a higher priority ever is.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::{RequirementClass, RequirementClassId};
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::member::Member;
use crate::engine::centre::queue::Queue;
use crate::engine::marks::{holds, Mark};
use crate::engine::matching::rank::Rank;
use crate::engine::vocabulary::ids::{MemberId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::{Span, Timestamp};

/// How a member stands with the agents whom it prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::engine) struct Preferring {
    /// They may have it before others.
    pub prefers: bool,
    /// It waits for one of them, and is for nobody else.
    pub spoken_for: bool,
    /// Until then at most.
    pub until: Option<Timestamp>,
}

impl Engine {
    /// How a member of this class stands with the agents whom it prefers.
    pub(in crate::engine) fn preferring(&self, now: Timestamp, id: MemberId, class: RequirementClassId) -> Preferring {
        let preferring = self.members.get(&id).and_then(|member| {
            let preferred = member.preferred.as_deref()?;
            let queue = self.queues.get(&member.queue)?;
            let (config, class) = (queue.config.as_ref()?, queue.classes.get(class)?);
            let waited = now.since(member.joined);
            let is_rung = self.is_rung_by(member, preferred);
            let (only, patience) = (config.sticky_only, config.sticky_patience());
            let is_patient = waited < patience || !holds(Mark::PreferredAgentsAreAwaitedAWhile);
            if !only && !is_rung && !is_patient {
                return None;
            }
            let is_awaited = |tier: &TierId| match only {
                true => self.tiers.get(tier).is_some_and(|tier| tier.agent.is_some()),
                false => self.is_at_hand(now, *tier, class, waited),
            };
            let mut tiers = preferred
                .names()
                .iter()
                .filter_map(|name| queue.tiers_by_agent.get(&**name));
            Some(Preferring {
                prefers: true,
                spoken_for: (is_rung || tiers.any(is_awaited)) && holds(Mark::WhoIsSpokenForIsLeftAlone),
                until: Some(member.joined + patience).filter(|at| !only && *at > now),
            })
        });
        preferring.unwrap_or_default()
    }

    /// Whether the phone of a preferred agent rings for the member.
    fn is_rung_by(&self, member: &Member, preferred: &PreferredAgents) -> bool {
        let agents = member.offers.iter().filter_map(|offer| self.offers.get(offer));
        let mut agents = agents.filter_map(|offer| self.agents.get(&offer.agent));
        agents.any(|agent| preferred.has(&agent.row.name))
    }

    /// The first of the agents whom a member prefers that is free for it.
    pub(in crate::engine) fn free_preferred(
        &self,
        id: MemberId,
        member: &Member,
        (queue, class): (&Queue, &RequirementClass),
        is_open: impl Fn(&FreeKey) -> bool,
    ) -> Option<TierId> {
        let names = member.preferred.as_deref()?.names().iter();
        let mut tiers = names.filter_map(|name| queue.tiers_by_agent.get(&**name).copied());
        tiers.find(|tier| {
            let key = self
                .tiers
                .get(tier)
                .and_then(|tier| tier.free_for(class.requirement.media()));
            let key = key.map(|key| class.requirement.key(key));
            let is_free = key.is_some_and(|key| class.free.contains(&key) && is_open(&key));
            is_free && !self.is_kept_from(*tier, id)
        })
    }

    /// Whether somebody in line prefers this agent.
    pub(in crate::engine) fn has_own_callers(&self, agent: &Agent) -> bool {
        agent.tiers.iter().any(|tier| {
            let queue = self.tiers.get(tier).and_then(|tier| self.queues.get(&tier.queue));
            let queue = queue.filter(|queue| !queue.choosy.is_empty());
            let mut classes = queue.into_iter().flat_map(|queue| queue.classes.iter());
            classes.any(|(_, class)| class.own_callers.of(&agent.row.name).is_some())
        })
    }

    /// Whom a freed agent serves: its best own caller, unless somebody stands before that one who is not to be passed over; then the best
    /// of all.
    pub(in crate::engine) fn own_caller_or(&self, agent: &Agent, best: Option<Rank>) -> Option<Rank> {
        let own = agent.tiers.iter().filter_map(|tier| self.best_own_caller(*tier)).min();
        let (Some(own), Some(best)) = (own, best) else {
            return own.or(best);
        };
        if own < best {
            return Some(own);
        }
        let has_waited_too_long = |rank: &Rank| *rank < own && holds(Mark::NobodyIsPassedOverForLong);
        let mut others = agent
            .tiers
            .iter()
            .filter_map(|tier| self.best_of_the_patient(*tier, own));
        Some(if others.any(|rank| has_waited_too_long(&rank)) {
            best
        } else {
            own
        })
    }

    /// The best member whom the agent of this tier may serve now because it is preferred.
    fn best_own_caller(&self, id: TierId) -> Option<Rank> {
        let tier = self.tiers.get(&id)?;
        let queue = self.queues.get(&tier.queue).filter(|queue| !queue.choosy.is_empty())?;
        let own = queue.classes.iter().filter_map(|(_, class)| {
            let line = class.own_callers.of(&tier.agent_name)?;
            let key = class.requirement.key(tier.free_for(class.requirement.media())?);
            let line = Some(line).filter(|_| class.free.contains(&key))?;
            line.best_of(queue.wait_for_level(class, key.level), |member| {
                !self.is_kept_from(id, member)
            })
        });
        Some(Rank::of(queue, own.min()?))
    }

    /// The best member for the agent of this tier who is not to be passed over for `own`.
    fn best_of_the_patient(&self, id: TierId, own: Rank) -> Option<Rank> {
        let queue = self.queues.get(&self.tiers.get(&id)?.queue)?;
        let patience = match queue.priority() > own.priority() {
            true => Span::ZERO,
            false => queue.sticky_patience(),
        };
        self.best_member_through(id, patience)
    }
}
