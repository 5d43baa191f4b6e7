//! The pause after a call: the agent's own, else the queue's, else everybody's; within the queue's limit.

use super::engine::Engine;
use super::ids::{AgentId, QueueId};
use super::time::{Span, Timestamp};

impl Engine {
    /// Begins an agent's wrap-up after a talk. A pause that is not the agent's own is kept as `ready_time`, so that it outlasts a
    /// restart as one of the agent's own does.
    pub(super) fn wrap_up(&mut self, now: Timestamp, id: AgentId, queue: QueueId) {
        let everybody = i64::from(self.settings.wrap_up_time);
        let config = self.queues.get(&queue).and_then(|queue| queue.config.as_ref());
        let of_queue = config.map_or(0, |config| i64::from(config.wrap_up_time));
        let longest = config.map_or(0, |config| i64::from(config.max_wrap_up_time));
        let longest = (longest > 0).then_some(longest);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        agent.longest_wrap_up = longest;
        agent.rest_of_queue = now;
        if agent.row.wrap_up_time > 0 {
            return;
        }
        let pause = if of_queue > 0 { of_queue } else { everybody };
        let pause = longest.map_or(pause, |longest| pause.min(longest));
        let until = now + Span::from_secs(pause);
        agent.rest_of_queue = until;
        if pause > 0 && until > agent.not_before {
            agent.not_before = until;
            agent.row.ready_time = until.secs();
        }
    }
}
