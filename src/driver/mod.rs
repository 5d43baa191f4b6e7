//! Owns the engine: its lock, its clock, and the order in which its outputs are carried out.
//!
//! Locks, and what may be taken while one is held:
//! - `engine`: held while the engine handles one input and its outputs are handed on, so that outbox, journal and
//!   deadline have the engine's order. Under it only the three short locks below are taken, each for an append or an
//!   assignment; nothing outside is called, neither FreeSWITCH nor the database (FreeSWITCH #695). A thread knows that it holds the lock,
//!   and where something outside is called, a debug build insists that it does not.
//! - the outbox's, the journal's and the deadline's lock: nothing is taken under them.
//! - the dispatch turn is not a lock to wait for. Whoever has it carries out the outbox until it is empty; anyone else
//!   leaves its outputs there. So outputs are carried out one after the other in the engine's order, by a thread that
//!   holds no lock.

mod clock;
#[cfg(test)]
pub(crate) mod doubles;
mod engine_lock;
mod engine_room;
mod outbox;
mod reception;
mod stopwatch;
#[cfg(test)]
mod tests;
mod timer_thread;

pub use clock::{Clock, SteadyClock};
pub use engine_lock::assert_free as assert_engine_is_free;
pub use engine_room::{EngineRoom, Look};
pub use reception::Reception;
pub use stopwatch::EngineTimes;
pub use timer_thread::TimerThread;

use crate::engine::names::header;
use crate::engine::{Engine, EngineError, Event, Input, Output, Reply, RowChange, Span, Timestamp, WallTime};
use crate::store::{Journal, JournalState, SaveError, Ticket};
use crate::switch::Switch;
use engine_lock::EngineLock;
use outbox::Outbox;
use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};
use stopwatch::Stopwatch;

/// How long a thread waits for its own outputs to be carried out by another, and a command for its commit.
pub const PATIENCE: Duration = Duration::from_millis(800);

/// FreeSWITCH's clock was set when it is off by so much from where it stood to the engine's. It is read from what one of FreeSWITCH's
/// threads writes a thousand times a second, and lags when the machine is busy; lagging by a second FreeSWITCH sets it itself.
const SET_CLOCK: Span = Span::from_millis(500);

/// The header that has the number of an event of ours.
const EVENT_SEQUENCE: &str = header::EVENT_SEQUENCE;

/// Whose engine it is that was looked at, in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    /// A word for the term of the leader: events have it, too.
    pub election: String,
    /// When the engine began.
    pub since: WallTime,
}

/// Where a look stands in the order of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventMark {
    /// The number of the last event.
    pub sequence: u64,
    /// Who has numbered them; none on a box that is a call centre by itself.
    pub led: Option<Led>,
}

/// What was seen under one look at the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// What was copied.
    pub value: T,
    /// The last event that what was copied has the effects of.
    pub mark: EventMark,
    /// How long the engine was locked for it.
    pub locked: Duration,
}

/// How the driver is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Health {
    /// How long the engine takes.
    pub engine: EngineTimes,
    /// Outputs that wait to be carried out.
    pub outputs_waiting: usize,
    /// How far the database is behind.
    pub journal: JournalState,
}

/// The engine with everything it needs to act.
pub struct Driver {
    engine: EngineLock,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    switch: Arc<dyn Switch>,
    journal: Arc<dyn Journal>,
    deadline_moved: Condvar,
    deadline: Mutex<TimerState>,
    stopwatch: Stopwatch,
    numbers_events: bool,
    /// The number of the last event. It changes under the engine's lock.
    sequence: AtomicU64,
}

/// What the timer thread sleeps on.
#[derive(Default)]
struct TimerState {
    next: Option<Timestamp>,
    /// Somebody has left outputs to be carried out.
    outputs_left: bool,
    stopped: bool,
}

/// Where an input's effects stand.
struct Submitted {
    reply: Result<Reply, EngineError>,
    last_output: u64,
    ticket: Option<Ticket>,
}

impl Driver {
    /// A driver of `engine`; rows go to `journal`, everything else to `switch`.
    pub fn new(engine: Engine, clock: Arc<dyn Clock>, switch: Arc<dyn Switch>, journal: Arc<dyn Journal>) -> Self {
        Self {
            engine: EngineLock::new(engine),
            outbox: Outbox::default(),
            clock,
            switch,
            journal,
            deadline_moved: Condvar::new(),
            deadline: Mutex::new(TimerState::default()),
            stopwatch: Stopwatch::default(),
            numbers_events: false,
            sequence: AtomicU64::new(0),
        }
    }

    /// The same with each event numbered, from 1 on and without gaps, in a header behind its own: whoever subscribes knows what a look
    /// at the engine has in it already, and what was lost. FreeSWITCH's own number is given when the event is fired, which is later.
    #[must_use]
    pub fn numbering_events(self) -> Self {
        Self {
            numbers_events: true,
            ..self
        }
    }

    /// Hands an input to the engine. What the engine wants done is carried out by this thread, or by one that is
    /// carrying out outputs already.
    pub fn submit(&self, input: Input) -> Result<Reply, EngineError> {
        let submitted = self.handle(|engine, now| engine.handle_input(now, input));
        self.carry_out();
        submitted.reply
    }

    /// As [`Driver::submit`], and returns only once everything the input caused has been carried out (or
    /// [`PATIENCE`] is over): for a channel's own thread, whose variables must be set before it goes on.
    pub fn submit_and_settle(&self, input: Input) -> Result<Reply, EngineError> {
        let submitted = self.handle(|engine, now| engine.handle_input(now, input));
        self.carry_out();
        self.outbox.wait_for(submitted.last_output, PATIENCE);
        submitted.reply
    }

    /// As [`Driver::submit`], for a thread that must not be kept: what the engine wants done is left to the
    /// [`TimerThread`].
    pub fn submit_and_leave(&self, input: Input) -> Result<Reply, EngineError> {
        let submitted = self.handle(|engine, now| engine.handle_input(now, input));
        self.deadline.lock().outputs_left = true;
        self.deadline_moved.notify_one();
        submitted.reply
    }

    /// As [`Driver::submit`], and returns only once the rows the input changed would survive the death of the
    /// process. The outer error says that the change is in effect but not yet saved.
    pub fn submit_and_save(&self, input: Input) -> Result<Result<Reply, EngineError>, SaveError> {
        let submitted = self.handle_recording(
            |journal, rows| journal.record_awaited(rows),
            |engine, now| engine.handle_input(now, input),
        );
        self.carry_out();
        if let Some(ticket) = submitted.ticket {
            engine_lock::assert_free();
            self.journal.wait(ticket, PATIENCE)?;
        }
        Ok(submitted.reply)
    }

    /// Returns only once every row that has changed so far would survive the death of the process: after several
    /// inputs that were submitted one by one.
    pub fn wait_until_saved(&self) -> Result<(), SaveError> {
        let last = self.journal.record(Vec::new());
        self.journal.wait(last, PATIENCE)
    }

    /// Looks at the engine. `look` runs under the engine's lock: it copies what it needs and returns.
    pub fn view<R>(&self, look: impl FnOnce(&Engine, Timestamp) -> R) -> R {
        let now = self.clock.now();
        let mut engine = self.engine.lock();
        if self.was_set(&engine, now).is_some() {
            drop(engine);
            self.handle(|_, _| Ok(Reply::Done));
            engine = self.engine.lock();
        }
        look(&engine, now)
    }

    /// As [`Driver::view`], for whoever has to know which events came before.
    pub fn see<R>(&self, look: impl FnOnce(&Engine, Timestamp) -> R) -> Seen<R> {
        self.view(|engine, now| {
            let began = Instant::now();
            let mark = self.event_mark();
            let value = look(engine, now);
            Seen {
                value,
                mark,
                locked: began.elapsed(),
            }
        })
    }

    fn look_at_engine(&self, look: &mut Look<'_>) {
        self.view(|engine, now| look(engine, now, self.event_mark()));
    }

    /// The number of the last event; the engine is locked.
    fn event_mark(&self) -> EventMark {
        EventMark {
            sequence: self.sequence.load(Ordering::Relaxed),
            led: None,
        }
    }

    /// How the driver is.
    pub fn health(&self) -> Health {
        Health {
            engine: self.stopwatch.times(),
            outputs_waiting: self.outbox.waiting(),
            journal: self.journal.state(),
        }
    }

    /// When the engine next wants [`Driver::handle_due_timers`].
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.engine.lock().poll_timeout()
    }

    /// Lets the engine act on the deadlines that have passed.
    pub fn handle_due_timers(&self) {
        self.handle(|engine, now| {
            engine.handle_timeout(now);
            Ok(Reply::Done)
        });
        self.carry_out();
    }

    /// The time the engine lives in.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time FreeSWITCH tells.
    pub fn wall(&self) -> WallTime {
        self.clock.wall()
    }

    /// What FreeSWITCH's clock shows, if it was set since the engine was told.
    fn was_set(&self, engine: &Engine, now: Timestamp) -> Option<WallTime> {
        let shown = self.clock.wall();
        let by = shown
            .ahead_of(now)
            .micros()
            .saturating_sub(engine.wall(now).ahead_of(now).micros());
        (by.saturating_abs() >= SET_CLOCK.micros()).then_some(shown)
    }

    fn handle(&self, act: impl FnOnce(&mut Engine, Timestamp) -> Result<Reply, EngineError>) -> Submitted {
        self.handle_recording(|journal, rows| journal.record(rows), act)
    }

    fn handle_recording(
        &self,
        record: impl FnOnce(&dyn Journal, Vec<RowChange>) -> Ticket,
        act: impl FnOnce(&mut Engine, Timestamp) -> Result<Reply, EngineError>,
    ) -> Submitted {
        let mut engine = self.engine.lock();
        let began = Instant::now();
        let now = self.clock.now();
        if let Some(shown) = self.was_set(&engine, now) {
            let _ = engine.handle_input(now, Input::ClockSet(shown));
        }
        let reply = act(&mut engine, now);
        let mut rows = Vec::new();
        let others = std::iter::from_fn(|| loop {
            match engine.poll_output()? {
                Output::Row(change) => rows.push(change),
                Output::Event(event) if self.numbers_events => return Some(Output::Event(self.numbered(event))),
                other => return Some(other),
            }
        });
        let last_output = self.outbox.append(others);
        let ticket = (!rows.is_empty()).then(|| record(&*self.journal, rows));
        self.note_deadline(engine.poll_timeout());
        self.stopwatch.note(began.elapsed());
        Submitted {
            reply,
            last_output,
            ticket,
        }
    }

    /// An event with the next number; the engine is locked.
    fn numbered(&self, mut event: Event) -> Event {
        let number = self.sequence.fetch_add(1, Ordering::Relaxed) + 1;
        event.headers.push((EVENT_SEQUENCE, number.to_string()));
        event
    }

    fn carry_out(&self) {
        self.outbox.drain(|output| {
            engine_lock::assert_free();
            self.switch.carry_out(output);
        });
    }

    fn note_deadline(&self, next: Option<Timestamp>) {
        let mut state = self.deadline.lock();
        let sooner = match (next, state.next) {
            (Some(new), Some(old)) => new < old,
            (Some(_), None) => true,
            (None, _) => false,
        };
        state.next = next;
        if sooner {
            self.deadline_moved.notify_one();
        }
    }
}
