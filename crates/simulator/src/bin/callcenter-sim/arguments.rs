//! What can be typed.

use callcenter_simulator::hours_of;
use callcenter_simulator::staffing::Goal;
use callcenter_simulator::study::{Calls, MoreAgents};
use clap::Parser;
use std::path::PathBuf;

/// Runs a configured call centre through simulated days and shows what its callers and agents get.
///
/// Nothing is called: callers, agents and phones are simulated, the queues are served by the very engine of
/// mod_callcenter. Without a scenario, the day is derived from the configuration: eight hours, every agent at work,
/// as many callers as keep the agents busy four fifths of the time.
#[derive(Parser)]
#[command(name = "callcenter-sim", version)]
pub struct Arguments {
    /// The configuration: a callcenter.conf.xml
    #[arg(required_unless_present_any = ["import_asterisk", "import_opensips", "keys"])]
    pub config: Option<PathBuf>,
    /// What the day is like, a TOML file (--keys explains it all, conf/demo/scenario.toml shows it)
    pub scenario: Option<PathBuf>,
    /// Decides everything that is left to chance; the same seed gives the same day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Hours during which callers arrive, in place of the scenario's
    #[arg(long, value_name = "HOURS", value_parser = hours)]
    pub hours: Option<f64>,
    /// Watch the day, this many times faster than real time (else it runs as fast as it can)
    #[arg(long, value_name = "FACTOR", value_parser = factor, conflicts_with_all = STUDY)]
    pub speed: Option<f64>,
    /// Print the figures as JSON
    #[arg(long)]
    pub json: bool,
    /// Take callcenter_config commands while the day runs ("help" lists them)
    #[arg(long, conflicts_with_all = STUDY)]
    pub console: bool,
    /// Run at the speed of life (or --speed) behind an event socket of FreeSWITCH's kind on this port of 127.0.0.1, with the hours before
    /// now played already, until it is ended
    #[arg(long, value_name = "PORT", conflicts_with_all = ["console", "json"], conflicts_with_all = STUDY)]
    pub event_socket: Option<u16>,
    /// The password of the event socket
    #[arg(long, value_name = "PASSWORD", default_value = "ClueCon", requires = "event_socket")]
    pub event_socket_password: String,
    /// Write a report: one HTML file with charts and tables that needs nothing else
    #[arg(long, value_name = "FILE.html", help_heading = REPORTS)]
    pub report: Option<PathBuf>,
    /// Play so many days that differ by chance alone, and say how sure the figures are; 30 where days are reported or compared
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=10_000), help_heading = REPORTS)]
    pub seeds: Option<u64>,
    /// What if: the same callers with another configuration
    #[arg(long, value_name = "OTHER.xml", help_heading = REPORTS)]
    pub against: Option<PathBuf>,
    /// What if: with more or fewer agents, such as +2, -1 or support@default=+2
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = REPORTS)]
    pub agents: Option<MoreAgents>,
    /// What if: with more or fewer callers, such as +10% or -5%
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true, help_heading = REPORTS)]
    pub calls: Option<Calls>,
    /// What if: with another strategy in all queues
    #[arg(long, value_name = "STRATEGY", help_heading = REPORTS)]
    pub strategy: Option<String>,
    /// How many agents each queue needs over the day, such as 80/20: 80 percent within 20 seconds
    #[arg(long, value_name = "PERCENT/SECONDS", help_heading = REPORTS)]
    pub staff: Option<Goal>,
    /// Play a real day: the module's call detail records, as its SQLite file or as CSV with a header
    #[arg(long, value_name = "CDRS", conflicts_with_all = ["scenario", "hours", "staff"], help_heading = REPORTS)]
    pub replay: Option<PathBuf>,
    /// When agents were logged in and paused on that day: the module's queue_log
    #[arg(long, value_name = "FILE", requires = "replay", help_heading = REPORTS)]
    pub queue_log: Option<PathBuf>,
    /// Run nothing: explain every key of a scenario, as a table
    #[arg(long, exclusive = true)]
    pub keys: bool,
    /// Run nothing: print Asterisk's queues.conf as callcenter.conf.xml, and what cannot be carried over on the error output. Rules are
    /// read from queuerules.conf beside it
    #[arg(long, value_name = "QUEUES_CONF", exclusive = true)]
    pub import_asterisk: Option<PathBuf>,
    /// The same for OpenSIPS call_center: the tables cc_flows and cc_agents as CSV files with the names of the columns, and the script,
    /// where it names columns of its own
    #[arg(long, num_args = 2..=3, value_names = ["FLOWS_CSV", "AGENTS_CSV", "OPENSIPS_CFG"], exclusive = true)]
    pub import_opensips: Option<Vec<PathBuf>>,
}

const REPORTS: &str = "Reports and what-if";
/// What plays days to be looked at when they are over.
const STUDY: [&str; 8] = [
    "report", "seeds", "against", "agents", "calls", "strategy", "staff", "replay",
];

impl Arguments {
    /// Whether days are played to be looked at when they are over.
    pub fn is_study(&self) -> bool {
        let what_if =
            self.against.is_some() || self.agents.is_some() || self.calls.is_some() || self.strategy.is_some();
        what_if || self.report.is_some() || self.seeds.is_some() || self.staff.is_some() || self.replay.is_some()
    }
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor <= 1e6 => Ok(factor),
        _ => Err("give a number above 0, such as 60".to_owned()),
    }
}

fn hours(text: &str) -> Result<f64, String> {
    let hours = text
        .parse()
        .map_err(|_| "give a number of hours, such as 8".to_owned())?;
    hours_of(hours)
}
