//! Figures as they come about: of each queue, each agent, and all together.

use crate::engine::border::figures::Counts;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CancelReason, Media};

impl Engine {
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

    pub(in crate::engine) fn is_in_time(&self, wait: Span) -> bool {
        wait <= Span::from_secs(i64::from(self.settings.service_level_seconds))
    }
}
