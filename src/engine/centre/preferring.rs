//! Callers who prefer agents: who has to be looked at again when something about such an agent changes.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::queue::Queue;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId};
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use std::sync::Arc;

impl Engine {
    /// Something about an agent has changed that decides whether callers of a queue wait for it.
    pub(in crate::engine) fn touch_own_callers(&mut self, queue: QueueId, agent: &str) {
        self.note_own_callers(queue, agent);
        let Some(queue) = self.queues.get(&queue).filter(|queue| !queue.choosy.is_empty()) else {
            return;
        };
        let own = queue
            .classes
            .iter()
            .filter_map(|(_, class)| class.own_callers.of(agent));
        for place in own.flat_map(|line| line.everybody()) {
            self.members.touch(place.member);
        }
    }

    /// An agent may have gone who alone may have callers of a queue (`sticky-only`), where those leave who have nobody
    /// (`leave-when-empty`).
    pub(in crate::engine) fn note_own_callers(&mut self, queue: QueueId, agent: &str) {
        let Some(queue) = self.queues.get(&queue).filter(|queue| queue.may_be_deserted()) else {
            return;
        };
        self.aftermath.deserted.extend(queue.waiting_for.of(agent));
    }

    /// The same of a member, who prefers others than before, or waits again.
    pub(in crate::engine) fn note_if_deserted(&mut self, id: MemberId) {
        let Some(member) = self.members.get(&id).filter(|member| member.preferred.is_some()) else {
            return;
        };
        if self.queues.get(&member.queue).is_some_and(Queue::may_be_deserted) {
            self.aftermath.deserted.insert(id);
        }
    }

    /// The same in all its queues.
    pub(in crate::engine) fn touch_all_own_callers(&mut self, id: AgentId) {
        for tier in self.tiers_of(id) {
            let Some(tier) = self.tiers.get(&tier) else { continue };
            let (queue, agent) = (tier.queue, tier.agent_name.clone());
            self.touch_own_callers(queue, &agent);
        }
    }

    /// A queue's levels open otherwise than before: whom its callers wait for may be another.
    pub(in crate::engine) fn touch_choosy(&mut self, queue: QueueId) {
        let choosy = self.queues.get(&queue).map(|queue| &queue.choosy);
        for member in choosy.into_iter().flatten() {
            self.members.touch(*member);
        }
    }

    /// Whom a member prefers is another from now on. It is out of line until the step places it anew.
    pub(in crate::engine) fn set_preferred(&mut self, id: MemberId, preferred: Option<Box<PreferredAgents>>) {
        let Some(member) = self.members.change(&id) else { return };
        let before = std::mem::replace(&mut member.preferred, preferred);
        let names_of = |preferred: &Option<Box<PreferredAgents>>| -> Vec<Arc<str>> {
            let preferred = preferred.as_deref().map(PreferredAgents::names);
            preferred.unwrap_or_default().to_vec()
        };
        let (before, after) = (names_of(&before), names_of(&member.preferred));
        let (place, waits_at) = (member.place.take(), member.waits_at);
        let Some(queue) = self.queues.get_mut(&member.queue) else {
            return;
        };
        if let Some(place) = place {
            queue.leave(&place, &before);
        }
        if let Some(waits_at) = waits_at {
            queue.waiting_for.leave(&before, &waits_at);
            queue.waiting_for.enter(&after, waits_at);
        }
    }

    /// An agent has not taken a caller who preferred it: the caller is as one who never did.
    pub(in crate::engine) fn no_longer_prefers(&mut self, id: MemberId, agent: &str) {
        let preferred = self.members.get(&id).and_then(|member| member.preferred.clone());
        if let Some(mut preferred) = preferred.filter(|preferred| preferred.has(agent)) {
            preferred.without(agent);
            self.set_preferred(id, Some(preferred).filter(|preferred| !preferred.is_empty()));
        }
    }
}
