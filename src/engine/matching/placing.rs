//! Agents take their places among the free, members theirs in line.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::{InLine, RequirementClass};
use crate::engine::centre::line::free_key::{name_order, FreeKey};
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{Media, Strategy};

/// ring-progressively's pause when the queue sets none (stock).
const DEFAULT_PROGRESSIVE_DELAY: u32 = 10;

/// ring-all: how long somebody who hears the phone takes to answer it. Until then a caller for whom it rings leaves further agents to
/// the others who wait.
pub(in crate::engine) const TIME_TO_ANSWER: Span = Span::from_secs(3);

impl Engine {
    /// Brings an agent's places among the free agents of its queues up to date, and its deadline.
    pub(in crate::engine) fn place_agent(&mut self, now: Timestamp, id: AgentId) {
        self.note_serving(now, id);
        let Some(agent) = self.agents.get(&id) else { return };
        let ready_at = agent.ready_at(Media::Audio, &self.settings.instance_id).ok();
        let is_ready = self.note_readiness(now, Timer::AgentReady(id), ready_at);
        self.place_for_calls(id, is_ready);
        self.place_for_chats(now, id);
        self.note_staffing(now, id);
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
            let key = if is_ready { self.free_key(tier, media) } else { None };
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

    /// Where a ready agent's tier stands in its queue's order; none while the tier cannot be used.
    pub(in crate::engine) fn free_key(&mut self, id: TierId, media: Media) -> Option<FreeKey> {
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
        let (first, second) = match strategy {
            Strategy::LongestIdleAgent => (figures.last_end.micros(), tier.position),
            Strategy::AgentWithLeastTalkTime => (figures.talk_time, tier.position),
            Strategy::AgentWithFewestCalls => (figures.answered, tier.position),
            Strategy::RingAll | Strategy::RingProgressively => (tier.position, 0),
            Strategy::Random => (self.random.number(), 0),
            Strategy::WeightedRandom => (queue.lots.saturating_add(self.random.lot(tier.level)), 0),
            Strategy::RoundRobin
            | Strategy::TopDown
            | Strategy::SequentiallyByAgentOrder
            | Strategy::SequentiallyByNextAgentOrder => (tier.position, figures.last_offered.micros()),
        };
        let third = match strategy {
            Strategy::RoundRobin | Strategy::TopDown => name_order(&tier.agent_name),
            _ => 0,
        };
        Some(FreeKey {
            level: queue.level_in_order(tier),
            load,
            first,
            second,
            third,
            tier: id,
        })
    }

    /// Takes a tier out of all orders of free agents.
    pub(in crate::engine) fn leave_orders(&mut self, id: TierId) {
        for media in Media::ALL {
            self.set_free(id, *media, None);
        }
    }

    /// Puts a tier into the orders of free agents of its queue's classes that it fits, or takes it out of all for this medium.
    pub(in crate::engine) fn set_free(&mut self, id: TierId, media: Media, key: Option<FreeKey>) {
        let Some(tier) = self.tiers.get_mut(&id) else { return };
        let old = std::mem::replace(tier.free_for_mut(media), key);
        if old.is_none() && key.is_none() {
            return;
        }
        let Some(queue) = self.queues.get_mut(&tier.queue) else {
            return;
        };
        let agent = tier.agent.and_then(|agent| self.agents.get(&agent));
        if media == Media::Audio && self.settings.agent_presence && old.is_some() != key.is_some() {
            self.aftermath.free.insert(tier.queue);
        }
        let of_medium = |class: &&mut RequirementClass| class.requirement.media() == media;
        for class in queue.classes.iter_mut().filter(of_medium) {
            if let Some(old) = old {
                class.free.remove(&class.requirement.key(old));
            }
            if let (Some(key), Some(agent)) = (key, agent) {
                if class.requirement.accepts(&agent.skills, tier.level) {
                    class.free.insert(class.requirement.key(key));
                }
            }
        }
    }

    /// Puts a member in line if it wants an agent (again), or takes it out.
    ///
    /// In `ring-all` members who wait share the agents who become free: the one for whom the fewest phones ring comes first. If the
    /// first in line had them all, as in stock, every answer would stop all the other phones, to ring them again for the next member.
    pub(in crate::engine) fn place_member(&mut self, now: Timestamp, id: MemberId) {
        self.keep_order(id);
        if !self.staffed_queues.is_empty() {
            self.note_prospect(now, id);
        }
        let wanted = if self.wants_offer(now, id) {
            self.class_for(now, id)
        } else {
            None
        };
        let phones = self.phones_that_count(now, id);
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&member.queue) else {
            return;
        };
        let place = wanted.map(|(class, _)| InLine {
            class,
            place: member.place_in_line(id, phones),
        });
        if let Some(old) = member.place.filter(|old| Some(*old) != place) {
            queue.leave(&old);
        }
        member.place = place;
        let Some(place) = place else {
            // Between two offers as well: who leaves an empty queue does so in the moment in which nobody could serve them any more.
            match self.prospect_changes(now, id) {
                Some(at) => self.timers.set(Timer::TierOpens(id), at),
                None => drop(self.timers.clear(Timer::TierOpens(id))),
            }
            return;
        };
        let opens = queue.enter(place, member.joined, now);
        let changes = wanted.and_then(|(_, changes)| changes);
        match opens.into_iter().chain(changes).min() {
            Some(next) => self.timers.set(Timer::TierOpens(id), next),
            None => drop(self.timers.clear(Timer::TierOpens(id))),
        }
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

    /// A pause between two offers of a member ends when it would end if it began now under the queue's new rules, at the latest.
    pub(in crate::engine) fn shorten_pauses(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let Some(config) = config else { return };
        let retry = Span::from_secs(i64::from(config.retry_delay));
        member.retry_at = member.retry_at.min(now + retry);
        member.ring_more_at = member.ring_more_at.min(now + pause_between_rings(config));
    }
}

/// How long one phone rings for a member before the next one does, where several may.
pub(in crate::engine) fn pause_between_rings(config: &QueueConfig) -> Span {
    match (config.strategy(), config.ring_progressively_delay) {
        (Strategy::RingAll, _) => TIME_TO_ANSWER,
        (_, 0) => Span::from_secs(i64::from(DEFAULT_PROGRESSIVE_DELAY)),
        (_, delay) => Span::from_secs(i64::from(delay)),
    }
}
