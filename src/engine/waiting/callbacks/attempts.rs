//! Attempts to call somebody back: one at a time, claimed in the step that decides it, and each with one end.

use crate::engine::border::box_report::AttemptReport;
use crate::engine::border::callback::CallBack;
use crate::engine::border::error::EngineError;
use crate::engine::border::output::{NoticeLevel, Output};
use crate::engine::border::reply::Reply;
use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::configuration::callbacks::CallbackConfig;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::callback_end::CallbackEnd;
use crate::engine::vocabulary::ids::{CallbackAttemptId, MemberId};
use crate::engine::vocabulary::time::{seconds, Span, Timestamp};
use crate::engine::vocabulary::words::{CallbackResult, HangupCause, QueueLogEvent};

/// How much longer than its time an attempt may take before it is given up here: its end may just be on its way.
const GRACE: Span = Span::from_secs(5);

/// So long whoever has confirmed may take to enter the queue.
const ARRIVAL: Span = Span::from_secs(10);

/// Where in `callback-dial` the number goes.
const NUMBER: &str = "${callback_number}";

impl Engine {
    /// Dials a callback. That it is under way is known from this step on, and kept in its row.
    pub(in crate::engine) fn begin_attempt(&mut self, now: Timestamp, id: MemberId) {
        let attempt = CallbackAttemptId(self.next_id());
        let waiting_agent = self.waiting_agent(id);
        let Some(config) = self.callback_config(id).cloned() else {
            return;
        };
        let next = self
            .wall
            .secs(now + seconds(config.ring_time) + seconds(config.retry_delay));
        let Some(member) = self.members.change(&id) else { return };
        let Some(callback) = member.callback.as_mut() else {
            return;
        };
        callback.row.attempts = callback.row.attempts.saturating_add(1);
        callback.enter(CallbackStage::Attempting(attempt));
        // Should this process end now, that call may still be up for as long, and has not reached the person.
        callback.row.next_attempt_epoch = next;
        let row = callback.row.clone();
        let queue = member.queue;
        self.callbacks.begin(attempt, id);
        self.set_leading(id, None);
        self.note_attempt(now, queue, &row.number);
        self.timers.clear(Timer::CallbackDue(id));
        self.timers
            .set(Timer::CallbackOverdue(id), now + seconds(config.ring_time) + GRACE);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        self.log_callback(now, id, QueueLogEvent::CallbackAttempt, vec![]);
        self.fire_callback_attempt(&row);
        let call = CallBack {
            attempt,
            queue: row.queue,
            member_uuid: row.uuid,
            dial: text(&config.dial).replace(NUMBER, &row.number),
            number: row.number,
            name: row.name,
            timeout: config.ring_time,
            caller_id_name: text(&config.caller_id_name),
            caller_id_number: text(&config.caller_id_number),
            confirm_key: config.confirm_key,
            must_confirm: waiting_agent.is_none() || config.confirm_sound.is_some(),
            waiting_agent,
            confirm_sound: config.confirm_sound.clone(),
            number_of_attempt: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            joined_epoch: row.joined_epoch,
        };
        self.outputs.push_back(Output::CallBack(Box::new(call)));
    }

    /// Between the rows and what is up already nobody is called back: the agent who seems to be free may talk.
    pub(in crate::engine) fn keep_callbacks_back(&mut self, are_kept_back: bool) {
        if self.callbacks.keep_back(are_kept_back) && !are_kept_back {
            let queues = self.callbacks.queues().into_iter();
            let pending: Vec<MemberId> = queues.flat_map(|queue| self.callbacks.of_queue(queue)).collect();
            pending.into_iter().for_each(|member| self.members.touch(member));
        }
    }

    /// What a member's queue says of callbacks.
    pub(in crate::engine) fn callback_config(&self, id: MemberId) -> Option<&CallbackConfig> {
        let config = self.config_of(self.members.get(&id)?.queue)?;
        Some(&config.callbacks)
    }

    /// An attempt has ended without the person.
    ///
    /// # Errors
    /// The attempt is over.
    pub(in crate::engine) fn callback_failed(
        &mut self,
        now: Timestamp,
        attempt: CallbackAttemptId,
        end: &CallbackEnd,
    ) -> Result<Reply, EngineError> {
        let id = self.callbacks.of_attempt(attempt).ok_or(EngineError::AttemptOver)?;
        self.end_attempt(now, id, end);
        Ok(Reply::Done)
    }

    /// Nobody has told of an attempt's end in all the time.
    pub(in crate::engine) fn give_up_attempt(&mut self, now: Timestamp, id: MemberId) {
        let Some(CallbackStage::Attempting(attempt)) = self.callback_of(id).map(|callback| callback.stage) else {
            return;
        };
        self.outputs.push_back(Output::CancelCallBack(attempt));
        self.end_attempt(now, id, &CallbackEnd::NoAnswer);
    }

    /// Somebody has confirmed, and has not entered the queue since: the dialplan has lost them.
    pub(in crate::engine) fn end_arrival(&mut self, now: Timestamp, id: MemberId) {
        self.end_attempt(now, id, &CallbackEnd::Unreachable(HangupCause::NONE));
    }

    /// An attempt has ended in this way, and nothing is under way for the callback any more.
    pub(in crate::engine) fn end_attempt(&mut self, now: Timestamp, id: MemberId, end: &CallbackEnd) {
        self.forget_attempt(id);
        self.release_hold(id);
        self.let_waiting_agent_go(now, id, end.cause());
        let Some(retry_delay) = self.callback_config(id).map(|config| config.retry_delay) else {
            return self.pend(now, id, end, seconds(CallbackConfig::default().retry_delay));
        };
        if matches!(end, CallbackEnd::Refused(..) | CallbackEnd::NoWayOut(_)) {
            return self.put_off(now, id, end, seconds(retry_delay));
        }
        let was_last = self.has_no_attempt_left(id);
        let result = match end {
            CallbackEnd::Declined => Some(CallbackResult::Declined),
            _ if was_last => Some(CallbackResult::GivenUp),
            _ => self.is_called_too_often(now, id).then_some(CallbackResult::TooOften),
        };
        match result {
            Some(result) => {
                self.note_last_end(id, end);
                self.tell_failed_attempt(now, id, end);
                self.drop_callback(now, id, result);
            }
            None => self.pend(now, id, end, seconds(retry_delay)),
        }
    }

    /// Whether a callback has had its `callback-attempts`.
    pub(in crate::engine) fn has_no_attempt_left(&self, id: MemberId) -> bool {
        let most = self.callback_config(id).map_or(0, |config| config.attempts);
        let attempts = self.callback_of(id).map_or(0, |callback| callback.row.attempts);
        most > 0 && attempts >= i64::from(most) && holds(Mark::AttemptsAreCounted)
    }

    /// A call was not made: that is no attempt. Where no call can be made at all it is tried again when others are.
    fn put_off(&mut self, now: Timestamp, id: MemberId, end: &CallbackEnd, retry_delay: Span) {
        if holds(Mark::RefusedIsNoAttempt) {
            self.take_attempt_back(now, id);
        }
        let at = self.origin.at;
        let pause = match end {
            CallbackEnd::Refused(refusal, _) if refusal.is_of_all() => {
                self.refusals.of_mut(at).note(now, *refusal);
                self.refusals.until(at).since(now)
            }
            _ => retry_delay,
        };
        if self.refusals.of_mut(at).is_to_be_told(now) {
            let text = format!(
                "{} It does not count as an attempt. This is told once a minute.",
                self.why_not_called(id, end)
            );
            self.notice(NoticeLevel::Warning, None, text);
        }
        self.pend(now, id, end, pause);
    }

    /// Why a call was not made, and what to do.
    fn why_not_called(&self, id: MemberId, end: &CallbackEnd) -> String {
        let cause = end.cause();
        if let CallbackEnd::Refused(refusal, _) = end {
            return format!("Nobody could be called back ({cause}): {}.", refusal.advice());
        }
        let queue = self.callback_of(id).map(|callback| callback.row.queue.as_str());
        let dial = self.callback_config(id).and_then(|config| config.dial.as_deref());
        format!(
            "Nobody of queue {} can be called back ({cause}): FreeSWITCH has no such endpoint, profile or gateway as callback-dial ({}) \
             leads to, or the gateway is down. Correct callback-dial, load the endpoint's module, or see `sofia status`.",
            queue.unwrap_or_default(),
            dial.unwrap_or_default()
        )
    }

    /// An attempt is under way that this engine has not begun, or somebody has confirmed: told by the box that dials.
    pub(in crate::engine) fn adopt_attempt(&mut self, now: Timestamp, id: MemberId, report: &AttemptReport) {
        let attempt = report.call.attempt;
        let ring_time = seconds(report.call.timeout);
        self.forget_attempt(id);
        let Some(callback) = self.change_callback(id) else {
            return;
        };
        callback.row.attempts = i64::from(report.call.number_of_attempt);
        self.timers.clear(Timer::CallbackDue(id));
        match &report.reached {
            Some(session_uuid) => {
                if let Some(callback) = self.change_callback(id) {
                    callback.enter(CallbackStage::Arriving);
                }
                self.successors.insert(session_uuid.clone(), id);
                self.timers.set(Timer::Succession(id), now + ARRIVAL);
            }
            None => {
                if let Some(callback) = self.change_callback(id) {
                    callback.enter(CallbackStage::Attempting(attempt));
                }
                self.callbacks.begin(attempt, id);
                let left = ring_time.micros().saturating_sub(report.age.micros()).max(0);
                let over = now + Span::from_micros(left) + GRACE;
                self.timers.set(Timer::CallbackOverdue(id), over);
            }
        }
    }

    /// Whoever dials is gone: it counts as no attempt, and that call may still be up for as long as it may ring.
    pub(in crate::engine) fn interrupt_attempt(&mut self, now: Timestamp, id: MemberId) {
        self.successors.retain(|_, member| *member != id);
        self.timers.clear(Timer::Succession(id));
        self.forget_attempt(id);
        self.release_hold(id);
        let again = self
            .callback_of(id)
            .map_or(0, |callback| callback.row.next_attempt_epoch);
        let again = self.wall.instant(again).since(now).max(Span::ZERO);
        if let Some(callback) = self.change_callback(id) {
            callback.row.attempts = (callback.row.attempts - 1).max(0);
            self.put_to(now, id, CallbackStage::Pending, again);
        }
    }

    /// There is another attempt after this pause, unless that is too late.
    fn pend(&mut self, now: Timestamp, id: MemberId, end: &CallbackEnd, pause: Span) {
        let pause = if holds(Mark::RetriesWait) { pause } else { Span::ZERO };
        self.put_to(now, id, CallbackStage::Pending, pause);
        self.note_last_end(id, end);
        self.tell_failed_attempt(now, id, end);
        self.expire_if_over(now, id);
    }

    fn note_last_end(&mut self, id: MemberId, end: &CallbackEnd) {
        if let Some(callback) = self.change_callback(id) {
            callback.row.last_end = end.as_str().to_owned();
        }
    }

    /// A callback waits for its next attempt, which is not made before this pause is over.
    pub(in crate::engine) fn put_to(&mut self, now: Timestamp, id: MemberId, stage: CallbackStage, pause: Span) {
        let due = now + pause;
        let epoch = self.wall.secs(due);
        if let Some(callback) = self.change_callback(id) {
            callback.enter(stage);
            callback.due = due;
            callback.row.next_attempt_epoch = epoch;
            self.timers.set(Timer::CallbackDue(id), due);
        }
    }

    /// `callback-expires` has passed. An attempt that is under way goes on, and so does a phone that rings for it.
    pub(in crate::engine) fn expire_if_over(&mut self, now: Timestamp, id: MemberId) {
        let Some(callback) = self.callback_of(id) else { return };
        let is_over = callback.expires.is_some_and(|at| at <= now);
        let is_offered = self.members.get(&id).is_some_and(|member| !member.offers.is_empty());
        if is_over && callback.stage == CallbackStage::Pending && !is_offered && holds(Mark::CallbacksExpire) {
            self.drop_callback(now, id, CallbackResult::Expired);
        }
    }

    /// Somebody has confirmed: the place is kept for this channel.
    ///
    /// # Errors
    /// The attempt is over.
    pub(in crate::engine) fn callback_reached(
        &mut self,
        now: Timestamp,
        attempt: CallbackAttemptId,
        session_uuid: String,
    ) -> Result<Reply, EngineError> {
        let id = self.callbacks.of_attempt(attempt).ok_or(EngineError::AttemptOver)?;
        self.forget_attempt(id);
        let callback = self.change_callback(id).ok_or(EngineError::AttemptOver)?;
        callback.enter(CallbackStage::Arriving);
        let row = callback.row.clone();
        self.successors.insert(session_uuid.clone(), id);
        self.timers.set(Timer::Succession(id), now + ARRIVAL);
        self.refusals.of_mut(self.origin.at).end();
        self.count_callback_of(now, id, |counts| counts.reached += 1);
        self.log_callback(now, id, QueueLogEvent::CallbackReached, vec![]);
        self.fire_callback_reached(&row, &session_uuid);
        if !holds(Mark::SuccessIsTheBridge) {
            self.end_callback(now, id, CallbackResult::Answered);
        }
        Ok(Reply::Done)
    }
}
