//! Days that are played to be looked at: the report, what-if, how many agents are needed, and yesterday again.

use crate::arguments::Arguments;
use crate::screen::{self, Bar};
use crate::{about_scenario, read_configuration, read_scenario};
use callcenter_simulator::page::Page;
use callcenter_simulator::replay::{Check, Replay};
use callcenter_simulator::report::{clock, json_of_study, text_of_study, Study};
use callcenter_simulator::staffing::{needs, Need};
use callcenter_simulator::study::{change_agents, in_parallel, set_strategy, Callers, Case, Days, Drawn};
use callcenter_simulator::{Plan, Scenario, MIDNIGHT};
use mod_callcenter::config::Configuration;
use mod_callcenter::engine::Span;
use std::path::Path;

/// How many days are played unless another number is asked for: enough for a band that means something.
const DAYS: u64 = 30;

/// Where the day comes from: a scenario, or records.
enum Source {
    Scenario(Box<Scenario>),
    Replay(Box<Replay>),
}

impl Source {
    fn read(arguments: &Arguments) -> Result<Self, String> {
        match &arguments.replay {
            None => read_scenario(arguments).map(|scenario| Self::Scenario(Box::new(scenario))),
            Some(records) => {
                Replay::read(records, arguments.queue_log.as_deref()).map(|replay| Self::Replay(Box::new(replay)))
            }
        }
    }

    fn plan(&self, arguments: &Arguments, configuration: &Configuration) -> Result<Plan, String> {
        let plan = match self {
            Self::Scenario(scenario) => scenario.plan(configuration, arguments.seed),
            Self::Replay(replay) => replay.plan(configuration),
        };
        plan.map_err(|error| about_scenario(arguments, &error))
    }

    fn service_level(&self, configuration: &Configuration) -> Span {
        match self {
            Self::Scenario(scenario) => scenario.service_level(configuration),
            Self::Replay(_) => Scenario::default().service_level(configuration),
        }
    }

    fn target(&self) -> f64 {
        match self {
            Self::Scenario(scenario) => scenario.target(),
            Self::Replay(_) => Scenario::default().target(),
        }
    }

    /// What has to be known about the figures.
    fn notes(&self, arguments: &Arguments, configuration: &Configuration) -> Vec<String> {
        match self {
            Self::Scenario(scenario) => {
                let remarks = scenario.remarks();
                remarks.iter().map(|remark| about_scenario(arguments, remark)).collect()
            }
            Self::Replay(replay) => {
                let fixed = "Callers' numbers are not in this report, and what callers asked for in skills is not in the records.";
                let unknown = replay.unknown(configuration);
                replay
                    .left_out
                    .iter()
                    .cloned()
                    .chain(unknown)
                    .chain([fixed.to_owned()])
                    .collect()
            }
        }
    }
}

/// Plays the days that were asked for, and shows what they came to.
pub fn run(arguments: &Arguments, path: &Path) -> Result<(), String> {
    let configuration = read_configuration(path)?;
    let source = Source::read(arguments)?;
    let mut plan = source.plan(arguments, &configuration)?;
    plan.seed = arguments.seed;
    let service_level = source.service_level(&configuration);
    let notes = source.notes(arguments, &configuration);
    for note in &notes {
        screen::complain(note);
    }
    let usual: &dyn Callers = match &source {
        Source::Scenario(_) => &Drawn(1.0),
        Source::Replay(replay) => replay.as_ref(),
    };
    let base = Case {
        plan,
        callers: usual,
        service_level,
    };
    let other = WhatIf::read(arguments, &source, &base.plan)?;
    let other_case = other.as_ref().map(|what_if| Case {
        plan: what_if.plan.clone(),
        callers: what_if.callers.as_deref().unwrap_or(usual),
        service_level,
    });
    let sides = 1 + u64::from(other_case.is_some());
    screen::warn_of_work(&base.plan, arguments.seeds.unwrap_or(DAYS) * sides);
    let (days, other_days) = play(arguments, &base, other_case.as_ref())?;
    let needs = staffing(arguments, &base.plan, &days)?;
    let check = match &source {
        Source::Replay(replay) => Some(Check::of(replay, days.first().slots, service_level)),
        Source::Scenario(_) => None,
    };
    let label = other.as_ref().map(|what_if| what_if.label.clone());
    let found = Found {
        days: &days,
        what_if: label.zip(other_days.as_ref()),
        needs: &needs,
        check: check.as_ref(),
        service_level: service_level.micros() as f64 / 1e6,
        target: source.target(),
    };
    found.show(arguments);
    found.write(arguments, path, &source, &base.plan, notes)
}

/// The other call centre, and what is different in it.
struct WhatIf {
    label: String,
    plan: Plan,
    callers: Option<Box<dyn Callers>>,
}

impl WhatIf {
    fn read(arguments: &Arguments, source: &Source, plan: &Plan) -> Result<Option<Self>, String> {
        let mut label = Vec::new();
        let mut plan = plan.clone();
        if let Some(path) = &arguments.against {
            plan = source.plan(arguments, &read_configuration(path)?)?;
            label.push(format!("with {}", path.display()));
        }
        if let Some(strategy) = &arguments.strategy {
            set_strategy(&mut plan, strategy)?;
            label.push(format!("strategy {strategy}"));
        }
        if let Some(change) = &arguments.agents {
            change_agents(&mut plan, change)?;
            let more = if change.by < 0 { "fewer" } else { "more" };
            let place = change
                .queue
                .as_ref()
                .map_or(String::new(), |queue| format!(" in {queue}"));
            let agents = if change.by.abs() == 1 { "agent" } else { "agents" };
            label.push(format!("{} {more} {agents}{place}", change.by.abs()));
        }
        let mut callers: Option<Box<dyn Callers>> = None;
        if let Some(calls) = arguments.calls {
            label.push(format!("{:+.0} % calls", (calls.0 - 1.0) * 100.0));
            callers = Some(match source {
                Source::Scenario(_) => Box::new(Drawn(calls.0)),
                // The records are read once more: a day with more callers is another one.
                Source::Replay(_) => match Source::read(arguments)? {
                    Source::Replay(replay) => Box::new(replay.with_share(calls.0)),
                    Source::Scenario(_) => Box::new(Drawn(calls.0)),
                },
            });
        }
        let label = label.join(", ");
        Ok((!label.is_empty()).then_some(Self { label, plan, callers }))
    }
}

fn play(arguments: &Arguments, base: &Case<'_>, other: Option<&Case<'_>>) -> Result<(Days, Option<Days>), String> {
    let seeds = arguments.seeds.unwrap_or(DAYS);
    let jobs: Vec<(bool, u64)> = (0..seeds)
        .map(|day| arguments.seed.wrapping_add(day))
        .flat_map(|seed| [(false, seed), (true, seed)])
        .filter(|(is_other, _)| !is_other || other.is_some())
        .collect();
    let mut bar = Bar::new("days", jobs.len());
    let day = |(is_other, seed): &(bool, u64)| match other.filter(|_| *is_other) {
        Some(other) => other.play(*seed),
        None => base.play(*seed),
    };
    let found = in_parallel(&jobs, day, |done| bar.show(done)).map_err(|stuck| stuck.to_string())?;
    bar.finish();
    let (mut days, mut others) = (Vec::new(), Vec::new());
    for ((is_other, _), figures) in jobs.iter().zip(found) {
        let side = if *is_other { &mut others } else { &mut days };
        side.push(figures);
    }
    Ok((Days(days), other.map(|_| Days(others))))
}

fn staffing(arguments: &Arguments, plan: &Plan, days: &Days) -> Result<Vec<Need>, String> {
    let Some(goal) = arguments.staff else {
        return Ok(Vec::new());
    };
    let mut bar: Option<Bar> = None;
    let found = needs(plan, goal, days, |done, all| {
        bar.get_or_insert_with(|| Bar::new("staffings", all)).show(done)
    });
    if let Some(bar) = &mut bar {
        bar.finish();
    }
    found.map_err(|stuck| stuck.to_string())
}

/// What has been found out.
struct Found<'a> {
    days: &'a Days,
    what_if: Option<(String, &'a Days)>,
    needs: &'a [Need],
    check: Option<&'a Check>,
    service_level: f64,
    target: f64,
}

impl Found<'_> {
    fn show(&self, arguments: &Arguments) {
        let study = Study {
            seed: arguments.seed,
            service_level: self.service_level,
            target: self.target,
            days: self.days,
            what_if: self.what_if.as_ref().map(|(label, days)| (label.as_str(), *days)),
            needs: self.needs,
            check: self.check,
        };
        if arguments.json {
            screen::say(&format!("{:#}\n", json_of_study(&study)));
        } else {
            screen::say(&format!(
                "{}\n{} days from seed {} on.\n",
                text_of_study(&study),
                self.days.0.len(),
                arguments.seed
            ));
        }
    }

    fn write(
        &self,
        arguments: &Arguments,
        path: &Path,
        source: &Source,
        plan: &Plan,
        notes: Vec<String>,
    ) -> Result<(), String> {
        let Some(file) = &arguments.report else { return Ok(()) };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let page = Page {
            title: title(source),
            about: about(source, plan, self.days.0.len(), &name),
            days: self.days,
            what_if: self.what_if.clone(),
            needs: self.needs,
            check: self.check,
            service_level: self.service_level,
            target: self.target,
            notes,
            command: std::env::args()
                .skip(1)
                .fold("callcenter-sim".to_owned(), |all, word| format!("{all} {word}")),
        };
        std::fs::write(file, page.html())
            .map_err(|error| format!("The report {} cannot be written: {error}.", file.display()))?;
        screen::complain(&format!("The report is in {}", file.display()));
        Ok(())
    }
}

fn title(source: &Source) -> String {
    match source {
        Source::Scenario(_) => "A simulated day in the call centre".to_owned(),
        Source::Replay(replay) => format!("{}, played again", replay.date()),
    }
}

fn about(source: &Source, plan: &Plan, days: usize, name: &str) -> String {
    let end = plan.start + plan.length;
    // The end of the first day, rather than the beginning of the next.
    let shut = if end.since(MIDNIGHT) == Span::from_secs(86_400) {
        "24:00".to_owned()
    } else {
        clock(end)
    };
    let hours = format!("{} to {shut}", clock(plan.start));
    let times = |chance: &str| {
        if days == 1 {
            "once".to_owned()
        } else {
            format!("{days} times, {chance}; the figures are averages")
        }
    };
    match source {
        Source::Scenario(_) => format!(
            "{name}: open from {hours}, {}, {}. Such a day was played {}.",
            number_of(plan.queues.len(), "queue"),
            number_of(plan.agents.len(), "agent"),
            times("each time with other callers by chance")
        ),
        Source::Replay(_) => {
            let chance = "each time with other chances for what no record tells, such as how long those would have waited who were answered";
            format!(
                "The callers and agents of the records, {hours}, with {name}. The day was played {}.",
                times(chance)
            )
        }
    }
}

fn number_of(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
