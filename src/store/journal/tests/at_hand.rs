//! Who writes where a transaction takes no time.

use super::*;

/// A journal whose thread sleeps: what it is busy with it keeps.
fn start_at_rest(store: &TestStore) -> JournalThread {
    let (journal, _) = start(store);
    journal.worker.shared().wait_for_rest(LONG);
    journal
}

#[test]
fn who_waits_for_a_store_at_hand_writes_it() {
    let store = TestStore::new(Mood::Works);
    store.inner.0.lock().at_hand = true;
    let journal = start_at_rest(&store);
    for number in 0..3 {
        let ticket = journal.record_awaited(vec![gone(&format!("m{number}"))]);
        journal.wait(ticket, LONG).expect("a saved change");
    }
    let me = std::thread::current().id();
    assert_eq!(store.inner.0.lock().writers, [me; 3]);
    assert_eq!(store.batches(), [[gone("m0")], [gone("m1")], [gone("m2")]]);
}

#[test]
fn chores_are_left_to_the_thread() {
    let store = TestStore::new(Mood::Works);
    {
        let mut inner = store.inner.0.lock();
        (inner.at_hand, inner.untidy) = (true, true);
    }
    let journal = start_at_rest(&store);
    let ticket = journal.record_awaited(vec![gone("m1")]);
    journal.wait(ticket, LONG).expect("a saved change");
    let mut inner = store.inner.0.lock();
    while inner.tidiers.is_empty() {
        assert!(
            !store.inner.1.wait_for(&mut inner, LONG).timed_out(),
            "nobody does them"
        );
    }
    let me = std::thread::current().id();
    assert_eq!(inner.writers, [me]);
    assert_ne!(inner.tidiers, [me]);
}

#[test]
fn what_fails_at_hand_is_left_to_the_thread() {
    let store = TestStore::new(Mood::Fails);
    store.inner.0.lock().at_hand = true;
    let journal = start_at_rest(&store);
    let ticket = journal.record_awaited(vec![gone("m1")]);
    let error = journal.wait(ticket, Duration::ZERO).expect_err("a full disk");
    assert!(error.0.contains("The disk is full."), "{error}");
    store.set(Mood::Works);
    journal.wait(ticket, LONG).expect("a saved change");
    let me = std::thread::current().id();
    let writers = store.inner.0.lock().writers.clone();
    assert_eq!(writers.first(), Some(&me));
    assert_ne!(writers.last(), Some(&me));
}
