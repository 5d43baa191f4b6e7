//! What agents do: when they are there, and how their phones ring.

use super::lengths::{in_range, Length};
use super::reading::Reading;
use super::shifts::{attendance, Shift};
use super::{Scenario, ScenarioError, Stretch};
use crate::plan::{Act, Phone};
use mod_callcenter::engine::{AgentConfig, AgentKind, AgentSetting, AgentStatus, Input, Span, Timestamp};
use serde::Deserialize;

/// How long agents stay by their shifts when no more callers come: whoever still waits is served.
const AFTER_HOURS: Span = Span::from_secs(4 * 3600);

/// What an agent does. Shares are of all rings, from 0 to 1; lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Habits {
    shifts: Option<Vec<String>>,
    breaks: Option<Vec<String>>,
    answer: Option<Length>,
    rejects: Option<f64>,
    busy: Option<f64>,
    no_answer: Option<f64>,
    not_registered: Option<f64>,
    unreachable: Option<f64>,
    vanishes: Option<f64>,
}

impl Habits {
    /// Whether anything is said of when the agent works.
    pub(super) fn has_shifts(&self) -> bool {
        self.shifts.is_some() || self.breaks.is_some()
    }
}

impl Scenario {
    /// How an agent's phone rings.
    pub(super) fn phone(&self, agent: &AgentConfig) -> Result<Phone, ScenarioError> {
        let team = &self.team;
        let own = self.agents.get(&agent.name).cloned().unwrap_or_default();
        let reading = Reading {
            scenario: self,
            own: ["agents", &agent.name],
            general: "team",
        };
        // Nobody is reached who has no number.
        let has_contact = agent.contact.as_ref().is_some_and(|contact| !contact.trim().is_empty());
        let is_callback = agent.agent_type.kind() == AgentKind::Callback;
        if is_callback && !has_contact {
            return Ok(Phone {
                unreachable: 1.0,
                ..Phone::default()
            });
        }
        let phone = Phone {
            answer: reading.length("answer", (&own.answer, &team.answer), Phone::default().answer)?,
            rejects: reading.share("rejects", own.rejects.or(team.rejects), 0.0)?,
            busy: reading.share("busy", own.busy.or(team.busy), 0.0)?,
            no_answer: reading.share("no_answer", own.no_answer.or(team.no_answer), 0.0)?,
            not_registered: reading.share("not_registered", own.not_registered.or(team.not_registered), 0.0)?,
            unreachable: reading.share("unreachable", own.unreachable.or(team.unreachable), 0.0)?,
            vanishes: reading.share("vanishes", own.vanishes.or(team.vanishes), 0.0)?,
            ..Phone::default()
        };
        let failing = phone.rejects + phone.busy + phone.no_answer + phone.not_registered + phone.unreachable;
        let together = "rejects, busy, no_answer, not_registered and unreachable together";
        reading.placed("rejects", in_range(together, failing, 0.0, 1.0))?;
        Ok(phone)
    }

    /// An agent's log-ins, breaks and log-outs. Without shifts everybody works all day, also who is logged out in the configuration.
    pub(super) fn attends(
        &self,
        agent: &AgentConfig,
        stretch: &Stretch,
    ) -> Result<Vec<(Timestamp, Act)>, ScenarioError> {
        let own = self.agents.get(&agent.name).cloned().unwrap_or_default();
        let reading = Reading {
            scenario: self,
            own: ["agents", &agent.name],
            general: "team",
        };
        let read = |key: &str, texts: Option<&Vec<String>>| -> Result<Option<Vec<Shift>>, ScenarioError> {
            let Some(texts) = texts else { return Ok(None) };
            let shifts: Result<Vec<Shift>, String> = texts.iter().map(|text| Shift::parse(text)).collect();
            reading.placed(key, shifts).map(Some)
        };
        let shifts = read("shifts", own.shifts.as_ref().or(self.team.shifts.as_ref()))?;
        let breaks = read("breaks", own.breaks.as_ref().or(self.team.breaks.as_ref()))?.unwrap_or_default();
        let span = (stretch.start, stretch.start + stretch.length + AFTER_HOURS);
        let statuses = attendance(stretch.midnight, span, shifts.as_deref(), &breaks);
        let set = |(at, status): (Timestamp, AgentStatus)| {
            let input = Input::AgentSet {
                name: agent.name.clone(),
                setting: AgentSetting::Status(status.to_string()),
            };
            (at, Act::submit(input))
        };
        let standing = agent.agent_type.kind() == AgentKind::UuidStandby;
        let comes = standing.then(|| (stretch.start, Act::StandbyUp(agent.name.clone())));
        Ok(comes.into_iter().chain(statuses.into_iter().map(set)).collect())
    }
}
