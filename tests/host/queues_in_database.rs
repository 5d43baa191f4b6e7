//! Queues that a command or SQL makes at run time, with the setting `queues-from-db`.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use callcenter_test_support::harness::{install, phone, CallCenter, FreeSwitch, Module, Setup, SOON};

/// A change is looked for once a second; the rest is for a busy machine.
const PATIENCE: Duration = Duration::from_secs(3);

fn started() -> Option<FreeSwitch> {
    let call_centre = CallCenter::new()
        .setting("queues-from-db", "true")
        .queue("support@default", &[])
        .agent("a1", &phone("a1", "answer"), &[]);
    Some(FreeSwitch::start(install()?, Module::Ours, Setup::new(&call_centre)))
}

fn on_file(switch: &FreeSwitch) -> Connection {
    let connection = Connection::open(switch.database()).expect("open the database");
    connection.busy_timeout(SOON).expect("set a busy timeout");
    connection
}

fn takes_a_call(switch: &FreeSwitch, number: &str) {
    let mark = switch.events().mark();
    let caller = switch.call_queue(number, "night");
    let talk = switch.wait_for(mark, "bridge-agent-start");
    assert_eq!((talk.get("CC-Queue"), talk.get("CC-Agent")), ("night@default", "a1"));
    let refused = switch.callcenter("queue del night@default");
    assert!(
        refused.starts_with("-ERR Queue is in use: 0 waiting, 1 talking!"),
        "{refused}"
    );
    switch.hang_up(&caller);
    switch.wait_for(mark, "member-queue-end");
    switch.wait_until_quiet();
}

#[test]
fn a_queue_added_by_command_takes_calls_and_is_there_after_a_kill() {
    let Some(mut switch) = started() else { return };
    for (line, answer) in [
        ("queue add night@default", "+OK\n"),
        ("queue set max_wait_time night@default 77", "+OK\n"),
        ("tier add night@default a1 1 1", "+OK\n"),
        ("queue set max_wait_time support@default 55", "+OK\n"),
    ] {
        assert_eq!(switch.callcenter(line), answer, "{line}");
    }
    takes_a_call(&switch, "5550001");
    switch.kill();
    switch.start_again(Module::Ours);
    assert_eq!(switch.callcenter("queue get max_wait_time night@default"), "77");
    assert_eq!(
        switch.callcenter("queue get max_wait_time support@default"),
        "0",
        "the XML holds again"
    );
    takes_a_call(&switch, "5550002");
    assert_eq!(switch.callcenter("queue del night@default"), "+OK\n");
    switch.kill();
    switch.start_again(Module::Ours);
    assert!(!switch.callcenter("queue list").contains("night@default"));
}

/// Neither of them is in callcenter.conf.xml.
#[test]
fn an_agent_and_a_queue_made_by_command_find_each_other_after_a_kill() {
    let Some(mut switch) = started() else { return };
    let contact = format!("agent set contact b1 '{}'", phone("b1", "answer"));
    for line in [
        "queue add night@default",
        "agent add b1 callback",
        &contact,
        "tier add night@default b1 1 1",
        "agent set status b1 Available",
    ] {
        assert_eq!(switch.callcenter(line), "+OK\n", "{line}");
    }
    switch.kill();
    switch.start_again(Module::Ours);
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "night");
    assert_eq!(switch.wait_for(mark, "bridge-agent-start").get("CC-Agent"), "b1");
    switch.hang_up(&caller);
    switch.wait_for(mark, "member-queue-end");
}

#[test]
fn a_queue_is_inserted_changed_and_deleted_by_sql() {
    let Some(switch) = started() else { return };
    let by_sql = |sql: &str| on_file(&switch).execute_batch(sql).expect("change rows");
    let shows = |expected: &str| {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = switch.callcenter("queue get max_wait_time night@default");
            if answer == expected {
                return;
            }
            assert!(Instant::now() < deadline, "{expected:?} expected: {answer}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    by_sql("INSERT INTO queues (name, max_wait_time) VALUES ('night@default', 77)");
    shows("77");
    by_sql("UPDATE queues SET max_wait_time = 78");
    shows("78");
    by_sql("DELETE FROM queues");
    shows("-ERR Queue not found!\n");
}

#[test]
fn a_site_with_xml_alone_has_no_table_and_sets_its_queues_until_they_are_loaded_again() {
    let Some(install) = install() else { return };
    let call_centre = CallCenter::new().queue("support@default", &[("max-wait-time", "7")]);
    let switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    let wait = || switch.callcenter("queue get max_wait_time support@default");
    assert_eq!(switch.callcenter("queue set max_wait_time support@default 55"), "+OK\n");
    assert_eq!(wait(), "55");
    assert_eq!(switch.callcenter("queue reload support@default"), "+OK\n");
    assert_eq!(wait(), "7");
    let refused = switch.callcenter("queue add night@default");
    assert!(
        refused.starts_with("-ERR Queues are not kept in the database!"),
        "{refused}"
    );
    let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'queues'";
    let tables: i64 = on_file(&switch).query_row(sql, [], |row| row.get(0)).expect("a count");
    assert_eq!(tables, 0);
}
