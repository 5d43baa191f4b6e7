//! `max-wait-time-with-no-agent`: how long a caller waits while nobody is logged in who could serve it, sooner or later.
//!
//! A queue counts who is logged in for callers who bring no requirements, and beside that for each kind of requirements that is waiting.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::prospects::{Prospect, Standing, KEPT_PROSPECTS, MOST_PROSPECTS};
use crate::engine::centre::staff::Staff;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{MemberId, QueueId};
use crate::engine::vocabulary::time::{seconds, Timestamp};
use std::sync::Arc;

impl Engine {
    /// An agent who could serve a queue has logged in or out, or could serve others of its callers than before.
    pub(in crate::engine) fn count_staff(
        &mut self,
        now: Timestamp,
        id: QueueId,
        before: Option<&Standing>,
        after: Option<&Standing>,
    ) {
        let Some(queue) = self.queues.get_mut(&id) else { return };
        let own = (&queue.prospects.own, &mut queue.staff);
        let kinds = std::iter::once(own).chain(queue.staff_for.iter_mut());
        let mut is_left = false;
        for (kind, staff) in kinds {
            let counts = |standing: Option<&Standing>| usize::from(standing.is_some_and(|it| kind.accepts(it)));
            let agents = (staff.agents + counts(after)).saturating_sub(counts(before));
            is_left |= staff.set(now, agents) && (*kind == queue.prospects.own || holds(Mark::WishesMissWhoLogsOut));
        }
        if is_left {
            self.timers.set(Timer::NoAgentInQueue(id), now);
        }
    }

    /// A queue asks for something else, or is loaded: how many of its agents are logged in who could serve a caller without requirements.
    pub(in crate::engine) fn recount_staff(&mut self, now: Timestamp, id: QueueId) {
        let Some(queue) = self.queues.get(&id) else { return };
        let count = queue.staff_of(&queue.prospects.own);
        let is_left = self
            .queues
            .get_mut(&id)
            .is_some_and(|queue| queue.staff.set(now, count));
        if is_left {
            self.timers.set(Timer::NoAgentInQueue(id), now);
        }
    }

    /// Sets the deadline at which a member has waited long enough without any agent who could serve it, counted from when both the
    /// member is there and the agents are gone; it is looked again when the member asks for something else.
    pub(in crate::engine) fn set_no_agent_limit(&mut self, now: Timestamp, id: MemberId) {
        let changes = self.note_kind(now, id);
        let limit = self.no_agent_limit(id).map(|at| at.max(now));
        if let Some(at) = limit.into_iter().chain(changes).min() {
            self.timers.set(Timer::NoAgentForMember(id), at);
        }
    }

    /// Notes what kind of caller a member with requirements is, and when it will be another: agents are counted for it from now on.
    pub(in crate::engine) fn note_kind(&mut self, now: Timestamp, id: MemberId) -> Option<Timestamp> {
        let member = self.members.get(&id).filter(|member| member.requirements.is_some())?;
        let (queue_id, joined) = (member.queue, member.joined);
        let config = self.config_of(queue_id)?;
        if config.max_wait_time_with_no_agent == 0 {
            return None;
        }
        let (kind, next) = Prospect::of_member(config, member.requirements(), now.since(joined));
        // Whoever could not serve the member as the kind it was will not do so now: steps of the wait only fall away.
        let since = self.queues.get(&queue_id)?.nobody_since(member);
        let kind = self.counted_kind(now, queue_id, kind, since);
        if let Some(member) = self.members.books_of(&id) {
            member.kind = kind;
        }
        next.map(|next| joined + next)
    }

    /// The kind, whose agents are counted; none for the queue's own, which counts when there are too many others, too.
    fn counted_kind(
        &mut self,
        now: Timestamp,
        id: QueueId,
        kind: Prospect,
        since: Option<Timestamp>,
    ) -> Option<Arc<Prospect>> {
        let queue = self.queues.get_mut(&id).filter(|queue| kind != *queue.prospects.own)?;
        if let Some(staff) = queue.staff_for.get_mut(&kind) {
            staff.nobody_since = staff.nobody_since.map(|own| since.map_or(own, |since| since.min(own)));
            let known = queue.staff_for.get_key_value(&kind);
            return known.map(|(known, _)| Arc::clone(known));
        }
        if queue.staff_for.len() >= KEPT_PROSPECTS {
            queue.staff_for.retain(|kind, _| Arc::strong_count(kind) > 1);
        }
        if queue.staff_for.len() >= MOST_PROSPECTS {
            return None;
        }
        let agents = queue.staff_of(&kind);
        // Where it is not known since when nobody could serve this kind its time begins with its first caller.
        let nobody_since = (agents == 0).then(|| since.unwrap_or(now));
        let kind = Arc::new(kind);
        queue
            .staff_for
            .insert(Arc::clone(&kind), Staff { agents, nobody_since });
        Some(kind)
    }

    /// When `max-wait-time-with-no-agent` ends a member's wait if no agent logs in. Stock's rule: without an agent for
    /// that long, and, where a grace is set, in the queue for that long and the grace.
    pub(in crate::engine) fn no_agent_limit(&self, id: MemberId) -> Option<Timestamp> {
        let member = self.members.get(&id)?;
        let queue = self.queues.get(&member.queue)?;
        let config = queue
            .config
            .as_ref()
            .filter(|config| config.max_wait_time_with_no_agent > 0)?;
        let limit = seconds(config.max_wait_time_with_no_agent);
        let without_agent = queue.nobody_since(member)? + limit;
        let grace = config.max_wait_time_with_no_agent_time_reached;
        let with_grace = if grace > 0 {
            member.limits_from + seconds(grace) + limit
        } else {
            member.limits_from
        };
        Some(without_agent.max(with_grace))
    }

    /// The last agent for some or all who wait has logged out: everybody who waits gets a deadline.
    pub(in crate::engine) fn check_no_agent_in_queue(&mut self, now: Timestamp, id: QueueId) {
        let Some(queue) = self.queues.get(&id) else { return };
        // Who is just being offered has a deadline too: the offer may fail.
        let waits = |id: &MemberId| {
            let Some(member) = self.members.get(id) else {
                return false;
            };
            let is_offered = member.serving().is_some() || !member.offers.is_empty();
            member.row.state.waits() && !member.is_away() && (!is_offered || holds(Mark::NoAgentCountsWhileOffered))
        };
        let members: Vec<_> = queue.members.iter().copied().filter(waits).collect();
        for member in members {
            self.set_no_agent_limit(now, member);
        }
    }
}
