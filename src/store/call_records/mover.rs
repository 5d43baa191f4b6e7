//! The thread that moves call detail records from their journal to their database.

use super::{RecordPlace, Spool, StoreError};
use crate::engine::{Notice, NoticeLevel};
use crate::store::journal::part_with;
use parking_lot::{Condvar, Mutex};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Records moved in one transaction.
const BATCH: usize = 200;

/// The first pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long a stopping mover tries to move what is left. The rest is safe where it is.
const LAST_ATTEMPTS: Duration = Duration::from_secs(2);

/// How long a statement may take that was under way then.
const LAST_STATEMENT: Duration = Duration::from_secs(6);

/// The thread's owner.
pub(super) struct Mover {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// There may be something to move.
    work: bool,
    /// When to give up, once the mover is being stopped.
    give_up_at: Option<Instant>,
    /// The thread has ended.
    ended: bool,
}

impl Mover {
    /// Starts the thread.
    pub fn start(
        spool: Arc<Spool>,
        place: Box<dyn RecordPlace>,
        report: Box<dyn Fn(Notice) + Send>,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        // What an earlier process left.
        shared.state.lock().work = true;
        let carrier = Carrier {
            shared: Arc::clone(&shared),
            spool,
            place,
            report,
            pause: FIRST_PAUSE,
            told: false,
            caught_up: 0,
        };
        let thread = std::thread::Builder::new()
            .name("cc-cdrs".to_owned())
            .spawn(move || carrier.run())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// There is something to move.
    pub fn wake(&self) {
        self.shared.state.lock().work = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        let give_up_at = Instant::now() + LAST_ATTEMPTS;
        let mut state = self.shared.state.lock();
        state.give_up_at = Some(give_up_at);
        self.shared.changed.notify_all();
        while !state.ended {
            let deadline = give_up_at + LAST_STATEMENT;
            if self.shared.changed.wait_until(&mut state, deadline).timed_out() {
                break;
            }
        }
        let has_ended = state.ended;
        drop(state);
        part_with(self.thread.take(), has_ended);
    }
}

/// What the thread has.
struct Carrier {
    shared: Arc<Shared>,
    spool: Arc<Spool>,
    place: Box<dyn RecordPlace>,
    report: Box<dyn Fn(Notice) + Send>,
    /// The next pause after a failure.
    pause: Duration,
    /// The operator knows that the database is in trouble.
    told: bool,
    /// Records moved since then.
    caught_up: usize,
}

impl Carrier {
    fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        // So that reports find the table even before the first call.
        let mut result = guarded(|| self.place.prepare()).map(|()| 0);
        loop {
            let goes_on = match result {
                Ok(moved) => {
                    self.succeeded(moved);
                    moved > 0 || shared.wait_for_work()
                }
                Err(error) => {
                    self.failed(&error.0);
                    let pause = self.pause;
                    self.pause = (pause * 2).min(LONGEST_PAUSE);
                    shared.rest(pause)
                }
            };
            if !goes_on {
                break;
            }
            result = guarded(|| self.move_some());
        }
        drop(self);
        shared.state.lock().ended = true;
        shared.changed.notify_all();
    }

    /// Moves a batch, and says how many records it had.
    fn move_some(&mut self) -> Result<usize, StoreError> {
        let records = self.spool.oldest(BATCH)?;
        if !records.is_empty() {
            self.place.add(&records)?;
            self.spool.forget(&records)?;
        }
        Ok(records.len())
    }

    fn succeeded(&mut self, moved: usize) {
        self.pause = FIRST_PAUSE;
        if !self.told {
            return;
        }
        self.caught_up += moved;
        if moved == 0 {
            self.told = false;
            let moved = std::mem::take(&mut self.caught_up);
            self.tell(
                NoticeLevel::Info,
                format!("The database of call detail records works again; {moved} records were caught up."),
            );
        }
    }

    /// Tells the operator once, however often it fails.
    fn failed(&mut self, error: &str) {
        if !std::mem::replace(&mut self.told, true) {
            self.tell(
                NoticeLevel::Error,
                format!(
                    "{error} Calls go on; call detail records are kept in the journal and moved when it works again."
                ),
            );
        }
    }

    fn tell(&self, level: NoticeLevel, text: String) {
        (self.report)(Notice {
            level,
            session_uuid: None,
            text,
        });
    }
}

impl Shared {
    /// Sleeps until there is something to move; false when it is time to end.
    fn wait_for_work(&self) -> bool {
        let mut state = self.state.lock();
        while !std::mem::take(&mut state.work) {
            if state.give_up_at.is_some() {
                return false;
            }
            self.changed.wait(&mut state);
        }
        true
    }

    /// Sleeps for a pause; false when it is time to end.
    fn rest(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut state = self.state.lock();
        loop {
            let now = Instant::now();
            if state.give_up_at.is_some_and(|at| at <= now) {
                return false;
            }
            if until <= now {
                return true;
            }
            let until = state.give_up_at.map_or(until, |at| at.min(until));
            self.changed.wait_until(&mut state, until);
        }
    }
}

/// A panic must not end the thread: it is one more failure.
fn guarded<T>(act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|_| {
        Err(StoreError(
            "The database of call detail records failed: internal error.".to_owned(),
        ))
    })
}
