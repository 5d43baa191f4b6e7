//! A pause is written down.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::pause::Pause;

impl Engine {
    pub(in crate::engine) fn note_pause(&mut self, agent: String, queue: Option<String>, pause: Option<Pause>) {
        self.changed.others.push(RowChange::Pause { agent, queue, pause });
    }
}
