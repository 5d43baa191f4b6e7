//! What callers do: how many come, and how each of them behaves.

use super::lengths::{in_range, Length};
use super::reading::Reading;
use super::{Scenario, ScenarioError};
use crate::plan::Traffic;
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{AgentConfig, AgentRow, Span};
use serde::Deserialize;
use std::cmp::Ordering;

const HOUR: Span = Span::from_secs(3600);
const HALF_HOUR: Span = Span::from_secs(1800);

/// What callers do. Shares are from 0 to 1, lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Callers {
    calls_per_hour: Option<Rate>,
    calls_per_half_hour: Option<Vec<f64>>,
    talk: Option<Length>,
    patience: Option<Length>,
    exit_key: Option<f64>,
    callback: Option<f64>,
    redial: Option<f64>,
    redial_after: Option<Length>,
    agent_ends: Option<f64>,
    base_score: Option<i64>,
}

/// Calls an hour: always the same, or hour by hour.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "expected calls an hour: a number, or a list with one number for each hour"
)]
enum Rate {
    Always(f64),
    ByHour(Vec<f64>),
}

/// How many callers come in each step of the day, and under which key that is said.
struct Steps {
    key: &'static str,
    unit: &'static str,
    length: Span,
    callers: Vec<f64>,
    /// It is a list, with a number for each step.
    is_list: bool,
}

impl Callers {
    /// Whether there is a number for each part of the day.
    pub(super) fn has_steps(&self) -> bool {
        self.steps().is_some_and(|steps| steps.is_list)
    }

    /// How many come; none where nothing is said of it.
    fn steps(&self) -> Option<Steps> {
        match (&self.calls_per_half_hour, &self.calls_per_hour) {
            (Some(callers), _) => Some(Steps {
                key: "calls_per_half_hour",
                unit: "half hours",
                length: HALF_HOUR,
                callers: callers.clone(),
                is_list: true,
            }),
            (None, Some(Rate::Always(rate))) => Some(Steps::by_hour(vec![*rate], false)),
            (None, Some(Rate::ByHour(rates))) => Some(Steps::by_hour(rates.clone(), true)),
            (None, None) => None,
        }
    }
}

impl Steps {
    fn by_hour(callers: Vec<f64>, is_list: bool) -> Self {
        Self {
            key: "calls_per_hour",
            unit: "hours",
            length: HOUR,
            callers,
            is_list,
        }
    }

    /// Calls an hour, step by step.
    fn per_hour(&self) -> Vec<f64> {
        let steps_an_hour = (HOUR.micros() / self.length.micros()) as f64;
        self.callers.iter().map(|callers| callers * steps_an_hour).collect()
    }

    /// What to say of a list that is shorter or longer than the day.
    fn remark(&self, day: Span) -> Option<String> {
        let wanted = (day.micros() as f64 / self.length.micros() as f64).ceil() as usize;
        let given = self.callers.len();
        let consequence = match given.cmp(&wanted) {
            Ordering::Less => "the last number goes on to the end",
            Ordering::Greater => "those beyond its end are not used",
            Ordering::Equal => return None,
        };
        let Self { key, unit, .. } = self;
        let said = format!("{key} has {given} numbers, the day has {wanted} {unit}: {consequence}.");
        self.is_list.then_some(said)
    }
}

impl Scenario {
    /// What may be a slip, though it can be run.
    pub fn remarks(&self) -> Vec<ScenarioError> {
        let queues = self
            .queues
            .iter()
            .map(|(name, callers)| (vec!["queues", name.as_str()], callers));
        let sections = std::iter::once((vec!["callers"], &self.callers)).chain(queues);
        let mut remarks = Vec::new();
        for (path, callers) in sections {
            let steps = callers.steps();
            if let Some((steps, said)) = steps.and_then(|steps| steps.remark(self.length()).map(|said| (steps, said))) {
                let path = [path.as_slice(), &[steps.key]].concat();
                remarks.push(self.error_at(&path, said));
            }
        }
        remarks
    }

    /// The callers of a queue.
    pub(super) fn traffic(&self, queue: &str, configuration: &Configuration) -> Result<Traffic, ScenarioError> {
        let general = &self.callers;
        let own = self.queues.get(queue).cloned().unwrap_or_default();
        let reading = Reading {
            scenario: self,
            own: ["queues", queue],
            general: "callers",
        };
        let said = own.steps().or_else(|| general.steps());
        let steps = said.unwrap_or_else(|| Steps::by_hour(vec![fair_rate(configuration, queue)], false));
        for callers in &steps.callers {
            reading.placed(steps.key, in_range(steps.key, *callers, 0.0, 1e6))?;
        }
        let ordinary = Traffic::new(queue, 0.0);
        Ok(Traffic {
            calls_per_hour: steps.per_hour(),
            step: steps.length,
            talk: reading.length("talk", (&own.talk, &general.talk), ordinary.talk)?,
            patience: reading.length("patience", (&own.patience, &general.patience), ordinary.patience)?,
            exit_key: reading.share("exit_key", own.exit_key.or(general.exit_key), ordinary.exit_key)?,
            callback: reading.share("callback", own.callback.or(general.callback), ordinary.callback)?,
            redial: reading.share("redial", own.redial.or(general.redial), ordinary.redial)?,
            redial_after: reading.length(
                "redial_after",
                (&own.redial_after, &general.redial_after),
                ordinary.redial_after,
            )?,
            agent_ends: reading.share("agent_ends", own.agent_ends.or(general.agent_ends), ordinary.agent_ends)?,
            base_score: own.base_score.or(general.base_score).unwrap_or(0).clamp(0, 1_000_000),
            ..Traffic::new(queue, 0.0)
        })
    }
}

/// What the configuration says of an agent's pause after each call, seconds.
fn wrap_up_time(agent: &AgentConfig) -> i64 {
    let mut row = AgentRow::new(&agent.name, "", agent.agent_type.clone());
    for attribute in &agent.attributes {
        attribute.apply(&mut row);
    }
    row.wrap_up_time
}

/// Calls an hour that keep a queue's agents busy four fifths of the time, an agent of several queues counted in parts.
fn fair_rate(configuration: &Configuration, queue: &str) -> f64 {
    const SECONDS_PER_CALL: f64 = 180.0 + 5.0;
    const LOAD: f64 = 0.8;
    let tiers = || configuration.tiers.iter();
    let rates = tiers().filter(|tier| tier.queue == queue).map(|tier| {
        let agent = configuration.agents.iter().find(|agent| agent.name == tier.agent);
        let wrap_up = agent.map_or(0, wrap_up_time).clamp(0, 3600) as f64;
        let queues = tiers().filter(|other| other.agent == tier.agent).count().max(1) as f64;
        LOAD * 3600.0 / (SECONDS_PER_CALL + wrap_up) / queues
    });
    let rate: f64 = rates.sum();
    // A queue without agents gets a few callers all the same: one sees what becomes of them.
    (if rate > 0.0 { rate } else { 6.0 }).round()
}
