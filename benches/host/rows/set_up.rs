//! How fast a site's agents can be made over the event socket, and how fast they are listed.

use std::time::Instant;

use super::Row;
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::site;
use callcenter_test_support::harness::{CallCenter, FreeSwitch};

/// See [`Row`].
pub const ROW: Row = Row {
    name: "set_up",
    about: "1,000 agents made over the event socket (add, tier add, set status), by 1 client and by 8; `agent list`",
    run,
};

const AGENTS: usize = 1_000;
const CLIENTS: usize = 8;

/// Batches the agents of one connection are made in: each gives one rate.
const BATCH: usize = 100;

/// How many thousands of agents 8 clients make one after the other, each of which gives one rate.
const THOUSANDS: usize = 3;

/// How often the list is asked for.
const LISTS: usize = 51;

fn run(figures: &mut Figures) {
    let share = Limit::ShareOfCore(0.8);
    let alone = Measure::rate(ROW.name, "1 client; core: `api version`", "commands/s").goal(Of::Median, share);
    let many = Measure::rate(ROW.name, "8 clients; core: `api version`", "commands/s").goal(Of::Median, share);
    let list = Measure::cost(ROW.name, "`agent list` of 1,000", "ms").goal(Of::Median, Limit::Under(1.0));
    let call_centre = CallCenter::new().queue(site::QUEUE, &[("strategy", "longest-idle-agent")]);
    for side in MODULES {
        let Some(switch) = site::start(side, &call_centre, site::NO_EVENTS) else {
            continue;
        };
        figures.add(&alone, Side::Core, &by_one(&switch, |_| vec!["version".to_owned(); 3]));
        figures.add(&alone, side, &by_one(&switch, |number| made(&format!("alone{number}"))));
        figures.add(&list, side, &lists(&switch));
        for thousand in 0..THOUSANDS {
            let versions = by_many(&switch, |_, _| vec!["version".to_owned(); 3]);
            figures.add(&many, Side::Core, &[versions]);
            let name = |client, number| made(&format!("a{thousand}-{client}-{number}"));
            figures.add(&many, side, &[by_many(&switch, name)]);
        }
    }
}

/// The commands that make an agent.
fn made(name: &str) -> Vec<String> {
    vec![
        format!("callcenter_config agent add {name} callback"),
        format!("callcenter_config tier add {} {name} 1 1", site::QUEUE),
        format!("callcenter_config agent set status {name} 'On Break'"),
    ]
}

/// Commands a second on one connection, in batches.
pub fn by_one(switch: &FreeSwitch, commands: impl Fn(usize) -> Vec<String>) -> Vec<f64> {
    let mut connection = switch.connect_again();
    let mut rates = Vec::new();
    for batch in 0..AGENTS / BATCH {
        let commands: Vec<String> = (0..BATCH).flat_map(|number| commands(batch * BATCH + number)).collect();
        let began = Instant::now();
        for command in &commands {
            let answer = connection.api(command).expect("an answer");
            assert!(!answer.starts_with("-ERR"), "{command}: {answer}");
        }
        rates.push(commands.len() as f64 / began.elapsed().as_secs_f64());
    }
    rates
}

/// Commands a second of several clients together, each with a connection of its own.
fn by_many(switch: &FreeSwitch, commands: impl Fn(usize, usize) -> Vec<String> + Sync) -> f64 {
    let mut connections: Vec<_> = (0..CLIENTS).map(|_| switch.connect_again()).collect();
    let began = Instant::now();
    let run: usize = std::thread::scope(|scope| {
        let commands = &commands;
        let clients = connections.iter_mut().enumerate().map(|(client, connection)| {
            scope.spawn(move || {
                let all: Vec<String> = (0..AGENTS / CLIENTS)
                    .flat_map(|number| commands(client, number))
                    .collect();
                for command in &all {
                    let answer = connection.api(command).expect("an answer");
                    assert!(!answer.starts_with("-ERR"), "{command}: {answer}");
                }
                all.len()
            })
        });
        let clients: Vec<_> = clients.collect();
        clients.into_iter().map(|client| client.join().expect("a client")).sum()
    });
    run as f64 / began.elapsed().as_secs_f64()
}

/// How long `agent list` takes each time, in milliseconds.
fn lists(switch: &FreeSwitch) -> Vec<f64> {
    let mut connection = switch.connect_again();
    let mut one = || {
        let asked = Instant::now();
        let answer = connection.api("callcenter_config agent list").expect("an answer");
        let took = asked.elapsed().as_secs_f64() * 1000.0;
        assert_eq!(answer.lines().count(), AGENTS + 2, "header, agents and +OK");
        took
    };
    (0..LISTS).map(|_| one()).collect()
}
