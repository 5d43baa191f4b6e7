//! Watching somebody's beat: how long it has stood still, by the clock of whoever watches.
//!
//! Nobody's stamp is compared with a clock. What is remembered is when this beat was first seen here, and only looks that were answered,
//! one soon after the other, count: a server that was away, or a watcher that was frozen, has seen nothing.

use crate::cluster::time::{BoxTime, GAP, SERVER_WAS_AWAY};
use crate::engine::Span;

/// When a look was asked for, and when it was answered: what it shows was so at some instant in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Before it was sent.
    pub sent: BoxTime,
    /// When the answer was there.
    pub answered: BoxTime,
}

/// What is remembered of something that moves as long as somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch<B> {
    beat: B,
    /// The first look that has shown this beat.
    first: Looked,
    /// The last one.
    last: Looked,
    /// The watch began when the server had been away.
    after_absence: bool,
}

impl<B: PartialEq> Watch<B> {
    /// The first look.
    pub fn begin(looked: Looked, beat: B) -> Self {
        Self {
            beat,
            first: looked,
            last: looked,
            after_absence: false,
        }
    }

    /// Another look. A beat that moves, or a gap before it, begins the watch anew.
    pub fn look(&mut self, looked: Looked, beat: B) {
        let gap = looked.sent.since(self.last.sent);
        if beat == self.beat && gap <= GAP {
            self.last = looked;
            return;
        }
        let has_moved = beat != self.beat;
        *self = Self {
            after_absence: !has_moved && (self.after_absence || gap > SERVER_WAS_AWAY),
            ..Self::begin(looked, beat)
        };
    }

    /// What was seen up to now does not count: whoever watches could not have beaten either.
    pub fn forget(&mut self, looked: Looked) {
        (self.first, self.last, self.after_absence) = (looked, looked, true);
    }

    /// How long the beat has stood still for certain.
    pub fn still_for(&self) -> Span {
        self.last.sent.since(self.first.answered).max(Span::ZERO)
    }

    /// Whether this is what was seen last.
    pub fn shows(&self, beat: &B) -> bool {
        self.beat == *beat
    }

    /// Whether what was seen last is of this kind.
    pub fn shows_that(&self, is_so: impl FnOnce(&B) -> bool) -> bool {
        is_so(&self.beat)
    }

    /// Whether the silence began while the server was away.
    pub fn began_after_absence(&self) -> bool {
        self.after_absence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(sent: i64, answered: i64) -> Looked {
        let at = |millis: i64| BoxTime::from_micros(millis * 1_000);
        Looked {
            sent: at(sent),
            answered: at(answered),
        }
    }

    /// A look every hundred milliseconds, answered after ten.
    fn watched(from: i64, to: i64) -> Watch<u32> {
        let mut watch = Watch::begin(looked(from, from + 10), 7);
        for sent in (from..=to).step_by(100) {
            watch.look(looked(sent, sent + 10), 7);
        }
        watch
    }

    #[test]
    fn stillness_is_from_the_first_answer_to_the_last_question() {
        assert_eq!(watched(0, 1_000).still_for(), Span::from_millis(990));
    }

    #[test]
    fn an_answer_that_was_read_late_says_nothing_of_the_time_it_lay_there() {
        let mut watch = watched(0, 1_000);
        watch.look(looked(1_100, 60_000), 7);
        assert_eq!(watch.still_for(), Span::from_millis(1_090));
    }

    #[test]
    fn a_beat_that_moves_begins_the_watch_anew() {
        let mut watch = watched(0, 1_000);
        watch.look(looked(1_100, 1_110), 8);
        assert_eq!(watch.still_for(), Span::ZERO);
        assert!(!watch.began_after_absence());
    }

    #[test]
    fn a_gap_begins_the_watch_anew_and_a_long_one_is_remembered() {
        let mut watch = watched(0, 1_000);
        watch.look(looked(1_600, 1_610), 7);
        assert_eq!((watch.still_for(), watch.began_after_absence()), (Span::ZERO, false));
        watch.look(looked(9_000, 9_010), 7);
        assert_eq!((watch.still_for(), watch.began_after_absence()), (Span::ZERO, true));
        watch.look(looked(9_600, 9_610), 7);
        assert!(
            watch.began_after_absence(),
            "a short gap does not make up for a long one"
        );
        watch.look(looked(9_700, 9_710), 8);
        assert!(!watch.began_after_absence());
    }
}
