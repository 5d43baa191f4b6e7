//! From the engine to the database without ever making a call wait for it.
//!
//! One thread writes. It takes whatever has gathered, the last change of each row only, and writes it in one
//! transaction. What fails is kept and tried again. Now and then, and only while somebody wants to know, the same
//! thread looks whether others have changed rows. Whoever waits for a change writes it, with all that has gathered, without
//! the thread where the store is at hand: being woken twice takes longer than the transaction. A second thread tells the operator
//! when the database keeps the one that writes.
//!
//! Locks: the writer's lock is held while the store is at work; nobody waits for it but the journal's own thread. The state's
//! lock may be taken under it; the other way round it is only given back. The watch's lock is held while it is told of changes,
//! so that nobody is told any more once a [`RowWatch`] is dropped. Whoever is told may record changes, and must neither wait for
//! them to be saved nor drop the watch.

mod overseer;
mod thread;

#[cfg(test)]
mod tests;

use super::pending::Pending;
use super::Store;
use crate::engine::{ForeignChanges, Notice, NoticeLevel, RowChange};
use parking_lot::{Condvar, Mutex};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thread::Writer;

/// Where changes stand in the order of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Ticket(u64);

/// A change that is in effect but would not survive the death of the process yet, and why; it is written as soon as
/// the database lets us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The change is in effect but not yet saved: {0}")]
pub struct SaveError(pub String);

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
    shared: Arc<Shared>,
    writer: Arc<SharedWriter>,
    /// The thread that writes.
    thread: Option<JoinHandle<()>>,
    /// The thread that notices when the other one is kept.
    overseer: Option<JoinHandle<()>>,
}

/// What the threads and those who record and wait have in common.
struct Shared {
    state: Mutex<State>,
    report: Report,
    /// A transaction or a look has begun, or there will be no more.
    begun: Condvar,
    /// There may be something to write, or it has become urgent.
    work: Condvar,
    /// Something has been saved, or never will be.
    saved: Condvar,
    /// Who is told of rows that others have changed.
    watch: Mutex<Option<Watch>>,
}

/// Whoever has it writes; none once the thread has ended.
type SharedWriter = Mutex<Option<Writer>>;

/// Who is told of trouble with the database, and of its end.
type Report = Box<dyn Fn(Notice) + Send + Sync>;
type Watch = Box<dyn Fn(ForeignChanges) + Send>;

/// While it lives, somebody is told of rows that others have changed.
pub struct RowWatch {
    shared: Arc<Shared>,
}

impl Drop for RowWatch {
    fn drop(&mut self) {
        self.shared.state.lock().watched = None;
        // Outside the lock: it may hold what it told.
        let watch = self.shared.watch.lock().take();
        drop(watch);
    }
}

#[derive(Default)]
struct State {
    pending: Pending,
    /// When the oldest of `pending` came.
    pending_since: Option<Instant>,
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
    /// The operator knows that the database is in trouble.
    told: bool,
    /// Since when the database has owed an answer.
    busy_since: Option<Instant>,
    /// The overseer will look again of its own accord.
    is_overseen: bool,
    /// How often somebody wants to know what others change.
    watched: Option<Duration>,
    /// When to give up, once the journal is being stopped.
    give_up_at: Option<Instant>,
    /// The thread has ended.
    ended: bool,
}

/// How long a stopping journal tries to write what is left.
const LAST_ATTEMPTS: Duration = Duration::from_secs(2);

/// How long what is under way when a stopping journal gives up may take, from its beginning: a server that has not answered
/// for this long will not do so in a moment.
const LAST_STATEMENT: Duration = Duration::from_secs(6);

static LEFT_BEHIND: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Ends with a thread that has been told to stop: takes it in, or leaves it behind where it could not be stopped.
pub(super) fn part_with(thread: Option<JoinHandle<()>>, has_ended: bool) {
    match thread {
        // What went wrong on the thread has been told.
        Some(thread) if has_ended => drop(thread.join()),
        Some(thread) => LEFT_BEHIND.lock().push(thread),
        None => {}
    }
}

/// How many journals could not be stopped, because a driver kept their thread: they end when it lets go of it, and run through
/// this code until then.
pub fn threads_left_behind() -> usize {
    let mut left = LEFT_BEHIND.lock();
    let threads = std::mem::take(&mut *left);
    let (ended, kept): (Vec<_>, Vec<_>) = threads.into_iter().partition(JoinHandle::is_finished);
    *left = kept;
    // Their last steps may still be in this code.
    ended.into_iter().for_each(|thread| drop(thread.join()));
    left.len()
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
        Self::start_overseen(store, report, trouble, overseer::HANGING)
    }

    /// As [`JournalThread::start_in_trouble`]; a database hangs when it has not answered for this long.
    fn start_overseen(
        store: Box<dyn Store>,
        report: Report,
        trouble: Option<String>,
        hanging: Duration,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                told: trouble.is_some(),
                trouble,
                ..State::default()
            }),
            report,
            begun: Condvar::new(),
            work: Condvar::new(),
            saved: Condvar::new(),
            watch: Mutex::new(None),
        });
        let writer = Arc::new(Mutex::new(Some(Writer::new(Arc::clone(&shared), store))));
        // Made before the other is started: stopping ends both, whichever there is.
        let mut journal = Self {
            shared: Arc::clone(&shared),
            writer: Arc::clone(&writer),
            thread: None,
            overseer: None,
        };
        let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let overseen = Arc::clone(&shared);
        journal.overseer = Some(named("cc-journal-eye").spawn(move || overseer::run(&overseen, hanging))?);
        journal.thread = Some(named("cc-journal").spawn(move || thread::run(&shared, &writer))?);
        Ok(journal)
    }

    /// Tells `watch`, on the journal's own thread, of rows that others change, until what is returned is dropped. They are
    /// looked for in that `interval`, counted from the end of the last look. It may record changes, but must not wait for them.
    pub fn watch(&self, interval: Duration, watch: impl Fn(ForeignChanges) + Send + 'static) -> RowWatch {
        *self.shared.watch.lock() = Some(Box::new(watch));
        self.shared.state.lock().watched = Some(interval);
        self.shared.work.notify_one();
        RowWatch {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Writes what is left, gives up on a dead database after two seconds, and ends the threads. One that a driver does
    /// not let go of is left behind: see [`threads_left_behind`].
    pub fn stop(&mut self) {
        let give_up_at = Instant::now() + LAST_ATTEMPTS;
        self.shared.state.lock().give_up_at = Some(give_up_at);
        self.shared.work.notify_all();
        self.shared.begun.notify_all();
        if let Some(overseer) = self.overseer.take() {
            // It has nothing to say about its end.
            let _ = overseer.join();
        }
        if let Some(thread) = self.thread.take() {
            part_with(Some(thread), self.ends_after(give_up_at));
        }
    }

    /// Whether the thread ends until then, or until the statement has ended that is under way then.
    fn ends_after(&self, give_up_at: Instant) -> bool {
        let mut state = self.shared.state.lock();
        while !state.ended {
            let last_statement = state.busy_since.map(|since| since + LAST_STATEMENT);
            let deadline = last_statement.map_or(give_up_at, |end| end.max(give_up_at));
            if deadline <= Instant::now() {
                return false;
            }
            self.shared.saved.wait_until(&mut state, deadline);
        }
        true
    }

    fn take_in(&self, changes: Vec<RowChange>, tell_thread: bool) -> Ticket {
        let mut state = self.shared.state.lock();
        if !changes.is_empty() {
            state.pending.add(changes);
            state.recorded += 1;
            state.pending_since.get_or_insert_with(Instant::now);
            if tell_thread && !std::mem::replace(&mut state.thread_knows, true) {
                self.shared.work.notify_one();
            }
        }
        Ticket(state.recorded)
    }

    /// Writes what is pending, unless somebody else is writing or it cannot be done at once.
    fn write_at_once(&self) {
        if let Some(writer) = self.writer.try_lock().as_mut().and_then(|writer| writer.as_mut()) {
            writer.write_at_once();
        }
    }
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
        if self.shared.state.lock().saved < ticket.0 {
            self.write_at_once();
        }
        let mut state = self.shared.state.lock();
        if state.saved < ticket.0 && state.awaited < ticket.0 {
            state.awaited = ticket.0;
            state.thread_knows = true;
            self.shared.work.notify_one();
        }
        while state.saved < ticket.0 {
            if state.ended || self.shared.saved.wait_until(&mut state, deadline).timed_out() {
                return if state.saved < ticket.0 {
                    Err(state.save_error(patience))
                } else {
                    Ok(())
                };
            }
        }
        Ok(())
    }
}

impl State {
    fn save_error(&self, patience: Duration) -> SaveError {
        SaveError(match &self.trouble {
            Some(trouble) => trouble.clone(),
            None if self.ended => "the module is being unloaded.".to_owned(),
            None => format!("the database has not answered within {} ms.", patience.as_millis()),
        })
    }
}

fn notice(level: NoticeLevel, text: String) -> Notice {
    Notice {
        level,
        session_uuid: None,
        text,
    }
}
