//! A line of members who want an agent.

use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::time::{Span, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// When it is a member's turn among equals: the moment it joined, in parts of a microsecond, so that there is room between two for a caller
/// who is put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Turn(i64);

impl Turn {
    /// Parts of a microsecond.
    const PARTS: i64 = 1024;

    /// How far before another one a caller is put at most.
    const LONGEST_STEP: i64 = 64 * Self::PARTS;

    /// Of the room there is, the part that is taken: many more may be put there after it, before it and behind it.
    const SHARE: i64 = 1024;

    /// The turn of who joined then.
    pub fn of(joined: Timestamp) -> Self {
        Self(joined.micros().saturating_mul(Self::PARTS))
    }

    /// The same as a number.
    pub fn parts(self) -> i64 {
        self.0
    }

    /// The turn of this number.
    pub fn of_parts(parts: i64) -> Self {
        Self(parts)
    }

    /// A turn just before this one, and behind another where there is one; none where there is no room between them.
    pub fn before(self, other: Option<Turn>) -> Option<Self> {
        let room = other.map_or(i64::MAX, |other| self.0.saturating_sub(other.0));
        let step = (room / Self::SHARE).clamp(1, Self::LONGEST_STEP);
        (step < room).then(|| Self(self.0.saturating_sub(step)))
    }
}

/// A member's place: higher score first, among equals who joined first. That does not change while the member waits, for
/// all scores grow alike. In `ring-all` it comes after those for whom fewer phones have just begun to ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Place {
    /// Phones that ring for it alone; see `Engine::place_member`.
    pub phones: u32,
    /// Score at the epoch: base and skill score less the second of joining.
    pub standing: Reverse<i64>,
    pub turn: Turn,
    pub member: MemberId,
}

/// Members who want an agent, once for each waiting time that opens a tier level, so that the best member for an
/// agent of any level is the first of one set.
#[derive(Debug)]
pub(in crate::engine) struct Line {
    by_wait: BTreeMap<Span, BTreeSet<Place>>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            by_wait: BTreeMap::from([(Span::ZERO, BTreeSet::new())]),
        }
    }
}

impl Line {
    /// Puts a member who joined then into every set it has waited long enough for, and tells when the next one opens.
    pub fn enter(&mut self, place: Place, joined: Timestamp, now: Timestamp) -> Option<Timestamp> {
        for (wait, places) in &mut self.by_wait {
            let opens = joined + *wait;
            if *wait > Span::ZERO && opens > now {
                return Some(opens);
            }
            places.insert(place);
        }
        None
    }

    /// Takes a member out; false when it was not in line.
    pub fn leave(&mut self, place: &Place) -> bool {
        let mut was_in_line = false;
        for places in self.by_wait.values_mut() {
            was_in_line |= places.remove(place);
        }
        was_in_line
    }

    /// The best member who has waited at least `wait`, of those who will do. Those few who will not are looked at.
    pub fn best_of(&self, wait: Span, will_do: impl Fn(MemberId) -> bool) -> Option<Place> {
        let places = self.by_wait.get(&wait)?;
        places.iter().find(|place| will_do(place.member)).copied()
    }

    /// How many are in line.
    pub fn len(&self) -> usize {
        self.by_wait.get(&Span::ZERO).map_or(0, BTreeSet::len)
    }

    /// Whether nobody is in line.
    pub fn is_empty(&self) -> bool {
        self.by_wait.get(&Span::ZERO).is_none_or(BTreeSet::is_empty)
    }

    /// Everybody in line, best first.
    pub fn everybody(&self) -> impl Iterator<Item = Place> + '_ {
        self.by_wait.get(&Span::ZERO).into_iter().flatten().copied()
    }

    /// Whether the sets are those of these waiting times (and zero).
    pub fn has_steps(&self, steps: &BTreeSet<Span>) -> bool {
        self.by_wait.keys().skip(1).eq(steps.iter())
    }

    /// The waiting times, but for zero, that there are sets of.
    pub fn steps(&self) -> BTreeSet<Span> {
        self.by_wait.keys().skip(1).copied().collect()
    }

    /// Makes the sets anew; everybody has to enter again.
    pub fn reset(&mut self, steps: BTreeSet<Span>) {
        self.by_wait = steps
            .into_iter()
            .chain([Span::ZERO])
            .map(|wait| (wait, BTreeSet::new()))
            .collect();
    }
}
