//! What a look brings, and what a follower does with it.

use crate::cluster::life::lane::Sayable;
use crate::cluster::life::{Asked, Life, Phase, Want};
use crate::cluster::marks::{holds, Mark};
use crate::cluster::statements::{Answer, Lane};
use crate::cluster::tables::{Tables, View};
use crate::cluster::time::{BoxTime, CHECKED};
use crate::cluster::trust::Trust;
use crate::cluster::watch::Looked;

impl<T: Tables> Life<T> {
    pub(super) fn take_answer(&mut self, now: BoxTime, (said, sent): (Sayable, BoxTime), answer: Answer<T>) {
        let looked = Looked { sent, answered: now };
        match (said, answer) {
            (Sayable::Look, Answer::View(view)) => self.take_view(now, looked, *view),
            (Sayable::Renew, Answer::Done) => self.renew_presence(looked),
            (Sayable::Check(deed), answer) => {
                let is_fresh = now.since(sent) < CHECKED && matches!(self.phase, Phase::Following | Phase::Leading);
                let is_wanted = is_fresh && matches!(answer, Answer::Done);
                self.wants.push_back(Want::Checked { deed, is_wanted });
            }
            (Sayable::Join, Answer::Done) => {
                self.row_since = now;
                self.phase = Phase::Alone;
            }
            (Sayable::Report(report), Answer::Done) if report == self.report => self.has_reported(looked),
            (Sayable::Restore(term), answer) => self.take_rows(now, term, answer),
            (Sayable::LookForOthers(term), answer) => self.take_others(now, term, answer),
            (Sayable::Write(term), Answer::Written(last)) => self.take_written(looked, term, last),
            (Sayable::Write(term), Answer::Refused) => self.lose_office(now, term),
            (Sayable::Leave(term), _) => {
                self.to_leave.take_if(|left| *left == term);
            }
            (Sayable::Depart, _) => self.wants.push_back(Want::Departed),
            _ => (),
        }
    }

    /// The connection is lost, and with it what was being said.
    pub(super) fn lose(&mut self, lane: Lane, said: Option<Sayable>) {
        if let Some(Sayable::Check(deed)) = said {
            self.wants.push_back(Want::Checked { deed, is_wanted: false });
        }
        if lane == Lane::Writer {
            self.inputs.send_again();
            if let Some(office) = &mut self.office {
                office.send_again();
            }
        }
    }

    fn renew_presence(&mut self, looked: Looked) {
        if let Some(presence) = &mut self.presence {
            presence.renew(looked.sent, looked.answered);
        }
    }

    fn has_reported(&mut self, looked: Looked) {
        if self.phase == Phase::Alone {
            self.beats.forget(looked);
        }
        self.unreported = None;
        self.row_since = looked.answered;
        self.presence = Some(Trust::from_renewal(looked.sent, looked.answered));
        self.phase = Phase::Following;
    }

    fn take_view(&mut self, now: BoxTime, looked: Looked, view: View) {
        let counts = self.knows(now, &view);
        self.lanes.has_looked(counts);
        if !counts {
            return;
        }
        self.beats.look(looked, &view);
        self.inputs.acknowledge(view.cursor);
        self.watch_namesake(&view);
        self.look_at_own_row(now, looked, &view);
        self.look_at_term(now, looked, &view);
        match self.phase {
            Phase::Following => self.take_outputs(&view),
            Phase::Gathering | Phase::Leading => self.rule(now, looked, &view),
            _ => (),
        }
        self.view = Some((looked, view));
    }

    fn look_at_term(&mut self, now: BoxTime, looked: Looked, view: &View) {
        let Some(term) = view.term else { return };
        if let Some(asked) = self.asked.filter(|asked| asked.term == term) {
            return self.take_office(now, looked, asked, view);
        }
        if self.promised.is_none_or(|promised| term.is_newer_than(&promised)) {
            self.promise(now, term);
        }
    }

    fn take_outputs(&mut self, view: &View) {
        for output in &view.outputs {
            let is_in_force = Some(output.term) == self.promised && output.report == self.report;
            if (is_in_force || !holds(Mark::PromisesAreKept)) && self.outputs.takes(output.number) {
                self.wants.push_back(Want::CarryOut {
                    term: output.term,
                    body: output.body.clone(),
                });
            }
        }
    }

    /// What an election would be asked for by, if the lease is free.
    pub(super) fn candidacy(&self, now: BoxTime) -> Option<(Asked, &View)> {
        let (looked, view) = self.view.as_ref()?;
        // One that was asked for is seen, or not, by a look after that.
        let is_asked = self.asked.is_some_and(|asked| looked.sent <= asked.at);
        if is_asked || self.phase != Phase::Following || !self.beats.lease_is_free(view.lease.as_ref()) {
            return None;
        }
        let asked = Asked {
            term: self.term_above(view),
            at: now,
            engine_time: self.beats.engine_time(now),
        };
        Some((asked, view))
    }
}
