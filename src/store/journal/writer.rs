//! Writing, and looking what others have written: by the journal's thread, or by whoever does its work for once.

use super::{Backlog, WatchSlot};
use crate::engine::{ChangesByOthers, NoticeLevel, RowChange};
use crate::store::worker::{guarded, Backoff, Shared, State, Step, Task};
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Changes nobody waits for gather at most this long.
const GATHERING: Duration = Duration::from_millis(50);

/// What fails when something panics.
const DATABASE: &str = "The call-centre database";

/// What there is to do.
pub(super) enum Work {
    /// Look what others have changed.
    Look,
    /// Write these changes; the ticket of the last one.
    Write(Vec<RowChange>, u64),
    /// What nobody waits for.
    Chores,
}

/// What writes, and looks what others have written.
pub(super) struct Writer {
    shared: Arc<Shared<Backlog>>,
    watch: Arc<WatchSlot>,
    store: Box<dyn Store>,
    backoff: Backoff,
    /// When others' changes were last looked for.
    looked_at: Option<Instant>,
    /// The last look failed.
    look_failed: bool,
    /// Changes written since the operator was told of trouble.
    caught_up: usize,
}

impl Task for Writer {
    const NAME: &'static str = "cc-journal";
    const LAST_STATEMENT: Duration = Duration::from_secs(6);
    type Backlog = Backlog;
    type Work = Work;

    fn next_step(&mut self, state: &mut State<Backlog>, now: Instant) -> Step<Work> {
        let is_done = state.is_stopping() && state.backlog.pending.is_empty();
        if is_done || state.has_given_up(now) {
            return Step::End;
        }
        // A look comes first: a write must not bring back what others have deleted.
        let look = self.look_at(state, now);
        if look.is_some_and(|due| due <= now) {
            return Step::Work(Work::Look);
        }
        // Before more is written: whoever waits for that is not the one to do them.
        if self.backoff.retry_at().is_none() && self.store.has_chores() {
            return Step::Work(Work::Chores);
        }
        let write = self.due_at(state, now);
        if write.is_some_and(|due| due <= now) {
            return Step::Work(take(&mut state.backlog));
        }
        Step::Sleep(look.into_iter().chain(write).min())
    }

    fn carry_out(&mut self, work: Work) {
        match work {
            Work::Look => self.look(),
            Work::Write(batch, upto) => self.write(batch, upto),
            Work::Chores => self.do_chores(),
        }
    }

    /// Files may have been taken away since the last change: everything was answered as saved, so it is looked once more.
    fn close(&mut self) {
        let is_saved = self.shared.lock().backlog.pending.is_empty();
        let closed = if is_saved {
            self.ask(|store| store.close())
        } else {
            Ok(())
        };
        self.tell_remarks();
        if let Err(error) = closed {
            self.shared
                .reporter
                .tell_trouble(|| format!("{} What it does not hold when the module ends is lost.", error.0));
        }
    }

    fn has_ended(&mut self) {
        let lost = self.shared.lock().backlog.pending.len();
        if lost > 0 {
            self.shared.reporter.tell(
                NoticeLevel::Error,
                format!("{lost} changes could not be written to the call-centre database before the end and are lost."),
            );
        }
    }
}

impl Writer {
    /// A writer to that store.
    pub fn new(shared: Arc<Shared<Backlog>>, watch: Arc<WatchSlot>, store: Box<dyn Store>) -> Self {
        Self {
            shared,
            watch,
            store,
            backoff: Backoff::growing(),
            looked_at: None,
            look_failed: false,
            caught_up: 0,
        }
    }

    /// Writes what is pending, for somebody who waits for it. Where the database is in trouble, or there is something else to
    /// be done first, it is left to the thread; so are call detail records, which have a file of their own that may be slow.
    pub fn write_at_once(&mut self) {
        if self.backoff.retry_at().is_some() || !self.store.is_at_hand() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        let now = Instant::now();
        let look = self.look_at(&state, now);
        let is_idle = state.backlog.pending.is_empty() || state.is_stopping();
        if is_idle || state.backlog.pending.has_records() || look.is_some_and(|due| due <= now) {
            return;
        }
        let work = take(&mut state.backlog);
        drop(state);
        self.carry_out(work);
        if self.store.has_chores() {
            shared.wake();
        }
    }

    /// When the next look is due.
    fn look_at(&self, state: &State<Backlog>, now: Instant) -> Option<Instant> {
        let interval = state.backlog.watched.filter(|_| !state.is_stopping())?;
        Some(self.looked_at.map_or(now, |looked| looked + interval))
    }

    /// When the next write is due: after a pause while the database fails, at once when somebody waits.
    fn due_at(&self, state: &State<Backlog>, now: Instant) -> Option<Instant> {
        let backlog = &state.backlog;
        let since = backlog.pending_since?;
        let urgent = backlog.awaited > backlog.saved || state.is_stopping();
        let due = if urgent { now } else { since + GATHERING };
        Some(self.backoff.retry_at().unwrap_or(due))
    }

    /// Does something that the database may take long for.
    fn ask<T>(&mut self, act: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.shared.attempt(DATABASE, || act(&mut *self.store))
    }

    /// Writes a batch. What is put aside is out of the batch even when the rest fails.
    fn write(&mut self, mut batch: Vec<RowChange>, upto: u64) {
        let written = batch.len();
        let aside = self.ask(|store| store.put_aside(&mut batch));
        match aside.and_then(|()| self.ask(|store| store.apply(&batch))) {
            Ok(()) => self.succeeded(written, upto),
            Err(error) => self.failed(batch, &error.0),
        }
        self.tell_remarks();
        let forgotten = self.shared.lock().backlog.pending.take_forgotten();
        if forgotten > 0 {
            self.shared.reporter.tell(
                NoticeLevel::Error,
                format!("{forgotten} call detail records could not be kept: too many have been waiting for the disk."),
            );
        }
    }

    fn do_chores(&mut self) {
        let done = self.ask(|store| {
            store.do_chores();
            Ok(())
        });
        if let Err(error) = done {
            self.shared.reporter.tell(NoticeLevel::Error, error.0);
        }
    }

    fn tell_remarks(&mut self) {
        for remark in self.store.take_remarks() {
            let text = format!("The call-centre database, {remark}");
            self.shared.reporter.tell(NoticeLevel::Warning, text);
        }
    }

    /// Looks what others have changed, and tells whoever wants to know before anything else is written.
    fn look(&mut self) {
        let result = self.ask(|store| store.changes_of_others());
        self.tell_remarks();
        match result {
            Ok(changes) => {
                self.look_failed = false;
                self.tell_recovery();
                if !changes.is_empty() {
                    self.tell(changes);
                }
            }
            Err(error) => {
                self.look_failed = true;
                self.tell_trouble(&error.0);
            }
        }
        self.looked_at = Some(Instant::now());
    }

    fn tell(&self, changes: ChangesByOthers) {
        let watch = self.watch.lock();
        let Some(watch) = watch.as_ref() else { return };
        let told = guarded(DATABASE, || {
            watch(changes);
            Ok(())
        });
        if let Err(error) = told {
            self.shared.reporter.tell(NoticeLevel::Error, error.0);
        }
    }

    fn succeeded(&mut self, written: usize, upto: u64) {
        self.backoff.succeeded();
        let mut state = self.shared.lock();
        let backlog = &mut state.backlog;
        backlog.saved = upto;
        backlog.trouble = None;
        backlog.in_flight = 0;
        backlog.unsaved_since = backlog.pending_since;
        drop(state);
        self.shared.tell_progress();
        if self.shared.reporter.is_told() {
            self.caught_up += written;
            self.tell_recovery();
        }
    }

    /// Tells the operator once, however often and in which way it fails.
    fn tell_trouble(&self, error: &str) {
        self.shared.reporter.tell_trouble(|| {
            format!("{error} Calls go on; changes are kept in memory and written when it works again.")
        });
    }

    /// Tells the operator that the trouble is over, once neither reading nor writing fails.
    fn tell_recovery(&mut self) {
        let is_over = !self.look_failed && self.shared.lock().backlog.trouble.is_none();
        if is_over && self.shared.reporter.end() {
            let written = std::mem::take(&mut self.caught_up);
            self.shared.reporter.tell(
                NoticeLevel::Info,
                format!("The call-centre database works again; {written} changes were caught up."),
            );
        }
    }

    fn failed(&mut self, batch: Vec<RowChange>, error: &str) {
        let now = Instant::now();
        self.backoff.failed(now);
        let mut state = self.shared.lock();
        let backlog = &mut state.backlog;
        backlog.pending.put_back(batch);
        backlog.in_flight = 0;
        backlog.pending_since.get_or_insert(now);
        backlog.trouble = Some(error.to_owned());
        backlog.thread_knows = true;
        drop(state);
        // It may be somebody else who has failed; the thread tries again.
        self.shared.wake();
        self.tell_trouble(error);
    }
}

fn take(backlog: &mut Backlog) -> Work {
    backlog.pending_since = None;
    backlog.thread_knows = false;
    let changes = backlog.pending.take();
    backlog.in_flight = changes.len();
    Work::Write(changes, backlog.recorded)
}
