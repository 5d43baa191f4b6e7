//! Call detail records through crashes, full journals, and databases that fail in every way.

mod lost;
mod lost_log;

use super::*;
use crate::engine::{find_parameter, CallRecord, CallResult, Media, Notice, RecordKind, Settings, SETTINGS};
use crate::store::sqlite::tests::{agent, member};
use crate::store::tables::call_record_cells;
use crate::store::{Journal, JournalThread, Layout, SqliteStore};
use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;
use std::path::PathBuf;
use std::time::Duration;

/// Long enough for anything that should happen at all.
const LONG: Duration = Duration::from_secs(20);

/// The record of a stay.
fn record(uuid: &str) -> CallRecord {
    CallRecord {
        uuid: uuid.to_owned(),
        instance_id: "single_box".to_owned(),
        kind: RecordKind::Member,
        result: CallResult::Answered,
        cause: "NORMAL_CLEARING".to_owned(),
        queue: "q".to_owned(),
        agent: "a1".to_owned(),
        agent_uuid: "leg".to_owned(),
        member_uuid: "m1".to_owned(),
        session_uuid: "session".to_owned(),
        caller_number: "100".to_owned(),
        caller_name: "O'Brien | \\ \"x\"".to_owned(),
        dnis: String::new(),
        received: 1_700_000_000,
        ended: 1_700_000_060,
        wait_ms: 20_500,
        pickup_ms: 1500,
        talk_ms: 39_500,
        offers: 2,
        rejections: 1,
        media: Media::Audio,
    }
}

fn change(uuid: &str) -> RowChange {
    RowChange::CallRecord(Box::new(record(uuid)))
}

/// Rows that are kept nowhere.
struct NoRows;

impl Store for NoRows {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot::default())
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        assert!(
            !changes.iter().any(|change| matches!(change, RowChange::CallRecord(_))),
            "a record among the rows"
        );
        Ok(())
    }

    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        Ok(ChangesByOthers::default())
    }

    fn take_remarks(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// What a test's database does.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    #[default]
    Works,
    Fails,
    /// Commits, and then says that it failed.
    FailsAfterwards,
}

/// A database that ignores what it has.
#[derive(Clone, Default)]
struct Place(Arc<(Mutex<Inside>, Condvar)>);

#[derive(Default)]
struct Inside {
    mood: Mood,
    records: Vec<String>,
    attempts: usize,
}

impl Place {
    fn set(&self, mood: Mood) {
        self.0 .0.lock().mood = mood;
    }

    fn wait_until(&self, what: &str, is_so: impl Fn(&Inside) -> bool) {
        let mut inside = self.0 .0.lock();
        while !is_so(&inside) {
            let late = self.0 .1.wait_for(&mut inside, LONG).timed_out();
            assert!(!late, "{what} expected: {:?}", inside.records);
        }
    }

    fn wait_for(&self, records: &[&str]) {
        self.wait_until("records", |inside| inside.records == records);
    }
}

impl RecordPlace for Place {
    fn prepare(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn add(&mut self, records: &[Stored]) -> Result<(), StoreError> {
        let mut inside = self.0 .0.lock();
        inside.attempts += 1;
        if inside.mood != Mood::Fails {
            for record in records {
                let uuid = record.uuid().to_owned();
                if !inside.records.contains(&uuid) {
                    inside.records.push(uuid);
                }
            }
        }
        self.0 .1.notify_all();
        match inside.mood {
            Mood::Works => Ok(()),
            _ => Err(StoreError("away".to_owned())),
        }
    }
}

/// A directory with a journal of records in it.
struct Bench {
    directory: tempfile::TempDir,
    reports: Arc<Mutex<Vec<String>>>,
}

impl Bench {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
            reports: Arc::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn spool(&self, limit: u32) -> Spool {
        Spool::at(&self.path("journal.db"), false, limit)
    }

    fn start(&self, place: impl RecordPlace + 'static) -> RecordingStore {
        self.start_over(Box::new(NoRows), place, 1000)
    }

    fn start_over(&self, rows: Box<dyn Store>, place: impl RecordPlace + 'static, limit: u32) -> RecordingStore {
        let reports = Arc::clone(&self.reports);
        let report = Box::new(move |notice: Notice| reports.lock().push(notice.text));
        RecordingStore::start(rows, self.spool(limit), Box::new(place), report).expect("a thread")
    }

    /// How many records the journal holds.
    fn held(&self) -> i64 {
        count(&self.path("journal.db"), "cdrs_journal")
    }
}

fn count(path: &std::path::Path, table: &str) -> i64 {
    let connection = Connection::open(path).expect("a database");
    connection
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
        .expect("a count")
}

/// What the settings make of these names.
fn named(table: &str, columns: &str) -> Layout {
    let mut settings = Settings::default();
    for (name, value) in [("cdrs-table", table), ("cdrs-columns", columns)] {
        let setting = find_parameter(SETTINGS, name).expect("a setting");
        setting.set(&mut settings, value).expect(value);
    }
    Layout::of(&settings)
}

/// How many records there are; none while there is no such table.
fn records_in(path: &std::path::Path) -> Option<i64> {
    let connection = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
    connection
        .query_row("SELECT count(*) FROM calls", [], |row| row.get(0))
        .ok()
}

fn put_aside(store: &mut RecordingStore, uuids: &[&str]) {
    let mut changes: Vec<_> = uuids.iter().map(|uuid| change(uuid)).collect();
    store.put_aside(&mut changes).expect("a journal");
    assert_eq!(changes, []);
}

#[test]
fn only_records_are_put_aside_and_they_are_moved() {
    let (bench, place) = (Bench::new(), Place::default());
    let mut store = bench.start(place.clone());
    let rows = [RowChange::Agent(agent("a1")), RowChange::Member(member("m1"))];
    let mut changes = vec![rows[0].clone(), change("one"), rows[1].clone(), change("two")];
    store.put_aside(&mut changes).expect("a journal");
    assert_eq!(changes, rows);
    place.wait_for(&["one", "two"]);
    drop(store);
    assert_eq!(bench.held(), 0, "what is there is forgotten here");
}

#[test]
fn records_wait_while_their_database_is_away_and_are_caught_up_in_order() {
    let (bench, place) = (Bench::new(), Place::default());
    place.set(Mood::Fails);
    let mut store = bench.start(place.clone());
    put_aside(&mut store, &["one"]);
    put_aside(&mut store, &["two", "three"]);
    place.wait_until("attempts", |inside| inside.attempts > 2);
    assert_eq!(bench.held(), 3);
    place.set(Mood::Works);
    place.wait_for(&["one", "two", "three"]);
    drop(store);
    let reports = bench.reports.lock();
    assert!(reports[0].starts_with("away Calls go on"), "{reports:?}");
    assert!(reports[1].contains("3 records were caught up"), "{reports:?}");
    assert_eq!(reports.len(), 2, "{reports:?}");
}

#[test]
fn a_commit_that_was_not_heard_of_writes_nothing_twice() {
    let (bench, place) = (Bench::new(), Place::default());
    place.set(Mood::FailsAfterwards);
    let mut store = bench.start(place.clone());
    put_aside(&mut store, &["one", "two"]);
    place.wait_until("attempts", |inside| inside.attempts > 1);
    assert_eq!(bench.held(), 2, "they stay until the commit is certain");
    place.set(Mood::Works);
    place.wait_until("an end", |inside| inside.attempts > 2);
    drop(store);
    assert_eq!(place.0 .0.lock().records, ["one", "two"]);
    assert_eq!(bench.held(), 0);
}

#[test]
fn what_an_earlier_process_left_is_moved() {
    let bench = Bench::new();
    let records = [Box::new(record("one")), Box::new(record("two"))];
    bench.spool(1000).keep(&records).expect("a journal");
    let place = Place::default();
    let _store = bench.start(place.clone());
    place.wait_for(&["one", "two"]);
}

#[test]
fn a_record_that_is_kept_twice_is_one() {
    let bench = Bench::new();
    let spool = bench.spool(1000);
    spool.keep(&[Box::new(record("one"))]).expect("a journal");
    spool
        .keep(&[Box::new(record("one")), Box::new(record("two"))])
        .expect("a journal");
    let oldest = spool.oldest(10).expect("records");
    assert_eq!(oldest.iter().map(Stored::uuid).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(cells_of(&oldest[0]), call_record_cells(&record("one")), "as it was");
}

#[test]
fn a_full_journal_keeps_what_it_has_and_says_how_many_it_did_not_take() {
    let bench = Bench::new();
    let spool = bench.spool(2);
    let records: Vec<_> = (0..5).map(|number| Box::new(record(&format!("r{number}")))).collect();
    spool.keep(&records[..1]).expect("a journal");
    assert_eq!(spool.take_remark(), None);
    spool.keep(&records[1..4]).expect("a journal");
    let remark = spool.take_remark().expect("it is full");
    assert!(
        remark.contains("holds 2 records") && remark.contains("raise cdrs-journal-limit"),
        "{remark}"
    );
    assert_eq!(spool.take_remark(), None, "once");
    let oldest = spool.oldest(10).expect("records");
    assert_eq!(oldest.iter().map(Stored::uuid).collect::<Vec<_>>(), ["r0", "r1"]);
    spool.forget(&oldest).expect("a journal");
    let remark = spool.take_remark().expect("it has room");
    assert!(remark.contains("2 records were not kept"), "{remark}");
    spool.keep(&records[4..]).expect("a journal");
    assert_eq!((bench.held(), spool.take_remark()), (1, None));
}

#[test]
fn a_journal_that_cannot_be_written_keeps_the_rows_waiting_too() {
    let bench = Bench::new();
    let missing = Spool::at(&bench.path("missing/journal.db"), false, 10);
    let place = Place::default();
    let mut store =
        RecordingStore::start(Box::new(NoRows), missing, Box::new(place), Box::new(drop)).expect("a thread");
    let mut changes = vec![change("one"), RowChange::Agent(agent("a1"))];
    let error = store.put_aside(&mut changes).expect_err("there is no such directory");
    assert!(error.0.contains("its directory does not exist"), "{error}");
    assert_eq!(changes.len(), 2, "nothing is taken out");
}

/// The rows of a batch are tried again and again; its records are safe with the first attempt.
#[test]
fn records_do_not_wait_for_rows_that_cannot_be_written() {
    struct Broken;
    impl Store for Broken {
        fn load(&mut self) -> Result<Snapshot, StoreError> {
            Ok(Snapshot::default())
        }
        fn apply(&mut self, _: &[RowChange]) -> Result<(), StoreError> {
            Err(StoreError("broken".to_owned()))
        }
        fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
            Ok(ChangesByOthers::default())
        }
        fn take_remarks(&mut self) -> Vec<String> {
            Vec::new()
        }
    }
    let (bench, place) = (Bench::new(), Place::default());
    let store = bench.start_over(Box::new(Broken), place.clone(), 10);
    let journal = JournalThread::start(Box::new(store), Box::new(drop)).expect("a thread");
    journal.record(vec![RowChange::Agent(agent("a1")), change("one")]);
    place.wait_for(&["one"]);
}

#[test]
fn records_go_to_another_file_too_and_it_is_made_anew_when_it_is_gone() {
    let bench = Bench::new();
    let path = bench.path("records.db");
    let wait_for = |expected: i64| {
        let deadline = std::time::Instant::now() + LONG;
        while records_in(&path) != Some(expected) {
            assert!(std::time::Instant::now() < deadline, "{expected} records expected");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let mut store = bench.start(FileRecords::new(&path, false, named("calls", "")));
    put_aside(&mut store, &["one", "two"]);
    wait_for(2);
    for file in ["records.db", "records.db-wal", "records.db-shm"] {
        // Not each of them is there at every moment.
        let _ = std::fs::remove_file(bench.path(file));
    }
    put_aside(&mut store, &["three"]);
    wait_for(1);
}

#[test]
fn the_table_and_its_columns_have_the_names_of_the_site() {
    let bench = Bench::new();
    let path = bench.path("records.db");
    let layout = named("calls", "uuid=id,caller_number=src,received=calldate,queue=flow");
    let mut place = FileRecords::new(&path, false, layout);
    place.prepare().expect("a table");
    let journal = Spool::at(&bench.path("journal.db"), false, 10);
    journal.keep(&[Box::new(record("one"))]).expect("a record");
    place.add(&journal.oldest(1).expect("the record")).expect("its row");
    let file = Connection::open(&path).expect("a connection");
    let row = file.query_row("SELECT id, src, calldate FROM calls WHERE flow = 'q'", [], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
        ))
    });
    assert_eq!(row.expect("a row"), ("one".to_owned(), "100".to_owned(), 1_700_000_000));
    let indexes = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(flow, calldate)'";
    let found: i64 = file.query_row(indexes, [], |row| row.get(0)).expect("a count");
    assert_eq!(found, 1);
}

/// A SQLite file of rows with records among them.
fn among_rows(path: &std::path::Path) -> SqliteStore {
    let mut store = SqliteStore::open(path, false).expect("a store");
    store.load().expect("rows");
    store.keep_records().expect("a table");
    store
}

#[test]
fn records_are_in_one_transaction_with_the_rows_where_they_share_a_file() {
    let bench = Bench::new();
    let path = bench.path("callcenter.db");
    let mut store = among_rows(&path);
    assert_eq!(count(&path, "cdrs"), 0, "reports find the table from the start");
    let batch = [RowChange::Member(member("m1")), change("one")];
    store.apply(&batch).expect("a transaction");
    store.apply(&batch).expect("the same again");
    assert_eq!((count(&path, "cdrs"), count(&path, "members")), (1, 1));

    let other = Connection::open(&path).expect("a connection");
    other.execute_batch("DROP TABLE cdrs").expect("no table");
    assert!(store.apply(&[change("two")]).is_err());
    store.apply(&[change("two")]).expect("the table is made anew");
    assert_eq!(count(&path, "cdrs"), 1);

    std::fs::remove_file(&path).expect("no file");
    store.apply(&[change("three")]).expect("the file is made anew");
    assert_eq!(
        (count(&path, "cdrs"), count(&path, "members")),
        (3, 1),
        "with what was in the log alone"
    );
}

#[test]
fn a_table_of_an_earlier_release_keeps_its_rows_and_gets_the_columns_it_lacks() {
    let bench = Bench::new();
    let path = bench.path("callcenter.db");
    let other = Connection::open(&path).expect("a connection");
    other
        .execute_batch(
            "CREATE TABLE cdrs (uuid VARCHAR(255) NOT NULL PRIMARY KEY, queue VARCHAR(255)); INSERT INTO cdrs VALUES ('old', 'q')",
        )
        .expect("an older table");
    among_rows(&path).apply(&[change("new")]).expect("a record");
    let kept: (String, i64) = other
        .query_row("SELECT group_concat(uuid), sum(talk_ms) FROM cdrs", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("rows");
    assert_eq!(kept, ("old,new".to_owned(), 39_500));
}

#[test]
fn no_table_is_made_where_no_records_are_kept() {
    let bench = Bench::new();
    let path = bench.path("callcenter.db");
    let mut store = SqliteStore::open(&path, false).expect("a store");
    store.load().expect("rows");
    store.apply(&[RowChange::Agent(agent("a1"))]).expect("a row");
    let connection = Connection::open(&path).expect("a connection");
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE name LIKE 'cdrs%'",
            [],
            |row| row.get(0),
        )
        .expect("a count");
    assert_eq!(tables, 0);
}
