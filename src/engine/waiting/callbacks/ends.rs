//! How a callback ends: each that was asked for does so once.

use crate::engine::border::callback::UnkeptCallback;
use crate::engine::border::output::Output;
use crate::engine::border::row_change::RowChange;
use crate::engine::centre::callback::{Callback, CallbackStage};
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallbackResult, CancelReason, HangupCause, QueueLogEvent};

impl Engine {
    /// A callback has ended in this way. What is under way for it ends, and the agent who was held is free. The member stays as it is.
    pub(in crate::engine) fn end_callback(&mut self, now: Timestamp, id: MemberId, result: CallbackResult) {
        // Few of those who leave or are answered have one.
        if self.callback_of(id).is_none() {
            return;
        }
        self.stop_attempt(id);
        self.release_hold(id);
        self.set_leading(id, None);
        let event = match result.is_unkept() {
            true => QueueLogEvent::CallbackExpired,
            false => QueueLogEvent::CallbackEnded,
        };
        self.log_callback(now, id, event, vec![result.to_string()]);
        let Some(member) = self.members.change(&id) else { return };
        let queue = member.queue;
        let Some(callback) = member.callback.take() else { return };
        for timer in [Timer::CallbackDue(id), Timer::CallbackExpires(id)] {
            self.timers.clear(timer);
        }
        self.callbacks.forget(queue, &callback.row.number);
        self.callbacks.note_given_back(id, false);
        self.note_end_of_callback(now, queue, &callback.row, result);
        self.changed
            .others
            .push(RowChange::CallbackGone(callback.row.uuid.clone()));
        self.fire_callback_ended(&callback.row, result);
    }

    /// Counts how a callback has ended, and remembers those that were not kept.
    fn note_end_of_callback(&mut self, now: Timestamp, queue: QueueId, row: &CallbackRow, result: CallbackResult) {
        let shown = self.wall.shown(now);
        self.count_callback(shown, queue, |counts| counts.note_result(result));
        if !result.is_unkept() {
            return;
        }
        let unkept = UnkeptCallback {
            uuid: row.uuid.clone(),
            queue: row.queue.clone(),
            number: row.number.clone(),
            name: row.name.clone(),
            joined_epoch: row.joined_epoch,
            requested_epoch: row.requested_epoch,
            attempts: row.attempts,
            last_end: row.last_end.clone(),
            result,
            ended_epoch: shown.secs(),
        };
        self.callbacks.note_unkept(queue, unkept);
    }

    /// A member whose callback ends without an agent is gone with it.
    pub(in crate::engine) fn drop_callback(&mut self, now: Timestamp, id: MemberId, result: CallbackResult) {
        let reason = match result {
            CallbackResult::Cancelled => CancelReason::CallbackCancelled,
            CallbackResult::Declined => CancelReason::CallbackDeclined,
            CallbackResult::GivenUp => CancelReason::CallbackGivenUp,
            CallbackResult::TooOften => CancelReason::CallbackTooOften,
            CallbackResult::Answered | CallbackResult::TakenLive | CallbackResult::Left | CallbackResult::Expired => {
                CancelReason::CallbackExpired
            }
        };
        self.stop_rings_of(now, id);
        self.let_waiting_agent_go(now, id, HangupCause::ORIGINATOR_CANCEL);
        self.end_callback(now, id, result);
        self.clear_limits(id);
        self.count_leaving(now, id, reason);
        self.note_step(now, id);
        self.log_leaving(now, id, reason, None);
        self.record_abandoned(now, id, Some(reason));
        let Some(member) = self.members.get(&id) else { return };
        let (queue, facts, entered) = (member.queue, member.facts.clone(), member.entered);
        let name = member.row.queue.clone();
        self.fire_member_cancelled(&name, &facts, (entered, now), reason);
        self.leave_line(id);
        self.remove_row(id);
        self.members.forget(id);
        self.fire_member_count(queue);
        self.fire_presence(queue);
    }

    /// Takes a member who is about to be forgotten out of line.
    pub(in crate::engine) fn leave_line(&mut self, id: MemberId) {
        self.timers.clear(Timer::TierOpens(id));
        self.give_up_place(id);
    }

    /// Ends the attempt that is under way, if one is. What is still reported of it is too late.
    fn stop_attempt(&mut self, id: MemberId) {
        let stage = self.callback_of(id).map(|callback| callback.stage);
        if let Some(CallbackStage::Attempting(attempt)) = stage {
            self.forget_attempt(id);
            self.outputs.push_back(Output::CancelCallBack(attempt));
        }
    }

    /// An attempt is over, whoever has said so.
    pub(in crate::engine) fn forget_attempt(&mut self, id: MemberId) {
        self.timers.clear(Timer::CallbackOverdue(id));
        if let Some(CallbackStage::Attempting(attempt)) = self.callback_of(id).map(|callback| callback.stage) {
            self.callbacks.end(attempt);
        }
    }

    /// The agent who is held for a callback is free.
    pub(in crate::engine) fn release_hold(&mut self, id: MemberId) {
        if let Some(agent) = self.take_hold(id) {
            self.agents.touch(agent);
        }
    }

    /// The agent who is held for a callback is so no more, and is being looked at already.
    pub(in crate::engine) fn take_hold(&mut self, id: MemberId) -> Option<AgentId> {
        let hold = self.change_callback(id)?.hold.take()?;
        self.callbacks.release(&hold);
        let (_, _, agent) = hold;
        self.agents.books_of(&agent)?.is_held = false;
        Some(agent)
    }

    /// What is kept of a member who is to be called back.
    pub(in crate::engine) fn callback_of(&self, id: MemberId) -> Option<&Callback> {
        self.members.get(&id)?.callback.as_deref()
    }

    /// The same, to be changed: the member is looked at again before the step ends.
    pub(in crate::engine) fn change_callback(&mut self, id: MemberId) -> Option<&mut Callback> {
        self.members.change(&id)?.callback.as_deref_mut()
    }
}
