//! Figures of queues, agents and the whole call centre, counted at the engine's own transitions: those of OpenSIPS's call_center
//! (`ccg_`, `ccf_`, `cca_`) and Asterisk's two service levels.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::requirement::Wishes;
use crate::engine::doors::Engine;
use crate::engine::staffing::presence::Absences;
use crate::engine::vocabulary::ids::{AgentId, MemberId, QueueId, TierId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{CancelReason, Media};

/// What is counted of a queue, or of all of them, since the start or the last `stats reset`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Callers who came, those included who were refused.
    pub calls: u64,
    /// Callers who were refused at the door.
    pub refused: u64,
    /// Callers who were offered to an agent, each once in a stay.
    pub distributed: u64,
    /// Callers who talked to an agent.
    pub answered: u64,
    /// Those of them that were chats.
    pub answered_chats: u64,
    /// Callers who left by themselves before that.
    pub abandoned: u64,
    /// Callers whom a limit of the queue ended the wait of.
    pub released: u64,
    /// Of the answered, those within `service-level-seconds`.
    pub answered_in_time: u64,
    /// Of those who left unanswered, those within `service-level-seconds`.
    pub left_in_time: u64,
    /// Time until the agent answered, of all answered together.
    pub wait: Sum,
    /// Time talked, of all talks that are over.
    pub talk: Sum,
}

/// What is counted of an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgentCounts {
    /// Offers made to the agent.
    pub distributed: u64,
    /// Calls and chats the agent took.
    pub answered: u64,
    /// Those of them that were chats.
    pub answered_chats: u64,
    /// Offers that ended because the caller left.
    pub abandoned: u64,
    /// Time talked, of all talks that are over.
    pub talk: Sum,
}

/// Lengths of time added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    micros: i64,
    number: u64,
}

impl Sum {
    /// Adds one; a negative one counts as none at all: the machine's clock may have been set back.
    fn add(&mut self, span: Span) {
        self.micros = self.micros.saturating_add(span.micros().max(0));
        self.number += 1;
    }

    /// The average in milliseconds; 0 of nothing.
    pub fn average_ms(self) -> u64 {
        let number = i64::try_from(self.number).unwrap_or(i64::MAX).max(1);
        u64::try_from(self.micros / number / 1000).unwrap_or(0)
    }
}

impl Counts {
    /// Of the answered, the share in percent that was answered in time: Asterisk's ServicelevelPerf.
    pub fn service_level(&self) -> u64 {
        percent(self.answered_in_time, self.answered)
    }

    /// Of all who came in, the share in percent that was answered, or left, in time: Asterisk's ServicelevelPerf2.
    pub fn service_level_2(&self) -> u64 {
        let all = self.answered + self.abandoned + self.released;
        percent(self.answered_in_time + self.left_in_time, all)
    }
}

/// How things stand in a queue, or in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Live {
    /// Callers who wait, those included whom an agent's phone rings for.
    pub on_hold: u64,
    /// Those of them that are chats.
    pub chats_on_hold: u64,
    /// Callers who want an agent, and have none who rings.
    pub queued: u64,
    /// Agents who are logged in.
    pub agents: u64,
    /// Agents who could take a caller at once.
    pub free_agents: u64,
    /// Agents who are logged in, and on a break, put aside or paused.
    pub paused_agents: u64,
}

impl Live {
    /// Queued callers for a hundred agents who are logged in.
    pub fn load(&self) -> u64 {
        percent(self.queued, self.agents)
    }
}

/// A queue's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueStatistics {
    /// The queue's name.
    pub name: String,
    /// What was counted.
    pub counts: Counts,
    /// How things stand.
    pub live: Live,
    /// How long a caller would wait who came now; none when nothing can be said.
    pub estimated_wait: Option<Span>,
    /// The same as OpenSIPS estimates it.
    pub opensips_wait: Option<Span>,
}

/// The whole call centre's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CentreStatistics {
    /// What was counted.
    pub counts: Counts,
    /// How things stand.
    pub live: Live,
}

/// An agent's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentStatistics {
    /// The agent's name.
    pub name: String,
    /// What was counted.
    pub counts: AgentCounts,
    /// Chats under way.
    pub chats: u64,
}

/// A share in percent, rounded; 0 of nothing.
fn percent(part: u64, whole: u64) -> u64 {
    let whole = whole.max(1);
    part.saturating_mul(100).saturating_add(whole / 2) / whole
}

impl Engine {
    /// The figures of one loaded queue, or of all.
    pub fn queue_statistics(&self, name: Option<&str>) -> Vec<QueueStatistics> {
        let loaded = self.loaded.iter().filter_map(|id| Some((*id, self.queues.get(id)?)));
        let wanted = loaded.filter(|(_, queue)| name.is_none_or(|name| queue.name == name));
        let statistics = wanted.map(|(id, queue)| QueueStatistics {
            name: queue.name.clone(),
            counts: queue.counts,
            live: queue.live(),
            estimated_wait: self.estimated_wait(id, Wishes::nothing()),
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
        let ours = |agent: &&Agent| !agent.deleted && self.is_ours(&agent.row.instance_id);
        for agent in self.agents.values().filter(ours) {
            let is_free = agent.is_placed && agent.tiers.iter().any(|tier| self.could_serve_at_once(*tier));
            live.agents += u64::from(agent.row.status.is_logged_in());
            live.free_agents += u64::from(is_free);
            let absences = agent.absences(now, Media::Audio, &self.settings.instance_id);
            live.paused_agents += u64::from(absences.is_some_and(|absences| absences.meets(Absences::PAUSED)));
        }
        CentreStatistics {
            counts: self.counts,
            live,
        }
    }

    /// Whether the agent of a tier is among the free agents of its queue.
    fn could_serve_at_once(&self, id: TierId) -> bool {
        let found = self.tiers.get(&id).and_then(|tier| {
            let queue = self.queues.get(&tier.queue)?;
            let class = queue.classes.own(Media::Audio)?;
            let key = class.demand.key(tier.free?);
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
            .values_mut()
            .for_each(|agent| agent.counts = AgentCounts::default());
    }

    /// Counts something of a queue, and of all.
    pub(in crate::engine) fn count(&mut self, queue: QueueId, note: impl Fn(&mut Counts)) {
        note(&mut self.counts);
        if let Some(queue) = self.queues.get_mut(&queue) {
            note(&mut queue.counts);
        }
    }

    /// A caller is offered to an agent.
    pub(in crate::engine) fn count_offer(&mut self, offer: &Offer) {
        if offer.number == 1 {
            self.count(offer.queue, |counts| counts.distributed += 1);
        }
        if let Some(agent) = self.agents.get_mut(&offer.agent) {
            agent.counts.distributed += 1;
        }
    }

    /// A caller talks to an agent.
    pub(in crate::engine) fn count_answer(&mut self, queue: QueueId, agent: AgentId, media: Media, wait: Span) {
        let in_time = u64::from(self.is_in_time(wait));
        let chat = u64::from(media == Media::Chat);
        self.count(queue, |counts| {
            counts.answered += 1;
            counts.answered_chats += chat;
            counts.answered_in_time += in_time;
            counts.wait.add(wait);
        });
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.counts.answered += 1;
            agent.counts.answered_chats += chat;
        }
    }

    /// A caller leaves unanswered; by itself, perhaps, while agents' phones ring for it.
    pub(in crate::engine) fn count_leaving(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        let Some(member) = self.members.get(&id) else { return };
        let (queue, offers) = (member.queue, member.offers.clone());
        let in_time = u64::from(self.is_in_time(now.since(member.entered)));
        let by_caller = matches!(
            reason,
            CancelReason::None | CancelReason::BreakOut | CancelReason::ExitWithKey
        );
        self.count(queue, |counts| {
            counts.abandoned += u64::from(by_caller);
            counts.released += u64::from(!by_caller);
            counts.left_in_time += in_time;
        });
        for offer in offers.into_iter().filter(|_| by_caller) {
            let agent = self.offers.get(&offer).map(|offer| offer.agent);
            if let Some(agent) = agent.and_then(|agent| self.agents.get_mut(&agent)) {
                agent.counts.abandoned += 1;
            }
        }
    }

    /// A talk is over.
    pub(in crate::engine) fn count_talk(&mut self, now: Timestamp, offer: &Offer) {
        let talked = now.since(offer.bridged);
        self.count(offer.queue, |counts| counts.talk.add(talked));
        if let Some(agent) = self.agents.get_mut(&offer.agent) {
            agent.counts.talk.add(talked);
        }
    }

    fn is_in_time(&self, wait: Span) -> bool {
        wait <= Span::from_secs(i64::from(self.settings.service_level_seconds))
    }
}

impl Queue {
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
