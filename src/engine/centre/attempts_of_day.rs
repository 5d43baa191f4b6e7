//! How often each number has been called on one day.

use std::collections::{HashMap, VecDeque};

/// So many numbers are remembered; of more, those that were called first are forgotten.
const MOST_NUMBERS: usize = 100_000;

/// Attempts to call numbers back, of the latest day on which there were any.
#[derive(Debug, Default)]
pub(in crate::engine) struct AttemptsOfDay {
    day: i64,
    counts: HashMap<String, u32>,
    /// The same numbers in the order in which they were first called.
    order: VecDeque<String>,
}

impl AttemptsOfDay {
    /// How often a number was called on a day.
    pub fn of(&self, day: i64, number: &str) -> u32 {
        let count = self.counts.get(number).filter(|_| self.day == day);
        count.copied().unwrap_or(0)
    }

    /// A number was called so much more often on a day than was known; of a day that is over nothing is kept.
    pub fn add(&mut self, day: i64, number: &str, more: i32) {
        if day != self.day {
            *self = Self { day, ..Self::default() };
        }
        if let Some(count) = self.counts.get_mut(number) {
            *count = count.saturating_add_signed(more);
        } else if let Ok(first) = u32::try_from(more) {
            if self.order.len() == MOST_NUMBERS {
                self.order.pop_front().map(|oldest| self.counts.remove(&oldest));
            }
            self.order.push_back(number.to_owned());
            self.counts.insert(number.to_owned(), first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_count_for_one_day_and_no_more_numbers_are_kept_than_that() {
        let mut attempts = AttemptsOfDay::default();
        for (number, more) in [("1", 1), ("1", 1), ("2", 1), ("2", -1), ("3", -1)] {
            attempts.add(5, number, more);
        }
        assert_eq!(
            (attempts.of(5, "1"), attempts.of(5, "2"), attempts.of(5, "3")),
            (2, 0, 0)
        );
        assert_eq!((attempts.of(4, "1"), attempts.of(6, "1")), (0, 0));
        attempts.add(6, "1", 1);
        assert_eq!((attempts.of(6, "1"), attempts.of(5, "1")), (1, 0));
        for number in 0..MOST_NUMBERS {
            attempts.add(6, &format!("0{number}"), 1);
        }
        assert_eq!(
            (attempts.counts.len(), attempts.order.len()),
            (MOST_NUMBERS, MOST_NUMBERS)
        );
        assert_eq!((attempts.of(6, "1"), attempts.of(6, "00")), (0, 1));
    }
}
