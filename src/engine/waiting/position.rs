//! The order of all who wait in a queue, and a member's position in it.

use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::preferred_agents::PreferredAgents;

impl Engine {
    /// Puts a member on its place among those who wait, or takes it out when it does not wait any more.
    pub(in crate::engine) fn keep_order(&mut self, id: MemberId) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let waits = member.row.state.waits();
        if !waits && member.prospect.is_some() {
            self.release_prospect(id);
            return self.keep_order(id);
        }
        let place = waits.then(|| member.place_in_line(id, 0));
        if member.waits_at == place {
            return;
        }
        let before = std::mem::replace(&mut member.waits_at, place);
        let Some(queue) = self.queues.get_mut(&member.queue) else {
            return;
        };
        let preferred = member.preferred.as_deref().map_or(&[][..], PreferredAgents::names);
        if let Some(before) = before {
            queue.waiting_order.remove(&before);
            queue.waiting_for.leave(preferred, &before);
        }
        if let Some(place) = place {
            queue.waiting_order.insert(place);
            queue.waiting_for.enter(preferred, place);
        }
        let queue = member.queue;
        self.note_moved_line(queue);
        self.note_line_of_leading(queue);
    }

    /// Takes a member whose row goes out of the order.
    pub(in crate::engine) fn leave_order(&mut self, id: MemberId) {
        self.release_prospect(id);
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let Some(place) = member.waits_at.take() else { return };
        let id = member.queue;
        let preferred = member.preferred.as_deref().map_or(&[][..], PreferredAgents::names);
        if let Some(queue) = self.queues.get_mut(&id) {
            queue.waiting_order.remove(&place);
            queue.waiting_for.leave(preferred, &place);
        }
        self.note_moved_line(id);
        self.note_line_of_leading(id);
    }

    /// A member is in no line for agents any more, if it was in one.
    pub(in crate::engine) fn give_up_place(&mut self, id: MemberId) {
        let Some(member) = self.members.books_of(&id) else {
            return;
        };
        let Some(place) = member.place.take() else { return };
        let preferred = member.preferred.as_deref().map_or(&[][..], PreferredAgents::names);
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.leave(&place, preferred);
        }
    }
}
