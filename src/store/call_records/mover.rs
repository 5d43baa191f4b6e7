//! Moves call detail records from their journal to their database, on a thread of its own.

use super::{RecordPlace, Spool, StoreError};
use crate::engine::NoticeLevel;
use crate::store::worker::{Backoff, Report, Reporter, Shared, State, Step, Task, Worker};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Records moved in one transaction.
const BATCH: usize = 200;

/// What fails when something panics.
const DATABASE: &str = "The database of call detail records";

/// The mover's owner.
pub(super) struct Mover(Worker<Carrier>);

/// Whether there may be something to move.
#[derive(Default)]
pub(super) struct Backlog {
    has_work: bool,
}

impl Mover {
    /// Starts the thread.
    pub fn start(spool: Arc<Spool>, place: Box<dyn RecordPlace>, report: Report) -> std::io::Result<Self> {
        // What an earlier process left.
        let backlog = Backlog { has_work: true };
        let shared = Shared::new(backlog, Reporter::new(report, false));
        let carrier = Carrier {
            shared: Arc::clone(&shared),
            spool,
            place,
            backoff: Backoff::growing(),
            next: Work::Prepare,
            caught_up: 0,
        };
        Worker::start(shared, carrier).map(Self)
    }

    /// There is something to move.
    pub fn wake(&self) {
        let shared = self.0.shared();
        shared.lock().backlog.has_work = true;
        shared.wake();
    }
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Make the table, so that reports find it even before the first call.
    Prepare,
    /// Move some records.
    Move,
    /// Nothing, until there is something to move.
    Rest,
}

/// What the thread has.
pub(super) struct Carrier {
    shared: Arc<Shared<Backlog>>,
    spool: Arc<Spool>,
    place: Box<dyn RecordPlace>,
    backoff: Backoff,
    next: Work,
    /// Records moved since the operator was told of trouble.
    caught_up: usize,
}

impl Task for Carrier {
    const NAME: &'static str = "cc-cdrs";
    const LAST_STATEMENT: Duration = Duration::from_secs(6);
    type Backlog = Backlog;
    type Work = Work;

    /// What is not moved when the worker gives up is safe where it is.
    fn next_step(&mut self, state: &mut State<Backlog>, now: Instant) -> Step<Work> {
        if state.has_given_up(now) {
            return Step::End;
        }
        match (self.next, self.backoff.retry_at()) {
            (_, Some(at)) if at > now => Step::Sleep(Some(at)),
            (Work::Rest, _) if std::mem::take(&mut state.backlog.has_work) => Step::Work(Work::Move),
            (Work::Rest, _) if state.is_stopping() => Step::End,
            (Work::Rest, _) => Step::Sleep(None),
            (work, _) => Step::Work(work),
        }
    }

    fn carry_out(&mut self, work: Work) {
        let shared = Arc::clone(&self.shared);
        let result = shared.attempt(DATABASE, || match work {
            Work::Prepare => self.place.prepare().map(|()| 0),
            _ => self.move_some(),
        });
        match result {
            Ok(moved) => self.succeeded(moved),
            Err(error) => self.failed(&error.0),
        }
    }
}

impl Carrier {
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
        self.backoff.succeeded();
        self.next = if moved > 0 { Work::Move } else { Work::Rest };
        let reporter = &self.shared.reporter;
        if !reporter.is_told() {
            return;
        }
        self.caught_up += moved;
        if moved == 0 && reporter.end() {
            let moved = std::mem::take(&mut self.caught_up);
            reporter.tell(
                NoticeLevel::Info,
                format!("The database of call detail records works again; {moved} records were caught up."),
            );
        }
    }

    fn failed(&mut self, error: &str) {
        self.backoff.failed(Instant::now());
        self.next = Work::Move;
        self.shared.reporter.tell_trouble(|| {
            format!("{error} Calls go on; call detail records are kept in the journal and moved when it works again.")
        });
    }
}
