//! Scenarios: what a day is like, as people write it. A scenario file is TOML; without one, a day is derived from the
//! configuration.

mod daily;
mod habits;
mod keys;
mod lengths;
mod places;
mod reading;
mod shifts;
#[cfg(test)]
mod tests;
mod traffic;

use super::dice::Draw;
use super::plan::{Ambushes, Network, Plan, Storage};
use habits::Habits;
pub use keys::{markdown as markdown_of_keys, KEYS};
use lengths::in_range;
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{Span, Timestamp};
use serde::Deserialize;
use shifts::time_of_day;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use traffic::Callers;

/// Midnight before every simulated day: Monday, 5 January 2026.
pub const MIDNIGHT: Timestamp = Timestamp::from_secs(1_767_571_200);
/// How long a report between phone and engine takes in a day that is to be looked at: always alike, for two days to be comparable.
const LATENCY: f64 = 0.02;

/// Why a scenario cannot be run; the text tells the user what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct ScenarioError {
    /// The line of the file it is about, where it is about one.
    pub line: Option<usize>,
    /// What is wrong.
    pub text: String,
}

impl ScenarioError {
    fn new(text: impl Into<String>) -> Self {
        Self {
            line: None,
            text: text.into(),
        }
    }

    fn at(self, line: usize) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

/// What is played of a scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    /// The midnight before the Monday from which shifts are counted.
    pub midnight: Timestamp,
    /// When it begins.
    pub start: Timestamp,
    /// How long it is.
    pub length: Span,
}

/// A day as it is written. Whatever is absent has a sensible value.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// When the day begins, `HH:MM`; 09:00 when absent.
    pub start: Option<String>,
    /// Hours during which callers arrive; 8 when absent.
    pub hours: Option<f64>,
    /// Calls answered within this many seconds count for the service level; else the configuration's `service-level-seconds`.
    pub service_level: Option<f64>,
    /// How many percent of the callers are to be answered in time; 80 when absent.
    pub target: Option<f64>,
    /// Callers of all queues.
    pub callers: Callers,
    /// Callers of single queues, where they differ.
    pub queues: BTreeMap<String, Callers>,
    /// All agents.
    pub team: Habits,
    /// Single agents, where they differ.
    pub agents: BTreeMap<String, Habits>,
    /// The text it was read from, to name lines of.
    #[serde(skip)]
    text: String,
    /// Where files are looked for that it names.
    #[serde(skip)]
    directory: PathBuf,
}

impl Scenario {
    /// Reads a scenario file's text. Files that it names are looked for in the working directory.
    ///
    /// # Errors
    /// When it is no TOML or has keys or values a scenario does not have.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        places::check_keys(text)?;
        let read: Result<Self, toml::de::Error> = toml::from_str(text);
        let scenario = read.map_err(|error| {
            let told = ScenarioError::new(error.message());
            match error.span() {
                Some(span) => told.at(places::line_of(text, span.start)),
                None => told,
            }
        })?;
        Ok(Self {
            text: text.to_owned(),
            ..scenario
        })
    }

    /// The same, for a file in this directory, from where files that it names are looked for.
    #[must_use]
    pub fn in_directory(self, directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            ..self
        }
    }

    /// How long callers may come.
    pub fn length(&self) -> Span {
        Span::from_micros((self.hours.unwrap_or(8.0) * 3.6e9) as i64)
    }

    /// Within which time an answer counts for the service level.
    pub fn service_level(&self, configuration: &Configuration) -> Span {
        let configured = f64::from(configuration.settings.service_level_seconds);
        Span::from_micros((self.service_level.unwrap_or(configured).clamp(0.0, 86_400.0) * 1e6) as i64)
    }

    /// The share of the callers to be answered in time, from 0 to 1.
    pub fn target(&self) -> f64 {
        self.target.unwrap_or(80.0).clamp(0.0, 100.0) / 100.0
    }

    /// The day of this scenario in a configured call centre.
    ///
    /// # Errors
    /// When it names a queue or an agent that is not configured, or a value out of range.
    pub fn plan(&self, configuration: &Configuration, seed: u64) -> Result<Plan, ScenarioError> {
        let stretch = Stretch {
            midnight: MIDNIGHT,
            start: MIDNIGHT + self.opens()?,
            length: self.length(),
        };
        self.plan_of(configuration, seed, &stretch)
    }

    /// When the doors open, after midnight.
    fn opens(&self) -> Result<Span, ScenarioError> {
        self.placed(&["start"], time_of_day(self.start.as_deref().unwrap_or("09:00")))
    }

    fn plan_of(&self, configuration: &Configuration, seed: u64, stretch: &Stretch) -> Result<Plan, ScenarioError> {
        self.check_names(configuration)?;
        self.placed(&["hours"], hours_of(self.hours.unwrap_or(8.0)))?;
        let level = self.service_level.unwrap_or(20.0);
        self.placed(&["service_level"], in_range("service_level", level, 0.0, 86_400.0))?;
        self.placed(&["target"], in_range("target", self.target.unwrap_or(80.0), 0.0, 100.0))?;
        let mut plan = Plan {
            seed,
            start: stretch.start,
            length: stretch.length,
            settings: configuration.settings.clone(),
            queues: configuration.queues.clone(),
            agents: configuration.agents.clone(),
            tiers: configuration.tiers.clone(),
            traffic: Vec::new(),
            phones: BTreeMap::new(),
            acts: Vec::new(),
            network: Network {
                latency: Draw::Fixed(LATENCY),
                ..Network::IDEAL
            },
            storage: Storage::IDEAL,
            ambushes: Ambushes::default(),
        };
        for queue in &configuration.queues {
            plan.traffic.push(self.traffic(&queue.name, configuration)?);
        }
        for agent in &configuration.agents {
            plan.phones.insert(agent.name.clone(), self.phone(agent)?);
            plan.acts.extend(self.attends(agent, stretch)?);
        }
        plan.acts.sort_by_key(|(at, _)| *at);
        Ok(plan)
    }

    fn check_names(&self, configuration: &Configuration) -> Result<(), ScenarioError> {
        let queues: Vec<&str> = configuration.queues.iter().map(|queue| queue.name.as_str()).collect();
        let agents: Vec<&str> = configuration.agents.iter().map(|agent| agent.name.as_str()).collect();
        self.check_known(("queue", "queues"), self.queues.keys(), &queues)?;
        self.check_known(("agent", "agents"), self.agents.keys(), &agents)
    }

    fn check_known<'a>(
        &self,
        (what, section): (&str, &str),
        names: impl Iterator<Item = &'a String>,
        known: &[&str],
    ) -> Result<(), ScenarioError> {
        for name in names {
            if !known.contains(&name.as_str()) {
                let known = if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                };
                let said = format!("There is no {what} {name} in the configuration; there is: {known}.");
                return Err(self.error_at(&[section, name], said));
            }
        }
        Ok(())
    }

    /// A failure, with the line that this path leads to.
    fn placed<T>(&self, path: &[&str], result: Result<T, String>) -> Result<T, ScenarioError> {
        result.map_err(|said| self.error_at(path, said))
    }

    fn error_at(&self, path: &[&str], said: impl Into<String>) -> ScenarioError {
        ScenarioError {
            line: places::line_at(&self.text, path),
            text: said.into(),
        }
    }
}

/// For so many hours callers may come.
///
/// # Errors
/// When nobody ever could, or for longer than a year.
pub fn hours_of(hours: f64) -> Result<f64, String> {
    const YEAR: f64 = 24.0 * 366.0;
    if hours > 0.0 && hours <= YEAR {
        Ok(hours)
    } else {
        Err(format!(
            "hours is {hours}; it must be more than 0, such as 8, and at most {YEAR}, which is a year."
        ))
    }
}
