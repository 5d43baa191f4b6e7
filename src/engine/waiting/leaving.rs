//! A member leaves: served, given up, or let go; and what becomes of its row.

use crate::engine::border::caller::MemberExit;
use crate::engine::border::error::EngineError;
use crate::engine::border::output::Output;
use crate::engine::border::reply::Reply;
use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Application, Member};
use crate::engine::centre::offer::Offer;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CallbackResult, CancelReason, HangupCause, MemberState};
use std::sync::Arc;

/// How long an abandoned member of a queue without configuration is kept, seconds: stock's default.
const DISCARD_UNKNOWN_QUEUE: u32 = 60;

impl Engine {
    /// The caller's channel has left the queue application.
    pub(in crate::engine) fn exit(
        &mut self,
        now: Timestamp,
        id: MemberId,
        exit: MemberExit,
    ) -> Result<Reply, EngineError> {
        let member = self.members.change(&id).ok_or(EngineError::MemberNotFound)?;
        if member.has_exited() {
            return Err(EngineError::MemberNotFound);
        }
        if self.leaves_for_callback(now, id, &exit) {
            return Ok(Reply::Left { answered: false });
        }
        let member = self.members.change(&id).ok_or(EngineError::MemberNotFound)?;
        member.application = Application::HasEnded;
        let serving = member.serving().and_then(|offer| self.offers.get(&offer));
        let is_bridged = member.is_served() || serving.is_some_and(Offer::is_bridged);
        let is_connecting = serving.is_some_and(Offer::is_connecting);
        let is_being_bridged = is_connecting && exit.channel_up && exit.reason.is_none();
        if is_bridged || is_being_bridged {
            self.note_taken(id, is_bridged);
            return Ok(Reply::Left { answered: true });
        }
        let unanswered = if is_connecting {
            CancelReason::None
        } else {
            CancelReason::BreakOut
        };
        let reason = exit.reason.unwrap_or(unanswered);
        self.log_leaving(now, id, reason, exit.key);
        self.abandon(now, id, reason);
        Ok(Reply::Left { answered: false })
    }

    /// The queue application ended because an agent has the caller.
    fn note_taken(&mut self, id: MemberId, is_bridged: bool) {
        self.clear_limits(id);
        let Some(member) = self.members.get(&id) else { return };
        let session_uuid = member.facts.session_uuid.clone();
        let changes = vec![
            (variable::AGENT_FOUND, None),
            (variable::CAUSE, Some("answered".to_owned())),
        ];
        self.set_variables(&session_uuid, changes);
        if is_bridged || !holds(Mark::AnsweredCountsFromTheBridge) {
            self.count_answered(id);
        }
    }

    /// Counts a member whose application has ended and whose bridge stands: stock's events when a member was answered.
    pub(in crate::engine) fn count_answered(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let (queue_id, served) = (member.queue, member.is_served());
        if let Some(queue) = self.queues.get_mut(&queue_id) {
            queue.calls_answered += 1;
        }
        self.fire_member_count(queue_id);
        self.fire_presence(queue_id);
        if served {
            self.members.forget(id);
        }
    }

    /// A member leaves unanswered: its row becomes Abandoned, its offers end.
    pub(in crate::engine) fn abandon(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        self.leave_unanswered(now, id, reason, Some(reason));
    }

    /// A member's box is given up: the same, but that nobody knows how it has left.
    pub(in crate::engine) fn lose_member(&mut self, now: Timestamp, id: MemberId) {
        if let Some(member) = self.members.change(&id) {
            member.application = Application::HasEnded;
        }
        self.leave_unanswered(now, id, CancelReason::None, None);
    }

    fn leave_unanswered(&mut self, now: Timestamp, id: MemberId, reason: CancelReason, recorded: Option<CancelReason>) {
        self.end_callback(now, id, CallbackResult::Left);
        self.clear_limits(id);
        self.count_leaving(now, id, reason);
        self.note_step(now, id);
        self.set_member_state(id, MemberState::Abandoned);
        self.withdraw_offers(now, id);
        let nobody = self.nobody_serves(id);
        let Some(member) = self.members.change(&id) else {
            return;
        };
        member.row.serving_agent = nobody.to_owned();
        member.row.serving_system = String::new();
        member.row.session_uuid = String::new();
        member.left = now;
        member.row.abandoned_epoch = self.wall.secs(now);
        let (queue_id, facts, entered) = (member.queue, Arc::clone(&member.facts), member.entered);
        let queue_name = member.row.queue.clone();
        self.keep_abandoned(id);
        if holds(Mark::LeavingIsTold) {
            self.fire_member_cancelled(&queue_name, &facts, (entered, now), reason);
        }
        if holds(Mark::AbandonedCallsAreRecorded) {
            self.record_abandoned(now, id, recorded);
        }
        self.set_variables(
            &facts.session_uuid,
            vec![
                (variable::AGENT_FOUND, None),
                (variable::QUEUE_CANCELED_EPOCH, Some(self.wall.secs(now).to_string())),
                (variable::CAUSE, Some("cancel".to_owned())),
                (variable::CANCEL_REASON, Some(reason.to_string())),
            ],
        );
        let text = format!(
            "Member \"{}\" <{}> exit queue {queue_name} due to {reason}",
            facts.cid_name, facts.cid_number
        );
        self.debug(Some(&facts.session_uuid), text);
        if let Some(queue) = self.queues.get_mut(&queue_id) {
            queue.calls_abandoned += 1;
        }
        self.fire_member_count(queue_id);
        self.fire_presence(queue_id);
    }

    /// Ends what is under way for a member who is gone.
    fn withdraw_offers(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        let ringing = std::mem::take(&mut member.offers);
        self.let_waiting_agent_go(now, id, HangupCause::ORIGINATOR_CANCEL);
        let serving = self.members.change(&id).and_then(Member::give_up_service);
        for offer in ringing {
            if holds(Mark::NobodyRingsForWhoLeft) {
                self.cancel_offer(now, offer, HangupCause::ORIGINATOR_CANCEL);
            }
        }
        if let Some(offer) = serving.and_then(|id| self.offers.get_mut(&id).map(|offer| (id, offer))) {
            offer.1.lose_member();
            let cancel = Output::CancelRing {
                offer: offer.0,
                cause: HangupCause::ORIGINATOR_CANCEL,
            };
            self.outputs.push_back(cancel);
        }
    }

    /// Keeps an abandoned member until it is discarded, so that the caller can come back to the place.
    pub(in crate::engine) fn keep_abandoned(&mut self, id: MemberId) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        member.row.save();
        let Some(queue) = self.queues.get_mut(&member.queue) else {
            return;
        };
        queue
            .abandoned
            .insert((member.row.cid_number.clone(), member.left.steady_secs(), id));
        let seconds = queue
            .config
            .as_ref()
            .map_or(DISCARD_UNKNOWN_QUEUE, |config| config.discard_abandoned_after);
        let at = Timestamp::from_secs(member.left.steady_secs()) + Span::from_secs(i64::from(seconds) + 1);
        if holds(Mark::AbandonedPlacesExpire) {
            self.timers.set(Timer::Discard(id), at);
        }
    }

    /// Removes an abandoned member for good.
    pub(in crate::engine) fn discard(&mut self, id: MemberId) {
        self.forget_abandoned(id);
        self.remove_row(id);
        self.members.forget(id);
    }

    /// Removes a member's row and its place in the queue's figures.
    pub(in crate::engine) fn remove_row(&mut self, id: MemberId) {
        self.leave_order(id);
        let Some(member) = self.members.get(&id) else { return };
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.members.remove(&id);
            queue.count_state(member.facts.media, Some(member.row.state), None);
        }
        self.changed.others.push(RowChange::MemberGone(member.row.uuid.clone()));
    }

    pub(in crate::engine) fn forget_abandoned(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let key = (member.row.cid_number.clone(), member.left.steady_secs(), id);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.abandoned.remove(&key);
        }
    }
}
