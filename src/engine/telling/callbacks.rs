//! What is told of callbacks.

use crate::engine::centre::callback::CallbackStage;
use crate::engine::centre::engine::Engine;
use crate::engine::rows::callback::CallbackRow;
use crate::engine::vocabulary::callback_end::CallbackEnd;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::words::CallbackResult;

impl Engine {
    /// Somebody is to be called back.
    pub(in crate::engine) fn fire_callback_requested(&mut self, row: &CallbackRow) {
        self.fire_callback("callback-requested", row, vec![]);
    }

    /// Somebody is being dialled.
    pub(in crate::engine) fn fire_callback_attempt(&mut self, row: &CallbackRow) {
        self.fire_callback("callback-attempt", row, vec![]);
    }

    /// Somebody has confirmed, on this channel.
    pub(in crate::engine) fn fire_callback_reached(&mut self, row: &CallbackRow, session_uuid: &str) {
        let session = ("CC-Member-Session-UUID", session_uuid.to_owned());
        self.fire_callback("callback-reached", row, vec![session]);
    }

    /// An attempt has ended without the person.
    pub(in crate::engine) fn tell_failed_attempt(&mut self, id: MemberId, end: &CallbackEnd) {
        let callback = self.members.get(&id).and_then(|member| member.callback.as_deref());
        let Some(callback) = callback else { return };
        let row = callback.row.clone();
        let next = match callback.stage {
            CallbackStage::Pending => row.next_attempt_epoch,
            _ => 0,
        };
        let more = vec![
            ("CC-Callback-End", end.as_str().to_owned()),
            ("CC-Callback-Next-Attempt", next.to_string()),
        ];
        self.fire_callback("callback-failed", &row, more);
    }

    /// A callback has ended: what was promised is kept, needed no more, or given up.
    pub(in crate::engine) fn fire_callback_ended(&mut self, row: &CallbackRow, result: CallbackResult) {
        let action = match result {
            CallbackResult::Expired | CallbackResult::GivenUp => "callback-expired",
            _ => "callback-ended",
        };
        self.fire_callback(action, row, vec![("CC-Callback-Result", result.to_string())]);
    }

    fn fire_callback(&mut self, action: &'static str, row: &CallbackRow, more: Vec<(&'static str, String)>) {
        let headers = vec![
            ("CC-Queue", row.queue.clone()),
            ("CC-Action", action.to_owned()),
            ("CC-Member-UUID", row.uuid.clone()),
            ("CC-Member-CID-Name", row.name.clone()),
            ("CC-Callback-Number", row.number.clone()),
            ("CC-Callback-Attempts", row.attempts.to_string()),
            ("CC-Callback-Requested-Time", row.requested_epoch.to_string()),
        ];
        self.fire(headers.into_iter().chain(more).collect());
    }
}
