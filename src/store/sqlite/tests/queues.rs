//! The table `queues`: there with the setting `queues-from-db`, and only then.

use super::*;
use crate::engine::{ChangeByOthers, QueueConfig};

const WITH_QUEUES: TakeUp = TakeUp {
    queues: true,
    ..TakeUp::ALL
};

fn opened(place: &Place) -> (SqliteStore, Vec<QueueConfig>) {
    let opened = SqliteStore::open_or_go_without(&place.path(), false, "single_box", WITH_QUEUES);
    assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
    (opened.store, opened.snapshot.queues)
}

fn queue(name: &str) -> QueueConfig {
    QueueConfig {
        strategy: "ring-all".to_owned(),
        moh_sound: Some("it's; DROP TABLE queues".to_owned()),
        max_wait_time: 7,
        tier_rules_apply: true,
        ..QueueConfig::named(name)
    }
}

fn tables(connection: &Connection) -> i64 {
    let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'queues'";
    connection.query_row(sql, [], |row| row.get(0)).expect("a count")
}

#[test]
fn queues_are_written_read_again_and_deleted() {
    let place = Place::new();
    let (mut store, none) = opened(&place);
    assert_eq!(none, []);
    store
        .apply(&[
            RowChange::Queue(Box::new(queue("q1"))),
            RowChange::Queue(Box::new(QueueConfig::named("q2"))),
        ])
        .expect("two queues");
    store
        .apply(&[RowChange::QueueGone("q2".to_owned())])
        .expect("one of them");
    drop(store);
    assert_eq!(opened(&place).1, [queue("q1")]);
}

#[test]
fn without_the_setting_there_is_no_such_table() {
    let place = Place::new();
    let (store, _) = place.loaded();
    assert_eq!(tables(&place.other()), 0);
    drop(store);
    drop(opened(&place));
    assert_eq!(tables(&place.other()), 1);
}

#[test]
fn rows_of_others_have_defaults_where_they_say_nothing_and_wrong_values_are_told() {
    let place = Place::new();
    let (mut store, _) = opened(&place);
    let other = place.other();
    other
        .execute_batch("INSERT INTO queues (name, max_wait_time) VALUES ('q', 7)")
        .expect("a row");
    let changes = store.changes_of_others().expect("a look");
    let row = QueueConfig {
        max_wait_time: 7,
        ..QueueConfig::named("q")
    };
    assert_eq!(changes.queues, [ChangeByOthers::Added(row.clone())]);
    other
        .execute_batch("UPDATE queues SET discard_abandoned_after = 'soon', max_wait_time = 8")
        .expect("a change");
    let changes = store.changes_of_others().expect("a look");
    let after = QueueConfig {
        max_wait_time: 8,
        ..row.clone()
    };
    assert_eq!(changes.queues, [ChangeByOthers::Changed { before: row, after }]);
    let remarks = store.take_remarks().concat();
    assert!(
        remarks.contains("discard_abandoned_after: \"soon\" is not a number"),
        "{remarks}"
    );
}

#[test]
fn a_table_without_the_newer_columns_is_upgraded() {
    let place = Place::new();
    place
        .other()
        .execute_batch(
            "CREATE TABLE queues (name VARCHAR(255), strategy VARCHAR(255)); INSERT INTO queues VALUES ('q', 'random')",
        )
        .expect("an old table");
    let (_, queues) = opened(&place);
    let expected = QueueConfig {
        strategy: "random".to_owned(),
        ..QueueConfig::named("q")
    };
    assert_eq!(queues, [expected]);
}
