//! What makes a simulated floor worth looking at: people have names, and agents take breaks for a reason.

use crate::scenario::Stretch;
use crate::{Act, Dice, Draw, Plan, Scenario, ScenarioError};
use jiff::tz::TimeZone;
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::{AgentSetting, AgentStatus, Input, Span, Timestamp};

/// So long before now the day has begun: there is something to look back at.
const EARLIER: Span = Span::from_secs(3 * 3600);
/// So long after now it ends.
const LATER: Span = Span::from_secs(31 * 86_400);

/// What callers are called; one of them is up to no good.
pub(super) const NAMES: &[&str] = &[
    "Ada Byron",
    "Ben Okafor",
    "Chiara Rossi",
    "Dmitri Volkov",
    "Emil Sørensen",
    "Fatima Haddad",
    "Greta Vogel",
    "Hiro Tanaka",
    "Ida Lindqvist",
    "João Pereira",
    "Katja Brandt",
    "Liam O'Brien",
    "Mei Chen",
    "Nils Aström",
    "Olga Petrova",
    "Pierre Dubois",
    "Quinn Adams",
    "Rosa Jiménez",
    "Stefan Krüger",
    "Tereza Nováková",
    "Umut Yılmaz",
    "Vera Kowalska",
    "Wanda Meyer",
    "Xenia Papadaki",
    "Yusuf Demir",
    "Zoë van Dijk",
    "<b>Robert'); DROP</b>",
];

/// Why agents are on a break, and for how long in minutes.
const REASONS: &[(&str, f64, f64)] = &[
    ("Lunch", 20.0, 35.0),
    ("Coffee", 4.0, 9.0),
    ("Paperwork", 3.0, 12.0),
    ("Training", 15.0, 30.0),
    ("Meeting", 10.0, 20.0),
];

/// What is run for clients: it began some hours before `now` and does not end soon, and the scenario's days are days of this machine. Agents
/// of whom the scenario does not say when they work take breaks by themselves.
///
/// # Errors
/// When the scenario does not fit the configuration.
pub(super) fn for_clients(
    scenario: &Scenario,
    configuration: &Configuration,
    seed: u64,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Plan, ScenarioError> {
    let start = on_the_minute(now) + Span::from_micros(-EARLIER.micros());
    let stretch = Stretch {
        midnight: monday_before(start, zone),
        start,
        length: Span::from_secs(EARLIER.secs() + LATER.secs()),
    };
    let mut plan = scenario.day_after_day(configuration, seed, &stretch)?;
    let at_any_time = configuration
        .agents
        .iter()
        .filter(|agent| !scenario.has_shifts(&agent.name));
    for agent in at_any_time {
        let breaks = breaks_of(&agent.name, seed, start, start + stretch.length);
        plan.acts.extend(breaks);
    }
    plan.acts.sort_by_key(|(at, _)| *at);
    Ok(plan)
}

fn on_the_minute(at: Timestamp) -> Timestamp {
    const MINUTE: i64 = 60_000_000;
    Timestamp::from_micros(at.micros().div_euclid(MINUTE) * MINUTE)
}

/// The midnight with which the week began.
fn monday_before(at: Timestamp, zone: &TimeZone) -> Timestamp {
    let moment = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    let today = moment.to_zoned(zone.clone()).date();
    let monday = today.saturating_sub(jiff::Span::new().days(today.weekday().to_monday_zero_offset()));
    let midnight = monday.to_zoned(zone.clone()).map(|zoned| zoned.timestamp().as_second());
    Timestamp::from_secs(midnight.unwrap_or_default())
}

/// An agent works for a while, and is away for a while; now and then long enough to log out.
fn breaks_of(name: &str, seed: u64, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Act)> {
    let mut dice = Dice::new(seed, &format!("breaks of {name}"));
    let mut acts = Vec::new();
    let minutes = |dice: &mut Dice, from: f64, to: f64| Draw::Uniform(from * 60.0, to * 60.0).roll(dice);
    let mut at = start + minutes(&mut dice, 2.0, 45.0);
    while at < end {
        let back = if dice.chance(0.1) {
            let status = |status: AgentStatus| AgentSetting::Status(status.to_string());
            let back = at + minutes(&mut dice, 20.0, 60.0);
            acts.push((at, set(name, status(AgentStatus::LoggedOut))));
            acts.push((back, set(name, status(AgentStatus::Available))));
            back
        } else {
            let (reason, from, to) = dice.pick(REASONS).copied().unwrap_or(("Break", 5.0, 10.0));
            let back = at + minutes(&mut dice, from, to);
            let (pause, resume) = (name.to_owned(), name.to_owned());
            acts.push((
                at,
                Act::submit(Input::AgentPause {
                    name: pause,
                    reason: reason.to_owned(),
                }),
            ));
            acts.push((back, Act::submit(Input::AgentResume { name: resume })));
            back
        };
        at = back + minutes(&mut dice, 45.0, 110.0);
    }
    acts
}

fn set(name: &str, setting: AgentSetting) -> Act {
    Act::submit(Input::AgentSet {
        name: name.to_owned(),
        setting,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mod_callcenter::engine::{AgentConfig, AgentType, QueueConfig};

    fn configuration(agents: &[&str]) -> Configuration {
        let agent = |name: &&str| AgentConfig {
            name: (*name).to_owned(),
            agent_type: AgentType::callback(),
            contact: Some(format!("user/{name}")),
            status: None,
            limits: Vec::new(),
            skills: None,
            attributes: Vec::new(),
        };
        Configuration {
            queues: vec![QueueConfig::named("q")],
            agents: agents.iter().map(agent).collect(),
            ..Configuration::default()
        }
    }

    #[test]
    fn the_scenarios_day_comes_again_each_day_by_the_clock_of_the_machine() {
        let text = "start = '09:00'\nhours = 2\n[callers]\ncalls_per_hour = [10, 20]\n[agents.ann]\nshifts = ['Mon-Fri 09:00-11:00']";
        let scenario = Scenario::parse(text).expect("a scenario");
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        // 14:30 of Thursday, 8 January 2026, in that zone.
        let now = Timestamp::from_secs(1_767_900_600);
        let plan = for_clients(&scenario, &configuration(&["ann", "bob"]), 1, now, &zone).expect("a plan");
        assert_eq!(now.since(plan.start), EARLIER);
        let rate_at = |hours: f64| {
            let after = Span::from_micros((hours * 3.6e9) as i64);
            plan.traffic[0].rate(Span::from_micros(EARLIER.micros() + after.micros()))
        };
        // Half past eight of the next morning is 18 hours later.
        let rates = [18.4, 18.6, 19.6, 20.6, 42.6].map(rate_at);
        assert_eq!(rates, [0.0, 10.0, 20.0, 0.0, 10.0]);
        let told = |act: &Act| match act {
            Act::Submit(input) => match input.as_ref() {
                Input::AgentSet {
                    name,
                    setting: AgentSetting::Status(status),
                } if name == "ann" => Some(status.clone()),
                _ => None,
            },
            _ => None,
        };
        let ann: Vec<(f64, String)> = plan
            .acts
            .iter()
            .filter_map(|(at, act)| Some((at.since(now).micros() as f64 / 3.6e9, told(act)?)))
            .take(4)
            .collect();
        // Friday, and Monday: nothing of the weekend, and no break that the scenario does not have.
        let (out, here) = ("Logged Out".to_owned(), "Available".to_owned());
        assert_eq!(
            ann,
            [(-3.0, out.clone()), (18.5, here.clone()), (20.5, out), (90.5, here)]
        );
        let pauses = |agent: &str| {
            let is_pause = |act: &&(Timestamp, Act)| matches!(&act.1, Act::Submit(input) if matches!(input.as_ref(), Input::AgentPause { name, .. } if name == agent));
            plan.acts.iter().filter(is_pause).count()
        };
        assert!(
            pauses("ann") == 0 && pauses("bob") > 20,
            "{} {}",
            pauses("ann"),
            pauses("bob")
        );
    }

    #[test]
    fn without_hours_callers_come_around_the_clock() {
        let scenario = Scenario::parse("[callers]\ncalls_per_hour = 10").expect("a scenario");
        let now = Timestamp::from_secs(1_767_900_600);
        let plan = for_clients(&scenario, &configuration(&["ann"]), 1, now, &TimeZone::UTC).expect("a plan");
        assert_eq!(plan.traffic[0].calls_per_hour, [10.0]);
    }

    #[test]
    fn breaks_end_and_are_the_same_for_the_same_seed() {
        let (start, end) = (Timestamp::from_secs(0), Timestamp::from_secs(86_400));
        let breaks = breaks_of("ann", 1, start, end);
        assert!(breaks.len() > 20 && breaks.len() % 2 == 0, "{} acts", breaks.len());
        assert_eq!(breaks, breaks_of("ann", 1, start, end));
        assert_ne!(breaks, breaks_of("bob", 1, start, end));
        assert!(breaks.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}
