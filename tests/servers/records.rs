//! Call detail records on their way to real servers, and the documented reports on them.

use std::path::Path;
use std::time::{Duration, Instant};

use mod_callcenter::engine::{CallRecord, CallResult, ChangesByOthers, Media, RecordKind, RowChange, Snapshot};
use mod_callcenter::store::{Layout, RecordingStore, ServerRecords, Spool, SqliteStore, Store, StoreError};
use rusqlite::types::Value;

use crate::client::Client;
use crate::on_each;
use callcenter_test_support::private::{Kind, PrivateServer};

/// How long a busy machine may take for anything.
const LONG: Duration = Duration::from_secs(60);

/// When the day of the reports begins: a whole hour.
const DAY: i64 = 1_700_000_000 - 1_700_000_000 % 3600;

/// Rows are not what is tested here.
struct NoRows;

impl Store for NoRows {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot::default())
    }
    fn apply(&mut self, _: &[RowChange]) -> Result<(), StoreError> {
        Ok(())
    }
    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        Ok(ChangesByOthers::default())
    }
    fn take_remarks(&mut self) -> Vec<String> {
        Vec::new()
    }
}

fn member(uuid: &str, result: CallResult, cause: &str, agent: &str) -> CallRecord {
    CallRecord {
        uuid: uuid.to_owned(),
        instance_id: "single_box".to_owned(),
        kind: RecordKind::Member,
        result,
        cause: cause.to_owned(),
        queue: "support".to_owned(),
        agent: agent.to_owned(),
        agent_uuid: String::new(),
        member_uuid: uuid.to_owned(),
        session_uuid: String::new(),
        caller_number: format!("n-{uuid}"),
        caller_name: String::new(),
        dnis: String::new(),
        received: DAY,
        ended: DAY,
        wait_ms: 0,
        pickup_ms: 0,
        talk_ms: 0,
        offers: 0,
        rejections: 0,
        media: Media::Audio,
    }
}

/// A caller who came so many seconds into the day, and the offers of the stay.
fn answered(uuid: &str, agent: &str, at: i64, [wait_ms, pickup_ms, talk_ms]: [i64; 3]) -> Vec<CallRecord> {
    let stay = CallRecord {
        received: DAY + at,
        wait_ms,
        pickup_ms,
        talk_ms,
        offers: 1,
        ..member(uuid, CallResult::Answered, "NORMAL_CLEARING", agent)
    };
    let offer = CallRecord {
        uuid: format!("{uuid}.o1"),
        kind: RecordKind::Offer,
        wait_ms: wait_ms - pickup_ms,
        ..stay.clone()
    };
    vec![offer, stay]
}

fn left(uuid: &str, at: i64, wait_ms: i64, cause: &str) -> CallRecord {
    CallRecord {
        received: DAY + at,
        wait_ms,
        ..member(uuid, CallResult::Abandoned, cause, "")
    }
}

fn not_taken(uuid: &str, agent: &str, at: i64, result: CallResult, pickup_ms: i64) -> CallRecord {
    CallRecord {
        kind: RecordKind::Offer,
        received: DAY + at,
        pickup_ms,
        offers: 1,
        ..member(uuid, result, "CAUSE", agent)
    }
}

/// Two hours of two queues.
fn a_day() -> Vec<CallRecord> {
    let mut records = answered("c1", "anna", 10, [5000, 2000, 60_000]);
    records.extend(answered("c2", "anna", 20, [30_000, 4000, 120_000]));
    records.extend(answered("c3", "ben", 1000, [20_000, 3000, 30_400]));
    records.extend(answered("c4", "ben", 3700, [7000, 1000, 10_000]));
    for record in records.iter_mut().filter(|record| record.member_uuid == "c4") {
        record.queue = "sales".to_owned();
    }
    records.extend([
        left("c5", 30, 4000, "BREAK_OUT"),
        left("c6", 40, 45_000, "BREAK_OUT"),
        left("c7", 3800, 90_000, "TIMEOUT"),
        not_taken("o1", "anna", 50, CallResult::Rejected, 1000),
        not_taken("o2", "ben", 60, CallResult::Busy, 100),
        not_taken("o3", "ben", 70, CallResult::NoAnswer, 20_000),
        not_taken("o4", "carl", 80, CallResult::Failed, 50),
        not_taken("o5", "carl", 90, CallResult::Withdrawn, 5000),
        CallRecord {
            received: DAY + 7300,
            ..member("c8", CallResult::Lost, "", "anna")
        },
        // The day before, and the day after.
        left("c0", -1, 1000, "BREAK_OUT"),
        left("c9", 86_400, 500_000, "BREAK_OUT"),
    ]);
    records
}

fn changes(records: &[CallRecord]) -> Vec<RowChange> {
    let boxed = records.iter().cloned().map(Box::new);
    boxed.map(RowChange::CallRecord).collect()
}

/// What each report of the document says of that day, line by line.
const EXPECTED: &[(&str, &[&str])] = &[
    (
        "Service level",
        &[
            "sales 3600 1 1 100",
            "support 0 4 1 25",
            "support 900 1 1 100",
            "support 3600 1 0 0",
            "support 7200 1 0 0",
        ],
    ),
    (
        "Calls per hour",
        &[
            "sales 3600 1 1 0",
            "support 0 5 3 2",
            "support 3600 1 0 1",
            "support 7200 1 0 0",
        ],
    ),
    (
        "Abandonment by wait",
        &["below_10_s 1", "10_s_to_60_s 1", "over_60_s 1"],
    ),
    ("Why callers left", &["support BREAK_OUT 2", "support TIMEOUT 1"]),
    ("Waits and talks", &["sales 7 10 7", "support 18.3 70.1 90"]),
    (
        "Longest waits",
        &[
            "3800 support n-c7 abandoned 90",
            "40 support n-c6 abandoned 45",
            "20 support n-c2 answered 30",
        ],
    ),
    (
        "Agent activity",
        &["anna 3 2 180 3", "ben 4 2 40.4 2", "carl 1 0 0 NULL"],
    ),
    ("Offers not taken", &["anna 1 0 0 0", "ben 0 1 1 0", "carl 0 0 0 1"]),
    (
        "As OpenSIPS counts",
        &[
            "n-c1 10 5 2 60 support anna 0 0",
            "n-c2 20 30 4 120 support anna 0 0",
            "n-c5 30 4 0 0 support  1 0",
            "n-c6 40 45 0 0 support  1 0",
            "n-o1 50 0 1 0 support anna -2 0",
            "n-o2 60 0 0 0 support ben -2 0",
            "n-o3 70 0 20 0 support ben -2 0",
            "n-o4 80 0 0 0 support carl -2 0",
            "n-c3 1000 20 3 30 support ben 0 0",
            "n-c4 3700 7 1 10 sales ben 0 0",
            "n-c7 3800 90 0 0 support  1 0",
            "n-c8 7300 0 0 0 support anna -1 0",
        ],
    ),
];

/// The queries of docs/admin/reports.md, by their headings.
fn documented() -> Vec<(String, String)> {
    let document = std::fs::read_to_string("docs/admin/reports.md").expect("the document");
    let reports = document.split("\n### ").skip(1).map(|section| {
        let (heading, rest) = section.split_once('\n').expect("a heading");
        let (_, rest) = rest.split_once("```sql\n").expect("a query");
        let (query, _) = rest.split_once("```").expect("the query's end");
        let query = query
            .replace(":from", &DAY.to_string())
            .replace(":to", &(DAY + 86_400).to_string());
        (heading.to_owned(), query.replace('\n', " "))
    });
    reports.collect()
}

/// Numbers as people write them, seconds of the day for instants, and no blanks within a cell.
fn plain(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(number) if number >= DAY as f64 => (number - DAY as f64).to_string(),
        Ok(number) => number.to_string(),
        Err(_) => cell.replace(' ', "_"),
    }
}

fn check_reports(run: impl Fn(&str) -> Vec<Vec<String>>) {
    let documented = documented();
    let headings: Vec<&str> = documented.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(
        headings,
        EXPECTED.iter().map(|(heading, _)| *heading).collect::<Vec<_>>()
    );
    for ((heading, query), (_, expected)) in documented.iter().zip(EXPECTED) {
        let lines: Vec<String> = run(query)
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(lines, *expected, "{heading}: {query}");
    }
}

#[test]
fn the_documented_reports_are_right_on_sqlite() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("callcenter.db");
    let mut store = SqliteStore::open(&path, false).expect("a store");
    store.load().expect("rows");
    store.keep_records().expect("a table");
    store.apply(&changes(&a_day())).expect("records");
    let connection = rusqlite::Connection::open(&path).expect("a connection");
    check_reports(|query| {
        let mut statement = connection.prepare(query).expect("a query");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|at| {
                    Ok(match row.get::<_, Value>(at)? {
                        Value::Null => "NULL".to_owned(),
                        Value::Integer(number) => number.to_string(),
                        Value::Real(number) => number.to_string(),
                        Value::Text(text) => text,
                        Value::Blob(_) => "a blob".to_owned(),
                    })
                })
                .collect()
        });
        rows.expect("an answer").map(|row| row.expect("a row")).collect()
    });
}

#[test]
fn the_documented_reports_are_right_on_servers() {
    on_each("reports", |server, database| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut store = recording(server, database, directory.path());
        store.put_aside(&mut changes(&a_day())).expect("a journal");
        wait_for(server, database, a_day().len());
        let separator = separator(server);
        check_reports(|query| {
            let answer = server.administer(database, query);
            let rows = answer
                .lines()
                .map(|line| line.split(separator).map(str::to_owned).collect());
            rows.collect()
        });
    });
}

fn separator(server: &PrivateServer) -> char {
    if server.kind == Kind::Postgres {
        '\u{1f}'
    } else {
        '\t'
    }
}

/// A store whose records go to that database; its journal is in that directory.
fn recording(server: &PrivateServer, database: &str, directory: &Path) -> RecordingStore {
    let client = Client::of(server, database, &[]);
    let place = ServerRecords::new(Box::new(client), Layout::STOCKS, "single_box");
    let spool = Spool::at(&directory.join("journal.db"), false, 100_000);
    RecordingStore::start(Box::new(NoRows), spool, Box::new(place), Box::new(drop)).expect("a thread")
}

fn wait_for(server: &PrivateServer, database: &str, expected: usize) {
    let deadline = Instant::now() + LONG;
    while ask(server, database, "SELECT COUNT(*) FROM cdrs").as_deref() != Some(expected.to_string().as_str()) {
        assert!(Instant::now() < deadline, "{expected} records expected");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The answer of one line; none when there is no such table yet.
fn ask(server: &PrivateServer, database: &str, sql: &str) -> Option<String> {
    let tables = match server.kind {
        Kind::Postgres => "SELECT COUNT(*) FROM pg_class WHERE relname = 'cdrs'",
        Kind::MariaDb => {
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'cdrs'"
        }
    };
    let is_there = server.administer(database, tables).trim() == "1";
    is_there.then(|| server.administer(database, sql).trim().to_owned())
}

fn stays(range: std::ops::Range<usize>) -> Vec<CallRecord> {
    range
        .map(|number| left(&format!("s{number}"), 0, 1000, "BREAK_OUT"))
        .collect()
}

#[test]
fn records_are_written_once_however_often_they_are_moved() {
    on_each("once", |server, database| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut first = recording(server, database, directory.path());
        first.put_aside(&mut changes(&stays(0..450))).expect("a journal");
        wait_for(server, database, 450);
        drop(first);
        // As after a crash between the server's commit and the end of the journal's transaction.
        let mut second = recording(server, database, directory.path());
        second.put_aside(&mut changes(&stays(440..460))).expect("a journal");
        wait_for(server, database, 460);
    });
}

#[test]
fn a_record_arrives_as_it_was() {
    on_each("whole", |server, database| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut store = recording(server, database, directory.path());
        let name = "O'Brien \\' Müller \u{1F600} \"; --";
        let odd = CallRecord {
            caller_name: name.to_owned(),
            cause: "x".repeat(300),
            received: 5_000_000_000,
            wait_ms: 4_000_000_000,
            ..left("odd", 0, 0, "")
        };
        store.put_aside(&mut changes(&[odd])).expect("a journal");
        wait_for(server, database, 1);
        // What the clients show of a character depends on their settings.
        let shown = match server.kind {
            Kind::Postgres => "encode(convert_to(caller_name, 'UTF8'), 'hex')",
            Kind::MariaDb => "LOWER(HEX(CONVERT(caller_name USING utf8mb4)))",
        };
        let sql = format!("SELECT {shown}, received, wait_ms, LENGTH(cause) FROM cdrs");
        let digits: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
        let expected = [&digits, "5000000000", "4000000000", "255"].join(&separator(server).to_string());
        assert_eq!(ask(server, database, &sql), Some(expected));
    });
}

#[test]
fn reports_have_their_indexes() {
    on_each("indexes", |server, database| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let _store = recording(server, database, directory.path());
        wait_for(server, database, 0);
        let sql = match server.kind {
            Kind::Postgres => {
                "SELECT indexname FROM pg_indexes WHERE tablename = 'cdrs' AND indexname LIKE 'cdrs_%' ORDER BY 1"
            }
            Kind::MariaDb => {
                "SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() \
                 AND table_name = 'cdrs' AND index_name LIKE 'cdrs%' ORDER BY 1"
            }
        };
        let deadline = Instant::now() + LONG;
        loop {
            let indexes = server.administer(database, sql);
            let names: Vec<&str> = indexes.lines().filter(|name| *name != "cdrs_pkey").collect();
            if names == ["cdrs_agent", "cdrs_member", "cdrs_queue", "cdrs_received"] {
                break;
            }
            assert!(Instant::now() < deadline, "{names:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    });
}

#[test]
fn records_wait_while_their_server_is_away_and_through_a_restart_of_ours() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(mut server) = PrivateServer::start(kind, &[]) else {
            continue;
        };
        server.create_database("away");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut first = recording(&server, "away", directory.path());
        first.put_aside(&mut changes(&stays(0..10))).expect("a journal");
        wait_for(&server, "away", 10);
        server.stop();
        first.put_aside(&mut changes(&stays(10..300))).expect("a journal");
        drop(first);
        let mut second = recording(&server, "away", directory.path());
        second.put_aside(&mut changes(&stays(300..310))).expect("a journal");
        server.run();
        wait_for(&server, "away", 310);
    }
}
