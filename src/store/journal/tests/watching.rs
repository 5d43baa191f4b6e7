//! Looking for what others have changed.

use super::*;
use crate::engine::{AgentStatus, ChangeByOthers};
use crate::store::SqliteStore;

#[test]
fn whoever_watches_is_told_until_the_watch_is_dropped() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("callcenter.db");
    let mut store = SqliteStore::open(&path, false).expect("a store");
    store.load().expect("rows");
    let journal = JournalThread::start(Box::new(store), Box::new(|_| {})).expect("a thread");
    let ticket = journal.record(vec![RowChange::Agent(agent("a1"))]);
    journal.wait(ticket, LONG).expect("a saved row");
    let (sender, told) = channel();
    let watch = journal.watch(Duration::from_millis(100), move |changes| drop(sender.send(changes)));
    let other = rusqlite::Connection::open(&path).expect("another connection");
    other
        .execute("UPDATE agents SET status = 'Available'", [])
        .expect("another program's change");
    let changes = told.recv_timeout(LONG).expect("news");
    let mut available = agent("a1");
    available.status = AgentStatus::Available;
    assert_eq!(
        changes.agents,
        [ChangeByOthers::Changed {
            before: agent("a1"),
            after: available
        }]
    );
    drop(watch);
    assert!(told.recv_timeout(LONG).is_err(), "nobody is left who could tell");
}
