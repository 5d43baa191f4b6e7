//! What is told of callbacks.

use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::callback_end::CallbackEnd;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallbackResult, QueueLogEvent};

impl Engine {
    /// Somebody is to be called back.
    pub(in crate::engine) fn fire_callback_requested(&mut self, row: &CallbackRow) {
        self.fire_callback(action::CALLBACK_REQUESTED, row, vec![]);
    }

    /// Somebody is being dialled.
    pub(in crate::engine) fn fire_callback_attempt(&mut self, row: &CallbackRow) {
        self.fire_callback(action::CALLBACK_ATTEMPT, row, vec![]);
    }

    /// Somebody has confirmed, on this channel.
    pub(in crate::engine) fn fire_callback_reached(&mut self, row: &CallbackRow, session_uuid: &str) {
        let session = (header::MEMBER_SESSION_UUID, session_uuid.to_owned());
        self.fire_callback(action::CALLBACK_REACHED, row, vec![session]);
    }

    /// An attempt has ended without the person.
    pub(in crate::engine) fn tell_failed_attempt(&mut self, now: Timestamp, id: MemberId, end: &CallbackEnd) {
        self.log_callback(now, id, QueueLogEvent::CallbackFailed, vec![end.as_str().to_owned()]);
        let callback = self.members.get(&id).and_then(|member| member.callback.as_deref());
        let Some(callback) = callback else { return };
        let row = callback.row.clone();
        let next = match callback.stage {
            CallbackStage::Pending => row.next_attempt_epoch,
            _ => 0,
        };
        let more = vec![
            (header::CALLBACK_END, end.as_str().to_owned()),
            (header::CALLBACK_NEXT_ATTEMPT, next.to_string()),
        ];
        self.fire_callback(action::CALLBACK_FAILED, &row, more);
    }

    /// A callback has ended: what was promised is kept, needed no more, or given up.
    pub(in crate::engine) fn fire_callback_ended(&mut self, row: &CallbackRow, result: CallbackResult) {
        let what = match result.is_unkept() {
            true => action::CALLBACK_EXPIRED,
            false => action::CALLBACK_ENDED,
        };
        if holds(Mark::EndsOfCallbacksAreTold) {
            self.fire_callback(what, row, vec![(header::CALLBACK_RESULT, result.to_string())]);
        }
    }

    fn fire_callback(&mut self, what: &'static str, row: &CallbackRow, more: Vec<(&'static str, String)>) {
        let headers = vec![
            (header::QUEUE, row.queue.clone()),
            (header::ACTION, what.to_owned()),
            (header::MEMBER_UUID, row.uuid.clone()),
            (header::MEMBER_CID_NAME, row.name.clone()),
            (header::CALLBACK_NUMBER, row.number.clone()),
            (header::CALLBACK_ATTEMPTS, row.attempts.to_string()),
            (header::CALLBACK_REQUESTED_TIME, row.requested_epoch.to_string()),
        ];
        self.fire(headers.into_iter().chain(more).collect());
    }
}
