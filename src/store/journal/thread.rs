//! Writing: the thread, and whoever does its work for once.

use super::{notice, Shared, SharedWriter, State};
use crate::engine::{ForeignChanges, NoticeLevel, RowChange};
use crate::store::{Store, StoreError};
use parking_lot::MutexGuard;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Changes nobody waits for gather at most this long.
const GATHERING: Duration = Duration::from_millis(50);

/// The first pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What comes next.
enum Step {
    /// Do this now.
    Work(Work),
    /// Nothing, until something is recorded or this instant comes.
    Sleep(Option<Instant>),
    /// Nothing ever again.
    End,
}

/// What there is to do.
enum Work {
    /// Look what others have changed.
    Look,
    /// Write these changes; the ticket of the last one.
    Write(Vec<RowChange>, u64),
    /// What nobody waits for.
    Chores,
}

/// Writes until the journal is stopped and nothing is left, or nothing more can be done.
pub(super) fn run(shared: &Shared, writer: &SharedWriter) {
    while work_when_due(shared, writer) {}
    let mut writer = writer.lock().take();
    if let Some(writer) = &mut writer {
        writer.close(shared);
    }
    let mut state = shared.state.lock();
    state.ended = true;
    let lost = state.pending.len();
    drop(state);
    shared.saved.notify_all();
    if lost > 0 {
        (shared.report)(notice(
            NoticeLevel::Error,
            format!("{lost} changes could not be written to the call-centre database before the end and are lost."),
        ));
    }
    // Closes the store, after all who wait have been told.
    drop(writer);
}

/// Sleeps until there is something to do, and does it; false when it is time to end.
fn work_when_due(shared: &Shared, writer: &SharedWriter) -> bool {
    loop {
        let mut slot = writer.lock();
        let Some(writer) = slot.as_mut() else { return false };
        let mut state = shared.state.lock();
        match writer.next_step(&mut state) {
            Step::End => return false,
            Step::Work(work) => {
                drop(state);
                writer.carry_out(work);
                return true;
            }
            Step::Sleep(until) => {
                drop(slot);
                match until {
                    None => shared.work.wait(&mut state),
                    Some(due) => drop(shared.work.wait_until(&mut state, due)),
                }
            }
        }
    }
}

/// What writes, and looks what others have written.
pub(super) struct Writer {
    shared: Arc<Shared>,
    store: Box<dyn Store>,
    /// The next pause, and when the present one is over, while the database fails.
    pause: Duration,
    retry_at: Option<Instant>,
    /// When others' changes were last looked for.
    looked_at: Option<Instant>,
    /// The last look failed.
    look_failed: bool,
    /// Changes written since then.
    caught_up: usize,
}

impl Writer {
    /// A writer to that store.
    pub fn new(shared: Arc<Shared>, store: Box<dyn Store>) -> Self {
        Self {
            shared,
            store,
            pause: FIRST_PAUSE,
            retry_at: None,
            looked_at: None,
            look_failed: false,
            caught_up: 0,
        }
    }

    /// Writes what is pending, for somebody who waits for it. Where the database is in trouble, or there is something else to
    /// be done first, it is left to the thread; so are call detail records, which have a file of their own that may be slow.
    pub fn write_at_once(&mut self) {
        if self.retry_at.is_some() || !self.store.is_at_hand() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let mut state = shared.state.lock();
        let now = Instant::now();
        let look = self.look_at(&state, now);
        let is_idle = state.pending.is_empty() || state.give_up_at.is_some();
        if is_idle || state.pending.has_records() || look.is_some_and(|due| due <= now) {
            return;
        }
        let work = Self::take(&mut state);
        drop(state);
        self.carry_out(work);
        if self.store.has_chores() {
            shared.work.notify_one();
        }
    }

    fn carry_out(&mut self, work: Work) {
        let shared = Arc::clone(&self.shared);
        match work {
            Work::Look => self.look(&shared),
            Work::Write(batch, upto) => self.write(&shared, batch, upto),
            Work::Chores => self.do_chores(),
        }
    }

    fn next_step(&self, state: &mut MutexGuard<'_, State>) -> Step {
        let now = Instant::now();
        if state.give_up_at.is_some_and(|at| state.pending.is_empty() || at <= now) {
            return Step::End;
        }
        // A look comes first: a write must not bring back what others have deleted.
        let look = self.look_at(state, now);
        if look.is_some_and(|due| due <= now) {
            return Step::Work(Work::Look);
        }
        // Before more is written: whoever waits for that is not the one to do them.
        if self.retry_at.is_none() && self.store.has_chores() {
            return Step::Work(Work::Chores);
        }
        let write = self.due_at(state, now);
        if write.is_some_and(|due| due <= now) {
            return Step::Work(Self::take(state));
        }
        Step::Sleep(look.into_iter().chain(write).min())
    }

    /// When the next look is due.
    fn look_at(&self, state: &State, now: Instant) -> Option<Instant> {
        let interval = state.watched.filter(|_| state.give_up_at.is_none())?;
        Some(self.looked_at.map_or(now, |looked| looked + interval))
    }

    /// When the next write is due: after a pause while the database fails, at once when somebody waits.
    fn due_at(&self, state: &State, now: Instant) -> Option<Instant> {
        let since = state.pending_since?;
        let urgent = state.awaited > state.saved || state.give_up_at.is_some();
        Some(self.retry_at.unwrap_or(if urgent { now } else { since + GATHERING }))
    }

    fn take(state: &mut MutexGuard<'_, State>) -> Work {
        state.pending_since = None;
        state.thread_knows = false;
        Work::Write(state.pending.take(), state.recorded)
    }

    /// Does something that the database may take long for.
    fn ask<T>(&mut self, act: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut state = self.shared.state.lock();
        state.busy_since = Some(Instant::now());
        if !std::mem::replace(&mut state.is_overseen, true) {
            self.shared.begun.notify_one();
        }
        drop(state);
        let result = guarded(|| act(&mut *self.store));
        self.shared.state.lock().busy_since = None;
        result
    }

    /// Writes a batch. What is put aside is out of the batch even when the rest fails.
    fn write(&mut self, shared: &Shared, mut batch: Vec<RowChange>, upto: u64) {
        let written = batch.len();
        let aside = self.ask(|store| store.put_aside(&mut batch));
        match aside.and_then(|()| self.ask(|store| store.apply(&batch))) {
            Ok(()) => self.succeeded(shared, written, upto),
            Err(error) => self.failed(shared, batch, error.0),
        }
        self.tell_remarks();
        let forgotten = shared.state.lock().pending.take_forgotten();
        if forgotten > 0 {
            (self.shared.report)(notice(
                NoticeLevel::Error,
                format!("{forgotten} call detail records could not be kept: too many have been waiting for the disk."),
            ));
        }
    }

    fn do_chores(&mut self) {
        let done = self.ask(|store| {
            store.do_chores();
            Ok(())
        });
        if let Err(error) = done {
            (self.shared.report)(notice(NoticeLevel::Error, error.0));
        }
    }

    /// Files may have been taken away since the last change: everything was answered as saved, so it is looked once more.
    fn close(&mut self, shared: &Shared) {
        let is_saved = shared.state.lock().pending.is_empty();
        let closed = if is_saved {
            self.ask(|store| store.close())
        } else {
            Ok(())
        };
        self.tell_remarks();
        if let Err(error) = closed {
            let told = std::mem::replace(&mut shared.state.lock().told, true);
            if !told {
                let text = format!("{} What it does not hold when the module ends is lost.", error.0);
                (shared.report)(notice(NoticeLevel::Error, text));
            }
        }
    }

    fn tell_remarks(&mut self) {
        for remark in self.store.take_remarks() {
            (self.shared.report)(notice(
                NoticeLevel::Warning,
                format!("The call-centre database, {remark}"),
            ));
        }
    }

    /// Looks what others have changed, and tells whoever wants to know before anything else is written.
    fn look(&mut self, shared: &Shared) {
        let result = self.ask(|store| store.changes_of_others());
        self.tell_remarks();
        match result {
            Ok(changes) => {
                self.look_failed = false;
                self.tell_recovery(shared);
                if !changes.is_empty() {
                    self.tell(shared, changes);
                }
            }
            Err(error) => {
                self.look_failed = true;
                self.tell_trouble(&error.0);
            }
        }
        self.looked_at = Some(Instant::now());
    }

    fn tell(&self, shared: &Shared, changes: ForeignChanges) {
        let watch = shared.watch.lock();
        let Some(watch) = watch.as_ref() else { return };
        let told = guarded(|| {
            watch(changes);
            Ok(())
        });
        if let Err(error) = told {
            (self.shared.report)(notice(NoticeLevel::Error, error.0));
        }
    }

    fn succeeded(&mut self, shared: &Shared, written: usize, upto: u64) {
        (self.pause, self.retry_at) = (FIRST_PAUSE, None);
        let mut state = shared.state.lock();
        state.saved = upto;
        state.trouble = None;
        let told = state.told;
        drop(state);
        shared.saved.notify_all();
        if told {
            self.caught_up += written;
            self.tell_recovery(shared);
        }
    }

    /// Tells the operator once, however often and in which way it fails.
    fn tell_trouble(&mut self, error: &str) {
        let told = std::mem::replace(&mut self.shared.state.lock().told, true);
        if !told {
            (self.shared.report)(notice(
                NoticeLevel::Error,
                format!("{error} Calls go on; changes are kept in memory and written when it works again."),
            ));
        }
    }

    /// Tells the operator that the trouble is over, once neither reading nor writing fails.
    fn tell_recovery(&mut self, shared: &Shared) {
        let mut state = shared.state.lock();
        if !state.told || self.look_failed || state.trouble.is_some() {
            return;
        }
        state.told = false;
        drop(state);
        let written = std::mem::take(&mut self.caught_up);
        (self.shared.report)(notice(
            NoticeLevel::Info,
            format!("The call-centre database works again; {written} changes were caught up."),
        ));
    }

    fn failed(&mut self, shared: &Shared, batch: Vec<RowChange>, error: String) {
        let now = Instant::now();
        self.retry_at = Some(now + self.pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        let mut state = shared.state.lock();
        state.pending.put_back(batch);
        state.pending_since.get_or_insert(now);
        state.trouble = Some(error.clone());
        state.thread_knows = true;
        drop(state);
        // It may be somebody else who has failed; the thread tries again.
        shared.work.notify_one();
        self.tell_trouble(&error);
    }
}

/// A panic must not end the journal: to the journal it is one more failure.
fn guarded<T>(act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|_| {
        Err(StoreError(
            "The call-centre database failed: internal error.".to_owned(),
        ))
    })
}
