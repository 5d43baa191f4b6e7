//! From the engine to the database without ever making a call wait for it.
//!
//! One thread writes. It takes whatever has gathered, the last change of each row only, and writes it in one
//! transaction. What fails is kept and tried again. Now and then, and only while somebody wants to know, the same
//! thread looks whether others have changed rows. Whoever waits for a change writes it, with all that has gathered, without
//! the thread where the store is at hand: being woken twice takes longer than the transaction. A second thread tells the operator
//! when the database keeps the one that writes.
//!
//! The watch's lock is held while it is told of changes, so that nobody is told any more once a [`RowWatch`] is dropped. Whoever is
//! told may record changes, and must neither wait for them to be saved nor drop the watch.

mod pending;
mod writer;

#[cfg(test)]
mod tests;

use super::worker::{Overseer, Report, Reporter, Shared, State, Worker};
pub use pending::Pending;

use super::Store;
use crate::engine::{ChangesByOthers, RowChange};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};
use writer::Writer;

/// A database that has not answered for this long hangs, as far as the operator is concerned.
const HANGING: Duration = Duration::from_secs(5);

/// Where changes stand in the order of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Ticket(u64);

/// A change that is in effect but would not survive the death of the process yet, and why; it is written as soon as
/// the database lets us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The change is in effect but not yet saved: {0}")]
pub struct SaveError(pub String);

/// How far a journal is behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalState {
    /// Changed rows that are not saved yet.
    pub unsaved: usize,
    /// How long the oldest of them has waited.
    pub lag: Duration,
    /// Why the last attempt to save failed.
    pub trouble: Option<String>,
}

/// Takes changes of rows and sees to it that they are saved.
pub trait Journal: Send + Sync {
    /// Takes changes and returns at once, whatever the database does. Without changes it tells how far the
    /// journal is: the ticket of the last change there is.
    fn record(&self, changes: Vec<RowChange>) -> Ticket;

    /// As [`Journal::record`], for a thread that calls [`Journal::wait`] next.
    fn record_awaited(&self, changes: Vec<RowChange>) -> Ticket {
        self.record(changes)
    }

    /// Returns once everything up to the ticket is saved.
    ///
    /// # Errors
    /// When that takes longer than `patience`.
    fn wait(&self, ticket: Ticket, patience: Duration) -> Result<(), SaveError>;

    /// How far it is behind; one that keeps nothing never is.
    fn state(&self) -> JournalState {
        JournalState::default()
    }
}

/// A journal that keeps nothing, for simulations.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn record(&self, _changes: Vec<RowChange>) -> Ticket {
        Ticket(0)
    }

    fn wait(&self, _ticket: Ticket, _patience: Duration) -> Result<(), SaveError> {
        Ok(())
    }
}

/// A journal with a thread that writes to a [`Store`].
pub struct JournalThread {
    worker: Worker<Writer>,
    /// Notices when a driver keeps the thread that writes.
    overseer: Overseer,
    watch: Arc<WatchSlot>,
}

/// Who is told of rows that others have changed.
type WatchSlot = Mutex<Option<Box<dyn Fn(ChangesByOthers) + Send>>>;

/// While it lives, somebody is told of rows that others have changed.
pub struct RowWatch {
    shared: Arc<Shared<Backlog>>,
    watch: Arc<WatchSlot>,
}

impl Drop for RowWatch {
    fn drop(&mut self) {
        self.shared.lock().backlog.watched = None;
        // Outside the lock: it may hold what it told.
        let watch = self.watch.lock().take();
        drop(watch);
    }
}

/// What is to be written, and how far the journal is.
#[derive(Default)]
struct Backlog {
    pending: Pending,
    /// When the oldest of `pending` came.
    pending_since: Option<Instant>,
    /// How many changes are being written.
    in_flight: usize,
    /// When the oldest came that is pending or being written.
    unsaved_since: Option<Instant>,
    /// The thread has been told that there is something pending.
    thread_knows: bool,
    /// The last ticket given out.
    recorded: u64,
    /// The last ticket that is saved.
    saved: u64,
    /// The last ticket somebody waits for.
    awaited: u64,
    /// Why the last attempt failed.
    trouble: Option<String>,
    /// How often somebody wants to know what others change.
    watched: Option<Duration>,
}

impl JournalThread {
    /// Starts the thread. `report` tells the operator when the database fails and when it works again.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(store: Box<dyn Store>, report: Report) -> std::io::Result<Self> {
        Self::start_in_trouble(store, report, None)
    }

    /// As [`JournalThread::start`], with a database whose trouble the operator knows already.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start_in_trouble(store: Box<dyn Store>, report: Report, trouble: Option<String>) -> std::io::Result<Self> {
        Self::start_overseen(store, report, trouble, HANGING)
    }

    /// As [`JournalThread::start_in_trouble`]; a database hangs when it has not answered for this long.
    fn start_overseen(
        store: Box<dyn Store>,
        report: Report,
        trouble: Option<String>,
        hanging: Duration,
    ) -> std::io::Result<Self> {
        let reporter = Reporter::new(report, trouble.is_some());
        let backlog = Backlog {
            trouble,
            ..Backlog::default()
        };
        let shared = Shared::new(backlog, reporter);
        let watch = Arc::default();
        let writer = Writer::new(Arc::clone(&shared), Arc::clone(&watch), store);
        let worker = Worker::start(shared, writer)?;
        let overseer = Overseer::start("cc-journal-eye", &worker, hanging, hanging_text)?;
        Ok(Self {
            worker,
            overseer,
            watch,
        })
    }

    /// Tells `watch`, on the journal's own thread, of rows that others change, until what is returned is dropped. They are
    /// looked for in that `interval`, counted from the end of the last look. It may record changes, but must not wait for them.
    pub fn watch(&self, interval: Duration, watch: impl Fn(ChangesByOthers) + Send + 'static) -> RowWatch {
        *self.watch.lock() = Some(Box::new(watch));
        let shared = Arc::clone(self.worker.shared());
        shared.lock().backlog.watched = Some(interval);
        shared.wake();
        RowWatch {
            shared,
            watch: Arc::clone(&self.watch),
        }
    }

    /// Writes what is left, gives up on a dead database after two seconds, and ends the threads. One that a driver does
    /// not let go of is left behind: see [`threads_left_behind`](super::threads_left_behind).
    pub fn stop(&mut self) {
        self.worker.begin_to_stop();
        self.overseer.join();
        self.worker.stop();
    }

    fn take_in(&self, changes: Vec<RowChange>, tell_thread: bool) -> Ticket {
        let shared = self.worker.shared();
        let mut state = shared.lock();
        let backlog = &mut state.backlog;
        if !changes.is_empty() {
            backlog.pending.add(changes);
            backlog.recorded += 1;
            let now = Instant::now();
            backlog.pending_since.get_or_insert(now);
            backlog.unsaved_since.get_or_insert(now);
            if tell_thread && !std::mem::replace(&mut backlog.thread_knows, true) {
                shared.wake();
            }
        }
        Ticket(backlog.recorded)
    }
}

fn hanging_text(patience: Duration) -> String {
    format!(
        "The call-centre database has not answered for {} seconds: its server hangs, or another transaction holds a lock. \
         See that the server runs, and end that transaction. Calls go on; changes are kept in memory and written when it \
         answers.",
        patience.as_secs()
    )
}

impl Drop for JournalThread {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Journal for JournalThread {
    fn record(&self, changes: Vec<RowChange>) -> Ticket {
        self.take_in(changes, true)
    }

    fn record_awaited(&self, changes: Vec<RowChange>) -> Ticket {
        self.take_in(changes, false)
    }

    fn wait(&self, ticket: Ticket, patience: Duration) -> Result<(), SaveError> {
        let deadline = Instant::now() + patience;
        let shared = self.worker.shared();
        if shared.lock().backlog.saved < ticket.0 {
            self.worker.lend(Writer::write_at_once);
        }
        let mut state = shared.lock();
        if state.backlog.saved < ticket.0 && state.backlog.awaited < ticket.0 {
            state.backlog.awaited = ticket.0;
            state.backlog.thread_knows = true;
            shared.wake();
        }
        while state.backlog.saved < ticket.0 {
            let is_over = state.has_ended() || !shared.wait_for_progress(&mut state, deadline);
            if is_over && state.backlog.saved < ticket.0 {
                return Err(save_error(&state, patience));
            }
        }
        Ok(())
    }

    fn state(&self) -> JournalState {
        let state = self.worker.shared().lock();
        let backlog = &state.backlog;
        JournalState {
            unsaved: backlog.pending.len() + backlog.in_flight,
            lag: backlog.unsaved_since.map_or(Duration::ZERO, |since| since.elapsed()),
            trouble: backlog.trouble.clone(),
        }
    }
}

fn save_error(state: &State<Backlog>, patience: Duration) -> SaveError {
    SaveError(match &state.backlog.trouble {
        Some(trouble) => trouble.clone(),
        None if state.has_ended() => "the module is being unloaded.".to_owned(),
        None => format!("the database has not answered within {} ms.", patience.as_millis()),
    })
}
