//! Database servers that hang, are slow, refuse, close connections, go away or are replaced, through each of FreeSWITCH's
//! drivers: calls go on, commands answer soon and truly, the trouble is logged once, and everything is caught up in order.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::servers::{call_centre, lines_of_ours, rows_with};
use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, FreeSwitch, Module, SOON};
use callcenter_test_support::private::{Kind, PrivateServer};
use callcenter_test_support::refusals::{reasons, Refusals};

/// A command answers within a second, and a machine that is busy may take a while to run it.
const AT_ONCE: Duration = Duration::from_secs(4);

/// How long a driver may take to notice that its server is back, and the journal to catch up.
const BACK: Duration = Duration::from_secs(60);

/// A FreeSWITCH with our module on a server of its own, which the test may stop.
pub fn on_own_server(driver: Driver, directory: &Path) -> Option<(FreeSwitch, PrivateServer)> {
    let install = install()?;
    if !driver.is_there() {
        return None;
    }
    let server = PrivateServer::start(driver.kind(), &[])?;
    server.create_database("own");
    let setup = driver.setup(&server, "own", &directory.join("odbc.ini"), call_centre());
    Some((FreeSwitch::start(install, Module::Ours, setup), server))
}

/// A command that cannot be saved now says so, and nobody waits for it.
pub fn is_not_yet_saved(switch: &FreeSwitch, command: &str) {
    let asked = Instant::now();
    let answer = switch.callcenter(command);
    assert!(answer.contains("not yet saved"), "{command}: {answer}");
    assert!(asked.elapsed() < AT_ONCE, "{command} took {:?}", asked.elapsed());
}

/// Repeats a command until it is saved: everything before it is then saved as well.
pub fn is_saved_in_the_end(switch: &FreeSwitch, command: &str) {
    let deadline = Instant::now() + BACK;
    loop {
        let answer = switch.callcenter(command);
        if answer == "+OK\n" {
            return;
        }
        assert!(Instant::now() < deadline, "{command}: {answer}\n{}", switch.log_tail());
    }
}

/// A caller is answered, talks and leaves.
pub fn a_call_goes_on(switch: &FreeSwitch) {
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    switch.hang_up(&caller);
    switch.wait_for(mark, "bridge-agent-end");
    switch.wait_until_quiet();
}

/// Value of a column of the agent a1 in the database.
pub fn of_a1(server: &PrivateServer, column: &str) -> String {
    let sql = format!("SELECT {column} FROM agents WHERE name = 'a1'");
    server.administer("own", &sql).trim().to_owned()
}

/// Ends everybody's sessions but the asking one, as a server does with idle ones.
fn end_sessions(server: &PrivateServer) {
    match server.kind {
        Kind::Postgres => {
            let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'own'";
            server.administer("postgres", sql);
        }
        Kind::MariaDb => {
            let sql = "SELECT id FROM information_schema.processlist WHERE db = 'own'";
            for id in server.administer("mysql", sql).split_whitespace() {
                server.administer("mysql", &format!("KILL {id}"));
            }
        }
    }
}

/// A connection that the server closed while nothing was said on it is replaced, and a command does not notice.
fn closed_while_idle(switch: &FreeSwitch, server: &PrivateServer) {
    for wrap_up in ["11", "12"] {
        end_sessions(server);
        is_saved_in_the_end(switch, &format!("agent set wrap_up_time a1 {wrap_up}"));
        assert_eq!(of_a1(server, "wrap_up_time"), wrap_up);
    }
    is_saved_in_the_end(switch, "agent set wrap_up_time a1 0");
}

/// Somebody's session that holds the table for five seconds, once it holds it.
fn holds_the_table(server: &PrivateServer) -> Child {
    let (lock, locked) = match server.kind {
        Kind::Postgres => (
            "BEGIN; LOCK TABLE agents; SELECT pg_sleep(5); COMMIT",
            "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted",
        ),
        Kind::MariaDb => (
            "LOCK TABLES agents WRITE; SELECT SLEEP(5); UNLOCK TABLES",
            "SELECT count(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(5)'",
        ),
    };
    let flag = if server.kind == Kind::Postgres { "-c" } else { "-e" };
    let mut client = server.client_command("own");
    client.args([flag, lock]).stdout(Stdio::null());
    let client = client.spawn().expect("run the client");
    let deadline = Instant::now() + SOON;
    while server.administer("own", locked).trim() == "0" {
        assert!(Instant::now() < deadline, "nobody holds the lock");
    }
    client
}

/// Each statement takes seconds.
fn slow(switch: &FreeSwitch, server: &PrivateServer) {
    let mut other = holds_the_table(server);
    is_not_yet_saved(switch, "agent set max_no_answer a1 21");
    a_call_goes_on(switch);
    is_saved_in_the_end(switch, "agent set max_no_answer a1 22");
    other.wait().expect("the other session ends");
    assert_eq!(of_a1(server, "max_no_answer"), "22");
}

/// A deadlock, a serialization error or a lock that took too long: the server undoes the transaction, we do it again.
fn undone_by_the_server(switch: &FreeSwitch, server: &PrivateServer) {
    for (round, reason) in reasons(server.kind).into_iter().enumerate() {
        let refusals = Refusals::begin(server, "own", 2, reason);
        let seconds = format!("6{round}");
        is_saved_in_the_end(switch, &format!("agent set busy_delay_time a1 {seconds}"));
        assert_eq!(of_a1(server, "busy_delay_time"), seconds);
        refusals.end();
    }
}

/// A server that keeps its connections and answers nothing.
fn hung(switch: &FreeSwitch, server: &mut PrivateServer) {
    is_saved_in_the_end(switch, "agent set max_no_answer a1 30");
    let told = lines_of_ours(switch).lines().count();
    server.hang();
    is_not_yet_saved(switch, "agent set max_no_answer a1 31");
    is_not_yet_saved(switch, "agent add passing callback");
    a_call_goes_on(switch);
    is_not_yet_saved(switch, "agent del passing");
    is_not_yet_saved(switch, "agent set max_no_answer a1 32");
    let listing = switch.callcenter("agent list a1");
    assert!(listing.contains("|32|"), "a list shows what is true: {listing}");
    let ours = |switch: &FreeSwitch| {
        lines_of_ours(switch)
            .lines()
            .skip(told)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let deadline = Instant::now() + BACK;
    while ours(switch).is_empty() {
        assert!(
            Instant::now() < deadline,
            "nobody was told of it: {}",
            switch.log_tail()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    server.go_on();
    is_saved_in_the_end(switch, "agent add after callback");
    assert_eq!(of_a1(server, "max_no_answer"), "32");
    let rows = rows_with(server, "own", &["after"], &["passing", "5550001", "In a queue call"]);
    is_saved_in_the_end(switch, "agent del after");
    let ours = ours(switch);
    let troubles = ours.iter().filter(|line| !line.contains("works again")).count();
    assert_eq!((troubles, ours.len()), (1, 2), "told once of each: {ours:?}\n{rows}");
}

/// A server that takes no changes for a while, as a standby before its promotion.
fn read_only(switch: &FreeSwitch, server: &PrivateServer) {
    server.administer("postgres", "ALTER DATABASE own SET default_transaction_read_only = on");
    end_sessions(server);
    is_not_yet_saved(switch, "agent set max_no_answer a1 41");
    a_call_goes_on(switch);
    let deadline = Instant::now() + BACK;
    while !switch
        .callcenter("agent set max_no_answer a1 42")
        .contains("as a standby does")
    {
        assert!(Instant::now() < deadline, "{}", switch.log_tail());
    }
    let back = "BEGIN READ WRITE; ALTER DATABASE own RESET default_transaction_read_only; COMMIT";
    server.administer("postgres", back);
    end_sessions(server);
    is_saved_in_the_end(switch, "agent set max_no_answer a1 43");
    assert_eq!(of_a1(server, "max_no_answer"), "43");
}

/// Another server with the same data takes its place.
fn failed_over(switch: &FreeSwitch, server: &mut PrivateServer) {
    is_saved_in_the_end(switch, "agent add kept callback");
    server.fail_over();
    a_call_goes_on(switch);
    is_saved_in_the_end(switch, "agent set max_no_answer a1 51");
    assert_eq!(of_a1(server, "max_no_answer"), "51");
    let kept = server.administer("own", "SELECT count(*) FROM agents WHERE name = 'kept'");
    assert_eq!(kept.trim(), "1");
}

/// Every trouble, one after the other; in the end the rows are what the lists say, and a restart finds them.
fn in_every_trouble(driver: Driver) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let Some((mut switch, mut server)) = on_own_server(driver, directory.path()) else {
        return;
    };
    closed_while_idle(&switch, &server);
    slow(&switch, &server);
    undone_by_the_server(&switch, &server);
    hung(&switch, &mut server);
    if driver.kind() == Kind::Postgres {
        read_only(&switch, &server);
    }
    failed_over(&switch, &mut server);
    let listed = switch.callcenter("agent list");
    switch.kill();
    switch.start_again(Module::Ours);
    assert_eq!(
        switch.callcenter("agent list").len(),
        listed.len(),
        "after a restart: {listed}"
    );
}

#[test]
fn postgresql_in_every_trouble() {
    in_every_trouble(Driver::Pgsql);
}

#[test]
fn postgresql_through_odbc_in_every_trouble() {
    in_every_trouble(Driver::OdbcToPostgres);
}

#[test]
fn mariadb_in_every_trouble() {
    in_every_trouble(Driver::MariaDb);
}

#[test]
fn mariadb_through_odbc_in_every_trouble() {
    in_every_trouble(Driver::OdbcToMariaDb);
}
