//! When to try again what has failed.

use std::time::{Duration, Instant};

/// The first pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Pauses between attempts, while they fail.
#[derive(Debug)]
pub(in crate::store) struct Backoff {
    first: Duration,
    next: Duration,
    retry_at: Option<Instant>,
}

impl Backoff {
    /// Short pauses at first, then longer ones.
    pub fn growing() -> Self {
        Self::from(FIRST_PAUSE)
    }

    /// Long pauses from the first one on.
    pub fn steady() -> Self {
        Self::from(LONGEST_PAUSE)
    }

    fn from(first: Duration) -> Self {
        Self {
            first,
            next: first,
            retry_at: None,
        }
    }

    /// An attempt has failed.
    pub fn failed(&mut self, now: Instant) {
        self.retry_at = Some(now + self.next);
        self.next = (self.next * 2).min(LONGEST_PAUSE);
    }

    /// An attempt has succeeded.
    pub fn succeeded(&mut self) {
        (self.next, self.retry_at) = (self.first, None);
    }

    /// When the pause is over; none while nothing fails.
    pub fn retry_at(&self) -> Option<Instant> {
        self.retry_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew_after_a_success() {
        let now = Instant::now();
        let mut backoff = Backoff::growing();
        let pause = |backoff: &mut Backoff| {
            backoff.failed(now);
            backoff.retry_at().map(|at| (at - now).as_millis())
        };
        let pauses: Vec<_> = (0..7).filter_map(|_| pause(&mut backoff)).collect();
        assert_eq!(pauses, [50, 100, 200, 400, 800, 1000, 1000]);
        backoff.succeeded();
        assert_eq!(backoff.retry_at(), None);
        assert_eq!(pause(&mut backoff), Some(50));
        assert_eq!(pause(&mut Backoff::steady()), Some(1000));
    }
}
