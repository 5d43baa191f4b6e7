//! How many of some lengths of time were within which bound.

use crate::engine::vocabulary::time::Span;

/// Bounds of waiting times in seconds, beside the service level.
const WAIT: &[u32] = &[5, 10, 15, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];
/// Bounds of talks.
const TALK: &[u32] = &[5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];
/// Bounds of how long phones rang that were answered.
const RING: &[u32] = &[1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60];

/// Upper bounds in seconds, the lowest first; a length that is exactly a bound is within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds(Vec<u32>);

impl Bounds {
    /// Those of waiting times, with one at the service level.
    pub fn of_waits(service_level_seconds: u32) -> Self {
        let mut bounds = WAIT.to_vec();
        if let Err(place) = bounds.binary_search(&service_level_seconds) {
            bounds.insert(place, service_level_seconds);
        }
        Self(bounds)
    }

    /// Whether these are the bounds of waiting times with one at this service level.
    fn are_of_waits(&self, service_level_seconds: u32) -> bool {
        let is_one_more = WAIT.binary_search(&service_level_seconds).is_err();
        self.0.len() == WAIT.len() + usize::from(is_one_more) && self.0.binary_search(&service_level_seconds).is_ok()
    }

    /// Those of talks.
    pub fn of_talks() -> Self {
        Self(TALK.to_vec())
    }

    /// Those of rings.
    pub fn of_rings() -> Self {
        Self(RING.to_vec())
    }

    /// The bounds, in seconds.
    pub fn seconds(&self) -> &[u32] {
        &self.0
    }

    /// Which bound is the first that a length is within.
    fn place(&self, length: Span) -> usize {
        self.0
            .partition_point(|bound| Span::from_secs(i64::from(*bound)) < length)
    }
}

/// Lengths of time, counted by bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    bounds: Bounds,
    /// One for each bound, and one for what is beyond them all.
    within: Vec<u32>,
    sum: Span,
}

impl Histogram {
    /// One with nothing in it.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            within: vec![0; bounds.0.len() + 1],
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
        if !self.bounds.are_of_waits(service_level_seconds) {
            self.rebound(Bounds::of_waits(service_level_seconds));
        }
        self.add(wait);
    }

    /// The same lengths by other bounds. What was counted under a bound that both have stays under it; of a new bound it is known that
    /// everything under the next lower one is under it, and no more. So no count ever falls, and sums agree.
    pub(in crate::engine) fn rebound(&mut self, bounds: Bounds) {
        if bounds == self.bounds {
            return;
        }
        let before = self.counts();
        let known = |bound: &u32| {
            let lower = self.bounds.0.partition_point(|old| old <= bound);
            lower.checked_sub(1).and_then(|place| before.get(place)).copied()
        };
        let cumulative: Vec<u32> = bounds.0.iter().map(|bound| known(bound).unwrap_or(0)).collect();
        let mut within = Vec::with_capacity(cumulative.len() + 1);
        let mut below = 0;
        for count in cumulative.into_iter().chain([self.count()]) {
            within.push(count - below);
            below = count;
        }
        (self.bounds, self.within) = (bounds, within);
    }

    /// The bounds.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// For each bound how many were within it.
    pub fn counts(&self) -> Vec<u32> {
        let counts = self.within.iter().take(self.bounds.0.len());
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
        assert_eq!(waits.bounds().seconds().get(..5), Some([5, 10, 15, 20, 30].as_slice()));
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
        assert_eq!(waits.bounds().seconds().get(..5), Some([5, 10, 15, 25, 30].as_slice()));
        // What was beyond 20 is not known to have been within 25.
        assert_eq!(waits.counts().get(..5), Some([1, 1, 1, 2, 3].as_slice()));
        assert_eq!((waits.count(), waits.sum()), (4, Span::from_secs(7_047)));
        waits.rebound(Bounds::of_waits(30));
        assert_eq!(waits.bounds(), &Bounds::of_waits(15));
        assert_eq!(waits.counts().get(..4), Some([1, 1, 1, 3].as_slice()));
    }
}
