//! Losing touch, and coming back.

use crate::cluster::life::{Life, Phase, Want};
use crate::cluster::numbered::Received;
use crate::cluster::tables::{Standing, Tables, View};
use crate::cluster::term::Term;
use crate::cluster::time::BoxTime;
use crate::cluster::watch::Looked;

impl<T: Tables> Life<T> {
    /// Nobody may count on this box any more.
    pub(super) fn go_alone(&mut self, now: BoxTime) {
        self.resign(now);
        if self.phase != Phase::Alone && self.phase != Phase::Joining {
            self.wants.push_back(Want::LetGo);
        }
        self.phase = Phase::Alone;
        self.presence = None;
        self.unreported = None;
    }

    /// The office is over. Its lease is left to others.
    pub(super) fn resign(&mut self, now: BoxTime) {
        if let Some(office) = self.office.take() {
            self.to_leave = Some(office.term);
            self.beats.hear(now, office.engine_time(now));
            self.reports.clear();
            self.wants.push_back(Want::Resign);
        }
        self.asked = None;
    }

    /// Everything that was told before is void, and told anew.
    pub(super) fn ask_for_report(&mut self) {
        self.unreported = None;
        // One that is asked for and not told yet will do.
        if !self.report_is_asked {
            self.report_is_asked = true;
            self.report += 1;
            self.outputs = Received::default();
            self.wants.push_back(Want::Report);
        }
    }

    /// From now on no older term is obeyed.
    pub(super) fn promise(&mut self, now: BoxTime, term: Term) {
        self.resign(now);
        self.to_leave = None;
        self.promised = Some(term);
        self.timeline = self.timeline.max(term.timeline);
        match self.phase {
            Phase::Joining | Phase::Leaving => return,
            Phase::Alone => (),
            _ => self.phase = Phase::Reporting,
        }
        self.ask_for_report();
    }

    /// What a look shows of another box that has the name of this one.
    pub(super) fn watch_namesake(&mut self, view: &View) {
        let mut rows = view.boxes.iter();
        let other = rows.find(|row| row.id.instance == self.me.instance && row.id != self.me && row.is_there());
        let seen = other.map(|row| (row.id.clone(), row.beat));
        let moves = match (&self.namesake, &seen) {
            (Some((was, beat)), Some((is, beats))) => was == is && beat != beats,
            _ => false,
        };
        self.namesake_moves = seen.is_some() && (moves || self.namesake_moves);
        self.namesake = seen;
    }

    /// What a look shows of this box's own row.
    pub(super) fn look_at_own_row(&mut self, now: BoxTime, looked: Looked, view: &View) {
        // A look that was sent before the row was written does not know it.
        if looked.sent < self.row_since {
            return;
        }
        let row = view.boxes.iter().find(|row| row.id.instance == self.me.instance);
        let own = row.filter(|row| row.id == self.me);
        match (own, self.phase) {
            (_, Phase::Leaving) | (None, Phase::Joining) => (),
            (None, _) => {
                // A failover has lost the row, or somebody has the name who was not to have it.
                self.go_alone(now);
                self.phase = Phase::Joining;
            }
            (Some(_), Phase::Joining) => self.phase = Phase::Alone,
            (Some(_), Phase::Alone) => (),
            (Some(row), _) if row.standing != Standing::Here => self.go_alone(now),
            (Some(_), _) => (),
        }
        // Where the answer was lost and the leader has read it all the same, nobody knows since when the row has been renewed.
        self.unreported.take_if(|number| *number <= view.cursor);
        if matches!(self.phase, Phase::Alone | Phase::Reporting) && self.unreported.is_none() {
            self.ask_for_report();
        }
    }
}
