//! Files that are taken away, replaced or overwritten while they are in use: what was answered as saved is in the files that have the
//! names, or is not answered so.

use super::*;
use crate::engine::ChangeByOthers;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// A way to lose what is written: what is done to the files, given a backup of the database.
type Mishap = fn(&Path, &[u8]);

fn delete(path: &Path, suffix: &str) {
    let file = beside(path, suffix);
    if file.exists() {
        std::fs::remove_file(file).expect("a file to delete");
    }
}

/// Leaves this share of a file, as `: >` in a shell leaves nothing.
fn cut(path: &Path, suffix: &str, share: f64) {
    let file = std::fs::OpenOptions::new().write(true).open(beside(path, suffix));
    let Ok(file) = file else { return };
    let length = file.metadata().expect("a length").len() as f64;
    file.set_len((length * share) as u64).expect("a shorter file");
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
    ("-wal emptied", |path, _| cut(path, "-wal", 0.0)),
    ("-wal cut", |path, _| cut(path, "-wal", 0.01)),
    ("-shm emptied", |path, _| cut(path, "-shm", 0.0)),
    ("-shm cut", |path, _| cut(path, "-shm", 0.6)),
    ("-wal and -shm emptied", |path, _| {
        cut(path, "-wal", 0.0);
        cut(path, "-shm", 0.0);
    }),
    ("emptied", |path, _| cut(path, "", 0.0)),
    ("all emptied", |path, _| {
        ["", "-wal", "-shm"].iter().for_each(|suffix| cut(path, suffix, 0.0));
    }),
    ("-wal overwritten", |path, _| {
        let log = beside(path, "-wal");
        let length = std::fs::metadata(&log).map_or(0, |log| log.len());
        std::fs::write(&log, vec![0x5a; length as usize + 1]).expect("garbage");
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
        let away = inside.with_extension("away");
        // It may have happened before.
        let _ = std::fs::remove_dir_all(&away);
        std::fs::rename(inside, away).expect("a move");
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
            .filter(|change| matches!(change, ChangeByOthers::Gone(_)));
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

/// Set in the process that reads: where the database is.
const READER_PATH: &str = "CC_TEST_STORE_READER";

#[test]
fn a_log_that_is_emptied_under_two_programs_is_written_anew() {
    let place = Place::new();
    let path = place.directory.path().join("site/callcenter.db");
    let (mut store, _) = in_use(&path);
    let mut reader = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "store::sqlite::tests::lost_files::child_that_reads",
            "--exact",
            "--nocapture",
            "--ignored",
        ])
        .env(READER_PATH, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child process");
    let output = std::io::BufReader::new(reader.stdout.take().expect("the child's output"));
    let has_read = output
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("has read 2"));
    assert!(has_read, "the child ended before it had read");
    cut(&path, "-wal", 0.0);
    let written = store.apply(&[RowChange::Agent(agent("late"))]);
    drop(reader.stdin.take());
    reader.wait().expect("the child's end");
    written.expect("a row");
    assert_eq!(as_after_a_crash(&path).agents.len(), 3);
}

#[test]
#[ignore = "is run by a_log_that_is_emptied_under_two_programs_is_written_anew in a process of its own"]
fn child_that_reads() {
    let Some(path) = std::env::var_os(READER_PATH) else {
        return;
    };
    let connection = Connection::open(path).expect("the file");
    let count: i64 = connection
        .query_row("SELECT count(*) FROM agents", [], |row| row.get(0))
        .expect("a count");
    println!("has read {count}");
    // The parent closes it, or is gone.
    let _ = std::io::stdin().read_line(&mut String::new());
}

#[test]
fn another_program_that_empties_the_log_into_the_file_does_no_harm() {
    let place = Place::new();
    let path = place.directory.path().join("site/callcenter.db");
    let (mut store, _) = in_use(&path);
    let other = Connection::open(&path).expect("another program");
    for number in 0..3 {
        let sql = format!(
            "UPDATE agents SET contact = 'user/{number}' WHERE name = 'newer'; PRAGMA wal_checkpoint(TRUNCATE)"
        );
        other.execute_batch(&sql).expect("its change");
        store.changes_of_others().expect("a look");
        store
            .apply(&[RowChange::Agent(agent(&format!("n{number}")))])
            .expect("a row");
    }
    assert!(store.take_remarks().is_empty(), "nothing has happened to the file");
    assert_eq!(as_after_a_crash(&path).agents.len(), 5);
}

#[test]
fn a_change_that_fails_is_no_loss_of_the_log() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    store.apply(&[RowChange::Agent(agent("a1"))]).expect("a row");
    let other = place.other();
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    store
        .apply(&[RowChange::Agent(agent("a2"))])
        .expect_err("a locked file");
    other.execute_batch("COMMIT").expect("the lock's end");
    store.apply(&[RowChange::Agent(agent("a2"))]).expect("a row");
    assert!(store.take_remarks().is_empty(), "nothing has happened to the file");
}

#[test]
fn what_happens_to_the_files_after_the_last_change_takes_nothing_away() {
    for (what, happens) in LOG_GONE.iter().chain(FILE_GONE) {
        let place = Place::new();
        let path = place.directory.path().join("site/callcenter.db");
        let (store, backup) = in_use(&path);
        let journal = JournalThread::start(Box::new(store), Box::new(|_| {})).expect("a journal");
        let ticket = journal.record(vec![RowChange::Agent(agent("late"))]);
        journal.wait(ticket, Duration::from_secs(10)).expect(what);
        happens(&path, &backup);
        drop(journal);
        let found = as_after_a_crash(&path);
        for name in ["a1", "newer", "late"] {
            assert!(
                found.agents.iter().any(|row| row.name == name),
                "{what}: {name} is lost"
            );
        }
        assert!(!beside(&path, "-wal").exists(), "{what}: one plain file is left");
    }
}

/// What is done to the files, and with the store.
#[derive(Debug, Clone)]
enum Step {
    Write(usize, u16),
    Delete(usize),
    Look,
    Chores,
    /// Somebody else looks at the rows, and goes on looking.
    Reader,
    Mishap(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mishaps = LOG_GONE.len() + FILE_GONE.len();
    let step = prop_oneof![
        4 => (0..6_usize, any::<u16>()).prop_map(|(agent, contact)| Step::Write(agent, contact)),
        1 => (0..6_usize).prop_map(Step::Delete),
        1 => Just(Step::Look),
        1 => Just(Step::Chores),
        1 => Just(Step::Reader),
        2 => (0..mishaps).prop_map(Step::Mishap),
    ];
    proptest::collection::vec(step, 1..30)
}

/// Carries the steps out, and returns what was answered as saved.
fn carry_out(steps: &[Step], path: &Path) -> BTreeMap<String, String> {
    let (mut store, backup) = in_use(path);
    let mut saved: BTreeMap<String, String> = ["a1", "newer"]
        .map(|name| (name.to_owned(), agent(name).contact))
        .into();
    let mut readers = Vec::new();
    for step in steps {
        match step {
            Step::Write(number, contact) => {
                let row = AgentRow {
                    contact: format!("user/{contact}"),
                    ..agent(&format!("n{number}"))
                };
                store.apply(&[RowChange::Agent(row.clone())]).expect("a row");
                saved.insert(row.name, row.contact);
            }
            Step::Delete(number) => {
                let name = format!("n{number}");
                store.apply(&[RowChange::AgentGone(name.clone())]).expect("a deletion");
                saved.remove(&name);
            }
            Step::Look => drop(store.changes_of_others().expect("a look")),
            Step::Chores => store.do_chores(),
            Step::Reader => {
                // SQLite shares the index among the connections of a process: this one must not be the first to touch it.
                drop(store.changes_of_others().expect("a look"));
                let other = Connection::open(path).expect("another program");
                // What it finds may be in ruins.
                let count: Result<i64, _> = other.query_row("SELECT count(*) FROM agents", [], |row| row.get(0));
                readers.extend(count.ok().map(|_| other));
            }
            Step::Mishap(number) => {
                let (_, happens) = LOG_GONE.iter().chain(FILE_GONE).nth(*number).expect("a mishap");
                // For the same reason.
                readers.clear();
                happens(path, &backup);
            }
        }
    }
    store.close().expect("an end");
    saved
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn what_was_answered_as_saved_is_in_the_file_at_the_end_whatever_was_done_to_it(steps in steps()) {
        let place = Place::new();
        let path = place.directory.path().join("site/callcenter.db");
        let saved = carry_out(&steps, &path);
        let found: BTreeMap<_, _> =
            as_after_a_crash(&path).agents.into_iter().map(|row| (row.name, row.contact)).collect();
        for (name, contact) in &saved {
            prop_assert_eq!(found.get(name), Some(contact), "{} is lost: {:?}", name, found);
        }
        // What another file or a backup holds is taken up.
        let is_replaced = |step: &Step| {
            let Step::Mishap(number) = step else { return false };
            LOG_GONE.get(*number).is_none_or(|(what, _)| what.starts_with("restored"))
        };
        if !steps.iter().any(is_replaced) {
            prop_assert_eq!(found, saved);
        }
    }
}
