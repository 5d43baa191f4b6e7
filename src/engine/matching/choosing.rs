//! Who serves whom: free agents in their queues' order of choice, members in line, and the offers they make.

use crate::engine::border::output::{Output, Ring};
use crate::engine::centre::line::classes::{Class, ClassId, InLine};
use crate::engine::centre::line::places::Place;
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::centre::queue::Queue;
use crate::engine::centre::tier::{name_order, FreeKey};
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::settings::QueueConfig;
use crate::engine::doors::Engine;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{AgentState, Media, MemberState, Strategy};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

/// ring-progressively's pause when the queue sets none (stock).
const DEFAULT_PROGRESSIVE_DELAY: u32 = 10;

/// ring-all: how long somebody who hears the phone takes to answer it. Until then a caller for whom it rings leaves further agents to
/// the others who wait.
const TIME_TO_ANSWER: Span = Span::from_secs(3);

/// A member's rank among the members of all queues: the queue's priority first, then the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Rank {
    priority: Reverse<u32>,
    pub place: Place,
}

impl Engine {
    /// Brings an agent's places among the free agents of its queues up to date, and its deadline.
    pub(in crate::engine) fn place_agent(&mut self, now: Timestamp, id: AgentId) {
        self.note_serving(now, id);
        let Some(agent) = self.agents.get(&id) else { return };
        let ready_at = agent.ready_at(Media::Audio, &self.settings.instance_id).ok();
        let is_ready = self.note_readiness(now, id, Timer::AgentReady(id), ready_at);
        self.place_for_calls(id, is_ready);
        self.place_for_chats(now, id);
        self.note_presence(now, id);
    }

    /// Brings an agent's places among those who are free for calls up to date. Who has none and gets none is not looked at.
    fn place_for_calls(&mut self, id: AgentId, is_ready: bool) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
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
        id: AgentId,
        deadline: Timer,
        ready_at: Option<Timestamp>,
    ) -> bool {
        let is_ready = ready_at.is_some_and(|at| at <= now);
        match ready_at {
            Some(at) if at > now => self.timers.set(deadline, at),
            // Something else came first at the instant of the deadline, and must do its work.
            _ if self.timers.clear(deadline) && is_ready => drop(self.changed.freed.insert(id)),
            _ => (),
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
            self.changed.free.insert(tier.queue);
        }
        let of_medium = |class: &&mut Class| class.demand.media() == media;
        for class in queue.classes.iter_mut().filter(of_medium) {
            if let Some(old) = old {
                class.free.remove(&class.demand.key(old));
            }
            if let (Some(key), Some(agent)) = (key, agent) {
                if class.demand.accepts(&agent.skills, tier.level) {
                    class.free.insert(class.demand.key(key));
                }
            }
        }
    }

    /// Brings a member's place in line up to date, and makes the offers it can have.
    pub(in crate::engine) fn settle_member(&mut self, now: Timestamp, id: MemberId) {
        self.place_member(now, id);
        self.mark_tried_by_several(id);
        self.match_member(now, id);
    }

    /// Stock calls a member of a queue that rings several agents `Trying` from the first look on, even while nobody rings.
    pub(in crate::engine) fn mark_tried_by_several(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id).filter(|member| member.place.is_some()) else {
            return;
        };
        let strategy = self.strategy_of(member.queue);
        if member.row.state == MemberState::Waiting && strategy.is_some_and(Strategy::rings_several) {
            self.set_member_state(id, MemberState::Trying);
        }
    }

    /// Puts a member in line if it wants an agent (again), or takes it out.
    ///
    /// In `ring-all` members who wait share the agents who become free: the one for whom the fewest phones ring comes first. If the
    /// first in line had them all, as in stock, every answer would stop all the other phones, to ring them again for the next member.
    pub(in crate::engine) fn place_member(&mut self, now: Timestamp, id: MemberId) {
        self.keep_order(id);
        if !self.presence_queues.is_empty() {
            self.note_prospect(now, id);
        }
        let wanted = if self.wants_offer(now, id) {
            self.class_for(now, id)
        } else {
            None
        };
        let phones = self.phones_that_count(now, id);
        let Some(member) = self.members.get_mut(&id) else {
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
        let next = opens.into_iter().chain(changes).min();
        let before = self.timers.at(Timer::TierOpens(id));
        match next {
            Some(next) => self.timers.set(Timer::TierOpens(id), next),
            None => drop(self.timers.clear(Timer::TierOpens(id))),
        }
        // As with agents: this came before the deadline was acted on.
        if before.is_some_and(|before| before <= now || next.is_none()) {
            self.changed.opened.insert(member.queue);
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
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let Some(config) = config else { return };
        let retry = Span::from_secs(i64::from(config.retry_delay));
        member.retry_at = member.retry_at.min(now + retry);
        member.ring_more_at = member.ring_more_at.min(now + pause_between_rings(config));
    }

    fn wants_offer(&mut self, now: Timestamp, id: MemberId) -> bool {
        let Some(member) = self.members.get(&id) else {
            return false;
        };
        let Some(strategy) = self.strategy_of(member.queue) else {
            return false;
        };
        let out_of_reach = member.serving.is_some()
            || member.leaving
            || member.exited
            || member.served
            || member.overdue.is_some()
            || member.row.state == MemberState::Abandoned;
        if out_of_reach {
            return false;
        }
        match strategy {
            Strategy::RingAll => true,
            Strategy::RingProgressively if !member.offers.is_empty() && member.ring_more_at > now => {
                let at = member.ring_more_at;
                self.timers.set(Timer::RingOneMore(id), at);
                false
            }
            Strategy::RingProgressively => true,
            _ if member.offers.is_empty() && member.retry_at > now => {
                let at = member.retry_at;
                self.timers.set(Timer::RingOneMore(id), at);
                false
            }
            _ => member.offers.is_empty(),
        }
    }

    /// Offers a member in line to the agents its queue chooses, as many as it wants.
    pub(in crate::engine) fn match_member(&mut self, now: Timestamp, id: MemberId) {
        self.match_members(now, [id]);
    }

    /// Offers several members in line to agents, the best first.
    pub(in crate::engine) fn match_members(&mut self, now: Timestamp, members: impl IntoIterator<Item = MemberId>) {
        let mut waiting: BTreeSet<Rank> = members.into_iter().filter_map(|id| self.rank_of(id)).collect();
        while let Some(rank) = waiting.pop_first() {
            let member = rank.place.member;
            if let Some(tier) = self.choose_agent(now, member) {
                self.offer(now, member, tier);
                waiting.extend(self.rank_of(member));
            }
        }
    }

    /// Finds members for an agent who has just become free: the best of all queues the agent serves.
    pub(in crate::engine) fn match_agent(&mut self, now: Timestamp, id: AgentId) {
        self.match_agents(now, [id]);
    }

    /// Finds members for agents who have become free together, the best member of all first. A member's own queue
    /// chooses the agent, which may be another of them than the one the member was found for.
    pub(in crate::engine) fn match_agents(&mut self, now: Timestamp, agents: impl IntoIterator<Item = AgentId>) {
        let mut offers = 0;
        let best_for = |engine: &Self, id, offers: u32| Some((engine.best_member_for(id)?, id, offers));
        let mut wanted: BTreeSet<_> = agents.into_iter().filter_map(|id| best_for(self, id, offers)).collect();
        while let Some((rank, id, offers_then)) = wanted.pop_first() {
            // Offers made since may have taken the member, or the agent.
            if offers_then == offers || self.best_member_for(id) == Some(rank) {
                let Some(tier) = self.choose_agent(now, rank.place.member) else {
                    continue;
                };
                self.offer(now, rank.place.member, tier);
                offers += 1;
            }
            wanted.extend(best_for(self, id, offers));
        }
    }

    /// Matches the agents noted as freed, and everybody in the queues noted as opened: after a change that may have let
    /// agents and members find each other. Each free agent gets the best member of all queues it serves, not only of these.
    pub(in crate::engine) fn match_opened_queues(&mut self, now: Timestamp) {
        let freed = std::mem::take(&mut self.changed.freed);
        self.match_agents(now, freed);
        for id in std::mem::take(&mut self.changed.opened) {
            let Some(queue) = self
                .queues
                .get(&id)
                .filter(|queue| queue.classes.everybody().next().is_some())
            else {
                continue;
            };
            let agent_of = |key: &FreeKey| self.tiers.get(&key.tier)?.agent;
            let free = Media::ALL.iter().flat_map(|media| queue.classes.free(*media));
            let agents: Vec<AgentId> = free.filter_map(agent_of).collect();
            self.match_agents(now, agents);
        }
    }

    /// The best member this agent may serve now.
    fn best_member_for(&self, id: AgentId) -> Option<Rank> {
        let agent = self.agents.get(&id).filter(|_| self.dispatches)?;
        if !agent.is_placed && !agent.chats.is_placed {
            return None;
        }
        let candidates = agent.tiers.iter().filter_map(|tier| self.best_member_through(*tier));
        candidates.min()
    }

    /// The best member an agent may serve now through this tier.
    fn best_member_through(&self, id: TierId) -> Option<Rank> {
        let tier = self.tiers.get(&id)?;
        if tier.free.is_none() && tier.free_to_chat.is_none() {
            return None;
        }
        let may_have = |member| !self.is_kept_from(id, member);
        best_in_line(self.queues.get(&tier.queue)?, may_have, |id, class| {
            let media = class.demand.media();
            let key = class.demand.key(tier.free_for(media)?);
            // Who is not in the class's order does not fit; in that of all is everybody.
            let fits = id == ClassId::of_all(media) || class.free.contains(&key);
            fits.then_some(key.level)
        })
    }

    /// A member's rank among those of all queues.
    fn rank_of(&self, id: MemberId) -> Option<Rank> {
        let member = self.members.get(&id)?;
        Some(Rank {
            priority: Reverse(self.queues.get(&member.queue)?.priority()),
            place: member.place?.place,
        })
    }

    /// The free agent a member's queue chooses for it.
    fn choose_agent(&mut self, now: Timestamp, id: MemberId) -> Option<TierId> {
        let member = self.members.get(&id).filter(|_| self.dispatches)?;
        let queue = self.queues.get(&member.queue)?;
        let class = queue.classes.get(member.place?.class)?;
        let waited = now.since(member.joined);
        let is_open = |key: &FreeKey| queue.wait_for_level(class, key.level) <= waited;
        let after = match queue.strategy? {
            Strategy::RoundRobin => queue
                .last_offered_for(class.demand.media())
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
                    first: self.random.number(),
                    ..first
                };
                let beyond = class.free.range((Excluded(pivot), Unbounded)).next().copied();
                beyond.filter(|key| (key.level, key.load) == (first.level, first.load) && is_open(key))
            }
            _ => None,
        };
        // Levels come first in every order and a higher level never opens sooner, so only the first can decide.
        let chosen = after.or_else(|| class.free.first().copied().filter(is_open))?;
        let chosen = if member.was_missed_by(chosen.tier) {
            let other = Self::first_who_has_not_missed(member, class, is_open);
            other.or_else(|| Some(chosen).filter(|chosen| !self.is_kept_from(chosen.tier, id)))?
        } else {
            chosen
        };
        if queue.strategy == Some(Strategy::WeightedRandom) {
            let queue = member.queue;
            if let Some(queue) = self.queues.get_mut(&queue) {
                queue.lots = chosen.first;
            }
        }
        Some(chosen.tier)
    }

    /// Makes an offer. The agent leaves the order of free agents everywhere, and the member its line if it wants one agent
    /// only.
    pub(in crate::engine) fn offer(&mut self, now: Timestamp, member_id: MemberId, tier_id: TierId) {
        let Some(agent_id) = self.tiers.get(&tier_id).and_then(|tier| tier.agent) else {
            return;
        };
        let offer_id = OfferId(self.next_id());
        let Some(offer) = self.note_offer_of_member(now, member_id, tier_id, agent_id, offer_id) else {
            return;
        };
        match offer.media() {
            Media::Audio => self.note_call_offered(now, agent_id, tier_id, offer_id),
            Media::Chat => self.note_chat_offered(now, agent_id, offer_id),
        }
        self.place_agent(now, agent_id);
        self.count_offer(&offer);
        self.fire_agent_offering(&offer);
        if let Some(ring) = self.ring(offer_id, &offer) {
            self.outputs.push_back(Output::Ring(ring));
        }
        self.note_offer_on_channel(now, &offer);
        self.tell_state(member_id);
        self.offers.insert(offer_id, offer);
        self.watch(now);
        self.place_member(now, member_id);
    }

    fn note_call_offered(&mut self, now: Timestamp, id: AgentId, through: TierId, offer: OfferId) {
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.offer = Some(offer);
        }
        if self.settings.reserve_agents {
            self.set_agent_state(now, id, AgentState::Reserved);
        }
        self.take_tiers(id, through);
        self.set_agent_state(now, id, AgentState::Receiving);
    }

    /// Leaves on the member's channel what stock goes on from: when an agent was called last, or on which tier.
    fn note_offer_on_channel(&mut self, now: Timestamp, offer: &Offer) {
        let Some(tier) = self.tiers.get(&offer.tier) else {
            return;
        };
        let changes = match self.strategy_of(offer.queue) {
            Some(Strategy::TopDown) => vec![
                ("cc_last_agent_tier_position", Some(tier.position.to_string())),
                ("cc_last_agent_tier_level", Some(tier.level.to_string())),
            ],
            Some(Strategy::RingProgressively) => {
                vec![("cc_last_originated_call", Some(self.wall.secs(now).to_string()))]
            }
            _ => return,
        };
        self.set_variables(&offer.facts.session_uuid, changes);
    }

    fn note_offer_of_member(
        &mut self,
        now: Timestamp,
        member_id: MemberId,
        tier_id: TierId,
        agent_id: AgentId,
        offer_id: OfferId,
    ) -> Option<Offer> {
        let member = self.members.get_mut(&member_id)?;
        let queue = self.queues.get(&member.queue)?;
        let agent = self.agents.get(&agent_id)?;
        let tier = self.tiers.get(&tier_id)?;
        let strategy = queue.strategy?;
        let pause = queue.config.as_ref().map_or(TIME_TO_ANSWER, pause_between_rings);
        member.begin_round_with(tier_id);
        member.offers.push(offer_id);
        member.offers_made += 1;
        member.first_offered.get_or_insert(now);
        member.ring_more_at = now + pause;
        member.last_tried = Some(Box::new((tier.level, tier.position)));
        if !strategy.rings_several() {
            member.row.serving_agent = agent.row.name.clone();
            member.row.serving_system = agent.row.instance_id.clone();
        }
        let offer = Offer {
            queue: member.queue,
            member: member_id,
            agent: agent_id,
            tier: tier_id,
            place: tier.free_for(member.facts.media),
            stage: Stage::Ringing,
            called: now,
            may_ring: self.settings.agent_originate_timeout,
            answered: now,
            bridged: now,
            number: member.offers_made,
            rejections_before: member.rejections,
            agent_uuid: String::new(),
            facts: member.facts.clone(),
            member_left: false,
            leg_ended: None,
            suspected: None,
        };
        self.set_member_state(member_id, MemberState::Trying);
        Some(offer)
    }

    fn ring(&self, id: OfferId, offer: &Offer) -> Option<Ring> {
        let agent = self.agents.get(&offer.agent)?;
        let config = self.config_of(offer.queue);
        let text =
            |of: fn(&QueueConfig) -> &Option<String>| config.and_then(|config| of(config).clone()).unwrap_or_default();
        Some(Ring {
            offer: id,
            queue: self.queues.get(&offer.queue)?.name.clone(),
            agent: agent.row.name.clone(),
            agent_type: agent.row.agent_type.clone(),
            contact: agent.row.contact.clone(),
            agent_uuid: agent.row.uuid.clone(),
            member_uuid: offer.facts.uuid.clone(),
            member_session_uuid: offer.facts.session_uuid.clone(),
            cid_name: offer.facts.cid_name.clone(),
            cid_name_prefix: text(|config| &config.cid_name_prefix),
            export_vars: text(|config| &config.cc_export_vars),
            cid_number: offer.facts.cid_number.clone(),
            param: offer.facts.param().unwrap_or_default().to_owned(),
            media: offer.media(),
            joined_epoch: offer.facts.joined_epoch,
            timeout: offer.may_ring,
        })
    }

    /// Top-down begins again from the top when nobody is left below: stock then takes back what it left on the channel.
    pub(in crate::engine) fn forget_offer_on_channel(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id).filter(|member| member.place.is_some()) else {
            return;
        };
        let strategy = self.strategy_of(member.queue);
        if strategy == Some(Strategy::TopDown) {
            let session_uuid = member.facts.session_uuid.clone();
            let changes = vec![
                ("cc_last_agent_tier_position", None),
                ("cc_last_agent_tier_level", None),
            ];
            self.set_variables(&session_uuid, changes);
        }
    }
}

/// The best member of a queue, of those an agent may have, for an agent who counts as of such a level in a class, or does not fit there.
pub(in crate::engine) fn best_in_line(
    queue: &Queue,
    may_have: impl Fn(MemberId) -> bool,
    level: impl Fn(ClassId, &Class) -> Option<i64>,
) -> Option<Rank> {
    let in_use = queue.classes.iter().filter(|(_, class)| !class.line.is_empty());
    // Only a member for whom phones may ring on is not for everybody: nobody else is looked up.
    let rings_several = queue.strategy.is_some_and(Strategy::rings_several);
    let best = in_use.filter_map(|(id, class)| {
        let wait = queue.wait_for_level(class, level(id, class)?);
        class.line.best_of(wait, |member| !rings_several || may_have(member))
    });
    Some(Rank {
        priority: Reverse(queue.priority()),
        place: best.min()?,
    })
}

fn first_after(
    mut keys: std::collections::btree_set::Range<'_, FreeKey>,
    is_open: impl Fn(&FreeKey) -> bool,
) -> Option<FreeKey> {
    keys.next().copied().filter(is_open)
}

/// How long one phone rings for a member before the next one does, where several may.
fn pause_between_rings(config: &QueueConfig) -> Span {
    match (config.strategy(), config.ring_progressively_delay) {
        (Strategy::RingAll, _) => TIME_TO_ANSWER,
        (_, 0) => Span::from_secs(i64::from(DEFAULT_PROGRESSIVE_DELAY)),
        (_, delay) => Span::from_secs(i64::from(delay)),
    }
}
