//! Instants and lengths of time. The engine never reads a clock: every instant reaches it as an argument.

use serde::{Deserialize, Serialize};

/// An instant on the engine's own clock, which never jumps: microseconds since the Unix epoch, as the machine's clock stood when the
/// engine began. What is told outside is a [`WallTime`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Timestamp(i64);

/// What the clock on the wall shows at some instant, in microseconds since the Unix epoch. It may be set while calls wait, forward or
/// back; rows, events and variables carry its whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct WallTime(i64);

/// A length of time in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span(i64);

impl Timestamp {
    /// The instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant `seconds` whole seconds after the epoch; values beyond the range are clamped to it.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds on the engine's own clock: for lengths of time. No row, event or variable may carry them.
    pub const fn steady_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// What the clock on the wall shows as long as nobody sets it.
    #[cfg(test)]
    pub const fn secs(self) -> i64 {
        self.steady_secs()
    }

    /// The length of time from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Timestamp) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl WallTime {
    /// The instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The beginning of a second; values beyond the range are clamped to it.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// What is shown at an instant by a clock that is so much ahead of the engine's.
    pub const fn of(at: Timestamp, ahead: Span) -> Self {
        Self(at.0.saturating_add(ahead.0))
    }

    /// When this is shown by a clock that is so much ahead of the engine's.
    pub const fn under(self, ahead: Span) -> Timestamp {
        Timestamp(self.0.saturating_sub(ahead.0))
    }

    /// By how much a clock that shows this at an instant is ahead of the engine's.
    pub const fn ahead_of(self, at: Timestamp) -> Span {
        Span(self.0.saturating_sub(at.0))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as rows and events carry them.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The same, of a second that has begun the next.
    pub const fn secs_rounded_up(self) -> i64 {
        self.0.saturating_add(999_999).div_euclid(1_000_000)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// `micros` microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// `millis` milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// `seconds` seconds; values beyond the range are clamped to it.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Both together.
    pub const fn and(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }

    /// Whole milliseconds, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// As it is spoken: minutes, the last of them begun, and at least one.
    pub const fn minutes_begun(self) -> i64 {
        let minutes = self.secs().saturating_add(59) / 60;
        if minutes < 1 {
            1
        } else {
            minutes
        }
    }
}

impl std::ops::Add<Span> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }
}

pub(in crate::engine) fn seconds(seconds: u32) -> Span {
    Span::from_secs(i64::from(seconds))
}
