//! What the day and its time say of callbacks: how often a number is called, and from when on nothing is promised any more.

use crate::engine::centre::engine::Engine;
use crate::engine::configuration::callbacks::CallbackConfig;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::Timestamp;

impl Engine {
    /// Whether `callback-until` has passed on this day.
    pub(in crate::engine) fn is_too_late(&self, now: Timestamp, config: &CallbackConfig) -> bool {
        let second = self.local_time.second_of_day(self.wall.secs(now));
        let is_over = config.until.is_some_and(|until| second >= until.second());
        is_over && holds(Mark::NothingIsPromisedTooLate)
    }

    /// Whether a number has been called so often on this day that a queue which calls it so often at most does not; 0 is any number.
    pub(in crate::engine) fn is_used_up(&self, now: Timestamp, number: &str, most: u32) -> bool {
        let day = self.local_time.day(self.wall.secs(now));
        most > 0 && self.callbacks.attempts_on(day, number) >= most && holds(Mark::AttemptsOfADayAreCounted)
    }

    /// Whether a member's number has been called as often on this day as its queue calls one.
    pub(in crate::engine) fn is_called_too_often(&self, now: Timestamp, id: MemberId) -> bool {
        let most = self.callback_config(id).map_or(0, |config| config.attempts_per_day);
        let callback = self.callback_of(id).filter(|_| most > 0);
        callback.is_some_and(|callback| self.is_used_up(now, &callback.row.number, most))
    }

    /// A number is being called.
    pub(in crate::engine) fn note_attempt(&mut self, now: Timestamp, queue: QueueId, number: &str) {
        let shown = self.wall.shown(now);
        let day = self.local_time.day(shown.secs());
        self.callbacks.note_attempt_on(day, number, 1);
        self.count_callback(shown, queue, |counts| counts.attempts += 1);
    }

    /// An attempt was none: the call was not made.
    pub(in crate::engine) fn take_attempt_back(&mut self, now: Timestamp, id: MemberId) {
        let Some(callback) = self.change_callback(id) else {
            return;
        };
        callback.row.attempts = (callback.row.attempts - 1).max(0);
        let number = callback.row.number.clone();
        let day = self.local_time.day(self.wall.secs(now));
        self.callbacks.note_attempt_on(day, &number, -1);
        self.count_callback_of(now, id, |counts| counts.attempts = counts.attempts.saturating_sub(1));
    }

    /// A callback that a database kept: as many attempts as it has had were made on this day, if it was asked for on this day.
    pub(in crate::engine) fn restore_attempts(&mut self, now: Timestamp, row: &CallbackRow) {
        let day = self.local_time.day(self.wall.secs(now));
        if self.local_time.day(row.requested_epoch) == day {
            let attempts = i32::try_from(row.attempts).unwrap_or(i32::MAX);
            self.callbacks.note_attempt_on(day, &row.number, attempts);
        }
    }
}
