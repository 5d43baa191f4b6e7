//! What stands in for a driver's clock and database in the tests of this crate.

use super::Clock;
use crate::engine::{RowChange, Span, Timestamp, WallTime};
use crate::store::{Journal, SaveError, Ticket};
use parking_lot::Mutex;
use std::time::Duration;

/// A clock that stands still until a test moves it.
pub(crate) struct HandClock(Mutex<Timestamp>);

impl HandClock {
    /// A clock that shows so many seconds since the epoch.
    pub(crate) fn at(seconds: i64) -> Self {
        Self(Mutex::new(Timestamp::from_secs(seconds)))
    }

    /// So many seconds pass.
    pub(crate) fn pass(&self, seconds: i64) {
        let mut now = self.0.lock();
        *now = *now + Span::from_secs(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }

    fn wall(&self) -> WallTime {
        WallTime::of(self.now(), Span::ZERO)
    }
}

/// A journal that never saves, for this reason.
pub(crate) struct DeadJournal(pub(crate) &'static str);

impl Journal for DeadJournal {
    fn record(&self, _: Vec<RowChange>) -> Ticket {
        Ticket::default()
    }

    fn wait(&self, _: Ticket, _: Duration) -> Result<(), SaveError> {
        Err(SaveError(self.0.to_owned()))
    }
}
