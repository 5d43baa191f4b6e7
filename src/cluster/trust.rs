//! How long a box may believe that what it has renewed is still its own.

use crate::cluster::marks::{holds, Mark};
use crate::cluster::time::{BoxTime, TRUSTED};

/// The trust in something that is renewed: a lease, or the presence of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust {
    from: BoxTime,
}

impl Trust {
    /// Trust from a renewal that was sent and answered at these instants. It counts from before the renewal was sent: whoever watches may
    /// have seen it as early as that.
    pub fn from_renewal(sent: BoxTime, answered: BoxTime) -> Self {
        Self {
            from: if holds(Mark::TrustCountsFromTheSending) {
                sent
            } else {
                answered
            },
        }
    }

    /// Another renewal was answered; one that was overtaken takes nothing away.
    pub fn renew(&mut self, sent: BoxTime, answered: BoxTime) {
        self.from = self.from.max(Self::from_renewal(sent, answered).from);
    }

    /// When it ends, unless it is renewed.
    pub fn ends(&self) -> BoxTime {
        self.from + TRUSTED
    }

    /// Whether it holds.
    pub fn holds_at(&self, now: BoxTime) -> bool {
        now < self.ends() || !holds(Mark::TrustEnds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> BoxTime {
        BoxTime::from_micros(millis * 1_000)
    }

    #[test]
    fn trust_counts_from_before_the_renewal_was_sent() {
        let trust = Trust::from_renewal(at(1_000), at(2_500));
        assert!(trust.holds_at(at(3_999)));
        assert!(!trust.holds_at(at(4_000)));
    }

    #[test]
    fn a_renewal_whose_answer_lay_there_too_long_gives_no_trust() {
        let mut trust = Trust::from_renewal(at(1_000), at(1_001));
        trust.renew(at(2_000), at(60_000));
        assert!(!trust.holds_at(at(60_000)));
    }

    #[test]
    fn a_renewal_that_was_overtaken_takes_nothing_away() {
        let mut trust = Trust::from_renewal(at(2_000), at(2_001));
        trust.renew(at(1_000), at(2_002));
        assert_eq!(trust.ends(), at(5_000));
    }
}
