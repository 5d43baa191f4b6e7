//! What is going to happen, in the order of its time; what is due at the same instant, in the order it was planned.

use crate::core::Timestamp;
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
    number: u64,
    what: T,
}

impl<T> Calendar<T> {
    /// Plans something.
    pub fn plan(&mut self, at: Timestamp, what: T) {
        self.planned += 1;
        self.heap.push(Reverse(Entry {
            at,
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

    /// Forgets what is not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.heap.retain(|Reverse(entry)| keep(&entry.what));
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
    fn key(&self) -> (Timestamp, u64) {
        (self.at, self.number)
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
