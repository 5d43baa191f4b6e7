//! Pauses with a reason: an agent who takes no callers of one queue, and why one who is on a break takes none at all. Asterisk's
//! `QueuePause`, and its `autopause`.

use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::border::views::PauseListing;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::{AgentId, QueueId};
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::AgentStatus;

impl Engine {
    /// `agent pause`: on a break, with a reason.
    pub(in crate::engine) fn pause_everywhere(
        &mut self,
        now: Timestamp,
        agent: &str,
        reason: String,
    ) -> Result<Reply, EngineError> {
        let id = self.agent_id(agent)?;
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        self.change_status_because(now, id, AgentStatus::OnBreak, reason);
        Ok(Reply::Done)
    }

    /// `agent resume`: wants calls again, after a break or in state `Idle`. Who is logged out stays so.
    pub(in crate::engine) fn resume_everywhere(&mut self, now: Timestamp, agent: &str) -> Result<Reply, EngineError> {
        let id = self.agent_id(agent)?;
        let status = self.agents.get(&id).map(|agent| agent.row.status);
        match status {
            Some(AgentStatus::OnBreak) => self.change_status(now, id, AgentStatus::Available),
            Some(status) if status.wants_calls() => self.wait_again(now, id),
            _ => (),
        }
        Ok(Reply::Done)
    }

    /// Why an agent is on a break; none for one who is not.
    pub(in crate::engine) fn keep_reason(&mut self, now: Timestamp, id: AgentId, reason: Option<String>) {
        let Some(agent) = self.agents.change(&id) else { return };
        let since = self.wall.secs(now);
        let pause = reason.map(|reason| Pause { reason, since });
        if agent.pause == pause {
            return;
        }
        agent.pause.clone_from(&pause);
        let name = agent.row.name.clone();
        self.note_pause(name, None, pause);
    }

    /// The agent is gone: another of that name begins without pauses.
    pub(in crate::engine) fn forget_pauses(&mut self, agent: &str) {
        let queues = self.queues.iter();
        let paused = queues.filter(|(_, queue)| queue.pauses.contains_key(agent));
        let paused: Vec<QueueId> = paused.map(|(id, _)| *id).collect();
        for queue in paused {
            self.forget_pause(queue, agent);
        }
        let id = self.agents.named(agent);
        if id
            .and_then(|id| self.agents.get(&id))
            .is_some_and(|agent| agent.pause.is_some())
        {
            self.note_pause(agent.to_owned(), None, None);
        }
    }

    /// A pause as a database kept it; it is forgotten there when there is nothing that it could be of.
    pub(in crate::engine) fn restore_pause(&mut self, agent: String, queue: Option<String>, pause: Pause) {
        let id = self.agents.named(&agent);
        let Some((id, known)) = id.and_then(|id| Some((id, self.agents.change(&id)?))) else {
            return self.note_pause(agent, queue, None);
        };
        let Some(name) = queue else {
            if known.row.status == AgentStatus::OnBreak {
                known.pause = Some(pause);
            } else {
                self.note_pause(agent, None, None);
            }
            return;
        };
        // The skills may be those of a queue that is still to be loaded.
        let may_serve = known.skills != Skills::default() || self.tier_id(&name, &agent).is_some();
        if !may_serve {
            return self.note_pause(agent, Some(name), None);
        }
        let queue = self.queue_named(&name);
        if let Some(queue) = self.queues.get_mut(&queue) {
            queue.pauses.insert(agent, pause);
        }
        self.agents.touch(id);
    }

    /// Everybody who is paused in a queue, and everybody whose break has a reason.
    pub fn pauses(&self) -> Vec<PauseListing> {
        let breaks = self.agents.values().filter(|agent| !agent.deleted);
        let breaks = breaks.filter_map(|agent| {
            Some(PauseListing {
                agent: agent.row.name.clone(),
                queue: None,
                pause: agent.pause.clone()?,
            })
        });
        let in_queues = self.queues.values().flat_map(|queue| {
            queue.pauses.iter().map(|(agent, pause)| PauseListing {
                agent: agent.clone(),
                queue: Some(queue.name.clone()),
                pause: pause.clone(),
            })
        });
        let mut all: Vec<PauseListing> = breaks.chain(in_queues).collect();
        all.sort_by(|a, b| (&a.agent, &a.queue).cmp(&(&b.agent, &b.queue)));
        all
    }
}
