//! Scenarios: what a day is like, as people write it. A scenario file is TOML; without one, a day is derived from the
//! configuration.

mod keys;
mod lengths;
mod places;
mod shifts;

use super::dice::Draw;
use super::plan::{Act, Ambushes, Network, Phone, Plan, Storage, Traffic};
pub use keys::{markdown as markdown_of_keys, KEYS};
use lengths::{in_range, Length};
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{AgentConfig, AgentKind, AgentRow, AgentSetting, AgentStatus, Input, Span, Timestamp};
use serde::Deserialize;
use shifts::{attendance, time_of_day, Shift};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Midnight before every simulated day: Monday, 5 January 2026.
pub const MIDNIGHT: Timestamp = Timestamp::from_secs(1_767_571_200);
/// How long agents stay by their shifts when no more callers come: whoever still waits is served.
const AFTER_HOURS: Span = Span::from_secs(4 * 3600);
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

/// What callers do. Shares are from 0 to 1, lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Callers {
    calls_per_hour: Option<Rate>,
    calls_per_half_hour: Option<Vec<f64>>,
    talk: Option<Length>,
    patience: Option<Length>,
    exit_key: Option<f64>,
    redial: Option<f64>,
    redial_after: Option<Length>,
    agent_ends: Option<f64>,
    base_score: Option<i64>,
}

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
        self.check_names(configuration)?;
        let start = self.placed(&["start"], time_of_day(self.start.as_deref().unwrap_or("09:00")))?;
        let start = MIDNIGHT + start;
        self.placed(
            &["hours"],
            in_range("hours", self.hours.unwrap_or(8.0), 0.0, 24.0 * 366.0),
        )?;
        let level = self.service_level.unwrap_or(20.0);
        self.placed(&["service_level"], in_range("service_level", level, 0.0, 86_400.0))?;
        self.placed(&["target"], in_range("target", self.target.unwrap_or(80.0), 0.0, 100.0))?;
        let mut plan = Plan {
            seed,
            start,
            length: self.length(),
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
            plan.acts.extend(self.working_day(agent, start)?);
        }
        plan.acts.sort_by_key(|(at, _)| *at);
        Ok(plan)
    }

    /// What may be a slip, though it can be run.
    pub fn remarks(&self) -> Vec<ScenarioError> {
        let hours = self.length().micros() as f64 / 3.6e9;
        let queues = self
            .queues
            .iter()
            .map(|(name, callers)| (vec!["queues", name.as_str()], callers));
        let sections = std::iter::once((vec!["callers"], &self.callers)).chain(queues);
        let mut remarks = Vec::new();
        for (path, callers) in sections {
            let by_hour = match &callers.calls_per_hour {
                Some(Rate::ByHour(rates)) => Some(("calls_per_hour", "hours", rates.len(), hours)),
                _ => None,
            };
            let halves = callers.calls_per_half_hour.as_ref();
            let by_half_hour = halves.map(|rates| ("calls_per_half_hour", "half hours", rates.len(), hours * 2.0));
            for (key, unit, given, wanted) in by_hour.into_iter().chain(by_half_hour) {
                if let Some(said) = about_length(key, unit, given, wanted) {
                    let path = [path.as_slice(), &[key]].concat();
                    remarks.push(self.error_at(&path, said));
                }
            }
        }
        remarks
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

    fn traffic(&self, queue: &str, configuration: &Configuration) -> Result<Traffic, ScenarioError> {
        let general = &self.callers;
        let own = self.queues.get(queue).cloned().unwrap_or_default();
        let reading = Reading {
            scenario: self,
            own: ["queues", queue],
            general: "callers",
        };
        let (calls_per_hour, step) = match (&own, general) {
            (
                Callers {
                    calls_per_half_hour: Some(calls),
                    ..
                },
                _,
            ) => by_half_hour(calls),
            (
                Callers {
                    calls_per_hour: Some(rate),
                    ..
                },
                _,
            ) => by_hour(rate),
            (
                _,
                Callers {
                    calls_per_half_hour: Some(calls),
                    ..
                },
            ) => by_half_hour(calls),
            (
                _,
                Callers {
                    calls_per_hour: Some(rate),
                    ..
                },
            ) => by_hour(rate),
            _ => by_hour(&Rate::Always(fair_rate(configuration, queue))),
        };
        let key = if step == HALF_HOUR {
            "calls_per_half_hour"
        } else {
            "calls_per_hour"
        };
        for rate in &calls_per_hour {
            reading.placed(key, in_range(key, *rate, 0.0, 1e6))?;
        }
        let ordinary = Traffic::new(queue, 0.0);
        Ok(Traffic {
            calls_per_hour,
            step,
            talk: reading.length("talk", (&own.talk, &general.talk), ordinary.talk)?,
            patience: reading.length("patience", (&own.patience, &general.patience), ordinary.patience)?,
            exit_key: reading.share("exit_key", own.exit_key.or(general.exit_key), ordinary.exit_key)?,
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

    fn phone(&self, agent: &AgentConfig) -> Result<Phone, ScenarioError> {
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
    fn working_day(&self, agent: &AgentConfig, start: Timestamp) -> Result<Vec<(Timestamp, Act)>, ScenarioError> {
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
        let span = (start, start + self.length() + AFTER_HOURS);
        let statuses = attendance(MIDNIGHT, span, shifts.as_deref(), &breaks);
        let set = |(at, status): (Timestamp, AgentStatus)| {
            let input = Input::AgentSet {
                name: agent.name.clone(),
                setting: AgentSetting::Status(status.to_string()),
            };
            (at, Act::submit(input))
        };
        let standing = agent.agent_type.kind() == AgentKind::UuidStandby;
        let comes = standing.then(|| (start, Act::StandbyUp(agent.name.clone())));
        Ok(comes.into_iter().chain(statuses.into_iter().map(set)).collect())
    }
}

const HALF_HOUR: Span = Span::from_secs(1800);

fn by_hour(rate: &Rate) -> (Vec<f64>, Span) {
    let rates = match rate {
        Rate::Always(rate) => vec![*rate],
        Rate::ByHour(rates) => rates.clone(),
    };
    (rates, Span::from_secs(3600))
}

fn by_half_hour(calls: &[f64]) -> (Vec<f64>, Span) {
    (calls.iter().map(|calls| calls * 2.0).collect(), HALF_HOUR)
}

/// A list that is shorter or longer than the day.
fn about_length(key: &str, unit: &str, given: usize, wanted: f64) -> Option<String> {
    let wanted = wanted.ceil() as usize;
    if given < wanted {
        Some(format!(
            "{key} has {given} numbers, the day has {wanted} {unit}: the last number goes on to the end."
        ))
    } else if given > wanted {
        Some(format!(
            "{key} has {given} numbers, the day has {wanted} {unit}: those beyond its end are not used."
        ))
    } else {
        None
    }
}

/// Reads the keys of one queue or agent: its own, or those of all.
struct Reading<'a> {
    scenario: &'a Scenario,
    own: [&'a str; 2],
    general: &'a str,
}

impl Reading<'_> {
    /// A failure, with the line of the key.
    fn placed<T>(&self, key: &str, result: Result<T, String>) -> Result<T, ScenarioError> {
        result.map_err(|said| {
            let [section, name] = self.own;
            let text = &self.scenario.text;
            let is_own = places::has(text, &[section, name, key]);
            let path: &[&str] = if is_own {
                &[section, name, key]
            } else {
                &[self.general, key]
            };
            let line = places::line_at(text, path);
            ScenarioError { line, text: said }
        })
    }

    fn length(
        &self,
        key: &str,
        (own, general): (&Option<Length>, &Option<Length>),
        otherwise: Draw,
    ) -> Result<Draw, ScenarioError> {
        let Some(length) = own.as_ref().or(general.as_ref()) else {
            return Ok(otherwise);
        };
        self.placed(key, length.draw(key, &self.scenario.directory))
    }

    fn share(&self, key: &str, value: Option<f64>, otherwise: f64) -> Result<f64, ScenarioError> {
        self.placed(key, in_range(key, value.unwrap_or(otherwise), 0.0, 1.0))
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

#[cfg(test)]
mod tests {
    use super::*;
    use mod_callcenter::engine::{AgentType, QueueConfig, TierConfig};

    fn configuration() -> Configuration {
        let agent = |name: &str| AgentConfig {
            name: name.to_owned(),
            agent_type: AgentType::parse("callback").expect("a known type"),
            contact: Some(format!("user/{name}")),
            status: None,
            limits: Vec::new(),
            skills: None,
            attributes: match AgentSetting::attribute("wrap_up_time", "15") {
                Some(Ok(AgentSetting::Attribute(wrap_up_time))) => vec![wrap_up_time],
                other => panic!("{other:?}"),
            },
        };
        let tier = |agent: &str| TierConfig {
            queue: "q".to_owned(),
            agent: agent.to_owned(),
            level: 1,
            position: 1,
        };
        Configuration {
            queues: vec![QueueConfig::named("q"), QueueConfig::named("empty")],
            agents: vec![agent("a"), agent("b")],
            tiers: vec![tier("a"), tier("b")],
            ..Configuration::default()
        }
    }

    fn refusal(text: &str) -> String {
        let scenario = Scenario::parse(text);
        scenario
            .and_then(|scenario| scenario.plan(&configuration(), 1))
            .expect_err("a refusal")
            .to_string()
    }

    #[test]
    fn without_a_scenario_everybody_works_and_the_queues_are_busy() {
        let plan = Scenario::default().plan(&configuration(), 1).expect("a plan");
        assert_eq!(plan.traffic[0].calls_per_hour, [29.0]);
        assert_eq!(plan.traffic[1].calls_per_hour, [6.0]);
        assert_eq!((plan.acts.len(), plan.length), (2, Span::from_secs(8 * 3600)));
    }

    #[test]
    fn a_queue_or_agent_of_its_own_comes_before_the_general() {
        let text = "start = '08:00'\ncallers = { talk = { mean = 60 }, patience = 5 }\n[queues.q]\npatience = { from = 1, to = 2 }\n\
                    calls_per_hour = [1, 2]\n[team]\nbusy = 0.5\n[agents.b]\nbusy = 0\nshifts = ['08:00-09:00', '10:00-11:30']";
        let plan = Scenario::parse(text)
            .and_then(|scenario| scenario.plan(&configuration(), 1))
            .expect("a plan");
        assert_eq!(plan.traffic[0].patience, Draw::Uniform(1.0, 2.0));
        assert_eq!(
            (&plan.traffic[0].talk, &plan.traffic[1].patience),
            (&Draw::Exponential(60.0), &Draw::Fixed(5.0))
        );
        assert_eq!((plan.phones["a"].busy, plan.phones["b"].busy), (0.5, 0.0));
        assert_eq!(plan.acts.len(), 1 + 4);
    }

    #[test]
    fn refusals_name_the_line_and_the_nearest_key() {
        let refused = |text: &str| {
            let scenario = Scenario::parse(text);
            scenario
                .and_then(|scenario| scenario.plan(&configuration(), 1))
                .expect_err("a refusal")
        };
        let told = |text: &str| {
            let error = refused(text);
            (error.line, error.text)
        };
        let (line, said) = told("hours = 8\n[callers]\npatience = 5\n[queues.q]\ntalks = 5");
        assert_eq!(
            (line, said.as_str()),
            (Some(5), "[queues.\"q\"] has no key talks; talk is meant, perhaps.")
        );
        assert_eq!(told("[callers]\ntalk = 5\n[queues.q]\n\ntalk = -5").0, Some(5));
        assert_eq!(told("[callers]\n\ntalk = { from = 20, to = 5 }").0, Some(3));
        assert_eq!(told("[team]\nbusy = 0\n[agents.a]\nshifts = ['x']").0, Some(4));
        assert_eq!(told("hours = 8\n\nstart = 'noon'").0, Some(3));
        assert_eq!(told("hours = 8\n[queues.sales]").0, Some(2));
        assert_eq!(told("\n\nhours = 'eight'").0, Some(3));
    }

    #[test]
    fn a_list_of_another_length_than_the_day_is_pointed_out() {
        let remarks = |text: &str| Scenario::parse(text).expect("a scenario").remarks();
        assert_eq!(remarks("hours = 2\n[callers]\ncalls_per_hour = [1, 2]"), []);
        let short = remarks("hours = 2\n[callers]\ncalls_per_half_hour = [1, 2]");
        assert_eq!((short.len(), short[0].line), (1, Some(3)));
        assert!(
            short[0].text.contains("2 numbers, the day has 4 half hours"),
            "{short:?}"
        );
        assert!(remarks("hours = 1\n[queues.q]\ncalls_per_hour = [1, 2]")[0]
            .text
            .contains("are not used"));
    }

    #[test]
    fn half_hours_and_talks_as_they_were_measured() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("talks.txt"), "12\n# a comment\n30.5\n").expect("a file");
        let text = "[callers]\ncalls_per_half_hour = [3, 5]\ntalk = { file = 'talks.txt' }\npatience = { mean = 60, deviation = 30 }";
        let scenario = Scenario::parse(text)
            .expect("a scenario")
            .in_directory(directory.path());
        let traffic = &scenario.plan(&configuration(), 1).expect("a plan").traffic[0];
        assert_eq!(
            (traffic.rate(Span::from_secs(1799)), traffic.rate(Span::from_secs(1800))),
            (6.0, 10.0)
        );
        assert_eq!(traffic.talk, Draw::Measured([12.0, 30.5].into()));
        assert_eq!(traffic.patience, Draw::LogNormal(60.0, 30.0));
        std::fs::write(directory.path().join("talks.txt"), "12\ntwelve\n").expect("a file");
        let error = scenario.plan(&configuration(), 1).expect_err("a refusal");
        assert!(
            error.text.contains("talks.txt:2: \"twelve\"") && error.line == Some(3),
            "{error:?}"
        );
    }

    #[test]
    fn refusals_say_what_to_do() {
        assert_eq!(
            refusal("[queues.'sales']\ntalk = 5"),
            "There is no queue sales in the configuration; there is: q, empty."
        );
        assert_eq!(
            refusal("start = 'noon'"),
            "\"noon\" is no time of day; write it as \"09:30\"."
        );
        assert_eq!(refusal("[team]\nbusy = 2"), "busy is 2; it must be from 0 to 1.");
        assert_eq!(
            refusal("[team]\nshifts = ['9-5']"),
            "\"9\" is no time of day; write it as \"09:30\"."
        );
        assert_eq!(
            refusal("[team]\nbusyness = 2"),
            "[team] has no key busyness; there is: shifts, breaks, answer, rejects, busy, no_answer, not_registered, \
             unreachable, vanishes."
        );
        assert!(refusal("[callers]\ntalk = 'long'").contains("expected seconds"));
    }
}
