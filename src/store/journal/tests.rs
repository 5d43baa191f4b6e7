//! Stores that fail, are slow, or panic.

mod at_hand;
mod watching;

use super::*;
use crate::engine::{ChangesByOthers, Notice, NoticeLevel, Snapshot};
use crate::store::sqlite::tests::{agent, member};
use crate::store::worker::{Task, LAST_ATTEMPTS};
use crate::store::{threads_left_behind, StoreError};
use parking_lot::Condvar;
use std::sync::mpsc::{channel, Receiver};

/// Long enough for anything that should happen at all.
const LONG: Duration = Duration::from_secs(20);

/// What a test store does with the next transaction.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Works,
    Fails,
    Panics,
    Hangs,
}

#[derive(Clone)]
struct TestStore {
    inner: Arc<(Mutex<Inner>, Condvar)>,
}

struct Inner {
    mood: Mood,
    at_hand: bool,
    /// There are chores after each transaction.
    untidy: bool,
    chores_wait: bool,
    /// The threads that have written, and those that have done chores.
    writers: Vec<std::thread::ThreadId>,
    tidiers: Vec<std::thread::ThreadId>,
    attempts: usize,
    batches: Vec<Vec<RowChange>>,
}

impl TestStore {
    fn new(mood: Mood) -> Self {
        Self {
            inner: Arc::new((
                Mutex::new(Inner {
                    mood,
                    at_hand: false,
                    untidy: false,
                    chores_wait: false,
                    writers: Vec::new(),
                    tidiers: Vec::new(),
                    attempts: 0,
                    batches: Vec::new(),
                }),
                Condvar::new(),
            )),
        }
    }

    fn set(&self, mood: Mood) {
        self.inner.0.lock().mood = mood;
        self.inner.1.notify_all();
    }

    fn wait_for_attempts(&self, attempts: usize) {
        let mut inner = self.inner.0.lock();
        while inner.attempts < attempts {
            assert!(
                !self.inner.1.wait_for(&mut inner, LONG).timed_out(),
                "no attempt was made"
            );
        }
    }

    fn batches(&self) -> Vec<Vec<RowChange>> {
        self.inner.0.lock().batches.clone()
    }
}

impl Store for TestStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot::default())
    }

    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        Ok(ChangesByOthers::default())
    }

    fn is_at_hand(&self) -> bool {
        self.inner.0.lock().at_hand
    }

    fn has_chores(&self) -> bool {
        self.inner.0.lock().chores_wait
    }

    fn do_chores(&mut self) {
        let mut inner = self.inner.0.lock();
        inner.chores_wait = false;
        inner.tidiers.push(std::thread::current().id());
        self.inner.1.notify_all();
    }

    fn take_remarks(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        let mut inner = self.inner.0.lock();
        inner.attempts += 1;
        inner.writers.push(std::thread::current().id());
        self.inner.1.notify_all();
        while inner.mood == Mood::Hangs {
            self.inner.1.wait_for(&mut inner, LONG);
        }
        match inner.mood {
            Mood::Fails => Err(StoreError("The disk is full.".to_owned())),
            Mood::Panics => panic!("a store that panics (this is part of a test)"),
            _ => {
                inner.batches.push(changes.to_vec());
                inner.chores_wait = inner.untidy;
                Ok(())
            }
        }
    }
}

fn start(store: &TestStore) -> (JournalThread, Receiver<Notice>) {
    start_overseen(store, LONG)
}

fn start_overseen(store: &TestStore, hanging: Duration) -> (JournalThread, Receiver<Notice>) {
    let (sender, receiver) = channel();
    let report = Box::new(move |notice| drop(sender.send(notice)));
    let journal = JournalThread::start_overseen(Box::new(store.clone()), report, None, hanging);
    (journal.expect("a thread"), receiver)
}

fn gone(uuid: &str) -> RowChange {
    RowChange::MemberGone(uuid.to_owned())
}

#[test]
fn a_change_is_saved_once_wait_returns() {
    let store = TestStore::new(Mood::Works);
    let (journal, _) = start(&store);
    let ticket = journal.record(vec![RowChange::Agent(agent("a1"))]);
    journal.wait(ticket, LONG).expect("a saved change");
    assert_eq!(store.batches(), [vec![RowChange::Agent(agent("a1"))]]);
}

#[test]
fn a_change_nobody_waits_for_is_written_all_the_same() {
    let store = TestStore::new(Mood::Works);
    let (journal, _) = start(&store);
    journal.record(vec![gone("m1")]);
    store.wait_for_attempts(1);
}

#[test]
fn what_gathers_during_a_write_goes_into_one_transaction_each_row_once() {
    let store = TestStore::new(Mood::Hangs);
    let (journal, _) = start(&store);
    journal.record(vec![RowChange::Agent(agent("first"))]);
    store.wait_for_attempts(1);
    journal.record(vec![RowChange::Member(member("m1")), RowChange::Agent(agent("a1"))]);
    let last = journal.record(vec![gone("m1")]);
    store.set(Mood::Works);
    journal.wait(last, LONG).expect("saved changes");
    assert_eq!(
        store.batches(),
        [
            vec![RowChange::Agent(agent("first"))],
            vec![gone("m1"), RowChange::Agent(agent("a1"))]
        ]
    );
}

#[test]
fn a_record_without_changes_is_the_ticket_of_the_last_one() {
    let store = TestStore::new(Mood::Works);
    let (journal, _) = start(&store);
    let ticket = journal.record(vec![gone("m1")]);
    let same = journal.record(Vec::new());
    assert_eq!(ticket, same);
    journal.wait(same, LONG).expect("a saved change");
    assert_eq!(store.batches(), [vec![gone("m1")]]);
}

#[test]
fn a_failing_database_is_reported_once_retried_and_caught_up_with() {
    let store = TestStore::new(Mood::Fails);
    let (journal, notices) = start(&store);
    let ticket = journal.record(vec![RowChange::Agent(agent("a1"))]);
    store.wait_for_attempts(2);
    let error = journal
        .wait(ticket, Duration::ZERO)
        .expect_err("a change that is not saved");
    assert_eq!(
        error.to_string(),
        "The change is in effect but not yet saved: The disk is full."
    );
    let mut newer = agent("a1");
    newer.calls_answered = 1;
    let last = journal.record(vec![RowChange::Agent(newer.clone()), gone("m1")]);
    store.set(Mood::Works);
    journal.wait(last, LONG).expect("saved changes");
    assert_eq!(store.batches(), [vec![RowChange::Agent(newer), gone("m1")]]);
    drop(journal);
    let notices: Vec<Notice> = notices.iter().collect();
    let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "The disk is full. Calls go on; changes are kept in memory and written when it works again.",
            "The call-centre database works again; 2 changes were caught up.",
        ]
    );
}

#[test]
fn recording_never_waits_and_waiting_is_bounded_while_the_database_hangs() {
    let store = TestStore::new(Mood::Hangs);
    let (journal, _) = start(&store);
    let ticket = journal.record(vec![gone("m0")]);
    let error = journal
        .wait(ticket, Duration::from_millis(20))
        .expect_err("a database that hangs");
    assert_eq!(
        error.to_string(),
        "The change is in effect but not yet saved: the database has not answered within 20 ms."
    );
    for number in 0..1000 {
        journal.record(vec![gone(&format!("m{number}"))]);
    }
    store.set(Mood::Works);
}

#[test]
fn a_database_that_hangs_is_reported_once_and_its_end_too() {
    let store = TestStore::new(Mood::Hangs);
    let (journal, notices) = start_overseen(&store, Duration::from_millis(20));
    journal.record(vec![gone("m1")]);
    let told = notices.recv_timeout(LONG).expect("a notice, though nobody has asked");
    assert!(told.text.contains("has not answered for"), "{}", told.text);
    let last = journal.record(vec![gone("m2")]);
    store.set(Mood::Works);
    journal.wait(last, LONG).expect("saved changes");
    drop(journal);
    let texts: Vec<String> = notices.iter().map(|notice| notice.text).collect();
    assert_eq!(
        texts,
        ["The call-centre database works again; 1 changes were caught up."]
    );
}

#[test]
fn a_database_that_answers_in_time_is_not_reported() {
    let store = TestStore::new(Mood::Works);
    let (journal, notices) = start_overseen(&store, Duration::from_millis(200));
    for number in 0..50 {
        let ticket = journal.record(vec![gone(&format!("m{number}"))]);
        journal.wait(ticket, LONG).expect("a saved change");
    }
    drop(journal);
    assert_eq!(notices.iter().count(), 0);
}

#[test]
fn a_thread_that_the_database_keeps_is_left_behind_until_it_ends() {
    let store = TestStore::new(Mood::Hangs);
    let (mut journal, _) = start(&store);
    journal.record(vec![gone("m1")]);
    store.wait_for_attempts(1);
    let began = Instant::now();
    journal.stop();
    assert!(began.elapsed() < Writer::LAST_STATEMENT + LAST_ATTEMPTS);
    // Of the whole process: another test may leave one behind at the same time.
    assert!(threads_left_behind() > 0, "the thread is known to be there");
    store.set(Mood::Works);
    let deadline = Instant::now() + LONG;
    while threads_left_behind() > 0 {
        assert!(Instant::now() < deadline, "the thread never ended");
        std::thread::yield_now();
    }
}

#[test]
fn a_store_that_panics_is_a_failure_like_others() {
    let store = TestStore::new(Mood::Panics);
    let (journal, notices) = start(&store);
    let ticket = journal.record(vec![gone("m1")]);
    store.wait_for_attempts(1);
    store.set(Mood::Works);
    journal.wait(ticket, LONG).expect("a saved change");
    assert_eq!(
        notices.recv_timeout(LONG).map(|notice| notice.level),
        Ok(NoticeLevel::Error)
    );
}

#[test]
fn stopping_writes_what_is_left() {
    let store = TestStore::new(Mood::Works);
    let (mut journal, _) = start(&store);
    journal.record(vec![gone("m1")]);
    journal.stop();
    assert_eq!(store.batches(), [vec![gone("m1")]]);
    let late = journal.record(vec![gone("m2")]);
    assert!(
        journal.wait(late, LONG).is_err(),
        "nothing is saved after the end, and nobody waits for it"
    );
}

#[test]
fn stopping_gives_up_on_a_dead_database_and_says_what_is_lost() {
    let store = TestStore::new(Mood::Fails);
    let (mut journal, notices) = start(&store);
    journal.record(vec![gone("m1"), gone("m2")]);
    let began = Instant::now();
    journal.stop();
    assert!(began.elapsed() < LONG);
    drop(journal);
    let last = notices.iter().last().expect("a notice");
    assert_eq!(
        last.text,
        "2 changes could not be written to the call-centre database before the end and are lost."
    );
}

#[test]
fn many_threads_record_and_wait_at_once() {
    many_threads(TestStore::new(Mood::Works));
    let at_hand = TestStore::new(Mood::Works);
    at_hand.inner.0.lock().at_hand = true;
    many_threads(at_hand);
}

fn many_threads(store: TestStore) {
    let (journal, _) = start(&store);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let journal = &journal;
            scope.spawn(move || {
                for number in 0..50 {
                    let ticket = journal.record(vec![gone(&format!("m{thread}-{number}"))]);
                    journal.wait(ticket, LONG).expect("a saved change");
                }
            });
        }
    });
    assert_eq!(store.batches().iter().map(Vec::len).sum::<usize>(), 400);
}
