//! The same on PostgreSQL: a private server on this machine, its data in memory where there is /dev/shm.

use super::{at_rest, reaction, set_up, Row};
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::site;
use callcenter_test_support::harness::{install, CallCenter, FreeSwitch, Setup};
use callcenter_test_support::private::{Kind, PrivateServer, PASSWORD, USER};

/// See [`Row`].
pub const ROW: Row = Row {
    name: "postgres",
    about:
        "on PostgreSQL: offers, commands and rest with 200 waiting and 100 agents; agents made over the event socket",
    run,
};

const ROUNDS: usize = 60;

fn run(figures: &mut Figures) {
    if !install().is_some_and(|install| install.has_module("mod_pgsql")) {
        eprintln!("skipped: FreeSWITCH has no mod_pgsql");
        return;
    }
    let Some(server) = PrivateServer::start(Kind::Postgres, &[]) else {
        return;
    };
    let case = format!("{} agents, {} waiting", at_rest::AGENTS, at_rest::WAITING);
    let offer = reaction::offer(ROW.name, &case);
    let command = reaction::command(ROW.name, &case).goal(Of::Median, Limit::Under(5.0));
    let rest = at_rest::above_hold(ROW.name);
    let made = Measure::rate(ROW.name, "agents made, 5 commands each", "agents/s");
    let call_centre = site::one_queue(
        "longest-idle-agent",
        at_rest::AGENTS,
        "On Break",
        site::phone_that_rings,
    );
    for side in MODULES {
        let database = format!("{}_waiting", side.word());
        let Some(switch) = start(side, &server, &database, call_centre.clone(), site::ALL_EVENTS) else {
            continue;
        };
        site::wait_in_line(&switch, at_rest::WAITING);
        let hold = at_rest::hold_alone();
        figures.add(&rest, side, &at_rest::Rest::of(&switch, &hold).above_hold());
        // It would take part in what is measured next.
        drop(hold);
        reaction::measure(figures, [&offer, &command], side, &switch, at_rest::AGENTS, ROUNDS);
        drop(switch);
        let database = format!("{}_empty", side.word());
        let empty = CallCenter::new().queue(site::QUEUE, &[("strategy", "longest-idle-agent")]);
        let Some(switch) = start(side, &server, &database, empty, site::NO_EVENTS) else {
            continue;
        };
        let commands = set_up::by_one(&switch, |number| commands(&site::agent(number)));
        let agents: Vec<f64> = commands.iter().map(|rate| rate / COMMANDS as f64).collect();
        figures.add(&made, side, &agents);
    }
}

/// FreeSWITCH with its call centre's tables in a new database of the server.
fn start(
    side: Side,
    server: &PrivateServer,
    database: &str,
    call_centre: CallCenter,
    events: &'static [&'static str],
) -> Option<FreeSwitch> {
    server.create_database(database);
    let (port, password) = (server.port, PASSWORD.replace('\'', "\\'"));
    let dsn = format!("pgsql://hostaddr=127.0.0.1 port={port} dbname={database} user={USER} password='{password}'");
    let setup = Setup {
        modules: vec!["mod_pgsql".to_owned()],
        ..Setup::new(&call_centre.setting("odbc-dsn", &dsn))
    };
    site::start_with(side, setup, events)
}

/// How many commands make an agent here.
const COMMANDS: usize = 5;

fn commands(name: &str) -> Vec<String> {
    let words: [String; COMMANDS] = [
        format!("agent add {name} callback"),
        format!("agent set contact {name} null/{name}"),
        format!("agent set max_no_answer {name} 3"),
        format!("tier add {} {name} 1 1", site::QUEUE),
        format!("agent set status {name} 'On Break'"),
    ];
    words.map(|words| format!("callcenter_config {words}")).into()
}
