//! How many of some lengths of time were within which bound.

use crate::engine::vocabulary::time::Span;

/// Bounds of waiting times in seconds, beside the service level.
const WAIT: &[u32] = &[5, 10, 15, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];
/// Bounds of talks.
const TALK: &[u32] = &[5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];
/// Bounds of how long phones rang that were answered.
const RING: &[u32] = &[1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60];

/// As many counts as the longest of these has bounds, one more for the service level, and one for what is beyond them all.
const MOST: usize = WAIT.len() + 2;
const _: () = assert!(TALK.len() < MOST && RING.len() < MOST);

/// Upper bounds in seconds, the lowest first; a length that is exactly a bound is within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    usual: &'static [u32],
    /// The service level, where that is none of them.
    level: Option<u32>,
}

impl Bounds {
    /// Those of waiting times, with one at the service level.
    pub fn of_waits(service_level_seconds: u32) -> Self {
        Self {
            usual: WAIT,
            level: Some(service_level_seconds).filter(|level| WAIT.binary_search(level).is_err()),
        }
    }

    /// Those of talks.
    pub fn of_talks() -> Self {
        Self {
            usual: TALK,
            level: None,
        }
    }

    /// Those of rings.
    pub fn of_rings() -> Self {
        Self {
            usual: RING,
            level: None,
        }
    }

    /// The bounds, in seconds.
    pub fn seconds(&self) -> impl Iterator<Item = u32> + '_ {
        let below_level = |bound: &u32| self.level.is_some_and(|level| *bound < level);
        let (below, above) = self.usual.split_at(self.usual.partition_point(below_level));
        below.iter().chain(&self.level).chain(above).copied()
    }

    /// How many there are.
    fn len(&self) -> usize {
        self.usual.len() + usize::from(self.level.is_some())
    }

    /// Which bound is the first that a length is within.
    fn place(&self, length: Span) -> usize {
        let is_below = |bound: &u32| Span::from_secs(i64::from(*bound)) < length;
        self.usual.partition_point(is_below) + usize::from(self.level.as_ref().is_some_and(is_below))
    }
}

/// Lengths of time, counted by bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    bounds: Bounds,
    /// One for each bound, and one for what is beyond them all.
    within: [u32; MOST],
    sum: Span,
}

impl Histogram {
    /// One with nothing in it.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            within: [0; MOST],
            sum: Span::ZERO,
            bounds,
        }
    }

    /// Counts a length of time; a negative one is none at all.
    pub(in crate::engine) fn add(&mut self, length: Span) {
        let length = length.max(Span::ZERO);
        if let Some(count) = self.within.get_mut(self.bounds.place(length)) {
            *count += 1;
        }
        self.sum = self.sum.and(length);
    }

    /// Counts a waiting time; the service level may be another one since the last was counted.
    pub(in crate::engine) fn add_wait(&mut self, wait: Span, service_level_seconds: u32) {
        self.rebound(Bounds::of_waits(service_level_seconds));
        self.add(wait);
    }

    /// The same lengths by other bounds. What was counted under a bound that both have stays under it; of a new bound it is known that
    /// everything under the next lower one is under it, and no more. So no count ever falls, and sums agree.
    pub(in crate::engine) fn rebound(&mut self, bounds: Bounds) {
        if bounds == self.bounds {
            return;
        }
        if self.within == [0; MOST] {
            self.bounds = bounds;
            return;
        }
        let mut within = [0; MOST];
        let mut below = 0;
        let known = bounds.seconds().map(|bound| self.known_within(bound));
        for (place, count) in within.iter_mut().zip(known.chain([self.count()])) {
            *place = count - below;
            below = count;
        }
        (self.bounds, self.within) = (bounds, within);
    }

    /// How many were within the bounds up to this one.
    fn known_within(&self, bound: u32) -> u32 {
        let bounds = self.bounds.seconds().zip(&self.within);
        bounds
            .take_while(|(old, _)| *old <= bound)
            .map(|(_, count)| count)
            .sum()
    }

    /// The bounds.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// For each bound how many were within it.
    pub fn counts(&self) -> Vec<u32> {
        let counts = self.within.iter().take(self.bounds.len());
        let cumulative = counts.scan(0, |below, count| {
            *below += count;
            Some(*below)
        });
        cumulative.collect()
    }

    /// How many there were.
    pub fn count(&self) -> u32 {
        self.within.iter().sum()
    }

    /// All of them together.
    pub fn sum(&self) -> Span {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_within_the_bound_that_it_reaches() {
        let mut waits = Histogram::new(Bounds::of_waits(20));
        for millis in [-5, 0, 5_000, 5_001, 20_000, 20_001, 4_000_000] {
            waits.add(Span::from_millis(millis));
        }
        assert!(waits.bounds().seconds().take(5).eq([5, 10, 15, 20, 30]));
        assert_eq!(waits.counts().get(..5), Some([3, 4, 4, 5, 6].as_slice()));
        assert_eq!((waits.counts().last(), waits.count()), (Some(&6), 7));
        assert_eq!(waits.sum(), Span::from_millis(4_050_002));
    }

    #[test]
    fn another_service_level_takes_nothing_away() {
        let mut waits = Histogram::new(Bounds::of_waits(20));
        for seconds in [4, 18, 25, 7_000] {
            waits.add(Span::from_secs(seconds));
        }
        waits.rebound(Bounds::of_waits(25));
        assert!(waits.bounds().seconds().take(5).eq([5, 10, 15, 25, 30]));
        // What was beyond 20 is not known to have been within 25.
        assert_eq!(waits.counts().get(..5), Some([1, 1, 1, 2, 3].as_slice()));
        assert_eq!((waits.count(), waits.sum()), (4, Span::from_secs(7_047)));
        waits.rebound(Bounds::of_waits(30));
        assert_eq!(waits.bounds(), &Bounds::of_waits(15));
        assert_eq!(waits.counts().get(..4), Some([1, 1, 1, 3].as_slice()));
    }
}
