//! Figures counted at the engine's own transitions, and shown.

use crate::engine::border::figures::{AgentCounts, AgentStatistics, CentreStatistics, Counts, Live, QueueStatistics};
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::queue::Queue;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::ids::{QueueId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::Media;

impl Engine {
    /// The figures of one loaded queue, or of all.
    pub fn queue_statistics(&self, name: Option<&str>) -> Vec<QueueStatistics> {
        let loaded = self
            .queues
            .loaded()
            .iter()
            .filter_map(|id| Some((*id, self.queues.get(id)?)));
        let wanted = loaded.filter(|(_, queue)| name.is_none_or(|name| queue.name == name));
        let statistics = wanted.map(|(id, queue)| QueueStatistics {
            name: queue.name.clone(),
            counts: queue.counts,
            live: self.live_of(id, queue),
            estimated_wait: self.estimated_wait(id, CallerRequirements::nothing()),
            opensips_wait: queue.opensips_wait(),
        });
        statistics.collect()
    }

    /// The figures of the whole call centre.
    pub fn centre_statistics(&self, now: Timestamp) -> CentreStatistics {
        let mut live = Live::default();
        for queue in self.queues.values().map(Queue::live) {
            live.on_hold += queue.on_hold;
            live.chats_on_hold += queue.chats_on_hold;
            live.queued += queue.queued;
        }
        live.callbacks = self.callbacks.count_all();
        let ours = |agent: &&Agent| !agent.deleted && self.is_ours(&agent.row.instance_id);
        for agent in self.agents.values().filter(ours) {
            let is_free = agent.is_placed && agent.tiers.iter().any(|tier| self.could_serve_at_once(*tier));
            live.agents += u64::from(agent.row.status.is_logged_in());
            live.free_agents += u64::from(is_free);
            let absences = agent.absences(now, Media::Audio, &self.boxes);
            live.paused_agents += u64::from(absences.is_some_and(|absences| absences.meets(Absences::PAUSED)));
        }
        CentreStatistics {
            counts: self.counts,
            live,
        }
    }

    /// How things stand in a queue.
    pub(in crate::engine) fn live_of(&self, id: QueueId, queue: &Queue) -> Live {
        Live {
            callbacks: u64::try_from(self.callbacks.count(id)).unwrap_or(u64::MAX),
            ..queue.live()
        }
    }

    /// Whether the agent of a tier is among the free agents of its queue.
    fn could_serve_at_once(&self, id: TierId) -> bool {
        let found = self.tiers.get(&id).and_then(|tier| {
            let queue = self.queues.get(&tier.queue)?;
            let class = queue.classes.own(Media::Audio)?;
            let key = class.requirement.key(tier.free?);
            let is_open = queue.wait_for_level(class, key.level) == Span::ZERO;
            Some(is_open && class.free.contains(&key))
        });
        found.unwrap_or(false)
    }

    /// The figures of one agent of this instance, or of all.
    pub fn agent_statistics(&self, name: Option<&str>) -> Vec<AgentStatistics> {
        let ours = |agent: &&Agent| !agent.deleted && self.is_ours(&agent.row.instance_id);
        let agents = self.agents.values().filter(ours);
        let wanted = agents.filter(|agent| name.is_none_or(|name| agent.row.name == name));
        let statistics = wanted.map(|agent| AgentStatistics {
            name: agent.row.name.clone(),
            counts: agent.counts,
            chats: u64::try_from(agent.chats.running.len()).unwrap_or(u64::MAX),
        });
        statistics.collect()
    }

    /// `stats reset`: counts begin anew; what estimates are made from stays.
    pub(in crate::engine) fn reset_statistics(&mut self) {
        self.counts = Counts::default();
        self.queues
            .values_mut()
            .for_each(|queue| queue.counts = Counts::default());
        self.agents
            .all_books()
            .for_each(|agent| agent.counts = AgentCounts::default());
    }
}

impl Queue {
    /// The same without callbacks, which the queue does not know.
    fn live(&self) -> Live {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let paused = self
            .present
            .iter()
            .filter(|(absences, _)| absences.meets(Absences::PAUSED));
        Live {
            on_hold: number(self.line_length()),
            chats_on_hold: number(self.waiting_chats),
            queued: number(self.classes.in_line()),
            agents: number(self.staff.agents),
            free_agents: number(self.free_agents(Media::Audio)),
            paused_agents: number(paused.map(|(_, count)| *count).sum()),
            callbacks: 0,
        }
    }

    /// OpenSIPS's estimate: all talks of the callers ahead, shared out among the agents.
    fn opensips_wait(&self) -> Option<Span> {
        let live = self.live();
        let talk = self.counts.talk;
        let agents = i64::try_from(live.agents).ok().filter(|agents| *agents > 0)?;
        let queued = i64::try_from(live.queued).ok()?;
        let average = i64::try_from(talk.average_ms()).ok()?;
        Some(Span::from_millis(average.saturating_mul(queued) / agents))
    }
}
