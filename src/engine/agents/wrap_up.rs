//! The pause after a call: the agent's own, else the queue's, else everybody's; within the queue's limit.

use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::{AgentId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};

/// What a queue and the settings say of the pause after a talk, seconds.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct WrapUp {
    /// For agents who have none of their own.
    common: i64,
    /// No pause is longer.
    longest: Option<i64>,
}

impl WrapUp {
    /// The pause of an agent whose own is so many seconds; 0 is none.
    pub fn after(self, own: i64) -> Span {
        let pause = if own > 0 { own } else { self.common };
        Span::from_secs(self.longest.map_or(pause, |longest| pause.min(longest)))
    }
}

impl Engine {
    /// What holds after a talk of this queue.
    pub(in crate::engine) fn wrap_up_of_queue(&self, queue: QueueId) -> WrapUp {
        let everybody = i64::from(self.settings.wrap_up_time);
        let config = self.queues.get(&queue).and_then(|queue| queue.config.as_ref());
        let of_queue = config.map_or(0, |config| i64::from(config.wrap_up_time));
        let longest = config.map_or(0, |config| i64::from(config.max_wrap_up_time));
        WrapUp {
            common: if of_queue > 0 { of_queue } else { everybody },
            longest: (longest > 0).then_some(longest),
        }
    }

    /// Begins an agent's wrap-up after a call. A pause that is not the agent's own is kept as `ready_time`, and a
    /// limit of one that is beside it, so that both outlast a restart.
    pub(in crate::engine) fn wrap_up(&mut self, now: Timestamp, id: AgentId, queue: QueueId) {
        let pause = self.wrap_up_of_queue(queue);
        let Some(agent) = self.agents.change(&id) else { return };
        let longest = pause.longest.unwrap_or_default();
        agent
            .limits
            .change(|limits| std::mem::replace(&mut limits.longest_wrap_up, longest) != longest);
        agent.rest_of_queue = now;
        if agent.row.wrap_up_time > 0 {
            return;
        }
        let until = now + pause.after(0);
        agent.rest_of_queue = until;
        if until > now && until > agent.not_before {
            agent.not_before = until;
            agent.row.ready_time = self.wall.secs(until);
        }
    }
}
