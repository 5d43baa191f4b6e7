//! Messages with numbers: kept where they were written until the other end's cursor has passed them, and applied there once and in order.

use crate::cluster::marks::{holds, Mark};
use std::collections::VecDeque;

/// What was written and is not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<M> {
    /// The number of the next one.
    next: u64,
    kept: VecDeque<(u64, M)>,
    /// The first one that is yet to be sent, or to be sent again.
    unsent: u64,
    /// The last one that the other end has taken.
    acknowledged: u64,
}

impl<M> Default for Sent<M> {
    fn default() -> Self {
        Self {
            next: 1,
            kept: VecDeque::new(),
            unsent: 1,
            acknowledged: 0,
        }
    }
}

impl<M> Sent<M> {
    /// Writes another one, and says its number.
    pub fn write(&mut self, message: M) -> u64 {
        let number = self.next;
        self.next += 1;
        self.kept.push_back((number, message));
        number
    }

    /// The other end has taken everything up to this one.
    pub fn acknowledge(&mut self, number: u64) {
        self.acknowledged = number;
        while self.kept.front().is_some_and(|(first, _)| *first <= number) {
            self.kept.pop_front();
        }
    }

    /// Up to which one the other end has taken everything: less than it was, where it has lost what it had.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// Nothing that was written counts any more; the numbers go on.
    pub fn void(&mut self) {
        self.kept.clear();
        self.unsent = self.next;
    }

    /// Those that are yet to be sent.
    pub fn unsent(&self) -> impl Iterator<Item = (u64, &M)> {
        let kept = self.kept.iter().filter(|(number, _)| *number >= self.unsent);
        kept.map(|(number, message)| (*number, message))
    }

    /// Those that are not acknowledged.
    pub fn kept(&self) -> impl Iterator<Item = (u64, &M)> {
        self.kept.iter().map(|(number, message)| (*number, message))
    }

    /// Everything up to this one is on its way.
    pub fn sent(&mut self, number: u64) {
        self.unsent = self.unsent.max(number + 1);
    }

    /// The way is lost, and with it perhaps what was on it.
    pub fn send_again(&mut self) {
        if holds(Mark::WhatMayBeLostIsSentAgain) {
            self.unsent = self.kept.front().map_or(self.next, |(first, _)| *first);
        }
    }
}

/// How far a reader has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Received {
    cursor: u64,
}

impl Received {
    /// Everything up to this one is taken, or void.
    pub fn up_to(cursor: u64) -> Self {
        Self { cursor }
    }

    /// The last one that was taken.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Whether the message of this number is to be applied now: the next one only, once, and nothing behind a gap.
    pub fn takes(&mut self, number: u64) -> bool {
        let is_again = number <= self.cursor && !holds(Mark::NothingIsAppliedTwice);
        let is_next = number == self.cursor + 1 || is_again;
        if is_next {
            self.cursor = number;
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_acknowledged_is_sent_again() {
        let mut sent = Sent::default();
        for letter in ['a', 'b', 'c'] {
            sent.write(letter);
        }
        sent.sent(3);
        sent.acknowledge(1);
        assert_eq!(sent.unsent().count(), 0);
        sent.send_again();
        assert_eq!(sent.unsent().collect::<Vec<_>>(), [(2, &'b'), (3, &'c')]);
        sent.void();
        assert_eq!(sent.kept().count(), 0);
        assert_eq!(sent.write('d'), 4, "numbers go on");
    }

    #[test]
    fn nothing_is_applied_twice_or_behind_a_gap() {
        let mut received = Received::default();
        assert!(!received.takes(2), "there is a gap before it");
        assert!(received.takes(1) && received.takes(2));
        assert!(!received.takes(1) && !received.takes(2));
        assert_eq!(received.cursor(), 2);
    }

    proptest! {
        /// The way loses, doubles and turns round what it likes, and acknowledgements come late: in the end everything has been applied
        /// once and in order.
        #[test]
        fn whatever_the_way_does(rounds in prop::collection::vec((0_usize..4, any::<u64>(), any::<bool>()), 1..60)) {
            let (mut sent, mut received, mut applied) = (Sent::default(), Received::default(), Vec::new());
            let mut deliver = |sent: &mut Sent<u64>, received: &mut Received, mangle: u64| {
                let mut way: Vec<(u64, u64)> = sent.unsent().map(|(number, message)| (number, *message)).collect();
                if let Some((last, _)) = way.last() {
                    sent.sent(*last);
                }
                way.retain(|(number, _)| (mangle >> (number % 60)) & 1 == 0);
                if mangle % 3 == 0 {
                    way.reverse();
                }
                if mangle % 5 == 0 {
                    way = [way.clone(), way].concat();
                }
                applied.extend(way.into_iter().filter(|(number, _)| received.takes(*number)).map(|(_, message)| message));
            };
            let mut written = 0;
            for (more, mangle, answers) in rounds {
                for _ in 0..more {
                    written += 1;
                    sent.write(written);
                }
                deliver(&mut sent, &mut received, mangle);
                if answers {
                    sent.acknowledge(received.cursor());
                    sent.send_again();
                }
            }
            sent.send_again();
            deliver(&mut sent, &mut received, 0b10);
            sent.acknowledge(received.cursor());
            sent.send_again();
            deliver(&mut sent, &mut received, 0);
            prop_assert!(applied.is_sorted_by(|a, b| b - a == 1), "{applied:?}");
        }
    }
}
