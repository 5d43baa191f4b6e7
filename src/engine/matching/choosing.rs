//! Who serves whom: the best agent for a member, the best member for an agent.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::free_key::{AgentTurn, FreeKey};
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::matching::rank::Rank;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{Media, MemberState, Strategy};
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

impl Engine {
    /// Stock calls a member of a queue that rings several agents `Trying` from the first look on, even while nobody rings.
    pub(in crate::engine) fn mark_tried_by_several(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id).filter(|member| member.place.is_some()) else {
            return;
        };
        let strategy = self.strategy_of(member.queue).filter(|_| !member.is_away());
        if member.row.state == MemberState::Waiting && strategy.is_some_and(Strategy::rings_several) {
            self.set_member_state(id, MemberState::Trying);
        }
    }

    /// Whether a member is to be offered to somebody now. Where it is only not yet, its deadline is kept.
    pub(in crate::engine) fn wants_offer(&mut self, now: Timestamp, id: MemberId) -> bool {
        let Some(member) = self.members.get(&id) else {
            return false;
        };
        let waits = match member.callback.as_ref().filter(|_| member.is_away()) {
            Some(callback) => {
                let is_taken = member.serving().is_some();
                let is_dialled = self.calls_back_from(member.queue) && !self.callbacks.are_kept_back();
                is_dialled && callback.wants_agent(now) && !is_taken
            }
            None => member.is_waiting_here(),
        };
        if !waits || member.row.state == MemberState::Abandoned {
            return false;
        }
        let Err(why) = self.offerable(now, member) else {
            return true;
        };
        if let Some(at) = self.offerable_again(member, why) {
            self.timers.set(Timer::RingOneMore(id), at);
        }
        false
    }

    /// Offers members in line to the agents their queues choose, as many as each wants, the best member first.
    pub(in crate::engine) fn match_members(&mut self, now: Timestamp, members: &[MemberId]) {
        if members.is_empty() {
            return;
        }
        let mut waiting = BTreeSet::new();
        waiting.extend(members.iter().filter_map(|id| self.rank_of(*id)));
        while let Some(rank) = waiting.pop_first() {
            let member = rank.place.member;
            match self.choose_agent(now, member) {
                Some(tier) => {
                    self.assign(now, member, tier);
                    waiting.extend(self.rank_of(member));
                }
                None => self.outrank(now, member),
            }
        }
    }

    /// Finds members for agents who may be free, the best member of all their queues first. A member's own queue
    /// chooses the agent, which may be another of them than the one the member was found for.
    pub(in crate::engine) fn match_agents(&mut self, now: Timestamp, agents: &[AgentId]) {
        let mut offers = 0;
        let best_for = |engine: &Self, id, offers: u32| Some((engine.best_member_for(id)?, id, offers));
        let mut wanted = BTreeSet::new();
        wanted.extend(agents.iter().filter_map(|id| best_for(self, *id, offers)));
        while let Some((rank, id, offers_then)) = wanted.pop_first() {
            // Offers made since may have taken the member, or the agent.
            if offers_then == offers || self.best_member_for(id) == Some(rank) {
                let Some(tier) = self.choose_agent(now, rank.place.member) else {
                    continue;
                };
                self.assign(now, rank.place.member, tier);
                offers += 1;
            }
            wanted.extend(best_for(self, id, offers));
        }
    }

    /// The free agents of a queue in which somebody waits: each may get the best member of all queues it serves, not only of this.
    pub(in crate::engine) fn free_agents_of(&self, id: QueueId) -> Vec<AgentId> {
        let queue = self.queues.get(&id);
        let waited_for = queue.filter(|queue| queue.classes.everybody().next().is_some());
        let Some(queue) = waited_for else { return Vec::new() };
        let agent_of = |key: &FreeKey| self.tiers.get(&key.tier)?.agent;
        let free = Media::ALL.iter().flat_map(|media| queue.classes.free(*media));
        free.filter_map(agent_of).collect()
    }

    /// The best member this agent may serve now.
    fn best_member_for(&self, id: AgentId) -> Option<Rank> {
        let agent = self.agents.get(&id).filter(|_| self.dispatches)?;
        if !agent.is_placed && !agent.chats.is_placed {
            return None;
        }
        let candidates = agent
            .tiers
            .iter()
            .filter_map(|tier| self.best_member_through(*tier, Span::ZERO));
        let best = if holds(Mark::BestMemberFirst) {
            candidates.min()
        } else {
            candidates.max()
        };
        self.own_caller_or(agent, best)
    }

    /// A member's rank among those of all queues.
    fn rank_of(&self, id: MemberId) -> Option<Rank> {
        let member = self.members.get(&id)?;
        Some(Rank::of(self.queues.get(&member.queue)?, member.place?.place))
    }

    /// The free agent a member's queue chooses for it.
    fn choose_agent(&mut self, now: Timestamp, id: MemberId) -> Option<TierId> {
        let member = self.members.get(&id).filter(|_| self.dispatches)?;
        let queue = self.queues.get(&member.queue)?;
        let place = member.place?;
        let class = queue.classes.get(place.class)?;
        let waited = now.since(member.joined);
        let is_open = |key: &FreeKey| queue.wait_for_level(class, key.level) <= waited;
        let preferred = self.free_preferred(id, member, (queue, class), is_open);
        if preferred.is_some() || place.spoken_for {
            return preferred;
        }
        let after = match queue.strategy? {
            Strategy::RoundRobin => queue
                .last_offered_for(class.requirement.media())
                .and_then(|tier| self.tiers.get(&tier))
                .and_then(|tier| {
                    let key = first_after(class.free_behind(tier.level, tier.position), is_open);
                    key.filter(|key| class.is_like_first_of(tier.level, key))
                }),
            Strategy::TopDown => member
                .last_tried
                .as_deref()
                .and_then(|&(level, position)| first_after(class.free_behind(level, position), is_open)),
            Strategy::Random => {
                let first = *class.free.first()?;
                let pivot = FreeKey {
                    turn: AgentTurn::Lot(self.random.number()),
                    ..first
                };
                let beyond = class.free.range((Excluded(pivot), Unbounded)).next().copied();
                beyond.filter(|key| (key.level, key.load) == (first.level, first.load) && is_open(key))
            }
            _ => None,
        };
        // Levels come first in every order and a higher level never opens sooner, so only the first can decide.
        let chosen = after.or_else(|| class.free.first().copied().filter(is_open))?;
        let chosen = if member.was_missed_by(chosen.tier) || self.is_kept_from(chosen.tier, id) {
            let other = Self::first_who_has_not_missed(member, class, is_open);
            let may_have = |key: &FreeKey| !self.is_kept_from(key.tier, id);
            let again = other.or(Some(chosen)).filter(may_have);
            // One of those who have given it back may stand before the others.
            again.or_else(|| class.free.iter().copied().find(may_have).filter(is_open))?
        } else {
            chosen
        };
        if let (Some(Strategy::WeightedRandom), AgentTurn::Lot(lot)) = (queue.strategy, chosen.turn) {
            let queue = member.queue;
            if let Some(queue) = self.queues.get_mut(&queue) {
                queue.lots = lot;
            }
        }
        Some(chosen.tier)
    }
}

fn first_after(
    mut keys: std::collections::btree_set::Range<'_, FreeKey>,
    is_open: impl Fn(&FreeKey) -> bool,
) -> Option<FreeKey> {
    keys.next().copied().filter(is_open)
}
