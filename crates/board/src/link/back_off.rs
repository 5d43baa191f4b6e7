//! How long to wait before the next attempt: longer each time, and never the same for two boards.

use rand::Rng;
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);

const LONGEST: Duration = Duration::from_secs(10);

/// The pauses of a row of failed attempts.
pub(super) struct BackOff {
    pause: Duration,
}

impl Default for BackOff {
    fn default() -> Self {
        Self { pause: FIRST }
    }
}

impl BackOff {
    /// The pause before the next attempt: between half and all of a span that doubles.
    pub(super) fn next_pause(&mut self) -> Duration {
        let pause = self.pause.mul_f64(rand::rng().random_range(0.5..=1.0));
        self.pause = (self.pause * 2).min(LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_differ() {
        let mut back_off = BackOff::default();
        let pauses: Vec<Duration> = (0..12).map(|_| back_off.next_pause()).collect();
        assert!(pauses[0] <= FIRST && pauses[0] >= FIRST / 2);
        assert!(pauses.iter().all(|pause| *pause <= LONGEST));
        assert!(pauses[11] >= LONGEST / 2);
        let again: Vec<Duration> = (0..12)
            .scan(BackOff::default(), |again, _| Some(again.next_pause()))
            .collect();
        assert_ne!(pauses, again);
    }
}
