//! Call detail records of real calls: in the file of the rows, through kill -9, and on a server that goes away.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use callcenter_test_support::harness::{install, phone, schema, CallCenter, FreeSwitch, Module, Setup, SOON};

fn call_centre() -> CallCenter {
    CallCenter::new()
        .setting("cdrs", "true")
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .queue("alone@default", &[("abandoned-resume-allowed", "true")])
}

/// What is compared of a record.
const COLUMNS: &str =
    "record || ' ' || call_type || ' ' || result || ' ' || cause || ' ' || agent || ' ' || caller_number || ' ' || \
                       offers || ' ' || rejections";

/// One column of the records, in the order they were written.
fn column(database: &Path, expression: &str) -> Vec<String> {
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("open the database");
    connection.busy_timeout(SOON).expect("set a busy timeout");
    let mut statement = connection
        .prepare(&format!("SELECT CAST({expression} AS TEXT) FROM cdrs ORDER BY rowid"))
        .expect("the table of records");
    let rows = statement.query_map([], |row| row.get(0));
    rows.expect("read the table").map(|row| row.expect("a row")).collect()
}

/// Waits for records; they are written a moment after the end.
fn wait_for_records(database: &Path, expected: &[&str]) {
    let deadline = Instant::now() + SOON;
    loop {
        let records = column(database, COLUMNS);
        if records == expected {
            return;
        }
        assert!(Instant::now() < deadline, "{expected:?} expected: {records:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Every record was told as an event, and nothing else was. Events come on a connection of their own.
fn events_are_records(switch: &FreeSwitch, mark: usize) {
    let records = column(&switch.database(), "uuid");
    let is_last = |uuid: &str| records.last().is_some_and(|last| last == uuid);
    switch
        .events()
        .wait(mark, SOON, "the event of the last record", |event| {
            event.is("cdr") && is_last(event.get("CC-CDR-UUID"))
        });
    let events = switch.events().since(mark);
    let told = events.iter().filter(|event| event.is("cdr"));
    let told: Vec<_> = told.map(|event| event.get("CC-CDR-UUID").to_owned()).collect();
    assert_eq!(told, records);
}

fn talk_for(switch: &FreeSwitch, number: &str, length: Duration) {
    let mark = switch.events().mark();
    let caller = switch.call_queue(number, "support");
    switch.events().wait(mark, SOON, "the talk", |event| {
        event.get("CC-Agent-State") == "In a queue call"
    });
    std::thread::sleep(length);
    switch.hang_up(&caller);
    switch.wait_for(mark, "member-queue-end");
}

#[test]
fn an_answered_and_an_abandoned_call_have_their_records() {
    let Some(install) = install() else { return };
    let call_centre = call_centre()
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    let switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    let first = switch.events().mark();
    // The length is what is measured, so it has to pass.
    talk_for(&switch, "5550001", Duration::from_millis(1200));
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550002", "alone");
    std::thread::sleep(Duration::from_millis(1200));
    switch.hang_up(&caller);
    switch.wait_for(mark, "member-queue-end");
    wait_for_records(
        &switch.database(),
        &[
            "offer 2 answered NORMAL_CLEARING a1 5550001 1 0",
            "member 0 answered NORMAL_CLEARING a1 5550001 1 0",
            "member 1 abandoned BREAK_OUT  5550002 0 0",
        ],
    );
    events_are_records(&switch, first);
    let number = |expression: &str| -> Vec<i64> {
        let cells = column(&switch.database(), expression);
        cells.iter().map(|cell| cell.parse().expect("a number")).collect()
    };
    let (talks, waits) = (number("talk_ms"), number("wait_ms"));
    let second_or_two = 1000..4000;
    assert!(
        second_or_two.contains(&talks[0]) && talks[0] == talks[1] && talks[2] == 0,
        "{talks:?}"
    );
    assert!(second_or_two.contains(&waits[2]) && waits[1] >= waits[0], "{waits:?}");
    let lengths = number("ended - received");
    assert!(lengths.iter().all(|seconds| (0..10).contains(seconds)), "{lengths:?}");
}

/// One caller, one agent who does not take the offer; the caller leaves.
fn not_taken(contact: &str, expected: &str) {
    let Some(install) = install() else { return };
    let pause = [
        ("reject-delay-time", "60"),
        ("busy-delay-time", "60"),
        ("no-answer-delay-time", "60"),
    ];
    let call_centre = call_centre()
        .agent("a1", contact, &pause)
        .tier("support@default", "a1", 1, 1);
    let switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.wait_for(mark, "bridge-agent-fail");
    switch.hang_up(&caller);
    switch.wait_for(mark, "member-queue-end");
    wait_for_records(
        &switch.database(),
        &[expected, "member 1 abandoned BREAK_OUT  5550001 1 1"],
    );
    events_are_records(&switch, mark);
}

#[test]
fn a_rejected_offer_has_its_record() {
    not_taken(&phone("a1", "reject"), "offer -2 rejected CALL_REJECTED a1 5550001 1 0");
}

#[test]
fn a_busy_phone_has_its_record() {
    not_taken(&phone("a1", "busy"), "offer -2 busy USER_BUSY a1 5550001 1 0");
}

#[test]
fn an_offer_that_is_not_answered_has_its_record() {
    let contact = format!("[leg_timeout=1]{}", phone("a1", "ring"));
    not_taken(&contact, "offer -2 no-answer ALLOTTED_TIMEOUT a1 5550001 1 0");
}

#[test]
fn nothing_is_recorded_with_a_stock_configuration() {
    let Some(install) = install() else { return };
    let call_centre = CallCenter::new()
        .queue("support@default", &[])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    let mark = switch.events().mark();
    talk_for(&switch, "5550001", Duration::ZERO);
    assert!(!switch.events().since(mark).iter().any(|event| event.is("cdr")));
    switch.stop();
    assert_eq!(schema(&switch.database(), "cdrs"), Vec::<String>::new());
    assert!(!switch.dir().join("db/callcenter_cdrs_journal.db").exists());
}

/// Identities are the table's primary key, so none is there twice; what matters is that none is missing.
fn killed_after_each_call(call_centre: CallCenter, records: &str) {
    let Some(install) = install() else { return };
    let call_centre = call_centre
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1);
    let mut switch = FreeSwitch::start(install, Module::Ours, Setup::new(&call_centre));
    let mut expected = Vec::new();
    for round in 0..3 {
        let (ended, talking, waiting) = (format!("10{round}"), format!("20{round}"), format!("30{round}"));
        talk_for(&switch, &ended, Duration::ZERO);
        let mark = switch.events().mark();
        switch.call_queue(&talking, "support");
        switch.events().wait(mark, SOON, "the talk", |event| {
            event.get("CC-Agent-State") == "In a queue call"
        });
        switch.call_queue(&waiting, "alone");
        // An acknowledged command is saved behind everything that came before it.
        assert_eq!(switch.callcenter("agent set max_no_answer a1 0"), "+OK\n");
        switch.kill();
        switch.start_again(Module::Ours);
        expected.extend([
            format!("{ended} offer answered"),
            format!("{ended} member answered"),
            format!("{talking} member lost"),
            format!("{waiting} member lost"),
        ]);
    }
    expected.sort();
    let database = switch.dir().join(records);
    let deadline = Instant::now() + SOON;
    loop {
        let mut found = column(&database, "caller_number || ' ' || record || ' ' || result");
        found.sort();
        if found == expected {
            break;
        }
        assert!(Instant::now() < deadline, "{expected:?} expected: {found:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn each_call_has_its_records_once_after_kill_9() {
    killed_after_each_call(call_centre(), "db/callcenter.db");
}

#[test]
fn each_call_has_its_records_once_in_another_file_after_kill_9() {
    let call_centre = call_centre().setting("cdr-odbc-dsn", "sqlite://records");
    killed_after_each_call(call_centre, "db/records.db");
}
