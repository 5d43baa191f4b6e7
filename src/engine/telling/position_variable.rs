//! `position-variable`: `cc_position` on the channels of those who stand first in line, kept current.
//!
//! A line that has moved is gone through once, at most every [`PAUSE`], and only as far as the queue asks for. So it costs nothing
//! where it is off, nothing while a line stands still, and no more the longer the line is.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};

/// Between two times a queue's line is gone through.
const PAUSE: Span = Span::from_secs(1);

impl Engine {
    /// A queue's line has moved, or follows other rules.
    pub(in crate::engine) fn note_moved_line(&mut self, id: QueueId) {
        let config = self.config_of(id);
        if config.is_some_and(|config| config.position_variable > 0) {
            self.aftermath.moved_lines.insert(id);
        }
    }

    /// Sets a deadline for each line that has moved.
    pub(in crate::engine) fn await_moved_lines(&mut self, now: Timestamp) {
        for id in std::mem::take(&mut self.aftermath.moved_lines) {
            let Some(queue) = self.queues.get(&id) else { continue };
            let at = (queue.positions_told + PAUSE).max(now);
            if self.timers.at(Timer::Positions(id)).is_none() {
                self.timers.set(Timer::Positions(id), at);
            }
        }
    }

    /// Sets the variable of everybody among the first whose place is another than the channel says.
    pub(in crate::engine) fn tell_positions(&mut self, now: Timestamp, id: QueueId) {
        let places = self.config_of(id).map_or(0, |config| config.position_variable);
        let Some(queue) = self.queues.get_mut(&id) else { return };
        queue.positions_told = now;
        let first: Vec<MemberId> = (0..places as usize)
            .map_while(|before| queue.waiting_order.nth(before))
            .map(|place| place.member)
            .collect();
        for (position, member) in (1..).zip(first) {
            self.tell_position(member, position);
        }
    }

    /// Sets `cc_position`, unless it is that.
    pub(in crate::engine) fn tell_position(&mut self, id: MemberId, position: u32) {
        let Some(member) = self.members.books_of(&id).filter(|member| !member.is_away()) else {
            return;
        };
        if std::mem::replace(&mut member.told_place, position) != position {
            let session_uuid = member.facts.session_uuid.clone();
            self.set_variables(&session_uuid, vec![("cc_position", Some(position.to_string()))]);
        }
    }
}
