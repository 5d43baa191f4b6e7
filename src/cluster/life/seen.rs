//! What can be seen of a life from outside, for whoever watches over boxes.

use crate::cluster::life::Life;
use crate::cluster::tables::{Tables, View};
use crate::cluster::time::BoxTime;
use crate::engine::Span;

impl<T: Tables> Life<T> {
    /// What the last look has shown.
    pub fn view(&self) -> Option<&View> {
        self.view.as_ref().map(|(_, view)| view)
    }

    /// What this box has told, and, where it leads, what it has decided, that is not in the tables as far as it knows; and for how long.
    pub fn unsaved(&self, now: BoxTime) -> (usize, Span) {
        let told = self.inputs.kept().count();
        let decided = self.office.as_ref().map_or(0, |office| office.journal.unwritten());
        let oldest = self.inputs.kept().next().map(|(_, happened)| now.since(happened.at));
        (told + decided, oldest.unwrap_or_default().max(Span::ZERO))
    }

    /// For how long the box has stood as it does.
    pub fn has_stood(&self, now: BoxTime) -> Span {
        let (phase, since) = self.stood;
        if phase == self.phase(now) {
            now.since(since).max(Span::ZERO)
        } else {
            Span::ZERO
        }
    }

    /// Notes since when it stands so.
    pub(super) fn note_phase(&mut self, now: BoxTime) {
        let phase = self.phase(now);
        if self.stood.0 != phase {
            self.stood = (phase, now);
        }
    }
}
