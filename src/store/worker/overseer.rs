//! Notices when something outside does not answer at all. The thread that works cannot: it is kept.

use super::{Shared, Task, Worker};
use crate::engine::NoticeLevel;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A thread that watches over a worker; it ends when the worker is being stopped.
pub(in crate::store) struct Overseer(Option<JoinHandle<()>>);

impl Overseer {
    /// Starts a thread of that name, which tells the operator, once in each trouble, of an attempt that has been under way for longer
    /// than `patience`.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start<T: Task>(
        name: &str,
        worker: &Worker<T>,
        patience: Duration,
        text: impl Fn(Duration) -> String + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::clone(worker.shared());
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(&shared, patience, text))?;
        Ok(Self(Some(thread)))
    }

    /// Ends with the thread of a worker that is being stopped.
    pub fn join(&mut self) {
        if let Some(thread) = self.0.take() {
            // It has nothing to say about its end.
            let _ = thread.join();
        }
    }
}

/// It sleeps until an attempt begins, then until that would be too long.
fn run<Backlog>(shared: &Shared<Backlog>, patience: Duration, text: impl Fn(Duration) -> String) {
    let mut state = shared.lock();
    while !state.is_stopping() {
        let Some(since) = state.busy_since.filter(|_| !shared.reporter.is_told()) else {
            state.overseer_sleeps = true;
            shared.begun.wait(&mut state);
            continue;
        };
        if since + patience > Instant::now() {
            shared.begun.wait_until(&mut state, since + patience);
            continue;
        }
        // Under the lock: what is over before anybody has been told of it is not told.
        if shared.reporter.is_new() {
            drop(state);
            shared.reporter.tell(NoticeLevel::Error, text(patience));
            state = shared.lock();
        }
    }
}
