//! Scenarios: what a day is like, as people write it. A scenario file is TOML; without one, a day is derived from the
//! configuration.

use super::dice::Draw;
use super::plan::{Act, Ambushes, Network, Phone, Plan, Storage, Traffic};
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{AgentConfig, AgentRow, AgentSetting, AgentStatus, Input, Span, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Midnight before every simulated day: Monday, 5 January 2026.
pub const MIDNIGHT: Timestamp = Timestamp::from_secs(1_767_571_200);

/// Why a scenario cannot be run; the text tells the user what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScenarioError(pub String);

/// A day as it is written. Whatever is absent has a sensible value.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// When the day begins, `HH:MM`; 09:00 when absent.
    pub start: Option<String>,
    /// Hours during which callers arrive; 8 when absent.
    pub hours: Option<f64>,
    /// Calls answered within this many seconds count for the service level; 20 when absent.
    pub service_level: Option<f64>,
    /// Callers of all queues.
    pub callers: Callers,
    /// Callers of single queues, where they differ.
    pub queues: BTreeMap<String, Callers>,
    /// All agents.
    pub team: Habits,
    /// Single agents, where they differ.
    pub agents: BTreeMap<String, Habits>,
}

/// What callers do. Shares are from 0 to 1, lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Callers {
    calls_per_hour: Option<Rate>,
    talk: Option<Length>,
    patience: Option<Length>,
    exit_key: Option<f64>,
    redial: Option<f64>,
    agent_ends: Option<f64>,
    base_score: Option<i64>,
}

/// What an agent does. Shares are of all rings, from 0 to 1; lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Habits {
    shifts: Option<Vec<String>>,
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

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected seconds: a number, { mean = NUMBER }, or { from = NUMBER, to = NUMBER }"
)]
enum Length {
    Always(f64),
    Mean { mean: f64 },
    Between { from: f64, to: f64 },
}

impl Scenario {
    /// Reads a scenario file's text.
    ///
    /// # Errors
    /// When it is no TOML or has keys or values a scenario does not have.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        toml::from_str(text).map_err(|error| ScenarioError(error.to_string()))
    }

    /// Seconds within which an answer counts for the service level.
    pub fn service_level(&self) -> Span {
        Span::from_micros((self.service_level.unwrap_or(20.0).clamp(0.0, 86_400.0) * 1e6) as i64)
    }

    /// The day of this scenario in a configured call centre.
    ///
    /// # Errors
    /// When it names a queue or an agent that is not configured, or a value out of range.
    pub fn plan(&self, configuration: &Configuration, seed: u64) -> Result<Plan, ScenarioError> {
        self.check_names(configuration)?;
        let start = MIDNIGHT + time_of_day(self.start.as_deref().unwrap_or("09:00"))?;
        let hours = in_range("hours", self.hours.unwrap_or(8.0), 0.0, 24.0 * 366.0)?;
        in_range("service_level", self.service_level.unwrap_or(20.0), 0.0, 86_400.0)?;
        let mut plan = Plan {
            seed,
            start,
            length: Span::from_micros((hours * 3.6e9) as i64),
            settings: configuration.settings.clone(),
            queues: configuration.queues.clone(),
            agents: configuration.agents.clone(),
            tiers: configuration.tiers.clone(),
            traffic: Vec::new(),
            phones: BTreeMap::new(),
            acts: Vec::new(),
            network: Network::default(),
            storage: Storage::IDEAL,
            ambushes: Ambushes::default(),
        };
        for queue in &configuration.queues {
            let share = fair_rate(configuration, &queue.name);
            plan.traffic.push(self.traffic(&queue.name, share)?);
        }
        for agent in &configuration.agents {
            let habits = self.agents.get(&agent.name);
            plan.phones.insert(agent.name.clone(), phone(&self.team, habits)?);
            let shifts = habits
                .and_then(|habits| habits.shifts.as_ref())
                .or(self.team.shifts.as_ref());
            plan.acts.extend(working_day(agent, shifts, start)?);
        }
        plan.acts.sort_by_key(|(at, _)| *at);
        Ok(plan)
    }

    fn check_names(&self, configuration: &Configuration) -> Result<(), ScenarioError> {
        let queues: Vec<&str> = configuration.queues.iter().map(|queue| queue.name.as_str()).collect();
        let agents: Vec<&str> = configuration.agents.iter().map(|agent| agent.name.as_str()).collect();
        check_known("queue", self.queues.keys(), &queues)?;
        check_known("agent", self.agents.keys(), &agents)
    }

    fn traffic(&self, queue: &str, fair_rate: f64) -> Result<Traffic, ScenarioError> {
        let general = &self.callers;
        let own = self.queues.get(queue).cloned().unwrap_or_default();
        let calls_per_hour = match own.calls_per_hour.or_else(|| general.calls_per_hour.clone()) {
            None => vec![fair_rate],
            Some(Rate::Always(rate)) => vec![rate],
            Some(Rate::ByHour(rates)) => rates,
        };
        for rate in &calls_per_hour {
            in_range("calls_per_hour", *rate, 0.0, 1e6)?;
        }
        let ordinary = Traffic::new(queue, 0.0);
        Ok(Traffic {
            calls_per_hour,
            talk: length("talk", own.talk.or(general.talk), ordinary.talk)?,
            patience: length("patience", own.patience.or(general.patience), ordinary.patience)?,
            exit_key: share("exit_key", own.exit_key.or(general.exit_key), ordinary.exit_key)?,
            redial: share("redial", own.redial.or(general.redial), ordinary.redial)?,
            agent_ends: share("agent_ends", own.agent_ends.or(general.agent_ends), ordinary.agent_ends)?,
            base_score: own.base_score.or(general.base_score).unwrap_or(0).clamp(0, 1_000_000),
            ..ordinary
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

fn phone(team: &Habits, own: Option<&Habits>) -> Result<Phone, ScenarioError> {
    let own = own.cloned().unwrap_or_default();
    let phone = Phone {
        answer: length("answer", own.answer.or(team.answer), Phone::default().answer)?,
        rejects: share("rejects", own.rejects.or(team.rejects), 0.0)?,
        busy: share("busy", own.busy.or(team.busy), 0.0)?,
        no_answer: share("no_answer", own.no_answer.or(team.no_answer), 0.0)?,
        not_registered: share("not_registered", own.not_registered.or(team.not_registered), 0.0)?,
        unreachable: share("unreachable", own.unreachable.or(team.unreachable), 0.0)?,
        vanishes: share("vanishes", own.vanishes.or(team.vanishes), 0.0)?,
        ..Phone::default()
    };
    let failing = phone.rejects + phone.busy + phone.no_answer + phone.not_registered + phone.unreachable;
    in_range(
        "rejects, busy, no_answer, not_registered and unreachable together",
        failing,
        0.0,
        1.0,
    )?;
    Ok(phone)
}

/// An agent's log-ins and log-outs. Without shifts everybody works all day, also who is logged out in the configuration.
fn working_day(
    agent: &AgentConfig,
    shifts: Option<&Vec<String>>,
    start: Timestamp,
) -> Result<Vec<(Timestamp, Act)>, ScenarioError> {
    let set = |at, status: AgentStatus| {
        let setting = AgentSetting::Status(status.to_string());
        (
            at,
            Act::submit(Input::AgentSet {
                name: agent.name.clone(),
                setting,
            }),
        )
    };
    let mut acts = vec![(start, Act::StandbyUp(agent.name.clone()))];
    acts.retain(|_| agent.agent_type.kind() == mod_callcenter::engine::AgentKind::UuidStandby);
    let Some(shifts) = shifts else {
        acts.push(set(start, AgentStatus::Available));
        return Ok(acts);
    };
    acts.push(set(start, AgentStatus::LoggedOut));
    for shift in shifts {
        let Some((from, to)) = shift.split_once('-') else {
            return Err(ScenarioError(format!(
                "The shift \"{shift}\" should look like \"09:00-12:30\"."
            )));
        };
        let (from, to) = (MIDNIGHT + time_of_day(from)?, MIDNIGHT + time_of_day(to)?);
        if to <= from {
            return Err(ScenarioError(format!("The shift \"{shift}\" ends before it begins.")));
        }
        acts.push(set(from.max(start), AgentStatus::Available));
        acts.push(set(to.max(start), AgentStatus::LoggedOut));
    }
    Ok(acts)
}

fn time_of_day(text: &str) -> Result<Span, ScenarioError> {
    let parsed = text.trim().split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        let is_valid = (0..=24).contains(&hours) && (0..60).contains(&minutes);
        is_valid.then(|| Span::from_secs(hours * 3600 + minutes * 60))
    });
    parsed.ok_or_else(|| ScenarioError(format!("\"{text}\" is no time of day; write it as \"09:30\".")))
}

fn length(key: &str, value: Option<Length>, otherwise: Draw) -> Result<Draw, ScenarioError> {
    const WEEK: f64 = 7.0 * 86_400.0;
    let seconds = |value| in_range(key, value, 0.0, WEEK);
    Ok(match value {
        None => otherwise,
        Some(Length::Always(value)) => Draw::Fixed(seconds(value)?),
        Some(Length::Mean { mean }) => Draw::Exponential(seconds(mean)?),
        Some(Length::Between { from, to }) => Draw::Uniform(seconds(from)?, in_range(key, to, from, WEEK)?),
    })
}

fn share(key: &str, value: Option<f64>, otherwise: f64) -> Result<f64, ScenarioError> {
    in_range(key, value.unwrap_or(otherwise), 0.0, 1.0)
}

fn in_range(key: &str, value: f64, low: f64, high: f64) -> Result<f64, ScenarioError> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(ScenarioError(format!(
            "{key} is {value}; it must be from {low} to {high}."
        )))
    }
}

fn check_known<'a>(what: &str, names: impl Iterator<Item = &'a String>, known: &[&str]) -> Result<(), ScenarioError> {
    for name in names {
        if !known.contains(&name.as_str()) {
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            return Err(ScenarioError(format!(
                "There is no {what} {name} in the configuration; there is: {known}."
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mod_callcenter::engine::{AgentType, QueueConfig, TierConfig};

    fn configuration() -> Configuration {
        let agent = |name: &str| AgentConfig {
            name: name.to_owned(),
            agent_type: AgentType::parse("callback").expect("a known type"),
            contact: None,
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
            (plan.traffic[0].talk, plan.traffic[1].patience),
            (Draw::Exponential(60.0), Draw::Fixed(5.0))
        );
        assert_eq!((plan.phones["a"].busy, plan.phones["b"].busy), (0.5, 0.0));
        assert_eq!(plan.acts.len(), 1 + 5);
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
        assert!(refusal("[team]\nbusyness = 2").contains("unknown field"));
        assert!(refusal("[callers]\ntalk = 'long'").contains("expected seconds"));
    }
}
