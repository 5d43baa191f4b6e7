//! How long a caller will wait: the place in line times the pace at which the line moves.
//!
//! The pace is a running average of the time between two callers who leave the line, answered or not, while there is one. So it
//! knows without being told how many agents serve the queue, how much of their time other queues take, how long they ring, talk
//! and wrap up, and how many callers give up. `docs/developing/estimates.md` has what other estimates came to.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};

impl Engine {
    /// A caller is about to enter: a line begins where there was none.
    pub(in crate::engine) fn note_entry(&mut self, now: Timestamp, id: QueueId) {
        if let Some(queue) = self.queues.get_mut(&id).filter(|queue| queue.line_length() == 0) {
            queue.flow.moved = now;
        }
    }

    /// A member is about to leave the line, answered or not.
    pub(in crate::engine) fn note_step(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.get(&id) else { return };
        let had_to_wait = !member.offered_at_once;
        if let Some(queue) = self.queues.get_mut(&member.queue) {
            queue.flow.move_on(now, had_to_wait);
        }
    }

    /// How long a caller of these requirements would wait who came now; nothing at all while an agent is free whom the caller could have at once.
    /// None when nobody is logged in, or no line has moved yet.
    pub(in crate::engine) fn estimated_wait(&self, id: QueueId, requirements: &CallerRequirements) -> Option<Span> {
        let queue = self.queues.get(&id)?;
        let ahead = queue.line_length();
        if ahead == 0 && self.dispatches && self.has_free_for(queue, requirements) {
            return Some(Span::ZERO);
        }
        self.estimated_wait_at(id, ahead + 1)
    }

    /// Whether an agent is free for a caller of these requirements who comes now. Requirements that nobody in line has are a look at all free agents.
    fn has_free_for(&self, queue: &Queue, requirements: &CallerRequirements) -> bool {
        let Some(config) = &queue.config else { return false };
        let (requirement, _) = Requirement::after(config, requirements, Span::ZERO);
        if let Some(class) = queue
            .classes
            .of(&requirement)
            .and_then(|class| queue.classes.get(class))
        {
            return queue.free_at_once(class).next().is_some();
        }
        let class = self.new_class(queue, requirement);
        let first = queue.free_at_once(&class).next();
        first.is_some()
    }

    /// How long a caller on this place of the line will wait; none as in [`Engine::estimated_wait`].
    pub(in crate::engine) fn estimated_wait_at(&self, id: QueueId, position: usize) -> Option<Span> {
        let queue = self.queues.get(&id)?;
        if queue.staff.agents == 0 {
            return None;
        }
        let step = queue.flow.step?.micros();
        Some(Span::from_micros(step.saturating_mul(i64::try_from(position).ok()?)))
    }
}
