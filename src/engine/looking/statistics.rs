//! Figures counted at the engine's own transitions, and shown.

use crate::engine::border::figures::{AgentCounts, AgentStatistics, CentreStatistics, Counts, Live, QueueStatistics};
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::queue::Queue;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CancelReason, Media};

impl Engine {
    /// The figures of one loaded queue, or of all.
    pub fn queue_statistics(&self, name: Option<&str>) -> Vec<QueueStatistics> {
        let loaded = self
            .queues
            .loaded()
            .iter()
            .filter_map(|id| Some((*id, self.queues.get(id)?)));
        let wanted = loaded.filter(|(_, queue)| name.is_none_or(|name| queue.name == name));
        let statistics = wanted.map(|(id, queue)| QueueStatistics {
            name: queue.name.clone(),
            counts: queue.counts,
            live: queue.live(),
            estimated_wait: self.estimated_wait(id, CallerRequirements::nothing()),
            opensips_wait: queue.opensips_wait(),
        });
        statistics.collect()
    }

    /// The figures of the whole call centre.
    pub fn centre_statistics(&self, now: Timestamp) -> CentreStatistics {
        let mut live = Live::default();
        for queue in self.queues.values().map(Queue::live) {
            live.on_hold += queue.on_hold;
            live.chats_on_hold += queue.chats_on_hold;
            live.queued += queue.queued;
        }
        let ours = |agent: &&Agent| !agent.deleted && self.is_ours(&agent.row.instance_id);
        for agent in self.agents.values().filter(ours) {
            let is_free = agent.is_placed && agent.tiers.iter().any(|tier| self.could_serve_at_once(*tier));
            live.agents += u64::from(agent.row.status.is_logged_in());
            live.free_agents += u64::from(is_free);
            let absences = agent.absences(now, Media::Audio, &self.settings.instance_id);
            live.paused_agents += u64::from(absences.is_some_and(|absences| absences.meets(Absences::PAUSED)));
        }
        CentreStatistics {
            counts: self.counts,
            live,
        }
    }

    /// Whether the agent of a tier is among the free agents of its queue.
    fn could_serve_at_once(&self, id: TierId) -> bool {
        let found = self.tiers.get(&id).and_then(|tier| {
            let queue = self.queues.get(&tier.queue)?;
            let class = queue.classes.own(Media::Audio)?;
            let key = class.requirement.key(tier.free?);
            let is_open = queue.wait_for_level(class, key.level) == Span::ZERO;
            Some(is_open && class.free.contains(&key))
        });
        found.unwrap_or(false)
    }

    /// The figures of one agent of this instance, or of all.
    pub fn agent_statistics(&self, name: Option<&str>) -> Vec<AgentStatistics> {
        let ours = |agent: &&Agent| !agent.deleted && self.is_ours(&agent.row.instance_id);
        let agents = self.agents.values().filter(ours);
        let wanted = agents.filter(|agent| name.is_none_or(|name| agent.row.name == name));
        let statistics = wanted.map(|agent| AgentStatistics {
            name: agent.row.name.clone(),
            counts: agent.counts,
            chats: u64::try_from(agent.chats.running.len()).unwrap_or(u64::MAX),
        });
        statistics.collect()
    }

    /// `stats reset`: counts begin anew; what estimates are made from stays.
    pub(in crate::engine) fn reset_statistics(&mut self) {
        self.counts = Counts::default();
        self.queues
            .values_mut()
            .for_each(|queue| queue.counts = Counts::default());
        self.agents
            .all_books()
            .for_each(|(_, agent)| agent.counts = AgentCounts::default());
    }

    /// Counts something of a queue, and of all.
    pub(in crate::engine) fn count(&mut self, queue: QueueId, note: impl Fn(&mut Counts)) {
        note(&mut self.counts);
        if let Some(queue) = self.queues.get_mut(&queue) {
            note(&mut queue.counts);
        }
    }

    /// A caller is offered to an agent.
    pub(in crate::engine) fn count_offer(&mut self, offer: &Offer) {
        self.tally_offer(offer);
        if offer.number == 1 {
            self.count(offer.queue, |counts| counts.distributed += 1);
        }
        if let Some(agent) = self.agents.books_of(&offer.agent) {
            agent.counts.distributed += 1;
        }
    }

    /// A caller talks to an agent.
    pub(in crate::engine) fn count_answer(&mut self, queue: QueueId, agent: AgentId, media: Media, wait: Span) {
        let in_time = u64::from(self.is_in_time(wait));
        let chat = u64::from(media == Media::Chat);
        self.count(queue, |counts| {
            counts.answered += 1;
            counts.answered_chats += chat;
            counts.answered_in_time += in_time;
            counts.wait.add(wait);
        });
        if let Some(agent) = self.agents.books_of(&agent) {
            agent.counts.answered += 1;
            agent.counts.answered_chats += chat;
        }
    }

    /// A caller leaves unanswered; by itself, perhaps, while agents' phones ring for it.
    pub(in crate::engine) fn count_leaving(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        let Some(member) = self.members.get(&id) else { return };
        let (queue, offers) = (member.queue, member.offers.clone());
        let in_time = u64::from(self.is_in_time(now.since(member.entered)));
        let by_caller = reason.is_callers_own();
        self.tally_leaving(now, id, reason);
        self.count(queue, |counts| {
            counts.abandoned += u64::from(by_caller);
            counts.released += u64::from(!by_caller);
            counts.left_in_time += in_time;
        });
        for offer in offers.into_iter().filter(|_| by_caller) {
            let agent = self.offers.get(&offer).map(|offer| offer.agent);
            if let Some(agent) = agent.and_then(|agent| self.agents.books_of(&agent)) {
                agent.counts.abandoned += 1;
            }
        }
    }

    /// A talk is over.
    pub(in crate::engine) fn count_talk(&mut self, now: Timestamp, offer: &Offer) {
        let talked = now.since(offer.bridged);
        self.tally_talk(now, offer, talked);
        self.count(offer.queue, |counts| counts.talk.add(talked));
        if let Some(agent) = self.agents.books_of(&offer.agent) {
            agent.counts.talk.add(talked);
        }
    }

    fn is_in_time(&self, wait: Span) -> bool {
        wait <= Span::from_secs(i64::from(self.settings.service_level_seconds))
    }
}

impl Queue {
    pub(in crate::engine) fn live(&self) -> Live {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let paused = self
            .present
            .iter()
            .filter(|(absences, _)| absences.meets(Absences::PAUSED));
        Live {
            on_hold: number(self.line_length()),
            chats_on_hold: number(self.waiting_chats),
            queued: number(self.classes.in_line()),
            agents: number(self.staff.agents),
            free_agents: number(self.free_agents(Media::Audio)),
            paused_agents: number(paused.map(|(_, count)| *count).sum()),
        }
    }

    /// OpenSIPS's estimate: all talks of the callers ahead, shared out among the agents.
    fn opensips_wait(&self) -> Option<Span> {
        let live = self.live();
        let talk = self.counts.talk;
        let agents = i64::try_from(live.agents).ok().filter(|agents| *agents > 0)?;
        let queued = i64::try_from(live.queued).ok()?;
        let average = i64::try_from(talk.average_ms()).ok()?;
        Some(Span::from_millis(average.saturating_mul(queued) / agents))
    }
}
