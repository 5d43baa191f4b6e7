//! Files that are taken away, replaced or overwritten while they are in use: what was answered as saved is in the files that have the
//! names, or is not answered so.

use super::*;
use crate::core::ForeignChange;
use std::path::Path;

/// A way to lose what is written: what is done to the files, given a backup of the database.
type Mishap = fn(&Path, &[u8]);

fn delete(path: &Path, suffix: &str) {
    std::fs::remove_file(beside(path, suffix)).expect("a file to delete");
}

const LOG_GONE: &[(&str, Mishap)] = &[
    ("-wal deleted", |path, _| delete(path, "-wal")),
    ("-shm deleted", |path, _| delete(path, "-shm")),
    ("both deleted", |path, _| {
        delete(path, "-wal");
        delete(path, "-shm");
    }),
    ("restored in place, log deleted", |path, backup| {
        std::fs::write(path, backup).expect("a backup in its place");
        delete(path, "-wal");
        delete(path, "-shm");
    }),
    ("restored in place, log left", |path, backup| {
        std::fs::write(path, backup).expect("a backup in its place");
    }),
];

const FILE_GONE: &[(&str, Mishap)] = &[
    ("deleted", |path, _| delete(path, "")),
    ("all deleted", |path, _| {
        ["", "-wal", "-shm"].iter().for_each(|suffix| delete(path, suffix))
    }),
    ("replaced by rename", |path, backup| {
        let new = path.with_extension("new");
        std::fs::write(&new, backup).expect("a backup");
        std::fs::rename(new, path).expect("in its place");
    }),
    ("replaced by another database", |path, _| {
        let new = path.with_extension("new");
        Connection::open(&new)
            .and_then(|other| other.execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('dear')"))
            .expect("another database");
        std::fs::rename(new, path).expect("in its place");
    }),
    ("directory moved, another in its place", |path, _| {
        let inside = path.parent().expect("a directory");
        std::fs::rename(inside, inside.with_extension("away")).expect("a move");
        std::fs::create_dir(inside).expect("a directory");
    }),
];

/// What somebody finds under these names who comes after a crash.
fn as_after_a_crash(path: &Path) -> Snapshot {
    let elsewhere = Place::new();
    for suffix in ["", "-wal"] {
        let (from, to) = (beside(path, suffix), beside(&elsewhere.path(), suffix));
        if from.exists() {
            std::fs::copy(from, to).expect("a copy");
        }
    }
    let verdict: String = elsewhere
        .other()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(verdict, "ok");
    elsewhere.loaded().1
}

/// A store whose file has `a1` and `old`, as the backup has; since then `old` was deleted, and `newer` and a tier came.
fn in_use(path: &Path) -> (SqliteStore, Vec<u8>) {
    std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
    let mut store = SqliteStore::open(path, false).expect("a store");
    store.load().expect("no rows");
    let earlier = ["a1", "old"].map(|name| RowChange::Agent(agent(name)));
    store.apply(&earlier).expect("rows");
    store.do_chores();
    let backup = std::fs::read(path).expect("a backup");
    let later = [
        RowChange::AgentGone("old".to_owned()),
        RowChange::Agent(agent("newer")),
        RowChange::Tier(tier("q", "a1")),
        RowChange::Member(member("m1")),
    ];
    store.apply(&later).expect("rows");
    (store, backup)
}

#[test]
fn what_is_saved_is_in_the_files_of_that_name_whatever_becomes_of_them() {
    for (mishap, is_same_file) in [(LOG_GONE, true), (FILE_GONE, false)] {
        for (what, happens) in mishap {
            let place = Place::new();
            let path = place.directory.path().join("site/callcenter.db");
            let (mut store, backup) = in_use(&path);
            store.take_remarks();
            happens(&path, &backup);
            assert!(
                !store.is_at_hand(),
                "{what}: whoever waits must not take it for written"
            );
            store.apply(&[RowChange::Agent(agent("late"))]).expect(what);
            let found = as_after_a_crash(&path);
            let names: Vec<_> = found.agents.iter().map(|row| row.name.as_str()).collect();
            for name in ["a1", "newer", "late"] {
                assert!(names.contains(&name), "{what}: {name} is lost, there are {names:?}");
            }
            assert!(
                !(is_same_file && names.contains(&"old")),
                "{what}: a deleted agent is back"
            );
            assert_eq!((found.tiers.len(), found.members.len()), (1, 1), "{what}");
            assert_eq!(store.take_remarks().len(), 1, "{what}: told once");
            store.apply(&[RowChange::Agent(agent("later"))]).expect(what);
            assert!(
                as_after_a_crash(&path).agents.iter().any(|row| row.name == "later"),
                "{what}"
            );
            assert!(store.take_remarks().is_empty(), "{what}: told once");
        }
    }
}

#[test]
fn a_look_notices_too_and_puts_everything_back() {
    for (what, happens) in LOG_GONE.iter().chain(FILE_GONE) {
        let place = Place::new();
        let path = place.directory.path().join("site/callcenter.db");
        let (mut store, backup) = in_use(&path);
        happens(&path, &backup);
        let told = store.changes_of_others().expect(what);
        let gone = told
            .agents
            .iter()
            .filter(|change| matches!(change, ForeignChange::Gone(_)));
        assert_eq!(gone.count(), 0, "{what}: nobody has deleted an agent");
        let found = as_after_a_crash(&path);
        assert!(found.agents.iter().any(|row| row.name == "newer"), "{what}");
    }
}

#[test]
fn a_log_that_is_lost_when_it_is_long_is_no_chore_for_ever() {
    let place = Place::new();
    let path = place.directory.path().join("site/callcenter.db");
    let (mut store, _) = in_use(&path);
    for number in 0..1_000 {
        let change = RowChange::Agent(agent(&format!("n{number}")));
        store.apply(&[change]).expect("a row");
    }
    assert!(store.has_chores());
    delete(&path, "-wal");
    for _ in 0..2 {
        store.do_chores();
    }
    assert!(!store.has_chores());
    store.apply(&[]).expect("what is owed");
    assert_eq!(as_after_a_crash(&path).agents.len(), 1_002);
}

#[test]
fn garbage_in_its_place_is_no_success_and_its_end_loses_nothing() {
    let place = Place::new();
    let path = place.directory.path().join("site/callcenter.db");
    let (mut store, _) = in_use(&path);
    std::fs::write(&path, "this is no database, and it is long enough to be read as one").expect("garbage");
    let error = store.apply(&[RowChange::Agent(agent("late"))]).expect_err("garbage");
    assert!(error.0.contains("move"), "{error}");
    std::fs::remove_file(&path).expect("garbage moved away");
    store.apply(&[RowChange::Agent(agent("late"))]).expect("a new file");
    let names: Vec<_> = as_after_a_crash(&path).agents.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["a1", "newer", "late"]);
}

#[test]
fn another_program_that_brings_the_log_into_the_file_takes_nothing_away() {
    let place = Place::new();
    let path = place.directory.path().join("site/callcenter.db");
    let (mut store, _) = in_use(&path);
    let other = Connection::open(&path).expect("another program");
    other
        .execute_batch("UPDATE agents SET contact = 'user/9' WHERE name = 'newer'; PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("its change");
    store.apply(&[RowChange::Agent(agent("late"))]).expect("a row");
    let told = store.changes_of_others().expect("a look");
    assert_eq!(told.agents.len(), 1, "{:?}", told.agents);
    assert!(store.take_remarks().is_empty(), "nothing has happened to the file");
    let newer = as_after_a_crash(&path)
        .agents
        .into_iter()
        .find(|row| row.name == "newer");
    assert_eq!(newer.expect("the agent").contact, "user/9");
}
