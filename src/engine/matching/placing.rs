//! Agents take their places among the free, members theirs in line.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::InLine;
use crate::engine::centre::line::free_key::{AgentTurn, FreeKey, NameOrder};
use crate::engine::centre::member::Member;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, TierId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{Media, Strategy};

impl Engine {
    /// Brings an agent's places among the free agents of its queues up to date, and its deadline. Says whether it may have any.
    pub(in crate::engine) fn place_agent(&mut self, now: Timestamp, id: AgentId) -> bool {
        self.note_serving(now, id);
        let Some(agent) = self.agents.get(&id) else {
            return false;
        };
        let ready_at = agent.ready_at(Media::Audio, &self.boxes).ok();
        let is_ready = self.note_readiness(now, Timer::AgentReady(id), ready_at);
        self.place_for_calls(id, is_ready);
        let takes_chats = self.place_for_chats(now, id);
        self.note_staffing(now, id);
        is_ready || takes_chats
    }

    /// Brings an agent's places among those who are free for calls up to date. Who has none and gets none is not looked at.
    fn place_for_calls(&mut self, id: AgentId, is_ready: bool) {
        let Some(agent) = self.agents.books_of(&id) else { return };
        let was_placed = std::mem::replace(&mut agent.is_placed, is_ready);
        if !is_ready && !was_placed {
            return;
        }
        self.place_in_orders(id, Media::Audio, is_ready);
    }

    /// Puts an agent who is ready into the orders of its queues, and anybody else out of them.
    pub(in crate::engine) fn place_in_orders(&mut self, id: AgentId, media: Media, is_ready: bool) {
        for tier in self.tiers_of(id) {
            let key = if is_ready {
                self.draw_free_key(tier, media)
            } else {
                None
            };
            self.set_free(tier, media, key);
        }
    }

    /// Keeps the deadline of an agent who will be ready then; whether the agent is now.
    pub(in crate::engine) fn note_readiness(
        &mut self,
        now: Timestamp,
        deadline: Timer,
        ready_at: Option<Timestamp>,
    ) -> bool {
        let is_ready = ready_at.is_some_and(|at| at <= now);
        match ready_at {
            Some(at) if at > now && holds(Mark::ReadinessHasADeadline) => self.timers.set(deadline, at),
            _ => drop(self.timers.clear(deadline)),
        }
        is_ready
    }

    /// Where a ready agent's tier takes its place in its queue's order, drawn by lot where the strategy says so; none while the tier cannot
    /// be used.
    fn draw_free_key(&mut self, id: TierId, media: Media) -> Option<FreeKey> {
        let tier = self.tiers.get(&id)?;
        let agent = self.agents.get(&tier.agent?)?;
        let queue = self.queues.get(&tier.queue)?;
        let config = queue.config.as_ref()?;
        self.open_through(tier, agent, queue, media).ok()?;
        let load = match media {
            Media::Audio => 0,
            Media::Chat => config.chat_dispatch_policy.rank(agent.chats.running.len()),
        };
        let figures = agent.figures(media);
        let strategy = queue.strategy?;
        let position = tier.position;
        let turn = match strategy {
            Strategy::LongestIdleAgent => AgentTurn::LongestIdle {
                last_end: figures.last_end.micros(),
                position,
            },
            Strategy::AgentWithLeastTalkTime => AgentTurn::LeastTalkTime {
                talk_time: figures.talk_time,
                position,
            },
            Strategy::AgentWithFewestCalls => AgentTurn::FewestCalls {
                answered: figures.answered,
                position,
            },
            Strategy::RingAll | Strategy::RingProgressively => AgentTurn::Position(position),
            Strategy::Random => AgentTurn::Lot(self.random.number()),
            Strategy::WeightedRandom => AgentTurn::Lot(queue.lots.saturating_add(self.random.lot(tier.level))),
            Strategy::SequentiallyByAgentOrder | Strategy::SequentiallyByNextAgentOrder => AgentTurn::Sequence {
                position,
                last_offered: figures.last_offered.micros(),
            },
            Strategy::RoundRobin | Strategy::TopDown => AgentTurn::Round {
                position,
                last_offered: figures.last_offered.micros(),
                name: NameOrder::of(&tier.agent_name),
            },
        };
        Some(FreeKey {
            level: queue.level_in_order(tier),
            load,
            turn,
            tier: id,
        })
    }

    /// Puts a member in line if it wants an agent (again), or takes it out. Says whether it is in line.
    ///
    /// In `ring-all` members who wait share the agents who become free: the one for whom the fewest phones ring comes first. If the
    /// first in line had them all, as in stock, every answer would stop all the other phones, to ring them again for the next member.
    pub(in crate::engine) fn place_member(&mut self, now: Timestamp, id: MemberId) -> bool {
        // Most changes of a member are about one whom somebody has, or who has gone.
        let is_nowhere = |member: &Member| !member.is_waiting_here() && !member.is_away();
        if self.members.get(&id).is_some_and(is_nowhere) {
            self.take_out_of_line(now, id);
            return false;
        }
        self.keep_order(id);
        if self.callbacks.has_given_back() {
            self.note_who_gave_back(now, id);
        }
        if !self.staffed_queues.is_empty() {
            self.note_prospect(now, id);
            self.note_if_deserted(id);
        }
        let wanted = if self.wants_offer(now, id) {
            self.class_for(now, id)
        } else {
            None
        };
        let phones = self.phones_that_count(now, id);
        let preferring = wanted.map(|(class, _)| self.preferring(now, id, class));
        let preferring = preferring.unwrap_or_default();
        let Some(member) = self.members.books_of(&id) else {
            return false;
        };
        let Some(queue) = self.queues.get_mut(&member.queue) else {
            return false;
        };
        let place = wanted.map(|(class, _)| InLine {
            class,
            place: member.place_in_line(id, phones),
            prefers: preferring.prefers,
            spoken_for: preferring.spoken_for,
        });
        let preferred = member.preferred.as_deref().map_or(&[][..], PreferredAgents::names);
        if let Some(old) = member.place.filter(|old| Some(*old) != place) {
            queue.leave(&old, preferred);
        }
        member.place = place;
        let Some(place) = place else {
            // Between two offers as well: who leaves an empty queue does so in the moment in which nobody could serve them any more.
            match self.prospect_changes(now, id) {
                Some(at) => self.timers.set(Timer::TierOpens(id), at),
                None => drop(self.timers.clear(Timer::TierOpens(id))),
            }
            return false;
        };
        let opens = queue.enter(&place, preferred, (member.joined, now));
        let changes = wanted.and_then(|(_, changes)| changes);
        match opens.into_iter().chain(changes).chain(preferring.until).min() {
            Some(next) => self.timers.set(Timer::TierOpens(id), next),
            None => drop(self.timers.clear(Timer::TierOpens(id))),
        }
        true
    }

    /// Takes a member out of line who does not wait in the queue any more.
    fn take_out_of_line(&mut self, now: Timestamp, id: MemberId) {
        self.timers.clear(Timer::TierOpens(id));
        if self.members.get(&id).is_none_or(|member| member.place.is_none()) {
            return;
        }
        self.keep_order(id);
        if !self.staffed_queues.is_empty() {
            self.note_prospect(now, id);
        }
        self.give_up_place(id);
    }

    /// How many phones have just begun to ring for a member of a `ring-all` queue.
    fn phones_that_count(&mut self, now: Timestamp, id: MemberId) -> u32 {
        let Some(member) = self.members.get(&id) else { return 0 };
        let rings_all = self.strategy_of(member.queue) == Some(Strategy::RingAll);
        if !rings_all || member.offers.is_empty() || member.ring_more_at <= now {
            return 0;
        }
        let phones = u32::try_from(member.offers.len()).unwrap_or(u32::MAX);
        self.timers.set(Timer::RingOneMore(id), member.ring_more_at);
        phones
    }

    /// Brings an agent's places among those who are free to chat up to date. Agents who take no chats are not
    /// looked at. Says whether the agent takes any.
    pub(in crate::engine) fn place_for_chats(&mut self, now: Timestamp, id: AgentId) -> bool {
        let Some(agent) = self.agents.books_of(&id) else {
            return false;
        };
        let takes_chats = agent.limits.max_chats > 0 && !agent.deleted;
        let was_placed = std::mem::replace(&mut agent.chats.is_placed, takes_chats);
        if !takes_chats && !was_placed {
            return false;
        }
        if takes_chats != was_placed {
            self.touch_all_own_callers(id);
        }
        let Some(agent) = self.agents.get(&id) else {
            return false;
        };
        let at = agent.ready_at(Media::Chat, &self.boxes).ok();
        let is_ready = self.note_readiness(now, Timer::AgentMayChat(id), at);
        self.place_in_orders(id, Media::Chat, is_ready);
        takes_chats
    }
}
