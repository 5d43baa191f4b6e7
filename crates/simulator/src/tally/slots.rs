//! A day in slots of equal length.

use mod_callcenter::engine::{Span, Timestamp};

/// The slots of a day: where the first begins, and how long each is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// When the first begins.
    pub origin: Timestamp,
    /// How long each is.
    pub length: Span,
}

impl Slots {
    /// Half hours of the clock, from the one on in which the day begins; a day of less than three hours has shorter ones.
    pub fn of_day(midnight: Timestamp, start: Timestamp, length: Span) -> Self {
        let seconds = match length.secs() {
            0..=900 => 60,
            901..=3_600 => 300,
            3_601..=10_800 => 900,
            _ => 1_800,
        };
        let into = start.since(midnight).secs().div_euclid(seconds) * seconds;
        Self {
            origin: midnight + Span::from_secs(into),
            length: Span::from_secs(seconds),
        }
    }

    /// The same, each slot cut into so many.
    #[must_use]
    pub fn finer(self, parts: i64) -> Self {
        Self {
            length: Span::from_micros(self.length.micros() / parts.max(1)),
            ..self
        }
    }

    /// The slot in which an instant lies; what is before the first lies in it.
    pub fn at(&self, now: Timestamp) -> usize {
        let slot = now.since(self.origin).micros().div_euclid(self.length.micros().max(1));
        usize::try_from(slot).unwrap_or(0)
    }

    /// When a slot begins.
    pub fn begins(&self, slot: usize) -> Timestamp {
        self.origin
            + Span::from_micros(
                self.length
                    .micros()
                    .saturating_mul(i64::try_from(slot).unwrap_or(i64::MAX)),
            )
    }

    /// The stretch from one instant to another, cut at the slots' borders: each slot, and the seconds of it.
    pub fn cut(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (first, last) = (self.at(from), self.at(to));
        let seconds = move |slot: usize| {
            let begin = if slot == first { from } else { self.begins(slot) };
            let end = if slot == last { to } else { self.begins(slot + 1) };
            (slot, end.since(begin).micros() as f64 / 1e6)
        };
        let is_any = to > from;
        (first..=last).filter(move |_| is_any).map(seconds)
    }
}

/// What has been gathered in each slot; it grows as the day does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series<T>(Vec<T>);

impl<T: Clone + Default> Series<T> {
    /// The slot's, to be added to.
    pub fn slot(&mut self, slot: usize) -> &mut T {
        if self.0.len() <= slot {
            self.0.resize(slot + 1, T::default());
        }
        &mut self.0[slot]
    }

    /// All slots up to the last in which something happened.
    pub fn all(&self) -> &[T] {
        &self.0
    }

    /// The slot's, or nothing.
    pub fn get(&self, slot: usize) -> T {
        self.0.get(slot).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_cut_where_the_slots_meet() {
        let slots = Slots {
            origin: Timestamp::from_secs(1000),
            length: Span::from_secs(60),
        };
        let cut: Vec<_> = slots
            .cut(Timestamp::from_secs(1030), Timestamp::from_secs(1130))
            .collect();
        assert_eq!(cut, [(0, 30.0), (1, 60.0), (2, 10.0)]);
        assert_eq!(
            slots
                .cut(Timestamp::from_secs(1130), Timestamp::from_secs(1130))
                .count(),
            0
        );
    }

    #[test]
    fn slots_are_those_of_the_clock() {
        let start = Timestamp::from_secs(9 * 3600 + 600);
        let slots = Slots::of_day(Timestamp::from_secs(0), start, Span::from_secs(8 * 3600));
        assert_eq!((slots.origin, slots.at(start)), (Timestamp::from_secs(9 * 3600), 0));
        let short = Slots::of_day(Timestamp::from_secs(0), start, Span::from_secs(1800));
        assert_eq!(short.length, Span::from_secs(300));
    }
}
