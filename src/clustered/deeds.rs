//! What is to be done on this box, in its order, by one thread that holds no lock: the switch may take its time.

use crate::engine::{HangupCause, Output};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// Something to be done.
#[derive(Debug, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are few of the small kind, and none of them waits for long"
)]
pub(super) enum Act {
    /// The switch is to carry this out.
    CarryOut(Output),
    /// The agent of a talk that counts no more is hung up.
    EndTalk(String, HangupCause),
}

/// What waits to be done.
#[derive(Default)]
pub(super) struct Deeds {
    state: Mutex<State>,
    /// There is something to do, or never will be again.
    more: Condvar,
    /// Something is done.
    done: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Act>,
    appended: u64,
    done: u64,
    /// The module runs, so that what comes of a deed can be told.
    is_begun: bool,
    is_over: bool,
    worker: Option<ThreadId>,
}

impl Deeds {
    /// This is to be done, after everything before.
    pub fn put(&self, act: Act) {
        let mut state = self.state.lock();
        state.waiting.push_back(act);
        state.appended += 1;
        self.more.notify_one();
    }

    /// The number of the last one.
    pub fn last(&self) -> u64 {
        self.state.lock().appended
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.state.lock().waiting.len()
    }

    /// Waits until everything up to that number is done, or `patience` is over. The thread that does it does not wait for itself.
    pub fn settle(&self, number: u64, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut state = self.state.lock();
        if state.worker == Some(std::thread::current().id()) {
            return;
        }
        while state.done < number && !state.is_over {
            if self.done.wait_until(&mut state, deadline).timed_out() {
                return;
            }
        }
    }

    /// From now on they are done.
    pub fn begin(&self) {
        self.state.lock().is_begun = true;
        self.more.notify_all();
    }

    /// Does what there is from the beginning on, until it is over.
    pub fn work(&self, perform: impl Fn(Act)) {
        let mut state = self.state.lock();
        state.worker = Some(std::thread::current().id());
        while !state.is_over {
            let next = state.is_begun.then(|| state.waiting.pop_front()).flatten();
            let Some(act) = next else {
                self.more.wait(&mut state);
                continue;
            };
            drop(state);
            perform(act);
            state = self.state.lock();
            state.done += 1;
            self.done.notify_all();
        }
    }

    /// What waits, for a test without a thread.
    #[cfg(test)]
    pub fn taken(&self) -> Vec<Act> {
        self.state.lock().waiting.drain(..).collect()
    }

    /// Nothing more is done.
    pub fn end(&self) {
        self.state.lock().is_over = true;
        self.more.notify_all();
        self.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;

    #[test]
    fn deeds_are_done_in_their_order_and_can_be_waited_for() {
        let deeds = Deeds::default();
        let (done, seen) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                deeds.work(move |act| {
                    if let Act::EndTalk(leg, _) = act {
                        done.send(leg).expect("the test listens");
                    }
                });
            });
            for number in 1..=3 {
                deeds.put(Act::EndTalk(format!("leg{number}"), HangupCause::NONE));
            }
            deeds.begin();
            deeds.settle(deeds.last(), Duration::from_secs(20));
            assert_eq!(seen.try_iter().collect::<Vec<_>>(), ["leg1", "leg2", "leg3"]);
            assert_eq!(deeds.waiting(), 0);
            deeds.end();
        });
    }

    /// What came of them could not be told: the module that is to tell it does not run yet.
    #[test]
    fn nothing_is_done_before_the_module_runs() {
        let deeds = Deeds::default();
        let runs = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| deeds.work(|_| assert!(runs.load(Ordering::SeqCst), "the module runs")));
            deeds.put(Act::EndTalk("leg".to_owned(), HangupCause::NONE));
            deeds.settle(deeds.last(), Duration::from_millis(50));
            assert_eq!(deeds.waiting(), 1);
            runs.store(true, Ordering::SeqCst);
            deeds.begin();
            deeds.settle(deeds.last(), Duration::from_secs(20));
            assert_eq!(deeds.waiting(), 0);
            deeds.end();
        });
    }
}
