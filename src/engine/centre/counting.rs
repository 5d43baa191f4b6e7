//! Figures as they come about: of each queue, each agent, and all together. What somebody may reset (`stats`) stands beside what nobody
//! does (boards).

use crate::engine::border::callback::CallbackCounts;
use crate::engine::border::figures::Counts;
use crate::engine::border::overview::LeaverOverview;
use crate::engine::border::tally::is_failure;
use crate::engine::centre::answer::Answer;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Member;
use crate::engine::centre::offer::Offer;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp, WallTime};
use crate::engine::vocabulary::words::{CallResult, CallbackLevel, CancelReason, Media};

impl Engine {
    /// A caller comes, and may enter.
    pub(in crate::engine) fn count_arrival(&mut self, now: Timestamp, id: QueueId) {
        let at = self.wall.shown(now);
        self.counts.calls += 1;
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.counts.calls += 1;
            queue.tallies.counted.note(at, |tally| tally.calls += 1);
        }
    }

    /// A caller is turned away at the door.
    pub(in crate::engine) fn count_refusal(&mut self, now: Timestamp, id: QueueId, reason: CancelReason) {
        let at = self.wall.shown(now);
        let note = |counts: &mut Counts| {
            counts.calls += 1;
            counts.refused += 1;
        };
        note(&mut self.counts);
        if let Some(queue) = self.queues.get_mut(&id) {
            note(&mut queue.counts);
            queue.tallies.counted.note(at, |tally| {
                tally.calls += 1;
                tally.note_reason(reason);
            });
        }
    }

    /// A caller is offered to an agent.
    pub(in crate::engine) fn count_offer(&mut self, offer: &Offer) {
        let at = self.wall.shown(offer.called);
        let first = u64::from(offer.number == 1);
        self.counts.distributed += first;
        if let Some(queue) = self.queues.get_mut(&offer.queue) {
            queue.counts.distributed += first;
            queue.tallies.counted.note(at, |tally| tally.offers += 1);
        }
        if let Some(agent) = self.agents.books_of(&offer.agent) {
            agent.counts.distributed += 1;
            agent.tallies.note(at, |tally| tally.offers += 1);
        }
    }

    /// A caller talks to an agent.
    pub(in crate::engine) fn count_answer(&mut self, now: Timestamp, answer: &Answer) {
        let at = self.wall.shown(now);
        let is_in_time = self.is_in_time(answer.wait) && !answer.outside_level;
        let chat = u8::from(answer.media == Media::Chat);
        let note = |counts: &mut Counts| {
            counts.answered += 1;
            counts.answered_chats += u64::from(chat);
            counts.answered_in_time += u64::from(is_in_time);
            counts.answered_outside_level += u64::from(answer.outside_level);
            counts.answered_by_preferred += u64::from(answer.by_preferred);
            counts.wait.add(answer.wait);
        };
        note(&mut self.counts);
        if let Some(queue) = self.queues.get_mut(&answer.queue) {
            note(&mut queue.counts);
            let service_level = self.settings.service_level_seconds;
            queue.tallies.note_answer(at, answer, is_in_time, service_level);
        }
        if let Some(agent) = self.agents.books_of(&answer.agent) {
            agent.counts.answered += 1;
            agent.counts.answered_chats += u64::from(chat);
            agent.tallies.note(at, |tally| {
                tally.answered += 1;
                tally.answered_chats += u32::from(chat);
            });
        }
    }

    /// A caller leaves unanswered; by itself, perhaps, while agents' phones ring for it.
    pub(in crate::engine) fn count_leaving(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        let Some(member) = self.members.get(&id) else { return };
        let leaver = self.leaver(now, member, reason);
        let outside_level = self.is_outside_level(member);
        let is_in_time = self.is_in_time(leaver.waited) && !outside_level;
        let by_caller = reason.is_callers_own();
        let note = |counts: &mut Counts| {
            counts.abandoned += u64::from(by_caller);
            counts.released += u64::from(!by_caller);
            counts.left_in_time += u64::from(is_in_time);
            counts.left_outside_level += u64::from(outside_level);
        };
        note(&mut self.counts);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            note(&mut queue.counts);
            let service_level = self.settings.service_level_seconds;
            queue
                .tallies
                .note_leaver(leaver, (is_in_time, outside_level), service_level);
        }
        for offer in member.offers.iter().filter(|_| by_caller) {
            let agent = self.offers.get(offer).map(|offer| offer.agent);
            if let Some(agent) = agent.and_then(|agent| self.agents.books_of(&agent)) {
                agent.counts.abandoned += 1;
            }
        }
    }

    fn leaver(&self, now: Timestamp, member: &Member, reason: CancelReason) -> LeaverOverview {
        let facts = &member.facts;
        LeaverOverview {
            uuid: facts.uuid.clone(),
            name: facts.cid_name.clone(),
            number: facts.cid_number.clone(),
            entered: self.wall.shown(member.entered),
            left: self.wall.shown(now),
            waited: now.since(member.entered).max(Span::ZERO),
            reason,
            offers: member.offers_made,
            media: facts.media,
        }
    }

    /// An offer has ended.
    pub(in crate::engine) fn count_result(&mut self, now: Timestamp, offer: &Offer, result: CallResult) {
        if !is_failure(result) {
            return;
        }
        let at = self.wall.shown(now);
        if let Some(queue) = self.queues.get_mut(&offer.queue) {
            queue.tallies.counted.note(at, |tally| tally.note_result(result));
        }
        if let Some(agent) = self.agents.books_of(&offer.agent) {
            agent.tallies.note(at, |tally| tally.missed += 1);
        }
    }

    /// Counts what has come of a callback.
    pub(in crate::engine) fn count_callback(
        &mut self,
        at: WallTime,
        queue: QueueId,
        note: impl Fn(&mut CallbackCounts),
    ) {
        note(&mut self.counts.callbacks);
        if let Some(queue) = self.queues.get_mut(&queue) {
            note(&mut queue.counts.callbacks);
            queue.tallies.counted.note(at, |tally| note(&mut tally.callbacks));
        }
    }

    /// The same of the callback of a member.
    pub(in crate::engine) fn count_callback_of(
        &mut self,
        now: Timestamp,
        id: MemberId,
        note: impl Fn(&mut CallbackCounts),
    ) {
        let at = self.wall.shown(now);
        if let Some(queue) = self.members.get(&id).map(|member| member.queue) {
            self.count_callback(at, queue, note);
        }
    }

    /// A talk is over.
    pub(in crate::engine) fn count_talk(&mut self, now: Timestamp, offer: &Offer) {
        let at = self.wall.shown(now);
        let talked = now.since(offer.bridged);
        self.counts.talk.add(talked);
        if let Some(queue) = self.queues.get_mut(&offer.queue) {
            queue.counts.talk.add(talked);
            queue.tallies.note_talk(at, talked);
        }
        if let Some(agent) = self.agents.books_of(&offer.agent) {
            agent.counts.talk.add(talked);
            let talked = talked.max(Span::ZERO);
            agent.tallies.note(at, |tally| tally.talk = tally.talk.and(talked));
        }
    }

    /// Whether a caller does not count in the service level, for having asked to be called back.
    pub(in crate::engine) fn is_outside_level(&self, member: &Member) -> bool {
        let level = self
            .config_of(member.queue)
            .map(|config| config.callbacks.service_level);
        member.asked_for_callback && level == Some(CallbackLevel::LeaveOut)
    }

    fn is_in_time(&self, wait: Span) -> bool {
        wait <= Span::from_secs(i64::from(self.settings.service_level_seconds))
    }
}
