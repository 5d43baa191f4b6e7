//! `callcenter-sim`: runs a configured call centre through a simulated day, with the module's own engine.

mod arguments;
mod console;
mod convert;
mod include;
mod screen;
mod serve;
mod study;

use arguments::Arguments;
use callcenter_simulator::xml::{read_file, text_of};
use callcenter_simulator::{
    draw_callers, markdown_of_keys, report, Plan, Progress, Scenario, ScenarioError, Tally, World,
};
use clap::Parser;
use console::Prompt;
use mod_callcenter::config::{everything_wrong, Configuration, Roster};
use mod_callcenter::engine::{Span, Timestamp};
use screen::Screen;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How often a run in a chosen pace catches up with the clock on the wall.
const FRAME: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            screen::complain(&format!("callcenter-sim: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    if let Some(queues) = &arguments.import_asterisk {
        return convert::from_asterisk(queues);
    }
    if let Some([flows, agents, script @ ..]) = arguments.import_opensips.as_deref() {
        return convert::from_opensips(flows, agents, script.first().map(PathBuf::as_path));
    }
    if arguments.keys {
        screen::say(&markdown_of_keys());
        return Ok(());
    }
    // The arguments are refused where it is missing.
    let path = arguments.config.clone().unwrap_or_default();
    if arguments.is_study() {
        return study::run(arguments, &path);
    }
    let configuration = read_configuration(&path)?;
    let scenario = read_scenario(arguments)?;
    let plan = scenario
        .plan(&configuration, arguments.seed)
        .map_err(|error| about_scenario(arguments, &error))?;
    for remark in scenario.remarks() {
        screen::complain(&about_scenario(arguments, &remark));
    }
    if let Some(port) = arguments.event_socket {
        return serve::run(&scenario, &configuration, &path, port, arguments);
    }
    screen::warn_of_work(&plan, 1);
    let callers = draw_callers(&plan, 1.0);
    let mut day = Day {
        end: plan.start + plan.length,
        screen: Screen::new(!arguments.json, plan.start),
        tally: Tally::new(&plan, scenario.service_level(&configuration)),
        world: World::with_callers(plan, callers),
    };
    if arguments.console {
        let prompt = Prompt::new(&day, &path)?;
        prompt.run(&mut day, arguments.speed);
    } else {
        day.run(arguments.speed)?;
    }
    day.show_figures(arguments);
    Ok(())
}

fn read_configuration(path: &Path) -> Result<Configuration, String> {
    let configuration = read_file(path).map_err(|error| error.to_string())?;
    for finding in everything_wrong(&configuration, &Roster::of(&configuration)) {
        screen::complain(&format!("{}: {finding}", path.display()));
    }
    if configuration.queues.is_empty() {
        return Err(format!(
            "{} has no queue to run; put a <queue> into <queues>.",
            path.display()
        ));
    }
    Ok(configuration)
}

fn read_scenario(arguments: &Arguments) -> Result<Scenario, String> {
    let mut scenario = match &arguments.scenario {
        None => Scenario::default(),
        Some(path) => {
            let text = text_of(path)?;
            let scenario = Scenario::parse(&text).map_err(|error| about_scenario(arguments, &error))?;
            scenario.in_directory(path.parent().unwrap_or(Path::new("")))
        }
    };
    scenario.hours = arguments.hours.or(scenario.hours);
    Ok(scenario)
}

/// What is said of a scenario, with its file and line as compilers and editors have them.
fn about_scenario(arguments: &Arguments, error: &ScenarioError) -> String {
    match (&arguments.scenario, error.line) {
        (Some(path), Some(line)) => format!("{}:{line}: {error}", path.display()),
        (Some(path), None) => format!("{}: {error}", path.display()),
        (None, _) => error.to_string(),
    }
}

/// A day that runs, with its figures.
struct Day {
    world: World,
    tally: Tally,
    screen: Screen,
    end: Timestamp,
}

impl Day {
    fn plan(&self) -> &Plan {
        self.world.plan()
    }

    /// Runs to the end, in the pace asked for.
    fn run(&mut self, speed: Option<f64>) -> Result<(), String> {
        let begun = Instant::now();
        let start = self.world.now();
        loop {
            let until = match speed {
                None => self.world.now() + Span::from_secs(60),
                Some(factor) => start + Span::from_micros((begun.elapsed().as_secs_f64() * factor * 1e6) as i64),
            };
            let progress = self.run_until(until);
            self.screen.show(&self.tally, self.world.now());
            match progress {
                Progress::Going if speed.is_some() => std::thread::sleep(FRAME),
                Progress::Going => {}
                Progress::Over | Progress::Stopped => return Ok(()),
                Progress::Stuck => {
                    return Err(
                        "The engine does not get on: it asks for the same instant again and again. \
                                Please report the configuration, the scenario and the seed."
                            .to_owned(),
                    );
                }
            }
        }
    }

    /// Runs up to an instant; the day is over when its last caller is gone.
    fn run_until(&mut self, until: Timestamp) -> Progress {
        self.world.run_until_deserted(until, &mut self.tally)
    }

    fn show_figures(&mut self, arguments: &Arguments) {
        self.screen.finish();
        let now = self.world.now();
        self.tally.close(now);
        if arguments.json {
            let figures = report::json(&self.tally, now, arguments.seed);
            screen::say(&format!("{figures:#}\n"));
        } else {
            let ended = report::time_of_day(now);
            screen::say(&format!(
                "\n{}\nEnded at {ended}, seed {}.\n",
                report::tables(&self.tally, now),
                arguments.seed
            ));
        }
    }
}
