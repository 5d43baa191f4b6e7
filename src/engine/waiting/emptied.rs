//! Waits that end because nobody could serve the caller any more.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::CancelReason;

impl Engine {
    /// `leave-when-empty`: lets everybody go who waits in a queue that has become empty. Somebody whose agent rings is not sent
    /// away in the middle of it: when the ring has ended the queue is looked at again.
    pub(in crate::engine) fn leave_emptied_queues(&mut self, now: Timestamp) {
        if holds(Mark::AgentsAreCountedAnew) {
            self.count_noted_staffing(now);
        }
        for queue in std::mem::take(&mut self.aftermath.staffing) {
            for member in self.forsaken(now, queue) {
                self.end_wait(member, CancelReason::LeaveEmpty);
            }
        }
        for member in std::mem::take(&mut self.aftermath.deserted) {
            if self.is_alone(member) && self.is_left_by(now, member) {
                self.end_wait(member, CancelReason::LeaveEmpty);
            }
        }
    }

    pub(in crate::engine) fn check_no_agent(&mut self, now: Timestamp, id: MemberId) {
        let changes = self.note_kind(now, id);
        let limit = self.no_agent_limit(id);
        if limit.is_some_and(|at| at <= now) {
            self.end_wait(id, CancelReason::NoAgentTimeout);
        } else if let Some(at) = limit.into_iter().chain(changes).min() {
            self.timers.set(Timer::NoAgentForMember(id), at);
        }
    }
}
