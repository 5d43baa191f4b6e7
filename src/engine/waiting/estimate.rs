//! How long a caller will wait: the place in line times the pace at which the line moves.
//!
//! The pace is a running average of the time between two callers who leave the line, answered or not, while there is one. So it
//! knows without being told how many agents serve the queue, how much of their time other queues take, how long they ring, talk
//! and wrap up, and how many callers give up. `docs/developing/estimates.md` has what other estimates came to.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::line::classes::RequirementClass;
use crate::engine::centre::line::free_key::FreeKey;
use crate::engine::centre::line::places::Place;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Requirement;
use crate::engine::staffing::sticky_only::Wishes;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{MemberId, QueueId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};

impl Engine {
    /// A caller is about to enter: a line begins where there was none.
    pub(in crate::engine) fn note_entry(&mut self, now: Timestamp, id: QueueId) {
        if let Some(queue) = self.queues.get_mut(&id).filter(|queue| queue.line_length() == 0) {
            queue.flow.moved = Some(now);
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
        self.of_class(queue, requirements, |class| queue.free_at_once(class).next().is_some())
    }

    /// What holds of the class of a caller of these requirements who comes now; nothing does in a queue that is not loaded.
    fn of_class(
        &self,
        queue: &Queue,
        requirements: &CallerRequirements,
        holds: impl Fn(&RequirementClass) -> bool,
    ) -> bool {
        let Some(config) = &queue.config else { return false };
        let (requirement, _) = Requirement::after(config, requirements, Span::ZERO);
        let known = queue.classes.of(&requirement);
        match known.and_then(|class| queue.classes.get(class)) {
            Some(class) => holds(class),
            None => holds(&self.new_class(queue, requirement)),
        }
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

    /// How long a member will wait who has this place of the line; none when nothing can be said.
    pub(in crate::engine) fn estimated_wait_of(&self, now: Timestamp, id: MemberId, position: usize) -> Option<Span> {
        let member = self.members.get(&id)?;
        let queue = self.queues.get(&member.queue)?;
        let wishes = self.wishes_of(now, id)?;
        match self.only_tiers(queue, &wishes) {
            Some(tiers) => {
                let there = self.prospects_among(now, (queue, &tiers), &wishes);
                self.wait_for_only(queue, &there, (position, member.waits_at.as_ref()))
            }
            None => self.estimated_wait_at(member.queue, position),
        }
    }

    /// How long a caller with these wishes would wait who came now; none when nothing can be said.
    pub(in crate::engine) fn estimated_wait_at_the_door(
        &self,
        now: Timestamp,
        id: QueueId,
        wishes: &Wishes<'_>,
    ) -> Option<Span> {
        let queue = self.queues.get(&id)?;
        let Some(tiers) = self.only_tiers(queue, wishes) else {
            return self.estimated_wait(id, wishes.requirements);
        };
        if self.dispatches && self.has_free_among(queue, &tiers, wishes.requirements) {
            return Some(Span::ZERO);
        }
        let there = self.prospects_among(now, (queue, &tiers), wishes);
        self.wait_for_only(queue, &there, (queue.line_length() + 1, None))
    }

    /// Whether one of these agents is free for a caller of these requirements who comes now.
    fn has_free_among(&self, queue: &Queue, tiers: &[TierId], requirements: &CallerRequirements) -> bool {
        self.of_class(queue, requirements, |class| {
            let key_of = |tier: &TierId| self.tiers.get(tier)?.free_for(class.requirement.media());
            let keys = tiers.iter().filter_map(key_of).map(|key| class.requirement.key(key));
            let is_open = |key: &FreeKey| queue.wait_for_level(class, key.level) == Span::ZERO;
            keys.filter(is_open).any(|key| class.free.contains(&key))
        })
    }

    /// How long a caller on this place waits for these agents alone. Those before it who wait for none of them go at the pace of the line;
    /// then one agent takes a caller as often as all of the queue do together, divided among them, and its own callers in their order.
    fn wait_for_only(
        &self,
        queue: &Queue,
        there: &[TierId],
        (position, place): (usize, Option<&Place>),
    ) -> Option<Span> {
        let own_of = |tier: &TierId| {
            let agent = self.tiers.get(tier).map(|tier| tier.agent_name.as_str());
            agent.map_or(0, |agent| queue.waiting_for.before(agent, place))
        };
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let alone = number(there.len());
        let own = number(there.iter().map(own_of).sum()).checked_div(alone)?;
        let others = (number(position) - 1 - own).max(0);
        let all = number(queue.staff.agents).max(alone);
        let turns = all.saturating_mul(own + 1).checked_div(alone)?;
        let step = queue.flow.step?.micros();
        Some(Span::from_micros(step.saturating_mul(others.saturating_add(turns))))
    }
}
