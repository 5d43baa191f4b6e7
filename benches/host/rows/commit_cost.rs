//! What a command waits for until its change is committed, for each database.

use std::path::Path;
use std::time::Instant;

use super::Row;
use crate::figures::{Figures, Limit, Measure, Of, Side, MODULES};
use crate::site;
use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{CallCenter, FreeSwitch, Setup};
use callcenter_test_support::private::PrivateServer;

/// See [`Row`].
pub const ROW: Row = Row {
    name: "commit_cost",
    about: "a command that changes a row beside one that only asks, for each database and each way to it",
    run,
};

/// Commands of each kind; as many before them find the way.
const COMMANDS: u32 = 400;

/// Servers that write to the disk, as they do unless they are told not to.
const POSTGRES: &[&str] = &["-c", "fsync=on"];
const MARIADB: &[&str] = &["--innodb-flush-log-at-trx-commit=1"];

fn run(figures: &mut Figures) {
    let disk = std::env::temp_dir();
    for (place, parent, synchronous) in [
        ("SQLite on disk, normal", disk.as_path(), "normal"),
        ("SQLite on disk, full", &disk, "full"),
        ("SQLite in memory", Path::new("/dev/shm"), "normal"),
    ] {
        // The directory stays until the measurement is over.
        let Ok(directory) = tempfile::tempdir_in(parent) else {
            continue;
        };
        for side in MODULES {
            let file = directory.path().join(side.word()).display().to_string();
            let call_centre = call_centre()
                .setting("dbname", &file)
                .setting("sqlite-synchronous", synchronous);
            measure(figures, place, side, Setup::new(&call_centre));
        }
    }
    for (place, driver, options) in [
        ("PostgreSQL, mod_pgsql", Driver::Pgsql, POSTGRES),
        ("PostgreSQL, ODBC", Driver::OdbcToPostgres, POSTGRES),
        ("MariaDB, mod_mariadb", Driver::MariaDb, MARIADB),
        ("MariaDB, ODBC", Driver::OdbcToMariaDb, MARIADB),
    ] {
        on_server(figures, place, driver, options);
    }
}

fn on_server(figures: &mut Figures, place: &str, driver: Driver, options: &'static [&'static str]) {
    if !driver.is_there() {
        return;
    }
    let Some(server) = PrivateServer::start(driver.kind(), options) else {
        return;
    };
    let directory = tempfile::tempdir().expect("a temporary directory");
    for side in MODULES {
        server.create_database(side.word());
        let ini = directory.path().join(side.word());
        let setup = driver.setup(&server, side.word(), &ini, call_centre());
        measure(figures, place, side, setup);
    }
}

fn call_centre() -> CallCenter {
    site::one_queue("longest-idle-agent", 1, "On Break", site::phone_that_rings)
}

fn measure(figures: &mut Figures, place: &str, side: Side, setup: Setup) {
    let Some(switch) = site::start_with(side, setup, site::NO_EVENTS) else {
        return;
    };
    let changes = Measure::cost(ROW.name, format!("{place}: a change"), "ms").goal(Of::Median, Limit::Under(5.0));
    let asks = Measure::cost(ROW.name, format!("{place}: a question"), "ms");
    let change = |count: u32| format!("agent set max_no_answer a0 {}", count % 2 + 1);
    milliseconds(&switch, change, "+OK\n");
    figures.add(&changes, side, &milliseconds(&switch, change, "+OK\n"));
    let question = |_| "agent get status a0".to_owned();
    figures.add(&asks, side, &milliseconds(&switch, question, "On Break"));
}

/// The milliseconds until each of these commands is answered; `command` is told how many there have been.
fn milliseconds(switch: &FreeSwitch, command: impl Fn(u32) -> String, expected: &str) -> Vec<f64> {
    (0..COMMANDS)
        .map(|count| {
            let command = command(count);
            let asked = Instant::now();
            let answer = switch.callcenter(&command);
            let took = asked.elapsed().as_secs_f64() * 1000.0;
            assert_eq!(answer, expected, "{command}");
            took
        })
        .collect()
}
