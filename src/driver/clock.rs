//! Where the driver reads the time.

use crate::core::{Span, Timestamp};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A source of the present instant.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Epoch time that never jumps: the machine's wall clock when it was made, plus the time passed since. A correction
/// of the wall clock while calls wait must not let their deadlines pass at once, or never.
#[derive(Debug, Clone, Copy)]
pub struct SteadyClock {
    epoch_at_start: Timestamp,
    start: Instant,
}

impl SteadyClock {
    /// A clock that agrees with the wall clock now.
    pub fn starting_now() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let epoch_at_start = Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX));
        Self {
            epoch_at_start,
            start: Instant::now(),
        }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.start.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.epoch_at_start + Span::from_micros(passed)
    }
}
