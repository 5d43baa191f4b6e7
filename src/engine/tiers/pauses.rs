//! Pauses in one queue, with a reason: an agent who takes no callers of it. Asterisk's `QueuePause`.

use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::{AgentId, QueueId};
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::time::Timestamp;

impl Engine {
    /// `tier pause`: the agent takes no callers of this queue until `tier resume`. A phone that rings for one of them stops.
    pub(in crate::engine) fn pause_in_queue(
        &mut self,
        now: Timestamp,
        queue: &str,
        agent: &str,
        reason: String,
    ) -> Result<Reply, EngineError> {
        let (queue, agent) = self.place_in_queue(queue, agent)?;
        self.begin_pause(now, queue, agent, reason);
        Ok(Reply::Done)
    }

    /// Pauses an agent in a queue, and stops what rings there for one of its callers: beside a call there may be a chat.
    pub(in crate::engine) fn begin_pause(&mut self, now: Timestamp, queue: QueueId, agent: AgentId, reason: String) {
        self.set_pause(now, queue, agent, Some(reason));
        self.stop_rings_in_queue(now, queue, agent);
    }

    /// `tier resume`. Who is not paused stays so.
    pub(in crate::engine) fn resume_in_queue(
        &mut self,
        now: Timestamp,
        queue: &str,
        agent: &str,
    ) -> Result<Reply, EngineError> {
        let (queue, agent) = self.place_in_queue(queue, agent)?;
        self.set_pause(now, queue, agent, None);
        Ok(Reply::Done)
    }

    /// An agent of ours who serves a queue, by a tier or by skills.
    pub(in crate::engine) fn place_in_queue(
        &self,
        queue: &str,
        agent: &str,
    ) -> Result<(QueueId, AgentId), EngineError> {
        let queue_id = self.queues.named(queue);
        let queue = queue_id.and_then(|id| self.queues.get(&id));
        let serves = queue.is_some_and(|queue| queue.tiers_by_agent.contains_key(agent));
        let queue_id = queue_id.filter(|_| serves).ok_or(EngineError::TierNotFound)?;
        let id = self.agent_id(agent)?;
        if !self.may_decide_for(agent) {
            return Err(EngineError::AgentElsewhere);
        }
        Ok((queue_id, id))
    }

    /// Pauses an agent in a queue, or ends the pause, and tells of it.
    pub(in crate::engine) fn set_pause(
        &mut self,
        now: Timestamp,
        queue_id: QueueId,
        id: AgentId,
        reason: Option<String>,
    ) {
        let Some(name) = self.agents.get(&id).map(|agent| agent.row.name.clone()) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(&queue_id) else {
            return;
        };
        let since = queue.pauses.get(&name).map_or(self.wall.secs(now), |pause| pause.since);
        let pause = reason.map(|reason| Pause { reason, since });
        let before = match pause.clone() {
            Some(pause) => queue.pauses.insert(name.clone(), pause),
            None => queue.pauses.remove(&name),
        };
        if before == pause {
            return;
        }
        // The tier's state tells of the pause.
        self.changed.tiers.extend(queue.tiers_by_agent.get(&name));
        let queue = queue.name.clone();
        let mut headers = vec![
            (header::QUEUE, queue.clone()),
            (header::AGENT, name.clone()),
            (header::ACTION, action::TIER_PAUSE_CHANGE.to_owned()),
            (header::TIER_PAUSED, pause.is_some().to_string()),
        ];
        let told = pause.as_ref().or(before.as_ref()).map(|pause| pause.reason.clone());
        let told = told.unwrap_or_default();
        self.log_pause(now, (&queue, &name), pause.is_some(), &told);
        headers.push((header::PAUSE_REASON, told));
        self.fire(headers);
        self.note_pause(name, Some(queue), pause);
        self.agents.touch(id);
        self.note_staffing_by_queue(id);
    }

    /// The agent does not serve the queue any more: who does later begins without a pause.
    pub(in crate::engine) fn forget_pause(&mut self, queue: QueueId, agent: &str) {
        let Some(queue) = self.queues.get_mut(&queue) else {
            return;
        };
        if queue.pauses.remove(agent).is_some() {
            // The state of a tier that is left tells of it.
            self.changed.tiers.extend(queue.tiers_by_agent.get(agent));
            let queue = queue.name.clone();
            self.note_pause(agent.to_owned(), Some(queue), None);
        }
    }

    /// The same, for an agent who lacks the skills now: a tier that somebody made stays, and with it the pause.
    pub(in crate::engine) fn forget_pause_unless_tier(&mut self, queue: QueueId, agent: &str) {
        let known = self.queues.get(&queue);
        if !known.is_some_and(|queue| queue.tiers_by_agent.contains_key(agent)) {
            self.forget_pause(queue, agent);
        }
    }
}
