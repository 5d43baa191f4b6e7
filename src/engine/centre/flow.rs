//! How fast a queue moves.

use crate::engine::vocabulary::time::{Span, Timestamp};

/// How much the latest step counts in the average, as a part: one in so many.
const MEMORY: i64 = 20;

/// The pace of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engine) struct Flow {
    /// The average step.
    pub step: Option<Span>,
    /// How many steps are in it, up to [`MEMORY`].
    steps: i64,
    /// When the line last moved, or began; none of one that was there before it was known here, after a restart.
    pub moved: Option<Timestamp>,
}

impl Flow {
    /// Somebody has left the line; `counts` unless an agent was there at once.
    pub fn move_on(&mut self, now: Timestamp, counts: bool) {
        if let Some(moved) = self.moved.filter(|_| counts) {
            let latest = now.since(moved).micros().max(0);
            self.steps = (self.steps + 1).min(MEMORY);
            let before = self.step.map_or(latest, Span::micros);
            self.step = Some(Span::from_micros(before + (latest - before) / self.steps));
        }
        self.moved = Some(now);
    }
}
