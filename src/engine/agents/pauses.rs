//! Pauses with a reason: an agent who takes no callers of one queue, and why one who is on a break takes none at all. Asterisk's
//! `QueuePause`, and its `autopause`.

use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::border::row_change::RowChange;
use crate::engine::border::views::PauseListing;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::{AgentId, OfferId, QueueId, TierId};
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{Absence, AgentStatus, HangupCause, Media};

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

    /// Agents whose last tier in a queue has gone are not rung for its callers any more.
    pub(in crate::engine) fn stop_rings_of_who_left(&mut self, now: Timestamp) {
        while let Some((queue, id)) = self.aftermath.left_queues.pop_first() {
            let tiers = self.queues.get(&queue).map(|queue| &queue.tiers_by_agent);
            let agent = self.agents.get(&id);
            let serves = |agent: &Agent| tiers.is_some_and(|tiers| tiers.contains_key(&agent.row.name));
            if agent.is_some_and(|agent| agent.deleted || !serves(agent)) {
                self.stop_rings_in_queue(now, queue, id);
            }
        }
    }

    fn stop_rings_in_queue(&mut self, now: Timestamp, queue: QueueId, agent: AgentId) {
        let offers = self.agents.get(&agent).into_iter().flat_map(Agent::offers);
        let is_of_queue = |offer: &OfferId| self.offers.get(offer).is_some_and(|offer| offer.queue == queue);
        let offers: Vec<OfferId> = offers.filter(is_of_queue).collect();
        for offer in offers {
            self.withdraw_offer(now, offer, HangupCause::ORIGINATOR_CANCEL);
        }
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

    /// An agent of ours who serves a queue, by a tier or by skills.
    fn place_in_queue(&self, queue: &str, agent: &str) -> Result<(QueueId, AgentId), EngineError> {
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
    fn set_pause(&mut self, now: Timestamp, queue_id: QueueId, id: AgentId, reason: Option<String>) {
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
            ("CC-Queue", queue.clone()),
            ("CC-Agent", name.clone()),
            ("CC-Action", "tier-pause-change".to_owned()),
            ("CC-Tier-Paused", pause.is_some().to_string()),
        ];
        let told = pause.as_ref().or(before.as_ref()).map(|pause| pause.reason.clone());
        let told = told.unwrap_or_default();
        self.log_pause(now, (&queue, &name), pause.is_some(), &told);
        headers.push(("CC-Pause-Reason", told));
        self.fire(headers);
        self.note_pause(name, Some(queue), pause);
        self.agents.touch(id);
        self.note_staffing_by_queue(id);
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

    fn note_pause(&mut self, agent: String, queue: Option<String>, pause: Option<Pause>) {
        self.changed.others.push(RowChange::Pause { agent, queue, pause });
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

    /// How an agent, present so for this medium, counts in the queue of a tier: whatever keeps a ready agent from being offered its members
    /// keeps it away.
    pub(in crate::engine) fn present_in(
        &self,
        id: TierId,
        present: Option<Absences>,
        media: Media,
    ) -> Option<Absences> {
        let mut present = present?;
        let tier = self.tiers.get(&id)?;
        let queue = self.queues.get(&tier.queue)?;
        let agent = self.agents.get(&tier.agent?)?;
        let is_about_calls = media == Media::Audio;
        if queue.is_paused(tier) {
            present = present.with(Absence::Paused);
        }
        // In a call the states of tiers follow from it.
        if is_about_calls && agent.offer.is_none() && !self.is_usable(tier) {
            present = present.with(Absence::Unavailable);
        }
        if is_about_calls && (queue.minds_other_calls(agent) || self.is_kept_by_device(tier, queue)) {
            present = present.with(Absence::InUse);
        }
        if self.staffed_queues.contains(&tier.queue) {
            return Some(present);
        }
        Some(present.pause_alone())
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
