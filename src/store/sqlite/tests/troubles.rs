//! Files that cannot be used for a while: at the start, and in the middle of everything. What is known is never lost, and
//! what only the file knows is taken up when it can be used.

use super::*;
use crate::engine::{AgentStatus, ChangeByOthers};

const EVERYTHING: TakeUp = TakeUp {
    queues: false,
    agents: true,
    tiers: true,
    ..TakeUp::ALL
};

fn opened(place: &Place) -> Opened<SqliteStore> {
    SqliteStore::open_or_go_without(&place.path(), false, "single_box", EVERYTHING)
}

fn with_status(name: &str, status: AgentStatus) -> AgentRow {
    AgentRow { status, ..agent(name) }
}

/// A file with the agents `a1` (on break) and `old`, and a tier of each, as an earlier run left it.
fn earlier_file(place: &Place) {
    let (mut store, _) = place.loaded();
    let mut talking = with_status("old", AgentStatus::Available);
    talking.state = AgentState::InAQueueCall;
    talking.uuid = "a leg".to_owned();
    store
        .apply(&[
            RowChange::Agent(with_status("a1", AgentStatus::OnBreak)),
            RowChange::Agent(talking),
            RowChange::Tier(tier("q", "a1")),
            RowChange::Tier(TierRow {
                state: TierState::ActiveInbound,
                ..tier("q", "old")
            }),
        ])
        .expect("rows");
}

/// What the call centre has come to know without the file.
fn configured() -> [RowChange; 2] {
    [
        RowChange::Agent(with_status("a1", AgentStatus::Available)),
        RowChange::Tier(tier("q", "a1")),
    ]
}

/// After the trouble of [`earlier_file`]: our own `a1` stands, `old` and its tier are told once, at rest.
fn taken_up(place: &Place, mut store: SqliteStore) {
    store.apply(&configured()).expect("a transaction");
    let told = store.changes_of_others().expect("a look");
    let old = with_status("old", AgentStatus::Available);
    assert_eq!(told.agents, [ChangeByOthers::Added(old)]);
    assert_eq!(told.tiers, [ChangeByOthers::Added(tier("q", "old"))]);
    assert!(store.changes_of_others().expect("a look").is_empty(), "told once");
    drop(store);
    let (_, snapshot) = place.loaded();
    let names: Vec<_> = snapshot
        .agents
        .iter()
        .map(|row| (row.name.as_str(), row.status))
        .collect();
    assert_eq!(names, [("a1", AgentStatus::Available), ("old", AgentStatus::Available)]);
    assert_eq!(snapshot.tiers.len(), 2);
}

#[test]
fn a_directory_that_comes_later_is_used_then() {
    let place = Place::new();
    earlier_file(&place);
    let away = place.directory.path().join("away.db");
    let inside = place.directory.path().join("sub");
    let path = inside.join("callcenter.db");
    std::fs::rename(place.path(), &away).expect("a file to move");
    let opened = SqliteStore::open_or_go_without(&path, false, "single_box", EVERYTHING);
    let trouble = opened.trouble.expect("a missing directory");
    assert!(trouble.0.contains("Make the directory"), "{trouble}");
    assert_eq!(opened.snapshot, Snapshot::default());
    let mut store = opened.store;
    store.apply(&configured()).expect_err("a missing directory");
    std::fs::create_dir(&inside).expect("the directory");
    std::fs::rename(&away, &path).expect("the file in its place");
    store.apply(&configured()).expect("a transaction");
    let told = store.changes_of_others().expect("a look");
    assert_eq!((told.agents.len(), told.tiers.len()), (1, 1));
}

#[test]
fn a_file_that_is_no_database_at_the_start_is_left_alone_until_it_is_replaced() {
    let place = Place::new();
    earlier_file(&place);
    let away = place.directory.path().join("away.db");
    std::fs::rename(place.path(), &away).expect("a file to move");
    let text = "this is no database, and it may be dear to somebody; it is long enough to be read";
    std::fs::write(place.path(), text).expect("a file");
    let opened = opened(&place);
    let trouble = opened.trouble.expect("a text file");
    assert!(trouble.0.contains("move the file away"), "{trouble}");
    let mut store = opened.store;
    store.apply(&configured()).expect_err("a text file");
    assert_eq!(std::fs::read_to_string(place.path()).expect("the file"), text);
    std::fs::rename(&away, place.path()).expect("a backup in its place");
    taken_up(&place, store);
}

#[test]
fn a_file_locked_at_the_start_is_taken_up_when_it_is_free() {
    let place = Place::new();
    earlier_file(&place);
    let other = place.other();
    other
        .execute_batch("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")
        .expect("a lock that keeps readers out");
    let opened = opened(&place);
    let trouble = opened.trouble.expect("a locked file");
    assert!(trouble.0.contains("Close that program"), "{trouble}");
    assert_eq!(opened.snapshot, Snapshot::default());
    other.execute_batch("COMMIT").expect("the lock's end");
    drop(other);
    taken_up(&place, opened.store);
}

#[test]
fn a_file_that_can_only_be_read_at_the_start_is_read() {
    let place = Place::new();
    earlier_file(&place);
    let other = place.other();
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("a lock that lets readers in");
    let opened = opened(&place);
    opened.trouble.expect("a locked file");
    let names: Vec<_> = opened.snapshot.agents.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["a1", "old"]);
    let mut store = opened.store;
    other
        .execute_batch("UPDATE agents SET contact = 'user/9' WHERE name = 'old'; COMMIT")
        .expect("another program's change");
    let logged_out = agent("a1");
    store
        .apply(&[RowChange::Agent(logged_out.clone())])
        .expect("a transaction");
    let told = store.changes_of_others().expect("a look");
    assert_eq!(told.agents.len(), 1, "{:?}", told.agents);
    drop(store);
    let (_, snapshot) = place.loaded();
    assert_eq!(snapshot.agents.first(), Some(&logged_out));
}

#[test]
fn rows_that_the_settings_forget_are_forgotten_later_too() {
    let place = Place::new();
    earlier_file(&place);
    let away = place.directory.path().join("away.db");
    std::fs::rename(place.path(), &away).expect("a file to move");
    std::fs::create_dir(place.path()).expect("something in the way");
    let nothing = TakeUp {
        queues: false,
        agents: false,
        tiers: false,
        ..TakeUp::ALL
    };
    let mut store = SqliteStore::open_or_go_without(&place.path(), false, "single_box", nothing).store;
    std::fs::remove_dir(place.path()).expect("nothing in the way");
    std::fs::rename(&away, place.path()).expect("the file in its place");
    store.apply(&configured()).expect("a transaction");
    assert!(store.changes_of_others().expect("a look").is_empty());
    drop(store);
    let (_, snapshot) = place.loaded();
    assert_eq!((snapshot.agents.len(), snapshot.tiers.len()), (1, 1));
}

/// Spoils the file while the store has it open.
fn overwrite(place: &Place) {
    place
        .other()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("everything in one file");
    let length = std::fs::metadata(place.path()).expect("the file").len();
    let garbage = vec![0xa5; usize::try_from(length).expect("a small file")];
    std::fs::write(place.path(), garbage).expect("a spoilt file");
}

/// Writes until the trouble shows, and returns it with the agents that were written meanwhile.
fn write_until_it_fails(store: &mut SqliteStore) -> StoreError {
    for number in 0..50 {
        let change = RowChange::Agent(agent(&format!("n{number}")));
        if let Err(error) = store.apply(&[change]) {
            return error;
        }
    }
    panic!("a spoilt file is written to without an error");
}

#[test]
fn a_file_spoilt_in_use_is_made_anew_with_everything_once_it_is_moved_away() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    store.apply(&configured()).expect("rows");
    overwrite(&place);
    let error = write_until_it_fails(&mut store);
    assert!(error.0.contains("move"), "{error}");
    store
        .apply(&[RowChange::Agent(agent("late"))])
        .expect_err("it is spoilt still");
    std::fs::rename(place.path(), place.directory.path().join("spoilt.db")).expect("a file to move");
    store.apply(&[RowChange::Agent(agent("late"))]).expect("a new file");
    drop(store);
    let (_, snapshot) = place.loaded();
    for name in ["a1", "late"] {
        assert!(snapshot.agents.iter().any(|row| row.name == name), "{name} is lost");
    }
    assert_eq!(snapshot.tiers, [tier("q", "a1")]);
}

#[test]
fn a_backup_copied_over_a_spoilt_file_takes_nothing_away() {
    let place = Place::new();
    earlier_file(&place);
    let backup = std::fs::read(place.path()).expect("a backup");
    let (mut store, _) = place.loaded();
    store
        .apply(&[RowChange::Agent(agent("newer")), RowChange::AgentGone("old".to_owned())])
        .expect("rows");
    overwrite(&place);
    write_until_it_fails(&mut store);
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(place.directory.path().join(format!("callcenter.db{suffix}")));
    }
    std::fs::write(place.path(), backup).expect("the backup in its place");
    store.apply(&[RowChange::Agent(agent("late"))]).expect("a transaction");
    let told = store.changes_of_others().expect("a look");
    let gone = told
        .agents
        .iter()
        .filter(|change| matches!(change, ChangeByOthers::Gone(_)));
    assert_eq!(gone.count(), 0, "{:?}", told.agents);
    drop(store);
    let (_, snapshot) = place.loaded();
    for name in ["a1", "newer", "late"] {
        assert!(snapshot.agents.iter().any(|row| row.name == name), "{name} is lost");
    }
}

#[test]
fn a_log_left_beside_a_replaced_file_is_not_taken_for_the_new_ones() {
    let place = Place::new();
    earlier_file(&place);
    let backup = std::fs::read(place.path()).expect("a backup");
    let (mut store, _) = place.loaded();
    store.apply(&[RowChange::Agent(agent("newer"))]).expect("rows");
    assert!(place.directory.path().join("callcenter.db-wal").exists());
    std::fs::rename(place.path(), place.directory.path().join("spoilt.db")).expect("a file to move");
    std::fs::write(place.path(), backup).expect("the backup in its place");
    store.apply(&[RowChange::Agent(agent("late"))]).expect("a transaction");
    drop(store);
    let check: String = place
        .other()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(check, "ok");
    let (_, snapshot) = place.loaded();
    let names: Vec<_> = snapshot.agents.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["a1", "old", "newer", "late"]);
}

#[test]
fn what_lies_beside_the_file_has_its_permissions_and_a_file_made_anew_those_of_the_lost_one() {
    let place = Place::new();
    let mode = |suffix: &str| {
        let path = place.directory.path().join(format!("callcenter.db{suffix}"));
        std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
    };
    let (mut store, _) = place.loaded();
    store.apply(&configured()).expect("rows");
    assert_eq!([mode(""), mode("-wal"), mode("-shm")], [0o600; 3]);
    drop(store);
    // A site that lets a group read and write it.
    std::fs::set_permissions(place.path(), Permissions::from_mode(0o660)).expect("permissions");
    let (mut store, _) = place.loaded();
    store.apply(&[RowChange::Agent(agent("a2"))]).expect("rows");
    assert_eq!([mode(""), mode("-wal"), mode("-shm")], [0o660; 3]);
    std::fs::remove_file(place.path()).expect("a file to remove");
    store.apply(&[RowChange::Agent(agent("a3"))]).expect("a new file");
    assert_eq!([mode(""), mode("-wal"), mode("-shm")], [0o660; 3]);
}
