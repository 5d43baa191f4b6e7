//! An election, and what a leader does with what it sees.

use crate::cluster::life::{Asked, Life, Phase, Receipt, Takeover, Want};
use crate::cluster::office::{News, Office, Told};
use crate::cluster::statements::Answer;
use crate::cluster::tables::{Tables, View};
use crate::cluster::term::Term;
use crate::cluster::time::BoxTime;
use crate::cluster::watch::Looked;
use crate::engine::Span;

impl<T: Tables> Life<T> {
    /// A term above every one that was seen.
    pub(super) fn term_above(&self, view: &View) -> Term {
        let promised = view.boxes.iter().filter_map(|row| row.promised.as_ref());
        let seen = promised.chain(view.term.as_ref()).chain(self.promised.as_ref());
        Term::above((view.server, view.timeline), self.me.incarnation, seen)
    }

    /// The election was won: everybody is to report now, this box first.
    pub(super) fn take_office(&mut self, now: BoxTime, looked: Looked, asked: Asked, view: &View) {
        self.asked = None;
        if self.phase != Phase::Following {
            self.promised = Some(asked.term);
            self.to_leave = Some(asked.term);
            return;
        }
        let election = Looked {
            sent: asked.at,
            answered: looked.answered,
        };
        let engine_time = asked.engine_time + now.since(asked.at);
        let mut office = Office::new(asked.term, self.me.clone(), election, engine_time);
        office.look(looked, view, false);
        self.office = Some(office);
        self.promised = Some(asked.term);
        self.timeline = self.timeline.max(asked.term.timeline);
        self.phase = Phase::Gathering;
        self.ask_for_report();
    }

    /// What a look shows who leads.
    pub(super) fn rule(&mut self, now: BoxTime, looked: Looked, view: &View) {
        let Some(office) = &mut self.office else { return };
        let is_above = |promised: &Term| promised.is_newer_than(&office.term);
        let is_outdone = view.boxes.iter().filter_map(|row| row.promised.as_ref()).any(is_above);
        let is_replaced = view.timeline > office.term.timeline;
        if is_outdone || is_replaced {
            return self.step_down(now);
        }
        let leads = self.phase == Phase::Leading;
        for news in office.look(looked, view, leads) {
            self.take_news(now, news, leads);
        }
        let is_complete = |office: &Office<T>| office.is_complete(&self.beats);
        if self.phase == Phase::Gathering && self.office.as_ref().is_some_and(is_complete) {
            self.phase = Phase::Restoring;
        }
        self.plan(now);
    }

    fn take_news(&mut self, now: BoxTime, news: News, leads: bool) {
        match news {
            News::Report(told) if leads => self.wants.push_back(Want::Reported(told)),
            News::Report(told) => {
                self.reports
                    .retain(|(_, known)| known.from.instance != told.from.instance);
                self.reports.push((now, told));
            }
            News::Input(row) => {
                let receipt = Receipt {
                    from: row.from,
                    number: row.number,
                };
                self.wants.push_back(Want::Input(receipt, row.age, row.body));
            }
            News::Gone(id, standing) if leads => self.wants.push_back(Want::Gone(id, standing)),
            News::Gone(id, _) => self.reports.retain(|(_, told)| told.from != id),
        }
    }

    /// The rows are there: the engine for all begins.
    pub(super) fn take_rows(&mut self, now: BoxTime, term: Term, answer: Answer<T>) {
        let Some(office) = self.office.as_mut().filter(|office| office.term == term) else {
            return;
        };
        let Answer::Restored(restored) = answer else {
            return self.step_down(now);
        };
        office.restore(restored.cursors);
        // Everybody knows the engine's time before anything is decided by it.
        office.beat_at_once();
        let reports = std::mem::take(&mut self.reports).into_iter();
        let reports = reports.map(|(read, told)| Told {
            cursor: office.restored(&told.from),
            // Others may have been waited for since.
            age: told.age.and(now.since(read).max(Span::ZERO)),
            ..told
        });
        let reports: Vec<Told> = reports.collect();
        let own = reports.iter().find(|told| told.from == self.me).map(|told| told.number);
        self.phase = Phase::Leading;
        self.wants.push_back(Want::Lead(Box::new(Takeover {
            term,
            rows: restored.rows,
            facts: restored.facts,
            goes_on: self.inputs.acknowledged() > 0,
            reports,
            silent: office.silent(),
            left: office.left(),
            engine_time: office.engine_time(now),
            wall: restored.wall,
        })));
        self.tell_what_has_waited(now, own.unwrap_or_default());
    }

    /// What has happened on this box since it reported, while nobody led.
    fn tell_what_has_waited(&mut self, now: BoxTime, reported: u64) {
        for (number, happened) in self.inputs.kept().filter(|(number, _)| *number > reported) {
            let receipt = Receipt {
                from: self.me.clone(),
                number,
            };
            let age = now.since(happened.at).max(Span::ZERO);
            self.wants.push_back(Want::Input(receipt, age, happened.body.clone()));
        }
    }

    /// Programs of the site have changed rows.
    pub(super) fn take_others(&mut self, now: BoxTime, term: Term, answer: Answer<T>) {
        let leads = self.phase == Phase::Leading && self.office.as_ref().is_some_and(|office| office.term == term);
        // A look that takes long is no reason to do nothing else.
        self.looked_for_others = now;
        match answer {
            Answer::Others(Some(others)) if leads => self.wants.push_back(Want::Others(others)),
            Answer::Refused => self.lose_office(now, term),
            _ => (),
        }
    }

    /// The server has batches: what they want of this box is carried out from now on.
    pub(super) fn take_written(&mut self, looked: Looked, term: Term, last: u64) {
        let Some(office) = self.office.as_mut().filter(|office| office.term == term) else {
            return;
        };
        for batch in office.journal.written(last) {
            if batch.beat.is_some() {
                office.lease.renew(looked.sent, looked.answered);
            }
            if let Some((_, cursor)) = batch.cursors.iter().find(|(id, _)| *id == self.me) {
                self.inputs.acknowledge(*cursor);
            }
            for output in batch.outputs.into_iter().filter(|output| output.to == self.me) {
                if output.report == self.report && self.outputs.takes(output.number) {
                    office.carried_out(output.number);
                    self.wants.push_back(Want::CarryOut {
                        term,
                        body: output.body,
                    });
                }
            }
        }
    }

    /// A statement of this term was refused: somebody else was elected, or the server was replaced.
    pub(super) fn lose_office(&mut self, now: BoxTime, term: Term) {
        if self.office.as_ref().is_some_and(|office| office.term == term) {
            self.step_down(now);
        }
    }

    /// The office ends, and the box goes on as everybody else.
    fn step_down(&mut self, now: BoxTime) {
        self.resign(now);
        self.phase = Phase::Following;
    }
}
