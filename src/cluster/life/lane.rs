//! The two connections of a box: what is being said on each, and when the next word is due.

use crate::cluster::statements::{Answer, Lane, Lost};
use crate::cluster::tables::Tables;
use crate::cluster::term::Term;
use crate::cluster::time::{BoxTime, BEAT, LOOK, PAUSE, TRUSTED};

/// What a statement was about, until it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sayable {
    /// A look.
    Look,
    /// The presence of the box.
    Renew,
    /// A deed.
    Check(u64),
    /// The row of the box.
    Join,
    /// The report of this number.
    Report(u32),
    /// Inputs.
    Tell,
    /// A new term.
    Elect(Term),
    /// A mark on another box, by the leader of a term.
    Mark(Term),
    /// The rows.
    Restore(Term),
    /// What others have changed.
    LookForOthers(Term),
    /// A batch of a term.
    Write(Term),
    /// Leaving the lease.
    Leave(Term),
    /// Leaving the cluster.
    Depart,
}

#[derive(Debug)]
struct Line {
    said: Option<(Sayable, BoxTime)>,
    /// Nothing is said before: the last attempt has failed, or was refused, and a look will show why.
    not_before: BoxTime,
    /// Since when what was said has no answer, however often it was said.
    unanswered: Option<BoxTime>,
}

impl Line {
    fn new(now: BoxTime) -> Self {
        Self {
            said: None,
            not_before: now,
            unanswered: None,
        }
    }

    fn is_free(&self, now: BoxTime) -> bool {
        self.said.is_none() && now >= self.not_before
    }
}

#[derive(Debug)]
pub(super) struct Lanes {
    reader: Line,
    writer: Line,
    looked: BoxTime,
    /// There may be something to see before the next look is due.
    is_hinted: bool,
    renewed: BoxTime,
    /// A look was answered since the last renewal.
    has_looked: bool,
}

impl Lanes {
    pub(super) fn new(now: BoxTime) -> Self {
        Self {
            reader: Line::new(now),
            writer: Line::new(now),
            looked: now,
            is_hinted: false,
            renewed: now,
            has_looked: false,
        }
    }

    fn line(&mut self, lane: Lane) -> &mut Line {
        match lane {
            Lane::Reader => &mut self.reader,
            Lane::Writer => &mut self.writer,
        }
    }

    pub(super) fn is_free(&self, now: BoxTime, lane: Lane) -> bool {
        match lane {
            Lane::Reader => self.reader.is_free(now),
            Lane::Writer => self.writer.is_free(now),
        }
    }

    pub(super) fn say(&mut self, now: BoxTime, lane: Lane, what: Sayable) {
        match what {
            Sayable::Look => {
                self.looked = now;
                self.is_hinted = false;
            }
            Sayable::Renew => {
                self.renewed = now;
                self.has_looked = false;
            }
            _ => (),
        }
        let line = self.line(lane);
        line.said = Some((what, now));
        line.unanswered.get_or_insert(now);
    }

    /// What was being said, and since when.
    pub(super) fn end<T: Tables>(
        &mut self,
        now: BoxTime,
        lane: Lane,
        answer: &Result<Answer<T>, Lost>,
    ) -> Option<(Sayable, BoxTime)> {
        let line = self.line(lane);
        line.not_before = match answer {
            Ok(Answer::Refused) => now + LOOK,
            Ok(_) => now,
            Err(Lost) => now + PAUSE,
        };
        if answer.is_ok() {
            line.unanswered = None;
        }
        line.said.take()
    }

    /// A look was answered, and whether by a server whose word counts: only there something is renewed.
    pub(super) fn has_looked(&mut self, counts: bool) {
        self.has_looked = counts;
    }

    pub(super) fn look_is_due(&self) -> BoxTime {
        if self.is_hinted {
            return self.reader.not_before;
        }
        self.reader.not_before.max(self.looked + LOOK)
    }

    pub(super) fn look_at_once(&mut self) {
        self.is_hinted = true;
    }

    pub(super) fn renewal_is_due(&self, now: BoxTime) -> bool {
        self.has_looked && now >= self.renewed + BEAT
    }

    /// A writer that says the same for as long as a box is trusted has no connection, whatever the reader has.
    pub(super) fn writer_is_stuck(&self, now: BoxTime) -> bool {
        self.writer.unanswered.is_some_and(|since| now >= since + TRUSTED)
    }

    /// When a free lane has something to do next, at the latest.
    pub(super) fn next(&self, has_to_write: bool) -> Option<BoxTime> {
        let reader = self.reader.said.is_none().then(|| self.look_is_due());
        let writer = self.writer_is_free().filter(|_| has_to_write);
        reader.into_iter().chain(writer).min()
    }

    /// From when on a writer that says nothing may say something.
    pub(super) fn writer_is_free(&self) -> Option<BoxTime> {
        self.writer.said.is_none().then_some(self.writer.not_before)
    }

    pub(super) fn writer_gets_stuck(&self) -> Option<BoxTime> {
        self.writer.unanswered.map(|since| since + TRUSTED)
    }
}
