//! What is going to happen, in the order of its time; what is due at the same instant, in the order it was planned unless
//! told otherwise.

use mod_callcenter::engine::{Span, Timestamp};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A queue of future happenings.
#[derive(Debug)]
pub struct Calendar<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    planned: u64,
}

#[derive(Debug)]
struct Entry<T> {
    at: Timestamp,
    tie: u64,
    number: u64,
    what: T,
}

impl<T> Calendar<T> {
    /// Plans something.
    pub fn plan(&mut self, at: Timestamp, what: T) {
        self.plan_among(at, 0, what);
    }

    /// Plans something that comes, among all that is due at the same instant, by `tie`.
    pub fn plan_among(&mut self, at: Timestamp, tie: u64, what: T) {
        self.planned += 1;
        self.heap.push(Reverse(Entry {
            at,
            tie,
            number: self.planned,
            what,
        }));
    }

    /// When the next thing happens.
    pub fn next_time(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// Takes the next thing.
    pub fn take(&mut self) -> Option<(Timestamp, T)> {
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.what))
    }

    /// Everything planned, in no order.
    pub fn planned(&self) -> impl Iterator<Item = (Timestamp, &T)> {
        self.heap.iter().map(|Reverse(entry)| (entry.at, &entry.what))
    }

    /// Forgets what is not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.heap.retain(|Reverse(entry)| keep(&entry.what));
    }

    /// Moves everything by so much.
    pub fn shift(&mut self, by: Span) {
        let entries = std::mem::take(&mut self.heap).into_iter();
        self.heap = entries
            .map(|Reverse(entry)| {
                Reverse(Entry {
                    at: entry.at + by,
                    ..entry
                })
            })
            .collect();
    }

    /// How many things are planned.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl<T> Default for Calendar<T> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            planned: 0,
        }
    }
}

impl<T> Entry<T> {
    fn key(&self) -> (Timestamp, u64, u64) {
        (self.at, self.tie, self.number)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn happenings_come_by_time_then_by_planning() {
        let mut calendar = Calendar::default();
        for (second, what) in [(2, "late"), (1, "first"), (1, "second")] {
            calendar.plan(Timestamp::from_secs(second), what);
        }
        let order: Vec<_> = std::iter::from_fn(|| calendar.take()).map(|(_, what)| what).collect();
        assert_eq!(order, ["first", "second", "late"]);
        assert!(calendar.is_empty());
    }
}
