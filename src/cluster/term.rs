//! Who leads, and since when in the order of all who ever led.

use crate::cluster::marks::{holds, Mark};
use std::cmp::Ordering;

/// A PostgreSQL server and all that were made from it by replication: its `system_identifier`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Server(pub u64);

/// One run of a module on a box, drawn at random when it is loaded: a box that was started again is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Incarnation(pub u64);

/// The time in office of one leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    /// The server that has given it.
    pub server: Server,
    /// The server's timeline then: it grows when a standby is promoted, so a term of a server that has lost its last commits is older
    /// than each that is given after it.
    pub timeline: u32,
    /// Which election it was.
    pub number: u64,
    /// Who was elected: two leaders of one number can be told apart.
    pub incarnation: Incarnation,
}

impl Term {
    /// Which of the two is newer; none for terms of two servers, which cannot be compared.
    pub fn beside(&self, other: &Self) -> Option<Ordering> {
        (self.server == other.server).then(|| {
            let timelines = if holds(Mark::TermsHaveATimeline) {
                self.timeline.cmp(&other.timeline)
            } else {
                Ordering::Equal
            };
            let numbers = self.number.cmp(&other.number);
            let incarnations = self.incarnation.cmp(&other.incarnation);
            timelines.then(numbers).then(incarnations)
        })
    }

    /// Whether it was given after the other one, by the same server.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        self.beside(other) == Some(Ordering::Greater)
    }

    /// A word that no other term of this server has: after a failover the number alone may be given again.
    pub fn election(&self) -> String {
        format!("{}-{}", self.timeline, self.number)
    }

    /// A term of this server that is above each of those.
    pub fn above<'a>(
        (server, timeline): (Server, u32),
        incarnation: Incarnation,
        seen: impl IntoIterator<Item = &'a Self>,
    ) -> Self {
        let of_server = seen.into_iter().filter(|term| term.server == server);
        let highest = of_server.map(|term| term.number).max();
        Self {
            server,
            timeline,
            number: highest.map_or(1, |number| number.saturating_add(1)),
            incarnation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(timeline: u32, number: u64, incarnation: u64) -> Term {
        Term {
            server: Server(1),
            timeline,
            number,
            incarnation: Incarnation(incarnation),
        }
    }

    #[test]
    fn a_term_of_a_promoted_server_is_newer_whatever_its_number() {
        assert!(term(2, 3, 1).is_newer_than(&term(1, 9, 9)));
        assert!(term(1, 4, 1).is_newer_than(&term(1, 3, 9)));
        assert!(term(1, 3, 2).is_newer_than(&term(1, 3, 1)));
        assert!(!term(1, 3, 1).is_newer_than(&term(1, 3, 1)));
    }

    #[test]
    fn terms_of_two_servers_cannot_be_compared() {
        let elsewhere = Term {
            server: Server(2),
            ..term(1, 3, 1)
        };
        assert_eq!(elsewhere.beside(&term(1, 3, 1)), None);
        assert!(!elsewhere.is_newer_than(&term(1, 1, 1)) && !term(1, 1, 1).is_newer_than(&elsewhere));
    }

    #[test]
    fn a_new_term_is_above_all_that_were_seen_on_its_server() {
        let elsewhere = Term {
            server: Server(2),
            ..term(1, 99, 1)
        };
        let seen = [term(1, 4, 1), term(1, 7, 2), elsewhere];
        let new = Term::above((Server(1), 1), Incarnation(5), &seen);
        assert_eq!(new, term(1, 8, 5));
        assert_eq!(Term::above((Server(3), 1), Incarnation(5), &seen).number, 1);
    }
}
