//! The log beside the file.

use super::*;

#[test]
fn a_long_log_is_brought_into_the_file_when_there_is_time() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("callcenter.db");
    let mut store = SqliteStore::open(&path, false).expect("a new file");
    store.load().expect("no rows");
    assert!(store.is_at_hand());
    store.do_chores();
    let log = || std::fs::metadata(beside(&path, "-wal")).map_or(0, |log| log.len());
    let mut after_a_round = Vec::new();
    for round in 0..4 {
        for number in 0..1_000 {
            assert!(!store.has_chores(), "in round {round}, after {number} rows");
            let mut row = agent("a1");
            row.contact = format!("user/{round}-{number}");
            store.apply(&[RowChange::Agent(row)]).expect("a change");
        }
        assert!(store.has_chores());
        store.do_chores();
        after_a_round.push(log());
    }
    assert!(after_a_round[0] > 0);
    assert!(
        after_a_round[3] <= after_a_round[0] + after_a_round[0] / 10,
        "the log grows: {after_a_round:?}"
    );
}
