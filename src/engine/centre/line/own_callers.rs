//! Callers who prefer an agent, as that agent finds them.

use crate::engine::centre::line::places::{Line, Place};
use crate::engine::vocabulary::time::{Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Members of one class, by each agent whom they would rather have than others and may still wait for.
#[derive(Debug, Default)]
pub(in crate::engine) struct OwnCallers(BTreeMap<Arc<str>, Line>);

impl OwnCallers {
    /// Those who prefer this agent.
    pub fn of(&self, agent: &str) -> Option<&Line> {
        self.0.get(agent)
    }

    /// Every agent whom somebody prefers.
    #[cfg(any(test, debug_assertions))]
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Line)> {
        self.0.iter().map(|(agent, line)| (&**agent, line))
    }

    /// Puts a member among those who prefer this agent, and tells when its next level opens.
    pub fn enter(
        &mut self,
        agent: &Arc<str>,
        place: Place,
        (joined, now): (Timestamp, Timestamp),
        steps: impl FnOnce() -> BTreeSet<Span>,
    ) -> Option<Timestamp> {
        if !self.0.contains_key(agent) {
            let mut line = Line::default();
            line.reset(steps());
            self.0.insert(Arc::clone(agent), line);
        }
        self.0.get_mut(agent)?.enter(place, joined, now)
    }

    /// Takes a member out from among those who prefer this agent.
    pub fn leave(&mut self, agent: &str, place: &Place) {
        let Some(line) = self.0.get_mut(agent) else { return };
        line.leave(place);
        if line.is_empty() {
            self.0.remove(agent);
        }
    }

    /// Forgets everybody; they have to enter again.
    pub fn reset(&mut self) {
        self.0.clear();
    }
}
