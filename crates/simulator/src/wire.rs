//! The wire between the driver and the simulated world: whatever the driver wants done is kept here, in its order,
//! until the world takes it. Nothing is done inside a call of the driver.

use mod_callcenter::driver::Clock;
use mod_callcenter::engine::{Output, RowChange, Span, Timestamp, WallTime};
use mod_callcenter::store::{Journal, NoJournal, SaveError, Ticket};
use mod_callcenter::switch::Switch;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The clocks of a simulation: they stand still until they are set.
#[derive(Debug, Default)]
pub struct SimClock {
    now: AtomicI64,
    /// From when on the clock on the wall was ahead of the other by how much; before the first it was not.
    wall: Mutex<Vec<(Timestamp, Span)>>,
}

impl SimClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: AtomicI64::new(now.micros()),
            wall: Mutex::default(),
        }
    }

    /// Sets the clock. It never goes back: an earlier instant is ignored.
    pub fn set(&self, now: Timestamp) {
        self.now.fetch_max(now.micros(), Ordering::Relaxed);
    }

    /// Sets the clock on the wall by so much while the switch does not run: who starts next knows of no other time. By how much the
    /// other clock moves with it.
    pub fn start_anew(&self, by: Span) -> Span {
        let ahead = std::mem::take(&mut *self.wall.lock()).pop();
        let by = ahead.map_or(0, |(_, ahead)| ahead.micros()).saturating_add(by.micros());
        self.now.fetch_add(by, Ordering::Relaxed);
        Span::from_micros(by)
    }

    /// Sets the clock on the wall forward by so much, or back, while the switch runs.
    pub fn set_wall(&self, by: Span) {
        let mut wall = self.wall.lock();
        let ahead = wall
            .last()
            .map_or(0, |(_, ahead)| ahead.micros())
            .saturating_add(by.micros());
        wall.push((self.now(), Span::from_micros(ahead)));
    }

    /// What the clock on the wall showed at an instant.
    pub fn wall_at(&self, at: Timestamp) -> WallTime {
        let wall = self.wall.lock();
        let in_force = wall.iter().rev().find(|(since, _)| *since <= at);
        WallTime::of(at, in_force.map_or(Span::ZERO, |(_, ahead)| *ahead))
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::Relaxed))
    }

    fn wall(&self) -> WallTime {
        self.wall_at(self.now())
    }
}

/// A switch and a journal that only remember what they were asked.
#[derive(Debug, Default)]
pub struct Wire(Mutex<Vec<Output>>);

impl Wire {
    /// Takes everything that was asked since the last time, in order, into an empty list, whose room is used for what is asked next.
    pub fn take_into(&self, asked: &mut Vec<Output>) {
        debug_assert!(asked.is_empty(), "what was asked before is not done yet");
        std::mem::swap(&mut *self.0.lock(), asked);
    }

    /// Nobody does what was asked.
    pub fn forget(&self) {
        self.0.lock().clear();
    }
}

impl Switch for Wire {
    fn carry_out(&self, output: Output) {
        self.0.lock().push(output);
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
