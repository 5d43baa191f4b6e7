//! A box's own clock, and how long the cluster waits for what.

use crate::engine::Span;

/// An instant on the clock of one box, `CLOCK_BOOTTIME`, which counts while the machine is suspended. It says nothing to another box,
/// and no row holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoxTime(i64);

impl BoxTime {
    /// So many microseconds after the machine was started.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the machine was started.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The length of time from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Span {
        Span::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Span> for BoxTime {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.micros()))
    }
}

/// How long a renewal that was answered is trusted, counted from before it was sent.
pub const TRUSTED: Span = Span::from_secs(3);

/// How long the beat of a lease has to stand still before somebody else may take it.
pub const LEASE_STANDS: Span = Span::from_secs(4);

/// How long the beat of a box has to stand still before it is given up. It is longer than [`TRUSTED`] by more than two clocks drift
/// apart, so a box has let go before anybody counts on that.
pub const BOX_STANDS: Span = Span::from_millis(4_500);

/// How long a silent box is waited for where its silence began while the server was away: its connection may hang on the server that
/// is gone.
pub const BOX_STANDS_AFTER_A_GAP: Span = Span::from_secs(10);

/// Looks that are further apart are no watch.
pub const GAP: Span = Span::from_millis(500);

/// A gap that is longer than this says that the server was away.
pub const SERVER_WAS_AWAY: Span = Span::from_secs(1);

/// How long a box may renew without a report, or leave what is there for it, before it is expelled.
pub const PATIENCE: Span = Span::from_secs(3);

/// From one renewal to the next.
pub const BEAT: Span = Span::from_secs(1);

/// From one look to the next.
pub const LOOK: Span = Span::from_millis(50);

/// From a statement that could not be said to the next attempt.
pub const PAUSE: Span = Span::from_millis(200);

/// How old the answer to the question may be whether a deed is still wanted.
pub const CHECKED: Span = Span::from_secs(1);
