//! A record that says that a stay was lost.

use super::*;

#[test]
fn a_record_that_says_lost_gives_way_and_no_other_does() {
    let bench = Bench::new();
    let path = bench.path("callcenter.db");
    let mut store = among_rows(&path);
    let file = Connection::open(&path).expect("a connection");
    for (result, kept) in [
        (CallResult::Lost, "lost"),
        (CallResult::Abandoned, "abandoned"),
        (CallResult::Lost, "abandoned"),
        (CallResult::Answered, "abandoned"),
    ] {
        let record = CallRecord {
            result,
            ..record("one")
        };
        let change = RowChange::CallRecord(Box::new(record));
        store.apply(&[change]).expect("a record");
        let found = file.query_row("SELECT result FROM cdrs", [], |row| row.get::<_, String>(0));
        assert_eq!(found.expect("one record"), kept, "{result:?}");
    }
}
