//! What a box says to the server next.

use crate::cluster::life::lane::Sayable;
use crate::cluster::life::{Happened, Life, Phase, Want};
use crate::cluster::statements::{Lane, Statement};
use crate::cluster::tables::{BoxRow, InputRow, Tables};
use crate::cluster::time::BoxTime;
use crate::engine::Span;

impl<T: Tables> Life<T> {
    /// When [`Life::handle_timeout`] is wanted next, at the latest.
    pub fn poll_timeout(&self) -> Option<BoxTime> {
        let trust = self.presence.map(|trust| trust.ends());
        let stuck = self.presence.and(self.lanes.writer_gets_stuck());
        let lease = self.office.as_ref().map(|office| office.lease.ends());
        let free = self.lanes.writer_is_free();
        let beat = self
            .office
            .as_ref()
            .and_then(|office| office.beats_at()?.max(free?).into());
        let others = self.looks_for_others_at().and_then(|at| Some(at.max(free?)));
        let said = self.lanes.next(self.has_to_write());
        [trust, stuck, lease, beat, others, said].into_iter().flatten().min()
    }

    /// Says what is to be said on each lane that is free.
    pub(super) fn plan(&mut self, now: BoxTime) {
        self.note_phase(now);
        if self.lanes.is_free(now, Lane::Reader) {
            if let Some((what, statement)) = self.next_read(now) {
                self.say(now, Lane::Reader, what, statement);
            }
        }
        if self.lanes.is_free(now, Lane::Writer) {
            if let Some((what, statement)) = self.next_write(now) {
                self.say(now, Lane::Writer, what, statement);
            }
        }
    }

    fn say(&mut self, now: BoxTime, lane: Lane, what: Sayable, statement: Statement<T>) {
        self.lanes.say(now, lane, what);
        self.wants.push_back(Want::Say(lane, statement));
    }

    fn next_read(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        if let Some(deed) = self.checks.pop_front() {
            let Some(term) = self.promised else {
                self.wants.push_back(Want::Checked { deed, is_wanted: false });
                return None;
            };
            let id = self.me.clone();
            return Some((Sayable::Check(deed), Statement::Check { id, term }));
        }
        if self.presence.is_some() && self.lanes.renewal_is_due(now) {
            let (report, cursor) = (self.report, self.outputs.cursor());
            let id = self.me.clone();
            return Some((Sayable::Renew, Statement::Renew { id, report, cursor }));
        }
        let leads = self.office.as_ref().map(|office| office.term);
        let look = Statement::Look {
            id: self.me.clone(),
            leads,
        };
        (now >= self.lanes.look_is_due()).then_some((Sayable::Look, look))
    }

    /// Whether the writer has something to say that waits for nothing but its lane.
    fn has_to_write(&self) -> bool {
        let has_news = self.office.as_ref().is_some_and(|office| office.has_to_write());
        let tells = self.phase == Phase::Following && self.inputs.unsent().next().is_some();
        has_news || tells || self.unreported.is_some() || self.to_leave.is_some() || self.phase == Phase::Leaving
    }

    fn next_write(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        if self.phase == Phase::Leaving {
            let id = self.me.clone();
            let engine_time = self.beats.engine_time(now);
            return Some((Sayable::Depart, Statement::Depart { id, engine_time }));
        }
        if let Some(term) = self.to_leave {
            let engine_time = self.beats.engine_time(now);
            return Some((Sayable::Leave(term), Statement::Leave { term, engine_time }));
        }
        match self.phase {
            Phase::Joining => self.next_join(),
            Phase::Alone | Phase::Reporting => self.next_report(now),
            Phase::Following => self.next_election(now).or_else(|| self.next_telling(now)),
            Phase::Gathering => self.next_mark(now).or_else(|| self.next_batch(now)),
            // Before more is written: a write must not bring back what others have deleted.
            Phase::Leading => self
                .next_mark(now)
                .or_else(|| self.next_look_for_others(now))
                .or_else(|| self.next_batch(now)),
            Phase::Restoring => self.next_batch(now).or_else(|| self.next_restore()),
            Phase::Leaving => None,
        }
    }

    /// A name that is in use is waited for until its beat stands still.
    fn next_join(&self) -> Option<(Sayable, Statement<T>)> {
        let (_, view) = self.view.as_ref()?;
        let there = view.boxes.iter().find(|row| row.id.instance == self.me.instance);
        let is_free = |row: &&BoxRow| !row.is_there() || self.beats.is_over(&row.id);
        if there.is_some_and(|row| !is_free(&row)) {
            return None;
        }
        let join = Statement::Join {
            id: self.me.clone(),
            instead_of: there.map(|row| (row.id.clone(), row.beat)),
        };
        Some((Sayable::Join, join))
    }

    fn next_report(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        let number = self.unreported?;
        let (_, happened) = self.inputs.kept().find(|(kept, _)| *kept == number)?;
        let row = self.row_of(now, number, happened);
        Some((Sayable::Report(self.report), Statement::Report(row)))
    }

    fn row_of(&self, now: BoxTime, number: u64, happened: &Happened) -> InputRow {
        InputRow {
            from: self.me.clone(),
            number,
            promised: self.promised,
            report: happened.report,
            engine_time: self.beats.engine_time(now),
            age: now.since(happened.at).max(Span::ZERO),
            body: happened.body.clone(),
        }
    }

    fn next_telling(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        let unsent = self.inputs.unsent();
        let rows: Vec<_> = unsent
            .map(|(number, happened)| self.row_of(now, number, happened))
            .collect();
        self.inputs.sent(rows.last()?.number);
        Some((Sayable::Tell, Statement::Tell(rows)))
    }

    fn next_election(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        let (asked, view) = self.candidacy(now)?;
        let elect = Statement::Elect {
            term: asked.term,
            id: self.me.clone(),
            seen: view.lease.clone(),
        };
        self.asked = Some(asked);
        Some((Sayable::Elect(asked.term), elect))
    }

    /// A mark is made once: a look shows whether it is there.
    fn next_mark(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        let (_, view) = self.view.as_ref().filter(|(looked, _)| looked.sent > self.marked)?;
        let office = self.office.as_ref()?;
        let statement = office.mark(&self.beats, &view.boxes)?;
        self.marked = now;
        Some((Sayable::Mark(office.term), statement))
    }

    fn next_restore(&self) -> Option<(Sayable, Statement<T>)> {
        let term = self.office.as_ref()?.term;
        Some((Sayable::Restore(term), Statement::Restore { term }))
    }

    /// When a leader looks next for what others have changed. As long as it is not known which of its own batches are there, it does not.
    fn looks_for_others_at(&self) -> Option<BoxTime> {
        let office = self.office.as_ref().filter(|_| self.phase == Phase::Leading)?;
        let interval = self.looks_for_others.filter(|_| office.journal.overdue().is_none())?;
        Some(self.looked_for_others + interval)
    }

    /// A beat goes first: a table that somebody has locked costs a look, and not the office.
    fn next_look_for_others(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        self.looks_for_others_at().filter(|at| *at <= now)?;
        let office = self.office.as_ref()?;
        office.beats_at().filter(|at| now < *at)?;
        let term = office.term;
        self.looked_for_others = now;
        Some((Sayable::LookForOthers(term), Statement::LookForOthers { term }))
    }

    /// What the server lacks, or a new batch where there is something to be written, or a beat is due.
    fn next_batch(&mut self, now: BoxTime) -> Option<(Sayable, Statement<T>)> {
        let office = self.office.as_mut()?;
        let term = office.term;
        if office.journal.overdue().is_none() {
            if !office.has_to_write() && office.beats_at().is_some_and(|at| now < at) {
                return None;
            }
            office.seal(now);
        }
        let batch = office.journal.overdue()?.clone();
        Some((Sayable::Write(term), Statement::Write(batch)))
    }
}
