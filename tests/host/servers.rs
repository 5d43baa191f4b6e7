//! The call centre's tables on database servers, through each of FreeSWITCH's drivers.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use callcenter_test_support::drivers::Driver;
use callcenter_test_support::harness::{install, install_for, phone, CallCenter, FreeSwitch, Module, Setup, SOON};
use callcenter_test_support::private::{shared as server, Kind, PrivateServer, PASSWORD};

/// One queue, one agent whose phone answers, and one with a name to be quoted.
pub fn call_centre() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", "answer"), &[])
        .agent("o'neil", "user/1002", &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "o'neil", 1, 2)
}

/// What is compared of each table: all columns but times, and channels' numbers.
const COMPARED: &[(&str, &str)] = &[
    (
        "agents",
        "name, instance_id, type, status, state, max_no_answer, wrap_up_time, reject_delay_time, busy_delay_time, \
         no_answer_delay_time, no_answer_count, calls_answered, ready_time, external_calls_count",
    ),
    ("tiers", "queue, agent, state, level, position"),
    (
        "members",
        "queue, instance_id, cid_number, cid_name, abandoned_epoch, base_score, skill_score, serving_agent, serving_system, \
         state",
    ),
];

fn rows(server: &PrivateServer, database: &str) -> String {
    let tables = COMPARED.iter().map(|(table, columns)| {
        let order = columns.split(", ").take(4).collect::<Vec<_>>().join(", ");
        server.administer(database, &format!("SELECT {columns} FROM {table} ORDER BY {order}"))
    });
    tables.collect()
}

/// Waits for rows with these words; call progress is written a moment later.
pub fn rows_with(server: &PrivateServer, database: &str, words: &[&str], without: &[&str]) -> String {
    let deadline = Instant::now() + SOON;
    loop {
        let rows = rows(server, database);
        if words.iter().all(|word| rows.contains(word)) && !without.iter().any(|word| rows.contains(word)) {
            return rows;
        }
        assert!(Instant::now() < deadline, "{words:?} expected, {without:?} not: {rows}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A talk, one who waits, and commands: the rows in the middle of it and afterwards.
fn a_day(switch: &FreeSwitch, server: &PrivateServer, database: &str) -> Vec<String> {
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    switch.call_queue("5550002", "support");
    let talking = rows_with(server, database, &["In a queue call", "5550002"], &[]);
    assert_eq!(switch.callcenter("agent set max_no_answer a1 3"), "+OK\n");
    assert_eq!(switch.callcenter("agent add 'two words' callback"), "+OK\n");
    assert_eq!(
        switch.callcenter("agent set contact 'two words' [a='\\\\']user/1001"),
        "+OK\n"
    );
    assert_eq!(switch.callcenter("tier add support@default 'two words' 2 3"), "+OK\n");
    let mark = switch.events().mark();
    switch.hang_up(&caller);
    switch.events().wait(mark, SOON, "the second talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    switch.api("hupall");
    switch.wait_until_quiet();
    let afterwards = rows_with(server, database, &["two words"], &["5550002", "In a queue call"]);
    vec![talking, afterwards]
}

/// Agents and tiers as commands list them, in one order, without the time the XML's status was last applied.
fn listings(switch: &FreeSwitch) -> Vec<String> {
    let without_time = |line: &str| {
        let fields = line.split('|').enumerate().filter(|(at, _)| *at != 15);
        fields.map(|(_, field)| field).collect::<Vec<_>>().join("|")
    };
    let agents = switch.callcenter("agent list");
    let tiers = switch.callcenter("tier list");
    let mut lines: Vec<String> = agents
        .lines()
        .map(without_time)
        .chain(tiers.lines().map(str::to_owned))
        .collect();
    lines.sort();
    lines
}

/// A day with the module, then the other module on the same database: what it lists is the same.
fn a_day_and_the_next(driver: Driver, module: Module, database: &str, ini: PathBuf) -> Option<Vec<String>> {
    let install = install_for(module)?;
    let server = server(driver.kind())?;
    server.create_database(database);
    let setup = driver.setup(server, database, &ini, call_centre());
    let mut switch = FreeSwitch::start(install, module, setup);
    let rows = a_day(&switch, server, database);
    let before = listings(&switch);
    let (status, _) = switch.stop();
    // Stock can crash when its driver is unloaded first.
    assert!(module == Module::Stock || status.success(), "ours ended with {status}");
    let other = if module == Module::Ours {
        Module::Stock
    } else {
        Module::Ours
    };
    if install_for(other).is_some() {
        switch.start_again(other);
        assert_eq!(before, listings(&switch), "what {module:?} gave to {other:?}");
        switch.stop();
    }
    Some(rows)
}

fn as_stock(driver: Driver, name: &str) {
    if !driver.is_there() || server(driver.kind()).is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let day = |module, suffix: &str| {
        let ini = directory.path().join(suffix);
        a_day_and_the_next(driver, module, &format!("{name}_{suffix}"), ini)
    };
    let (stock, ours) = std::thread::scope(|scope| {
        let stock = scope.spawn(|| day(Module::Stock, "stock"));
        let ours = day(Module::Ours, "ours");
        (stock.join(), ours)
    });
    let stock = stock.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    if let (Some(stock), Some(ours)) = (stock, ours) {
        assert_eq!(stock, ours, "stock's rows and ours");
    }
}

#[test]
fn rows_on_postgresql_are_stocks() {
    as_stock(Driver::Pgsql, "pgsql");
}

#[test]
fn rows_on_postgresql_through_odbc_are_stocks() {
    as_stock(Driver::OdbcToPostgres, "odbc_pg");
}

#[test]
fn rows_on_mariadb_are_stocks() {
    as_stock(Driver::MariaDb, "mariadb");
}

#[test]
fn rows_on_mariadb_through_odbc_are_stocks() {
    as_stock(Driver::OdbcToMariaDb, "odbc_maria");
}

/// What is missing is told, the password is not, and once it is there the call centre works without a restart.
#[test]
fn a_dsn_that_cannot_be_used_says_what_to_do() {
    let Some(install) = install() else { return };
    let Some(server) = server(Kind::Postgres).filter(|_| Driver::Pgsql.is_there()) else {
        return;
    };
    server.create_database("missing");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let ini = directory.path().join("odbc.ini");
    let mut setup = Driver::Pgsql.setup(server, "missing", &ini, call_centre());
    setup.modules.clear();
    let switch = FreeSwitch::start(install, Module::Ours, setup);
    let told = lines_of_ours(&switch);
    let advice = "mod_pgsql is not loaded. Put <load module=\"mod_pgsql\"/> into pre_load_modules.conf.xml";
    assert!(told.contains(advice), "{told}");
    assert!(!told.contains(PASSWORD) && told.contains("***"), "{told}");
    switch.api("load mod_pgsql");
    switch.until("callcenter_config agent set max_no_answer a1 6", |answer| {
        answer == "+OK\n"
    });
    rows_with(server, "missing", &["a1", "support@default"], &[]);

    let wrong = Driver::Pgsql
        .dsn(server, "missing")
        .replace("secret", "mistaken")
        .replace("\\'cret", "\\'mistake");
    let call_centre = call_centre().setting("odbc-dsn", &wrong);
    let setup = Setup {
        modules: Driver::Pgsql.modules(),
        ..Setup::new(&call_centre)
    };
    let switch = FreeSwitch::start(install, Module::Ours, setup);
    let told = lines_of_ours(&switch);
    assert!(told.contains("cannot connect") && told.contains("password"), "{told}");
    assert!(!told.contains("mistake"), "{told}");
}

/// What our module says of its database.
pub fn lines_of_ours(switch: &FreeSwitch) -> String {
    let log = switch.log();
    let ours = log.lines().filter(|line| line.contains("The call-centre database"));
    ours.collect::<Vec<_>>().join("\n")
}

/// MariaDB that replicates may refuse every table without a primary key (FreeSWITCH #942, #131).
#[test]
fn a_server_that_asks_for_primary_keys_keeps_what_was_answered_ok() {
    let driver = Driver::MariaDb;
    if !driver.is_there() {
        return;
    }
    let Some(server) = PrivateServer::start(Kind::MariaDb, &["--innodb-force-primary-key=1"]) else {
        return;
    };
    server.create_database("forced");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let setup = driver.setup(&server, "forced", &directory.path().join("odbc.ini"), call_centre());
    let Some(install) = install() else { return };
    let mut switch = FreeSwitch::start(install, Module::Ours, setup);
    assert_eq!(
        switch.callcenter("agent add kept callback"),
        "+OK\n",
        "{}",
        switch.log_tail()
    );
    switch.kill();
    switch.start_again(Module::Ours);
    assert!(
        switch.callcenter("agent list").contains("\nkept|"),
        "{}",
        switch.log_tail()
    );
    switch.stop();
}
