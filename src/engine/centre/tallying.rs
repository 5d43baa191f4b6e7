//! What the tallies of queues and agents count, where it happens.

use crate::engine::border::histogram::{Bounds, Histogram};
use crate::engine::border::overview::LeaverOverview;
use crate::engine::border::tally::{is_failure, AgentTally, Tally};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::tallies::Tallies;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallResult, CancelReason, Media};

impl Engine {
    /// A caller comes, and may enter.
    pub(in crate::engine) fn tally_arrival(&mut self, now: Timestamp, queue: QueueId) {
        self.tally(now, queue, |tally| tally.calls += 1);
    }

    /// A caller is turned away at the door.
    pub(in crate::engine) fn tally_refusal(&mut self, now: Timestamp, queue: QueueId, reason: CancelReason) {
        self.tally(now, queue, |tally| {
            tally.calls += 1;
            tally.note_reason(reason);
        });
    }

    /// A caller is offered to an agent.
    pub(in crate::engine) fn tally_offer(&mut self, offer: &Offer) {
        self.tally(offer.called, offer.queue, |tally| tally.offers += 1);
        self.tally_agent(offer.called, offer.agent, |tally| tally.offers += 1);
    }

    /// A caller talks to an agent.
    pub(in crate::engine) fn tally_answer(&mut self, now: Timestamp, id: OfferId) {
        let Some(offer) = self.offers.get(&id) else { return };
        let (queue, agent) = (offer.queue, offer.agent);
        let wait = offer.answered.since(offer.facts.entered).max(Span::ZERO);
        let ring = offer.answered.since(offer.called);
        let chat = u32::from(offer.media() == Media::Chat);
        let in_time = u32::from(wait <= self.service_level());
        self.tally(now, queue, |tally| {
            tally.answered += 1;
            tally.answered_chats += chat;
            tally.answered_in_time += in_time;
            tally.wait = tally.wait.and(wait);
            tally.longest_wait = tally.longest_wait.max(wait);
        });
        self.tally_agent(now, agent, |tally| {
            tally.answered += 1;
            tally.answered_chats += chat;
        });
        self.measure_wait(queue, wait, |tallies| &mut tallies.answered_waits);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.tallies.rings.add(ring);
        }
    }

    /// A caller leaves unanswered.
    pub(in crate::engine) fn tally_leaving(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        let Some(member) = self.members.get(&id) else { return };
        let (queue, facts) = (member.queue, &member.facts);
        let waited = now.since(member.entered).max(Span::ZERO);
        let leaver = LeaverOverview {
            uuid: facts.uuid.clone(),
            name: facts.cid_name.clone(),
            number: facts.cid_number.clone(),
            entered: self.wall.shown(member.entered),
            left: self.wall.shown(now),
            waited,
            reason,
            offers: member.offers_made,
            media: facts.media,
        };
        let in_time = u32::from(waited <= self.service_level());
        self.tally(now, queue, |tally| {
            tally.note_reason(reason);
            tally.left_in_time += in_time;
            tally.left_wait = tally.left_wait.and(waited);
        });
        self.measure_wait(queue, waited, |tallies| {
            if reason.is_callers_own() {
                &mut tallies.abandoned_waits
            } else {
                &mut tallies.released_waits
            }
        });
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.tallies.remember(leaver);
        }
    }

    /// An offer has ended.
    pub(in crate::engine) fn tally_result(&mut self, now: Timestamp, offer: &Offer, result: CallResult) {
        if is_failure(result) {
            self.tally(now, offer.queue, |tally| tally.note_result(result));
            self.tally_agent(now, offer.agent, |tally| tally.missed += 1);
        }
    }

    /// A talk is over.
    pub(in crate::engine) fn tally_talk(&mut self, now: Timestamp, offer: &Offer, talked: Span) {
        let talked = talked.max(Span::ZERO);
        self.tally(now, offer.queue, |tally| {
            tally.talks += 1;
            tally.talk = tally.talk.and(talked);
        });
        self.tally_agent(now, offer.agent, |tally| tally.talk = tally.talk.and(talked));
        if let Some(queue) = self.queues.get_mut(&offer.queue) {
            queue.tallies.talks.add(talked);
        }
    }

    fn tally(&mut self, now: Timestamp, queue: QueueId, note: impl Fn(&mut Tally)) {
        let at = self.wall.shown(now);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.tallies.counted.note(at, note);
        }
    }

    fn tally_agent(&mut self, now: Timestamp, agent: AgentId, note: impl Fn(&mut AgentTally)) {
        let at = self.wall.shown(now);
        if let Some(agent) = self.agents.books_of(&agent) {
            agent.tallies.note(at, note);
        }
    }

    /// The service level may be another one since the last wait was measured.
    fn measure_wait(&mut self, queue: QueueId, wait: Span, which: impl Fn(&mut Tallies) -> &mut Histogram) {
        let bounds = Bounds::of_waits(self.settings.service_level_seconds);
        if let Some(queue) = self.queues.get_mut(&queue) {
            let histogram = which(&mut queue.tallies);
            histogram.rebound(bounds);
            histogram.add(wait);
        }
    }

    fn service_level(&self) -> Span {
        Span::from_secs(i64::from(self.settings.service_level_seconds))
    }
}
