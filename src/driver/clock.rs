//! Where the driver reads the time.

use crate::engine::{Span, Timestamp, WallTime};
use std::time::Instant;

/// The two clocks: one by which the engine lives, and the one by which FreeSWITCH tells the time.
pub trait Clock: Send + Sync {
    /// Now, on a clock that never jumps.
    fn now(&self) -> Timestamp;

    /// What FreeSWITCH's clock shows. It jumps when somebody sets it.
    fn wall(&self) -> WallTime;
}

/// What FreeSWITCH's clock showed when this was made, plus the time passed since on the machine's monotonic clock (Linux:
/// `CLOCK_MONOTONIC`). That one FreeSWITCH measures time by as well: while the machine is suspended both stand still, and with them
/// whatever waits, rings or is announced; nobody has heard anything meanwhile. The epoch follows once FreeSWITCH's clock is synchronised.
#[derive(Debug, Clone, Copy)]
pub struct SteadyClock {
    epoch_at_start: Timestamp,
    start: Instant,
    read_wall: fn() -> WallTime,
}

impl SteadyClock {
    /// A clock that agrees now with the one that is read so.
    pub fn starting_now(read_wall: fn() -> WallTime) -> Self {
        Self {
            epoch_at_start: read_wall().under(Span::ZERO),
            start: Instant::now(),
            read_wall,
        }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.start.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.epoch_at_start + Span::from_micros(passed)
    }

    fn wall(&self) -> WallTime {
        (self.read_wall)()
    }
}
