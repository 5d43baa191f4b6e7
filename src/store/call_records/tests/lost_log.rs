//! Files whose write-ahead log somebody deletes while they are open.

use super::*;

/// Deletes what SQLite keeps beside the file.
fn delete_log(path: &std::path::Path) {
    for suffix in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        std::fs::remove_file(name).expect("a file beside");
    }
}

#[test]
fn records_among_the_rows_outlast_the_loss_of_the_log() {
    let bench = Bench::new();
    let path = bench.path("callcenter.db");
    let mut store = among_rows(&path);
    store.apply(&[change("one")]).expect("a record");
    delete_log(&path);
    store.apply(&[change("two")]).expect("a record");
    assert_eq!(count(&path, "cdrs"), 2);
    assert_eq!(store.take_remarks().len(), 1);
}

#[test]
fn records_that_wait_outlast_the_loss_of_their_file() {
    let bench = Bench::new();
    let path = bench.path("spool.db");
    let spool = Spool::at(&path, false, 10);
    let boxed = |uuid: &str| [Box::new(record(uuid))];
    spool.keep(&boxed("one")).expect("a record");
    delete_log(&path);
    spool.keep(&boxed("two")).expect("a record");
    std::fs::remove_file(&path).expect("the file");
    spool.keep(&boxed("three")).expect("a record");
    assert_eq!(count(&path, "cdrs_journal"), 3);
    assert!(spool.take_remark().is_some_and(|remark| remark.contains("deleted")));
    assert_eq!(spool.take_remark(), None, "told once");
}

#[test]
fn a_file_of_records_that_loses_its_log_is_opened_anew() {
    let bench = Bench::new();
    let path = bench.path("records.db");
    let mut place = FileRecords::new(&path, false, Layout::STOCKS);
    let stored = |uuid: &str| {
        let spool = Spool::at(&bench.path(uuid), false, 10);
        spool.keep(&[Box::new(record(uuid))]).expect("a record");
        spool.oldest(1).expect("the record")
    };
    place.add(&stored("one")).expect("a record");
    delete_log(&path);
    place.add(&stored("two")).expect("a record");
    let other = Connection::open(&path).expect("another program");
    let found: i64 = other
        .query_row("SELECT count(*) FROM cdrs WHERE uuid = 'two'", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(found, 1);
}
