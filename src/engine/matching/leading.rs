//! Callbacks that are dialled before an agent is free for them (`callback-lead`).
//!
//! The pace at which a line moves says when it is whose turn. A callback whose turn comes within `callback-lead` is dialled without an
//! agent; it keeps its place, and the next agent who is found for it is held as for any other. So the phone rings while the agent still
//! talks to somebody else. There are never more of them than agents who are there: only who stands that far in front is dialled.

use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::InLine;
use crate::engine::centre::line::places::Place;
use crate::engine::centre::member::Member;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{seconds, Timestamp};
use crate::engine::vocabulary::words::{CallbackFirst, CallbackResult};

impl Engine {
    /// Notes whether a member who was just placed may be dialled before an agent is free.
    pub(in crate::engine) fn note_leading(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id).filter(|member| member.callback.is_some()) else {
            return;
        };
        let place = member.place.filter(|place| self.may_lead(member, place));
        self.set_leading(id, place.map(|place| place.place));
    }

    /// Whoever asks for an agent whom the queue does not have in plenty waits for one: the pace says nothing about that.
    fn may_lead(&self, member: &Member, place: &InLine) -> bool {
        let Some(queue) = self.queues.get(&member.queue) else {
            return false;
        };
        let config = queue.config.as_ref().map(|config| &config.callbacks);
        let is_ahead = config.is_some_and(|config| config.lead > 0 && config.first == CallbackFirst::Customer);
        let callback = member.callback.as_deref();
        let is_pending = callback.is_some_and(|callback| callback.stage == CallbackStage::Pending);
        if !is_ahead || !is_pending || place.spoken_for || !member.offers.is_empty() {
            return false;
        }
        let class = queue.classes.get(place.class);
        let will_do = class.map(|class| class.logged_in.values().sum::<usize>());
        will_do.is_some_and(|will_do| will_do >= queue.staff.agents)
    }

    /// Dials those whose turn comes soon, in the queues whose lines have changed. Whoever could have an agent has one by now.
    pub(in crate::engine) fn dial_ahead(&mut self, now: Timestamp) {
        for queue in std::mem::take(&mut self.aftermath.leading) {
            while let Some(place) = self.callbacks.first_leading(queue) {
                if !self.dispatches || !self.is_soon_served(queue, &place) || !self.dial_first(now, queue, place) {
                    break;
                }
            }
        }
    }

    /// Whether it is the turn of this place within `callback-lead`, and one of the agents who are logged in and on no break is for it.
    fn is_soon_served(&self, id: QueueId, place: &Place) -> bool {
        let Some(queue) = self.queues.get(&id) else {
            return false;
        };
        let lead = queue.config.as_ref().map_or(0, |config| config.callbacks.lead);
        let Some(before) = queue.waiting_order.rank(place) else {
            return true;
        };
        let wait = self.estimated_wait_at(id, before + 1);
        let is_there = |(absences, _): &(&Absences, &usize)| !absences.meets(Absences::PAUSED);
        let there: usize = queue.present.iter().filter(is_there).map(|(_, count)| count).sum();
        let has_agent = before < there || !holds(Mark::NoMoreAheadThanAgents);
        let is_soon = wait.is_some_and(|wait| wait <= seconds(lead)) && has_agent;
        is_soon || !holds(Mark::LeadFollowsThePace)
    }

    /// Dials the callback on this place, or ends it where it has had all its attempts. False where no calls are made.
    fn dial_first(&mut self, now: Timestamp, queue: QueueId, place: Place) -> bool {
        let id = place.member;
        let is_known = self
            .callback_of(id)
            .is_some_and(|callback| callback.leads == Some(place));
        if !is_known {
            // The member has gone to another engine with its callback.
            self.callbacks.set_leading(queue, Some(place), None);
            return true;
        }
        let is_refused = |member: &Member| self.are_calls_refused(now, member);
        if self.members.get(&id).is_some_and(is_refused) {
            return false;
        }
        if self.has_no_attempt_left(id) {
            self.drop_callback(now, id, CallbackResult::GivenUp);
        } else if self.is_called_too_often(now, id) {
            self.drop_callback(now, id, CallbackResult::TooOften);
        } else {
            self.begin_attempt(now, id);
        }
        true
    }
}
