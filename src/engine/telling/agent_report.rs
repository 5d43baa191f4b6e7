//! `agent-report`: what an agent does, in OpenSIPS's four words, whenever that changes.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::boxes::Boxes;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{Absence, AgentReport, Media, TierState};

impl AgentReport {
    /// Who does not count in queues, or is on a break, is offline: no call comes.
    fn of(absences: Option<Absences>) -> Self {
        let Some(absences) = absences else {
            return Self::Offline;
        };
        let has = |absence| absences.meets(Absences::NONE.with(absence));
        if has(Absence::InUse) || has(Absence::Ringing) {
            Self::InCall
        } else if has(Absence::Paused) || has(Absence::Unavailable) {
            Self::Offline
        } else if has(Absence::WrapUp) {
            Self::WrapUp
        } else {
            Self::Free
        }
    }
}

impl Agent {
    /// What the agent does. A call outside the queues is a call, whether or not a queue minds.
    pub(in crate::engine) fn report(&self, now: Timestamp, boxes: &Boxes) -> AgentReport {
        let absences = self.absences(now, Media::Audio, boxes);
        AgentReport::of(absences.map(|absences| match self.row.external_calls_count {
            0 => absences,
            _ => absences.with(Absence::InUse),
        }))
    }
}

impl Engine {
    /// Reports what an agent does now, if that is news and the setting `agent-report` is on.
    pub(in crate::engine) fn report_agent(&mut self, now: Timestamp, id: AgentId) {
        if !self.settings.agent_report {
            return;
        }
        let Some(agent) = self.agents.get(&id) else { return };
        let report = agent.report(now, &self.boxes);
        let queue = self.queue_of_call(agent);
        // The call is being given to the agent just now, and its queue is known in a moment.
        let is_early = report == AgentReport::InCall && agent.offer.is_some() && queue.is_none();
        if agent.reported == report || is_early {
            return;
        }
        let mut headers = vec![
            (header::AGENT, agent.row.name.clone()),
            (header::ACTION, action::AGENT_REPORT.to_owned()),
            (header::AGENT_REPORT, report.to_string()),
        ];
        match report {
            AgentReport::InCall => headers.extend(queue.map(|queue| (header::QUEUE, queue))),
            AgentReport::WrapUp => headers.push((
                header::AGENT_WRAPUP_ENDS,
                self.wall.secs_rounded_up(agent.rests_until()).to_string(),
            )),
            AgentReport::Offline | AgentReport::Free => (),
        }
        if let Some(agent) = self.agents.books_of(&id) {
            agent.reported = report;
        }
        self.fire(headers);
    }

    /// The queue of the call an agent has, or is being offered.
    fn queue_of_call(&self, agent: &Agent) -> Option<String> {
        let offer = agent.offer?;
        let queue = match self.offers.get(&offer) {
            Some(offer) => offer.queue,
            None => {
                let mut tiers = agent.tiers.iter().filter_map(|tier| self.tiers.get(tier));
                tiers.find(|tier| tier.state == TierState::Offering)?.queue
            }
        };
        Some(self.queues.get(&queue)?.name.clone())
    }
}
