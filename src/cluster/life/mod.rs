//! The life of a box: joining, reporting, following, leading, alone.
//!
//! It is sans-IO, as the engine is: time is an argument, what the server says comes in by [`Life::answer`], and what is wanted comes out of
//! [`Life::poll_want`]. It decides who leads and what is still in force; what is in the messages is for others.

mod alone;
mod asking;
mod following;
mod lane;
mod leading;
mod seen;

use crate::cluster::beats::Beats;
use crate::cluster::numbered::{Received, Sent};
use crate::cluster::office::{Office, Told};
use crate::cluster::statements::{Answer, Lane, Lost, Statement};
use crate::cluster::tables::{BoxId, FactChange, Facts, Standing, Tables, View};
use crate::cluster::term::{Server, Term};
use crate::cluster::time::{BoxTime, BOX_STANDS};
use crate::cluster::trust::Trust;
use crate::cluster::watch::Looked;
use crate::engine::{Span, Timestamp, WallTime};
use lane::Lanes;
use std::collections::VecDeque;

/// Where a box stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It has no row yet, or somebody else has its name.
    Joining,
    /// It is known, and has lost touch: nothing rings, calls of this box go on by themselves.
    Alone,
    /// It has promised a newer term, and tells what it has. What rings goes on.
    Reporting,
    /// It does what the leader wants.
    Following,
    /// It was elected, and waits until every box has reported.
    Gathering,
    /// Everybody has reported; the rows are being read.
    Restoring,
    /// It leads.
    Leading,
    /// It is being unloaded.
    Leaving,
}

/// What is wanted of whoever carries a box's life.
#[derive(Debug)]
pub enum Want<T: Tables> {
    /// Say this to the server; [`Life::answer`] brings what it says.
    Say(Lane, Statement<T>),
    /// Tell what the box has: [`Life::report`] is to be called before anything else.
    Report,
    /// Stop what rings, hang up agents who are not bridged yet, and go on alone; talks stay.
    LetGo,
    /// Carry this out: the leader wants it, and it is committed.
    CarryOut {
        /// Whose output it is.
        term: Term,
        /// What it says.
        body: String,
    },
    /// The answer to [`Life::check`].
    Checked {
        /// What was asked about.
        deed: u64,
        /// Whether it is still wanted.
        is_wanted: bool,
    },
    /// Begin an engine for all.
    Lead(Box<Takeover<T>>),
    /// To the engine: somebody has told this. What it causes is given to [`Life::put`].
    Input(Receipt, Span, String),
    /// To the engine: programs of the site have changed rows.
    Others(T::Others),
    /// To the engine: a box tells everything that it has. What is known of it otherwise is over.
    Reported(Told),
    /// To the engine: nothing of this box is up any more, as far as anybody can know.
    Gone(BoxId, Standing),
    /// The engine for all is no more: what it has not written is void.
    Resign,
    /// The row says that the box has left.
    Departed,
}

/// What a new leader begins with.
#[derive(Debug)]
pub struct Takeover<T: Tables> {
    /// Its term.
    pub term: Term,
    /// The rows.
    pub rows: T::Rows,
    /// What no row tells.
    pub facts: Facts,
    /// Somebody has led this box before: the call centre goes on.
    pub goes_on: bool,
    /// What every box has told.
    pub reports: Vec<Told>,
    /// Boxes that were silent since before the server came back: their rings are over, and what the rows tell of their talks counts for now.
    pub silent: Vec<BoxId>,
    /// Boxes that were unloaded: talks may be up there.
    pub left: Vec<BoxId>,
    /// The engine's time.
    pub engine_time: Timestamp,
    /// What the server's clock shows.
    pub wall: WallTime,
}

/// Which message an engine has acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Whose it is.
    pub from: BoxId,
    /// Its number.
    pub number: u64,
}

/// What an engine for all has decided.
#[derive(Debug)]
pub struct Decided<T: Tables> {
    /// Because of which messages.
    pub by: Vec<Receipt>,
    /// What is to be written.
    pub rows: Vec<T::Change>,
    /// What no row tells.
    pub facts: Vec<FactChange>,
    /// What which box is to do.
    pub outputs: Vec<(String, String)>,
}

/// An input of this box, and when it happened.
#[derive(Debug, Clone)]
struct Happened {
    at: BoxTime,
    /// It is a report.
    report: Option<u32>,
    body: String,
}

/// An election that was asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    term: Term,
    at: BoxTime,
    engine_time: Timestamp,
}

/// A box's part in the cluster.
#[derive(Debug)]
pub struct Life<T: Tables> {
    me: BoxId,
    phase: Phase,
    /// How it stood when that was looked at last, and since when.
    stood: (Phase, BoxTime),
    promised: Option<Term>,
    /// The newest timeline that was seen of the server of the promised term.
    timeline: u32,
    /// Another server than the promised term's, and since when.
    stranger: Option<(Server, BoxTime)>,
    /// The number of the last report.
    report: u32,
    /// It has been asked for, and not told yet.
    report_is_asked: bool,
    /// The message with the last report, as long as the tables do not have it.
    unreported: Option<u64>,
    /// The trust in this box's row.
    presence: Option<Trust>,
    /// A look that was sent before this instant does not know the row as it is.
    row_since: BoxTime,
    inputs: Sent<Happened>,
    outputs: Received,
    beats: Beats,
    /// The last look.
    view: Option<(Looked, View)>,
    asked: Option<Asked>,
    office: Option<Office<T>>,
    /// With the instant at which each was read.
    reports: Vec<(BoxTime, Told)>,
    /// When another box was marked last.
    marked: BoxTime,
    /// A lease that is ours and that nobody renews.
    to_leave: Option<Term>,
    checks: VecDeque<u64>,
    /// Another box of this name and its beat, as they were seen last.
    namesake: Option<(BoxId, u64)>,
    namesake_moves: bool,
    /// How often a leader looks for what others have changed in the rows.
    looks_for_others: Option<Span>,
    looked_for_others: BoxTime,
    lanes: Lanes,
    wants: VecDeque<Want<T>>,
}

impl<T: Tables> Life<T> {
    /// A box that begins.
    pub fn new(now: BoxTime, me: BoxId) -> Self {
        Self {
            me,
            phase: Phase::Joining,
            stood: (Phase::Joining, now),
            promised: None,
            timeline: 0,
            stranger: None,
            report: 0,
            report_is_asked: false,
            unreported: None,
            presence: None,
            row_since: now,
            inputs: Sent::default(),
            outputs: Received::default(),
            beats: Beats::default(),
            view: None,
            asked: None,
            office: None,
            reports: Vec::new(),
            marked: now,
            to_leave: None,
            checks: VecDeque::new(),
            namesake: None,
            namesake_moves: false,
            looks_for_others: None,
            looked_for_others: now,
            lanes: Lanes::new(now),
            wants: VecDeque::new(),
        }
    }

    /// Where the box stands at `now`.
    pub fn phase(&self, now: BoxTime) -> Phase {
        let is_over = !self.is_on_its_own() && self.phase != Phase::Leaving && !self.is_trusted(now);
        if is_over {
            Phase::Alone
        } else {
            self.phase
        }
    }

    /// The newest term that is obeyed here.
    pub fn promised(&self) -> Option<Term> {
        self.promised
    }

    /// Up to which message what this box has told is in the rows, as far as it knows.
    pub fn acknowledged(&self) -> u64 {
        self.inputs.acknowledged()
    }

    /// Whether all that this box has told is in the rows, as far as it knows.
    pub fn is_heard(&self) -> bool {
        self.inputs.kept().next().is_none()
    }

    /// The boxes that ever were in the cluster, as the last look has shown them.
    pub fn boxes(&self) -> impl Iterator<Item = &BoxId> {
        let rows = self.view.iter().flat_map(|(_, view)| &view.boxes);
        rows.map(|row| &row.id)
    }

    /// Whether another box is there under the name of this one.
    pub fn name_is_taken(&self) -> bool {
        let rows = self.view.iter().flat_map(|(_, view)| &view.boxes);
        let mut others = rows.filter(|row| row.id.instance == self.me.instance && row.id != self.me);
        others.any(|row| row.is_there() && !self.beats.is_over(&row.id))
    }

    /// Whether another box takes part under the name of this one: its beat was seen to move.
    pub fn name_is_in_use(&self) -> bool {
        self.phase == Phase::Joining && self.namesake_moves
    }

    /// The time of the engine for all, on the box that runs it.
    pub fn engine_time(&self, now: BoxTime) -> Option<Timestamp> {
        let office = self.office.as_ref().filter(|_| self.phase == Phase::Leading);
        office.map(|office| office.engine_time(now))
    }

    /// While this box leads it looks so often for what others have changed in the rows; none: never.
    pub fn look_for_others(&mut self, interval: Option<Span>) {
        self.looks_for_others = interval;
    }

    /// The engine's time on any box, as far as it knows it.
    pub fn cluster_time(&self, now: BoxTime) -> Timestamp {
        self.engine_time(now).unwrap_or_else(|| self.beats.engine_time(now))
    }

    /// What is wanted next.
    pub fn poll_want(&mut self) -> Option<Want<T>> {
        let want = self.wants.pop_front()?;
        if let Some(office) = &mut self.office {
            match &want {
                Want::Reported(told) => office.follow(told),
                Want::Lead(takeover) => takeover.reports.iter().for_each(|told| office.follow(told)),
                _ => (),
            }
        }
        Some(want)
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: BoxTime) {
        self.keep_time(now);
        self.plan(now);
    }

    /// The server has answered, or it is known that it will not.
    ///
    /// A lane can also be lost while nothing was asked: a connection that breaks has to be told.
    pub fn answer(&mut self, now: BoxTime, lane: Lane, answer: Result<Answer<T>, Lost>) {
        // Who has slept has to know before anything that was said before is believed.
        self.keep_time(now);
        let said = self.lanes.end(now, lane, &answer);
        match (said, answer) {
            (Some((said, sent)), Ok(answer)) => self.take_answer(now, (said, sent), answer),
            (said, Err(Lost)) => self.lose(lane, said.map(|(said, _)| said)),
            (None, Ok(_)) => (),
        }
        self.plan(now);
    }

    /// What the box has, as [`Want::Report`] asks for.
    pub fn report(&mut self, now: BoxTime, body: String) {
        self.report_is_asked = false;
        self.inputs.void();
        let number = self.inputs.write(Happened {
            at: now,
            report: Some(self.report),
            body: body.clone(),
        });
        if let Some(office) = &mut self.office {
            office.reports_itself(self.report, number);
            let told = Told {
                from: self.me.clone(),
                number,
                report: self.report,
                cursor: 0,
                age: Span::ZERO,
                body,
            };
            self.reports.push((now, told));
        } else {
            self.unreported = Some(number);
        }
        self.plan(now);
    }

    /// Something has happened on this box. Its number is the one under which a report names it, if it has to.
    pub fn tell(&mut self, now: BoxTime, body: String) -> u64 {
        self.keep_time(now);
        let number = self.inputs.write(Happened {
            at: now,
            report: None,
            body: body.clone(),
        });
        if self.phase == Phase::Leading {
            let receipt = Receipt {
                from: self.me.clone(),
                number,
            };
            self.wants.push_back(Want::Input(receipt, Span::ZERO, body));
        }
        self.plan(now);
        number
    }

    /// What the engine for all has decided.
    pub fn put(&mut self, now: BoxTime, decided: Decided<T>) {
        self.keep_time(now);
        if let Some(office) = self.office.as_mut().filter(|_| self.phase == Phase::Leading) {
            let by = decided.by.into_iter();
            let by = by.map(|receipt| (receipt.from, receipt.number));
            office.journal.put(by, decided.rows, decided.facts);
            for (to, body) in decided.outputs {
                office.address(&to, body);
            }
        }
        self.plan(now);
    }

    /// Before a phone is dialled, or two legs are bridged: is that still wanted? [`Want::Checked`] tells.
    pub fn check(&mut self, now: BoxTime, deed: u64) {
        self.keep_time(now);
        self.checks.push_back(deed);
        self.plan(now);
    }

    /// Somebody may have written something for this box: it looks at once.
    pub fn hint(&mut self, now: BoxTime) {
        self.keep_time(now);
        self.lanes.look_at_once();
        self.plan(now);
    }

    /// The module is unloaded.
    pub fn depart(&mut self, now: BoxTime) {
        self.resign(now);
        self.phase = Phase::Leaving;
        self.plan(now);
    }

    /// Trust ends by itself.
    fn keep_time(&mut self, now: BoxTime) {
        if !self.is_on_its_own() && self.phase != Phase::Leaving && !self.is_trusted(now) {
            self.go_alone(now);
        }
    }

    fn is_on_its_own(&self) -> bool {
        matches!(self.phase, Phase::Joining | Phase::Alone)
    }

    /// Whether the box may believe in its row, and a leader in its lease.
    fn is_trusted(&self, now: BoxTime) -> bool {
        let is_here = self.presence.is_some_and(|trust| trust.holds_at(now));
        let is_in_office = self.office.as_ref().is_none_or(|office| office.lease.holds_at(now));
        is_here && is_in_office && !self.lanes.writer_is_stuck(now)
    }

    /// Whether this server's word counts. One of another system, or one that has been replaced, is none of ours.
    fn knows(&mut self, now: BoxTime, view: &View) -> bool {
        let Some(promised) = self.promised else {
            self.timeline = view.timeline;
            return true;
        };
        if promised.server == view.server {
            self.stranger = None;
            let is_older = view.timeline < self.timeline;
            self.timeline = self.timeline.max(view.timeline);
            return !is_older;
        }
        let known = self.stranger.filter(|(server, _)| *server == view.server);
        let (_, since) = *self.stranger.insert(known.unwrap_or((view.server, now)));
        if now.since(since) >= BOX_STANDS {
            self.go_alone(now);
            self.phase = Phase::Joining;
            self.promised = None;
            self.stranger = None;
        }
        false
    }
}

#[cfg(test)]
mod tests;
