//! Figures of queues, agents and the whole call centre: those of OpenSIPS's call_center
//! (`ccg_`, `ccf_`, `cca_`) and Asterisk's two service levels.

use crate::engine::border::callback::CallbackCounts;
use crate::engine::vocabulary::time::Span;

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
    /// Of the answered, those whom an agent had whom they prefer.
    pub answered_by_preferred: u64,
    /// Of the answered, those who do not count in the service level (`callback-service-level`).
    pub answered_outside_level: u64,
    /// Of those who left unanswered, those who do not count in it.
    pub left_outside_level: u64,
    /// Of those who were to be called back.
    pub callbacks: CallbackCounts,
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
    pub(in crate::engine) fn add(&mut self, span: Span) {
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
        percent(
            self.answered_in_time,
            self.answered.saturating_sub(self.answered_outside_level),
        )
    }

    /// Of all who came in, the share in percent that was answered, or left, in time: Asterisk's ServicelevelPerf2.
    pub fn service_level_2(&self) -> u64 {
        let all = self.answered + self.abandoned + self.released;
        let outside = self.answered_outside_level + self.left_outside_level;
        percent(self.answered_in_time + self.left_in_time, all.saturating_sub(outside))
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
    /// Of those who wait, those who are to be called back and have no agent yet: asked for, being dialled, or reached.
    pub callbacks: u64,
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
