//! From which number on an engine gives out identities.
//!
//! Threads that FreeSWITCH blocks hold identities of members, offers and announcements over an election: no two engines of a cluster give
//! out the same.

use crate::cluster::marks::{holds, Mark};
use crate::cluster::term::Term;

/// Bits for what one engine counts: 300 a second for seven years.
const COUNTED: u32 = 36;

/// Bits for the number of an election; those above are for the timeline. A number that comes round again is that of an election long ago.
const ELECTIONS: u32 = 18;

/// Bits for the timeline. The highest bit of all is for boxes that are alone.
const TIMELINES: u32 = 63 - COUNTED - ELECTIONS;

/// The number before the first one that the engine of this term gives out. A failover that loses an election lets its number be given
/// again, so the timeline counts as well.
pub fn before_first(term: &Term) -> u64 {
    let low = |number: u64, bits: u32| number & ((1 << bits) - 1);
    let (timeline, election) = if holds(Mark::IdentitiesAreOfATerm) {
        (u64::from(term.timeline), term.number)
    } else {
        (0, 0)
    };
    let (timeline, election) = (low(timeline, TIMELINES), low(election, ELECTIONS));
    (timeline << (COUNTED + ELECTIONS)) | (election << COUNTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::term::{Incarnation, Server};
    use proptest::prelude::*;

    fn term(timeline: u32, number: u64) -> Term {
        Term {
            server: Server(1),
            timeline,
            number,
            incarnation: Incarnation(1),
        }
    }

    #[test]
    fn identities_of_later_terms_are_greater_and_never_meet() {
        let terms = [term(1, 1), term(1, 2), term(1, 3), term(2, 2), term(2, 3), term(7, 1)];
        let firsts = terms.map(|term| before_first(&term));
        assert!(
            firsts.is_sorted_by(|one, next| next - one >= 1 << COUNTED),
            "{firsts:?}"
        );
    }

    proptest! {
        /// Whatever the numbers, those who are alone have the highest bit to themselves.
        #[test]
        fn the_highest_bit_is_for_boxes_that_are_alone(timeline: u32, number: u64) {
            prop_assert!(before_first(&term(timeline, number)) >> 63 == 0);
        }
    }
}
