//! `callcenter-sim`: runs a configured call centre through a simulated day, with the module's own engine.

mod console;
mod convert;
mod include;
mod screen;
mod serve;

use callcenter_simulator::xml::read_file;
use callcenter_simulator::{report, Plan, Progress, Scenario, Tally, World};
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

/// Runs a configured call centre through a simulated day and shows what its callers and agents get.
///
/// Nothing is called: callers, agents and phones are simulated, the queues are served by the very engine of
/// mod_callcenter. Without a scenario, the day is derived from the configuration: eight hours, every agent at work,
/// as many callers as keep the agents busy four fifths of the time.
#[derive(Parser)]
#[command(name = "callcenter-sim", version)]
struct Arguments {
    /// The configuration: a callcenter.conf.xml
    #[arg(required_unless_present_any = ["import_asterisk", "import_opensips"])]
    config: Option<PathBuf>,
    /// What the day is like, a TOML file (conf/demo/scenario.toml explains it all)
    scenario: Option<PathBuf>,
    /// Decides everything that is left to chance; the same seed gives the same day
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Hours during which callers arrive, in place of the scenario's
    #[arg(long, value_name = "HOURS")]
    hours: Option<f64>,
    /// Watch the day, this many times faster than real time (else it runs as fast as it can)
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    speed: Option<f64>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
    /// Take callcenter_config commands while the day runs ("help" lists them)
    #[arg(long)]
    console: bool,
    /// Run at the speed of life (or --speed) behind an event socket of FreeSWITCH's kind on this port of 127.0.0.1, with the hours before
    /// now played already, until it is ended
    #[arg(long, value_name = "PORT", conflicts_with_all = ["console", "json"])]
    event_socket: Option<u16>,
    /// The password of the event socket
    #[arg(long, value_name = "PASSWORD", default_value = "ClueCon", requires = "event_socket")]
    event_socket_password: String,
    /// Run nothing: print Asterisk's queues.conf as callcenter.conf.xml, and what cannot be carried over on the error output. Rules are
    /// read from queuerules.conf beside it
    #[arg(long, value_name = "QUEUES_CONF", exclusive = true)]
    import_asterisk: Option<PathBuf>,
    /// The same for OpenSIPS call_center: the tables cc_flows and cc_agents as CSV files with the names of the columns, and the script,
    /// where it names columns of its own
    #[arg(long, num_args = 2..=3, value_names = ["FLOWS_CSV", "AGENTS_CSV", "OPENSIPS_CFG"], exclusive = true)]
    import_opensips: Option<Vec<PathBuf>>,
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor <= 1e6 => Ok(factor),
        _ => Err("give a number above 0, such as 60".to_owned()),
    }
}

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
    // The arguments are refused where it is missing.
    let path = arguments.config.clone().unwrap_or_default();
    let configuration = read_configuration(&path)?;
    let scenario = read_scenario(arguments)?;
    let plan = scenario
        .plan(&configuration, arguments.seed)
        .map_err(|error| about_scenario(arguments, &error.to_string()))?;
    if let Some(port) = arguments.event_socket {
        return serve::run(plan, &path, Tally::new(scenario.service_level()), port, arguments);
    }
    let mut day = Day {
        end: plan.start + plan.length,
        screen: Screen::new(!arguments.json, plan.start),
        tally: Tally::new(scenario.service_level()),
        world: World::new(plan),
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
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("The scenario {} cannot be read: {error}.", path.display()))?;
            Scenario::parse(&text).map_err(|error| about_scenario(arguments, &error.to_string()))?
        }
    };
    scenario.hours = arguments.hours.or(scenario.hours);
    Ok(scenario)
}

fn about_scenario(arguments: &Arguments, message: &str) -> String {
    match &arguments.scenario {
        Some(path) => format!("{}: {message}", path.display()),
        None => message.to_owned(),
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

    fn run_until(&mut self, until: Timestamp) -> Progress {
        self.world.run_until(until, &mut self.tally)
    }

    fn show_figures(&mut self, arguments: &Arguments) {
        self.screen.finish();
        let now = self.world.now();
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
