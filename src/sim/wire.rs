//! The wire between the driver and the simulated world: whatever the driver wants done is kept here, in its order,
//! until the world takes it. Nothing is done inside a call of the driver.

use crate::core::{
    Announce, Connect, Event, HangupCause, Hold, Inspection, Notice, OfferId, Output, Presence, QueueLogLine, Release,
    Ring, RowChange, Span, Timestamp, VariableChange,
};
use crate::driver::Clock;
use crate::store::{Journal, NoJournal, SaveError, Ticket};
use crate::switch::Switch;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The clock of a simulation: it stands still until it is set.
#[derive(Debug, Default)]
pub struct SimClock(AtomicI64);

impl SimClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.micros()))
    }

    /// Sets the clock. It never goes back: an earlier instant is ignored.
    pub fn set(&self, now: Timestamp) {
        self.0.fetch_max(now.micros(), Ordering::Relaxed);
    }

    /// Corrects the clock by so much, back as well: as a machine's clock is while the switch does not run.
    pub fn correct(&self, by: Span) {
        self.0.fetch_add(by.micros(), Ordering::Relaxed);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// A switch and a journal that only remember what they were asked.
#[derive(Debug, Default)]
pub struct Wire(Mutex<Vec<Output>>);

impl Wire {
    /// Takes everything that was asked since the last time, in order.
    pub fn take(&self) -> Vec<Output> {
        std::mem::take(&mut *self.0.lock())
    }

    fn put(&self, output: Output) {
        self.0.lock().push(output);
    }
}

impl Switch for Wire {
    fn ring(&self, ring: Ring) {
        self.put(Output::Ring(ring));
    }

    fn cancel(&self, offer: OfferId, cause: HangupCause) {
        self.put(Output::CancelRing { offer, cause });
    }

    fn connect(&self, connect: Connect) {
        self.put(Output::Connect(connect));
    }

    fn release(&self, release: Release) {
        self.put(Output::Release(release));
    }

    fn announce(&self, announce: Announce) {
        self.put(Output::Announce(announce));
    }

    fn hold(&self, session_uuid: &str, hold: Hold) {
        self.put(Output::Hold {
            session_uuid: session_uuid.to_owned(),
            hold,
        });
    }

    fn set_variables(&self, session_uuid: &str, changes: &[VariableChange]) {
        self.put(Output::Variables {
            session_uuid: session_uuid.to_owned(),
            changes: changes.to_vec(),
        });
    }

    fn fire_event(&self, event: Event) {
        self.put(Output::Event(event));
    }

    fn fire_presence(&self, presence: Presence) {
        self.put(Output::Presence(presence));
    }

    fn inspect(&self, inspection: Inspection) {
        self.put(Output::Inspect(inspection));
    }

    fn log_queue(&self, line: QueueLogLine) {
        self.put(Output::QueueLog(Box::new(line)));
    }

    fn log(&self, notice: Notice) {
        self.put(Output::Notice(notice));
    }
}

impl Journal for Wire {
    fn record(&self, changes: Vec<RowChange>) -> Ticket {
        self.0.lock().extend(changes.into_iter().map(Output::Row));
        NoJournal.record(Vec::new())
    }

    fn wait(&self, ticket: Ticket, patience: Duration) -> Result<(), SaveError> {
        NoJournal.wait(ticket, patience)
    }
}
