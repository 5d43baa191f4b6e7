//! One thread that works: it sleeps until there is something to do, tries again after a pause what has failed, tells the operator
//! once, and ends in time when it is stopped. One that something outside does not let go of is left behind.
//!
//! Locks: the task's lock is held while it is carried out; nobody waits for it but the worker's own thread. The state's lock may be
//! taken under it; the other way round the task's is only given back.

mod backoff;
mod overseer;
mod reporter;
#[cfg(test)]
mod tests;

pub(super) use backoff::Backoff;
pub(super) use overseer::Overseer;
pub use reporter::Report;
pub(super) use reporter::Reporter;

use super::StoreError;
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a stopping worker tries to do what is left.
pub(super) const LAST_ATTEMPTS: Duration = Duration::from_secs(2);

/// What a worker does.
pub(super) trait Task: Send + 'static {
    /// What the thread is called.
    const NAME: &'static str;

    /// How long what is under way when a stopping worker gives up may take, from its beginning: what has not answered for this
    /// long will not do so in a moment.
    const LAST_STATEMENT: Duration;

    /// What is there to be done, and what else those who ask for it and the thread have in common.
    type Backlog: Send + 'static;

    /// A piece of work.
    type Work;

    /// What comes next. Work is taken out of the backlog.
    fn next_step(&mut self, state: &mut State<Self::Backlog>, now: Instant) -> Step<Self::Work>;

    /// Does it; it may take long.
    fn carry_out(&mut self, work: Self::Work);

    /// Nothing more will come.
    fn close(&mut self) {}

    /// Those who wait know that nothing more will be done.
    fn has_ended(&mut self) {}
}

/// What comes next.
pub(super) enum Step<Work> {
    /// Do this now.
    Work(Work),
    /// Nothing, until the worker is woken or this instant comes.
    Sleep(Option<Instant>),
    /// Nothing ever again.
    End,
}

/// What stands under the lock that a worker and those who ask something of it share.
pub(super) struct State<Backlog> {
    /// What is asked of the worker.
    pub backlog: Backlog,
    /// Since when something outside has owed an answer.
    busy_since: Option<Instant>,
    /// The overseer is to be told when something begins that may take long.
    overseer_sleeps: bool,
    /// When to give up, once the worker is being stopped.
    give_up_at: Option<Instant>,
    /// The thread does nothing more.
    has_ended: bool,
    /// The thread sleeps: whoever has its work lent gets it.
    #[cfg(test)]
    is_at_rest: bool,
}

impl<Backlog> State<Backlog> {
    /// Whether the worker is being stopped.
    pub fn is_stopping(&self) -> bool {
        self.give_up_at.is_some()
    }

    /// Whether the worker is being stopped and its last attempts are over.
    pub fn has_given_up(&self, now: Instant) -> bool {
        self.give_up_at.is_some_and(|at| at <= now)
    }

    /// Whether nothing will be done any more.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }
}

/// What a worker and those who ask something of it share.
pub(super) struct Shared<Backlog> {
    state: Mutex<State<Backlog>>,
    /// Who is told of trouble.
    pub reporter: Reporter,
    /// There may be something to do, or it has become urgent.
    work: Condvar,
    /// Something has been done, or nothing ever will be.
    progress: Condvar,
    /// Something that may take long has begun, or the worker is being stopped.
    begun: Condvar,
}

impl<Backlog> Shared<Backlog> {
    /// A worker's part before there is one.
    pub fn new(backlog: Backlog, reporter: Reporter) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                backlog,
                busy_since: None,
                overseer_sleeps: false,
                give_up_at: None,
                has_ended: false,
                #[cfg(test)]
                is_at_rest: false,
            }),
            reporter,
            work: Condvar::new(),
            progress: Condvar::new(),
            begun: Condvar::new(),
        })
    }

    /// The state, for a moment.
    pub fn lock(&self) -> MutexGuard<'_, State<Backlog>> {
        self.state.lock()
    }

    /// Has the worker look what there is to do.
    pub fn wake(&self) {
        self.work.notify_one();
    }

    /// Tells those who wait that something has been done.
    pub fn tell_progress(&self) {
        self.progress.notify_all();
    }

    /// Sleeps until something has been done, or nothing will be; false when it is too late.
    pub fn wait_for_progress(&self, state: &mut MutexGuard<'_, State<Backlog>>, deadline: Instant) -> bool {
        !self.progress.wait_until(state, deadline).timed_out()
    }

    #[cfg(test)]
    fn set_at_rest(&self, state: &mut MutexGuard<'_, State<Backlog>>, is_at_rest: bool) {
        state.is_at_rest = is_at_rest;
        self.tell_progress();
    }

    /// Returns once the thread sleeps.
    #[cfg(test)]
    pub fn wait_for_rest(&self, patience: std::time::Duration) {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        while !state.is_at_rest {
            assert!(self.wait_for_progress(&mut state, deadline), "the thread never rests");
        }
    }

    /// Does something that whoever is outside may take long for. A panic must not end the thread: it is one more failure, of what
    /// is called `what`.
    pub fn attempt<T>(&self, what: &str, act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut state = self.lock();
        state.busy_since = Some(Instant::now());
        if std::mem::take(&mut state.overseer_sleeps) {
            self.begun.notify_one();
        }
        drop(state);
        let result = guarded(what, act);
        self.lock().busy_since = None;
        result
    }

    /// From here on the worker does what is left, as far as it can.
    fn begin_to_stop(&self) {
        let mut state = self.lock();
        state.give_up_at.get_or_insert_with(|| Instant::now() + LAST_ATTEMPTS);
        self.work.notify_all();
        self.begun.notify_all();
    }

    /// Whether a stopping worker's thread ends until it gives up, or until that has ended which is under way then.
    fn ends_in_time(&self, last_statement: Duration) -> bool {
        let mut state = self.lock();
        while !state.has_ended {
            let give_up_at = state.give_up_at.unwrap_or_else(Instant::now);
            // It is awake then, and needs a moment to say so.
            let begun = state.busy_since.unwrap_or(give_up_at);
            let deadline = give_up_at.max(begun + last_statement);
            if deadline <= Instant::now() {
                return false;
            }
            self.progress.wait_until(&mut state, deadline);
        }
        true
    }
}

/// A panic becomes a failure of what is called `what`.
pub(super) fn guarded<T>(what: &str, act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|_| Err(StoreError(format!("{what} failed: internal error."))))
}

/// A worker; it is stopped when it is dropped.
pub(super) struct Worker<T: Task> {
    shared: Arc<Shared<T::Backlog>>,
    /// None once the thread has ended.
    task: Arc<Mutex<Option<T>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Task> Worker<T> {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(shared: Arc<Shared<T::Backlog>>, task: T) -> std::io::Result<Self> {
        let task = Arc::new(Mutex::new(Some(task)));
        let (on_thread, tasks) = (Arc::clone(&shared), Arc::clone(&task));
        let thread = std::thread::Builder::new()
            .name(T::NAME.to_owned())
            .spawn(move || run(&on_thread, &tasks))?;
        Ok(Self {
            shared,
            task,
            thread: Some(thread),
        })
    }

    /// What is shared with the thread.
    pub fn shared(&self) -> &Arc<Shared<T::Backlog>> {
        &self.shared
    }

    /// Has somebody else do the thread's work for once, unless it is at work itself.
    pub fn lend(&self, act: impl FnOnce(&mut T)) {
        if let Some(task) = self.task.try_lock().as_mut().and_then(|task| task.as_mut()) {
            act(task);
        }
    }

    /// Lets the thread do what is left, as far as it can, and returns at once.
    pub fn begin_to_stop(&self) {
        self.shared.begin_to_stop();
    }

    /// Lets the thread do what is left, and ends it in time. One that is not let go of is left behind: see [`threads_left_behind`].
    pub fn stop(&mut self) {
        self.begin_to_stop();
        if let Some(thread) = self.thread.take() {
            if self.shared.ends_in_time(T::LAST_STATEMENT) {
                // What went wrong on the thread has been told.
                drop(thread.join());
            } else {
                LEFT_BEHIND.lock().push(thread);
            }
        }
    }
}

impl<T: Task> Drop for Worker<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

static LEFT_BEHIND: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// How many workers could not be stopped, because a driver or a disk kept their thread: they end when it lets go of it, and run
/// through this code until then.
pub fn threads_left_behind() -> usize {
    let mut left = LEFT_BEHIND.lock();
    let threads = std::mem::take(&mut *left);
    let (ended, kept): (Vec<_>, Vec<_>) = threads.into_iter().partition(JoinHandle::is_finished);
    *left = kept;
    // Their last steps may still be in this code.
    ended.into_iter().for_each(|thread| drop(thread.join()));
    left.len()
}

/// Works until the worker is stopped and nothing is left, or nothing more can be done.
fn run<T: Task>(shared: &Shared<T::Backlog>, task: &Mutex<Option<T>>) {
    while work_when_due(shared, task) {}
    let mut task = task.lock().take();
    if let Some(task) = &mut task {
        task.close();
    }
    shared.lock().has_ended = true;
    shared.tell_progress();
    if let Some(task) = &mut task {
        task.has_ended();
    }
    // What it has open is closed after all who wait have been told.
    drop(task);
}

/// Sleeps until there is something to do, and does it; false when it is time to end.
fn work_when_due<T: Task>(shared: &Shared<T::Backlog>, task: &Mutex<Option<T>>) -> bool {
    loop {
        let mut slot = task.lock();
        let Some(task) = slot.as_mut() else { return false };
        let mut state = shared.lock();
        match task.next_step(&mut state, Instant::now()) {
            Step::End => return false,
            Step::Work(work) => {
                drop(state);
                task.carry_out(work);
                return true;
            }
            Step::Sleep(until) => {
                drop(slot);
                #[cfg(test)]
                shared.set_at_rest(&mut state, true);
                // So that it gives up in time.
                match until.into_iter().chain(state.give_up_at).min() {
                    None => shared.work.wait(&mut state),
                    Some(due) => drop(shared.work.wait_until(&mut state, due)),
                }
                #[cfg(test)]
                shared.set_at_rest(&mut state, false);
            }
        }
    }
}
