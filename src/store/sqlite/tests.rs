//! A real file, as stock leaves it, as others spoil it, and as a crash leaves it.

mod hostile;
mod log;
mod lost_files;
mod others;
mod queues;
mod rows;
mod troubles;

use super::*;
use crate::engine::{
    AgentLimits, AgentRow, AgentState, AgentStatus, AgentType, CallbackRow, CallerRow, MemberRow, MemberState, Pause,
    Skills, TierRow, TierState,
};
use crate::store::tables::schema;
use crate::store::{Journal, JournalThread};
use std::fs::Permissions;
use std::io::BufRead;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A logged-out callback agent.
pub(crate) fn agent(name: &str) -> AgentRow {
    AgentRow::new(name, "single_box", AgentType::parse("callback").expect("a known type"))
}

/// A tier that is ready.
pub(crate) fn tier(queue: &str, agent: &str) -> TierRow {
    TierRow {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    }
}

/// A tier that the configuration names.
fn skills(text: &str) -> Skills {
    Skills::parse(text).expect("skills")
}

fn pause() -> Pause {
    Pause {
        reason: "it's lunch".to_owned(),
        since: 1_700_000_000,
    }
}

fn caller(caller: &str, agent: &str, at: i64) -> CallerRow {
    CallerRow {
        queue: "q".to_owned(),
        caller: caller.to_owned(),
        agent: agent.to_owned(),
        last_talk_epoch: at,
    }
}

fn callback(uuid: &str) -> CallbackRow {
    CallbackRow {
        uuid: uuid.to_owned(),
        queue: "q".to_owned(),
        number: "100".to_owned(),
        attempts: 2,
        param: "it's".to_owned(),
        ..CallbackRow::default()
    }
}

fn talked(with: &str, agent: &str, at: i64) -> RowChange {
    RowChange::Caller(caller(with, agent, at))
}

fn paused(agent: &str, queue: Option<&str>) -> RowChange {
    RowChange::Pause {
        agent: agent.to_owned(),
        queue: queue.map(str::to_owned),
        pause: Some(pause()),
    }
}

fn configured_tier(queue: &str, agent: &str) -> RowChange {
    RowChange::ConfiguredTier {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
    }
}

fn configured(agent: &str, setting: &str, value: Option<&str>) -> RowChange {
    RowChange::Configured {
        agent: agent.to_owned(),
        setting: setting.to_owned(),
        value: value.map(str::to_owned),
    }
}

/// Limits that are not the default.
fn limits() -> AgentLimits {
    AgentLimits {
        max_busy: 3,
        busy_count: 1,
        ..AgentLimits::default()
    }
}

/// A waiting member of the queue `q`.
pub(crate) fn member(uuid: &str) -> MemberRow {
    MemberRow {
        queue: "q".to_owned(),
        instance_id: "single_box".to_owned(),
        uuid: uuid.to_owned(),
        session_uuid: format!("session-of-{uuid}"),
        cid_number: "100".to_owned(),
        cid_name: "O'Brien | \\ \"x\"".to_owned(),
        system_epoch: 1,
        joined_epoch: 2,
        rejoined_epoch: 0,
        bridge_epoch: 0,
        abandoned_epoch: 0,
        base_score: 3,
        skill_score: 0,
        serving_agent: String::new(),
        serving_system: String::new(),
        state: MemberState::Waiting,
    }
}

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("callcenter.db")
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.path(), false).expect("a store")
    }

    fn loaded(&self) -> (SqliteStore, Snapshot) {
        let mut store = self.open();
        let snapshot = store.load().expect("rows");
        (store, snapshot)
    }

    /// Another program's connection.
    fn other(&self) -> Connection {
        Connection::open(self.path()).expect("a connection")
    }
}

fn on_break() -> AgentRow {
    AgentRow {
        status: AgentStatus::OnBreak,
        ..agent("a2")
    }
}

#[test]
fn a_transaction_that_fails_leaves_nothing_and_works_when_tried_again() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    let changes = [RowChange::Agent(agent("a1")), RowChange::Member(member("m1"))];
    let other = place.other();
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let error = store.apply(&changes).expect_err("a locked file");
    assert!(
        error.0.contains("lock") && error.0.contains("Close that program"),
        "{error}"
    );
    other.execute_batch("COMMIT").expect("the lock's end");
    store.apply(&changes).expect("a transaction");
    store.apply(&changes).expect("the same again");
    let (_, snapshot) = place.loaded();
    assert_eq!((snapshot.agents.len(), snapshot.members.len()), (1, 1));
}

#[test]
fn a_deleted_file_is_made_anew_with_everything_in_it() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    store
        .apply(&[
            RowChange::Agent(agent("a2")),
            RowChange::Agent(agent("a1")),
            RowChange::Tier(tier("q", "a1")),
        ])
        .expect("rows");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(place.directory.path().join(format!("callcenter.db{suffix}")));
    }
    // The file in its place is of no use at first: what is owed is not forgotten.
    std::fs::write(
        place.path(),
        "not a database at all, but long enough to be taken for one when it is read",
    )
    .expect("a file");
    store
        .apply(&[RowChange::Member(member("m1"))])
        .expect_err("a text file");
    std::fs::remove_file(place.path()).expect("a file to remove");
    store.apply(&[RowChange::Member(member("m1"))]).expect("a transaction");
    let (_, snapshot) = place.loaded();
    let expected = Snapshot {
        agents: vec![agent("a2"), agent("a1")],
        tiers: vec![tier("q", "a1")],
        members: vec![member("m1")],
        ..Snapshot::default()
    };
    assert_eq!(snapshot, expected);
}

#[test]
fn a_new_file_is_its_owners_and_an_old_one_keeps_its_permissions() {
    let place = Place::new();
    let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    drop(place.loaded());
    assert_eq!(mode(&place.path()), 0o600);
    std::fs::set_permissions(place.path(), Permissions::from_mode(0o644)).expect("permissions");
    drop(place.loaded());
    assert_eq!(mode(&place.path()), 0o644);
}

#[test]
fn what_cannot_be_opened_says_what_to_do() {
    let place = Place::new();
    let missing = place.directory.path().join("no-such-directory").join("cc.db");
    let error = SqliteStore::open(&missing, false).err().expect("a missing directory");
    assert!(error.0.contains("Make the directory"), "{error}");

    std::fs::write(
        place.path(),
        "this is not a database, whatever its name says; it is long enough to be read",
    )
    .expect("a file");
    let error = SqliteStore::open(&place.path(), false).err().expect("a text file");
    assert!(error.0.contains("not a SQLite database"), "{error}");

    let error = SqliteStore::open(place.directory.path(), false)
        .err()
        .expect("a directory");
    assert!(error.0.contains("cannot be used"), "{error}");
}

#[test]
fn a_read_only_file_says_what_to_do() {
    let place = Place::new();
    drop(place.loaded());
    // Root may write whatever the permissions say, so the file is opened for reading only.
    let reading =
        Connection::open_with_flags(place.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a file");
    let error = reading.execute("DELETE FROM agents", []).expect_err("a read-only file");
    let error = explain(&place.path(), &error);
    assert!(
        error.0.contains("read-only") && error.0.contains("FreeSWITCH runs as"),
        "{error}"
    );
}

#[test]
fn a_damaged_file_says_what_to_do() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    let changes: Vec<_> = (0..500)
        .map(|number| RowChange::Member(member(&format!("m{number}"))))
        .collect();
    store.apply(&changes).expect("rows");
    drop(store);
    let mut bytes = std::fs::read(place.path()).expect("the file");
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0xff;
    }
    std::fs::write(place.path(), bytes).expect("the damaged file");
    let read = SqliteStore::open(&place.path(), false).and_then(|mut store| store.load());
    let error = read.expect_err("a damaged file");
    assert!(error.0.contains("damaged") && error.0.contains("backup"), "{error}");
}

/// Set in the process that is killed: where its database is.
const CHILD_PATH: &str = "CC_TEST_STORE_CHILD";

#[test]
fn what_was_waited_for_survives_a_kill() {
    let place = Place::new();
    let test = "store::sqlite::tests::child_that_is_killed";
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args([test, "--exact", "--nocapture", "--ignored"])
        .env(CHILD_PATH, place.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child process");
    let output = std::io::BufReader::new(child.stdout.take().expect("the child's output"));
    let saved = output.lines().map_while(Result::ok).any(|line| line.contains("saved"));
    child.kill().expect("a child to kill");
    child.wait().expect("the child's end");
    assert!(saved, "the child ended before it saved");
    let (_, snapshot) = place.loaded();
    assert_eq!(snapshot.agents, [agent("a1")]);
}

#[test]
#[ignore = "is run by what_was_waited_for_survives_a_kill in a process of its own"]
fn child_that_is_killed() {
    let Some(path) = std::env::var_os(CHILD_PATH) else {
        return;
    };
    let mut store = SqliteStore::open(Path::new(&path), false).expect("a store");
    store.load().expect("rows");
    let journal = JournalThread::start(Box::new(store), Box::new(|_| {})).expect("a journal");
    let ticket = journal.record(vec![RowChange::Agent(agent("a1"))]);
    journal.wait(ticket, Duration::from_secs(10)).expect("a saved row");
    println!("saved");
    // The parent kills this process; should the parent be gone, it ends by itself.
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let _ = receiver.recv_timeout(Duration::from_secs(10));
}
