//! What was counted, by the quarter of an hour: any day that begins at a local midnight is made of whole quarters, in every time zone.

use crate::engine::border::tally::Adds;
use crate::engine::vocabulary::time::WallTime;
use std::collections::VecDeque;

/// Seconds of a quarter of an hour.
pub(in crate::engine) const QUARTER: i64 = 900;
/// So many quarters are kept: a day is at most 25 hours long, when clocks are set back.
const KEPT: i64 = 26 * 4;

/// Tallies by the quarter of an hour, of the last day; those in which nothing happened are not there.
#[derive(Debug)]
pub(in crate::engine) struct Quarters<T> {
    /// By the number of the quarter since the epoch, ascending.
    counted: VecDeque<(i64, T)>,
}

impl<T> Default for Quarters<T> {
    fn default() -> Self {
        Self {
            counted: VecDeque::new(),
        }
    }
}

impl<T: Adds> Quarters<T> {
    /// Counts something that happens when the clock shows this; it may have been set back.
    pub fn note(&mut self, at: WallTime, note: impl FnOnce(&mut T)) {
        let quarter = at.secs().div_euclid(QUARTER);
        let place = self.counted.partition_point(|(other, _)| *other < quarter);
        if self.counted.get(place).is_none_or(|(other, _)| *other != quarter) {
            self.counted.insert(place, (quarter, T::default()));
        }
        if let Some((_, tally)) = self.counted.get_mut(place) {
            note(tally);
        }
        let latest = self.counted.back().map_or(quarter, |(latest, _)| *latest);
        while self.counted.front().is_some_and(|(first, _)| latest - first >= KEPT) {
            self.counted.pop_front();
        }
    }

    /// Everything from an epoch second on, each with the second at which its quarter began.
    pub fn since(&self, second: i64) -> impl Iterator<Item = (i64, &T)> {
        let quarters = self.counted.iter().map(|(quarter, tally)| (quarter * QUARTER, tally));
        quarters.filter(move |(began, _)| *began >= second)
    }

    /// All of it together.
    pub fn sum_since(&self, second: i64) -> T {
        let mut sum = T::default();
        self.since(second).for_each(|(_, tally)| sum.add(tally));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::border::tally::AgentTally;

    fn note(quarters: &mut Quarters<AgentTally>, second: i64) {
        quarters.note(WallTime::from_secs(second), |tally| tally.answered += 1);
    }

    #[test]
    fn a_day_begins_at_any_quarter_and_ends_by_itself() {
        let mut quarters = Quarters::default();
        for second in [899, 900, 1_799, 1_800] {
            note(&mut quarters, second);
        }
        assert_eq!(quarters.sum_since(900).answered, 3);
        assert_eq!(quarters.sum_since(0).answered, 4);
        let began: Vec<_> = quarters
            .since(0)
            .map(|(second, tally)| (second, tally.answered))
            .collect();
        assert_eq!(began, [(0, 1), (900, 2), (1_800, 1)]);
        note(&mut quarters, 26 * 3_600 + 900);
        assert_eq!(quarters.sum_since(0).answered, 2, "quarters of the day before are kept");
    }

    #[test]
    fn a_clock_that_is_set_back_counts_into_the_quarter_it_shows() {
        let mut quarters = Quarters::default();
        for second in [10_000, 4_000, 10_000] {
            note(&mut quarters, second);
        }
        let counted: Vec<_> = quarters.since(0).map(|(_, tally)| tally.answered).collect();
        assert_eq!(counted, [1, 2]);
    }
}
