//! Database servers that are stopped, and unloading the module while they are.

use std::time::{Duration, Instant};

use crate::server_troubles::{a_call_goes_on, is_not_yet_saved, is_saved_in_the_end, of_a1, on_own_server};
use crate::servers::{call_centre, rows_with};
use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, FreeSwitch, Module, Setup, SOON};
use callcenter_test_support::private::{Kind, PrivateServer};

/// How long FreeSWITCH's drivers may take to see that a server is back.
const LONG: Duration = Duration::from_secs(180);

/// Unloading gives a server that does not answer six seconds, and FreeSWITCH's own steps are quick.
const LAST_WORDS: Duration = Duration::from_secs(15);

/// Calls go on and commands answer while the server is away; everything is there when it is back, and stays there.
fn away_and_back(driver: Driver) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some((mut switch, mut server)) = on_own_server(driver, directory.path()) else {
        return;
    };
    // Whatever came before an acknowledged command is in the database.
    assert_eq!(switch.callcenter("agent set max_no_answer a1 0"), "+OK\n");
    server.administer("own", "UPDATE agents SET wrap_up_time = 77 WHERE name = 'a1'");
    switch.until("callcenter_config agent list a1", |listing| listing.contains("|77|"));
    server.administer("own", "UPDATE agents SET wrap_up_time = 0 WHERE name = 'a1'");
    switch.until("callcenter_config agent list a1", |listing| !listing.contains("|77|"));
    server.stop();
    let asked = Instant::now();
    let answer = switch.callcenter("agent set max_no_answer a1 5");
    assert!(answer.contains("not yet saved"), "{answer}");
    assert!(
        asked.elapsed() < SOON,
        "a command waited {:?} for the server",
        asked.elapsed()
    );
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.wait_for(mark, "bridge-agent-start");
    switch.hang_up(&caller);
    switch.wait_for(mark, "bridge-agent-end");
    switch.wait_until_quiet();
    server.run();
    switch.until("callcenter_config agent set max_no_answer a1 6", |answer| {
        answer == "+OK\n"
    });
    let rows = rows_with(&server, "own", &["a1"], &["5550001", "In a queue call"]);
    let separator = if driver.kind() == Kind::Postgres {
        '\u{1f}'
    } else {
        '\t'
    };
    let a1 = rows.lines().find(|row| row.starts_with("a1")).expect("the agent's row");
    let cells: Vec<&str> = a1.split(separator).collect();
    assert_eq!(
        (cells[5], cells[11]),
        ("6", "1"),
        "max_no_answer and calls_answered of {cells:?}"
    );
    assert_eq!(switch.callcenter("agent add late callback"), "+OK\n");
    switch.kill();
    switch.start_again(Module::Ours);
    let listing = switch.callcenter("agent list");
    assert_eq!(listing.matches("\nlate|").count(), 1, "{listing}");
    assert_eq!(listing.matches("\na1|").count(), 1, "{listing}");
}

/// Calls that end while the server is away have their records there once it is back, and once only: FreeSWITCH is killed and
/// started meanwhile.
fn records_away_and_back(driver: Driver) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some(install) = install().filter(|_| driver.is_there()) else {
        return;
    };
    let Some(mut server) = PrivateServer::start(driver.kind(), &[]) else {
        return;
    };
    server.create_database("own");
    // The rows are in a file: FreeSWITCH's drivers keep whoever starts without a server waiting.
    let dsn = driver.dsn(&server, "own");
    let ini = directory.path().join("odbc.ini");
    std::fs::write(&ini, driver.odbc_ini(&server, "own")).expect("write odbc.ini");
    let setup = Setup {
        modules: driver.modules(),
        environment: vec![("ODBCINI", ini.display().to_string())],
        ..Setup::new(&call_centre().setting("cdr-odbc-dsn", &dsn))
    };
    let mut switch = FreeSwitch::start(install, Module::Ours, setup);
    let call = |switch: &FreeSwitch, number: &str| {
        let mark = switch.events().mark();
        let caller = switch.call_queue(number, "support");
        switch.wait_for(mark, "bridge-agent-start");
        switch.hang_up(&caller);
        switch.wait_for(mark, "member-queue-end");
        assert_eq!(switch.callcenter("agent set max_no_answer a1 0"), "+OK\n");
    };
    call(&switch, "5550001");
    wait_for_records(&server, "2 1");
    server.stop();
    call(&switch, "5550002");
    switch.kill();
    switch.start_again(Module::Ours);
    call(&switch, "5550003");
    server.run();
    wait_for_records(&server, "6 3");
}

/// Waits for so many records of so many callers.
fn wait_for_records(server: &PrivateServer, expected: &str) {
    let deadline = Instant::now() + LONG;
    loop {
        let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'cdrs'";
        let records = "SELECT CONCAT(COUNT(*), ' ', COUNT(DISTINCT caller_number)) FROM cdrs";
        let is_there = server.administer("own", tables).trim() == "1";
        let answer = if is_there {
            server.administer("own", records)
        } else {
            String::new()
        };
        if answer.trim() == expected {
            return;
        }
        assert!(Instant::now() < deadline, "{expected} expected: {answer}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn records_on_postgresql_away_and_back() {
    records_away_and_back(Driver::Pgsql);
}

#[test]
fn records_on_postgresql_through_odbc_away_and_back() {
    records_away_and_back(Driver::OdbcToPostgres);
}

#[test]
fn records_on_mariadb_away_and_back() {
    records_away_and_back(Driver::MariaDb);
}

#[test]
fn postgresql_away_and_back() {
    away_and_back(Driver::Pgsql);
}

#[test]
fn postgresql_through_odbc_away_and_back() {
    away_and_back(Driver::OdbcToPostgres);
}

#[test]
fn mariadb_away_and_back() {
    away_and_back(Driver::MariaDb);
}

#[test]
fn mariadb_through_odbc_away_and_back() {
    away_and_back(Driver::OdbcToMariaDb);
}

/// FreeSWITCH holds a lock while it unloads us that new connections need; what is left is written all the same.
#[test]
fn unloading_writes_what_is_left() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some((switch, server)) = on_own_server(Driver::Pgsql, directory.path()) else {
        return;
    };
    assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
    switch.call_queue("5550001", "support");
    rows_with(&server, "own", &["5550001"], &[]);
    switch.api("unload -f mod_callcenter");
    rows_with(&server, "own", &["On Break"], &["5550001\u{1f}Caller 5550001\u{1f}0"]);
    assert!(
        !switch.log().contains("its code stays in memory"),
        "{}",
        switch.log_tail()
    );
    assert!(!switch.log().contains("are lost"), "{}", switch.log_tail());
}

/// FreeSWITCH's drivers try for minutes to reach a server that is gone; nobody who unloads the module waits for that, and it
/// can be loaded again at once.
#[test]
fn unloading_does_not_wait_for_a_server_that_is_gone() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some((switch, mut server)) = on_own_server(Driver::Pgsql, directory.path()) else {
        return;
    };
    server.stop();
    is_not_yet_saved(&switch, "agent set max_no_answer a1 5");
    let asked = Instant::now();
    switch.api("unload mod_callcenter");
    assert!(asked.elapsed() < LAST_WORDS, "unloading took {:?}", asked.elapsed());
    switch.wait_for_log("its code stays in memory");
    server.run();
    let answer = switch.api("load mod_callcenter");
    assert!(answer.contains("+OK"), "load: {answer}\n{}", switch.log_tail());
    a_call_goes_on(&switch);
    is_saved_in_the_end(&switch, "agent set max_no_answer a1 6");
    assert_eq!(of_a1(&server, "max_no_answer"), "6");
}
