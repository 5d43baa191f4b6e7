//! Callbacks that may be dialled before an agent is free (`callback-lead`): those in line of each queue, in their order.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::places::Place;
use crate::engine::vocabulary::ids::{MemberId, QueueId};

impl Engine {
    /// A callback may be dialled before an agent is free as long as it has this place, or may not be so any more.
    pub(in crate::engine) fn set_leading(&mut self, id: MemberId, place: Option<Place>) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let queue = member.queue;
        let Some(callback) = member.callback.as_deref_mut() else {
            return;
        };
        let before = std::mem::replace(&mut callback.leads, place);
        if before != place {
            self.callbacks.set_leading(queue, before, place);
        }
        if place.is_some() {
            self.aftermath.leading.insert(queue);
        }
    }

    /// Somebody has come to a line, or left it: others stand further in front, and the pace is another one.
    pub(in crate::engine) fn note_line_of_leading(&mut self, queue: QueueId) {
        if self.callbacks.first_leading(queue).is_some() {
            self.aftermath.leading.insert(queue);
        }
    }
}
