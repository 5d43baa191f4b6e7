//! Who waits and prefers an agent, as that agent's callers count: offered to somebody just now or not.

use crate::engine::centre::line::places::Place;
use crate::engine::centre::line::ranked::Ranked;
use crate::engine::vocabulary::ids::MemberId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Members of one queue on their places among all who wait, by each agent whom they would rather have than others.
#[derive(Debug, Default)]
pub(in crate::engine) struct WaitingFor(BTreeMap<Arc<str>, Ranked<Place>>);

impl WaitingFor {
    /// A member waits on this place who prefers these agents.
    pub fn enter(&mut self, preferred: &[Arc<str>], place: Place) {
        for agent in preferred {
            self.0.entry(Arc::clone(agent)).or_default().insert(place);
        }
    }

    /// A member waits no more on this place who prefers these agents.
    pub fn leave(&mut self, preferred: &[Arc<str>], place: &Place) {
        for agent in preferred {
            let Some(places) = self.0.get_mut(agent) else { continue };
            places.remove(place);
            if places.is_empty() {
                self.0.remove(agent);
            }
        }
    }

    /// How many who prefer this agent stand before a place of theirs; all of them for who comes now.
    pub fn before(&self, agent: &str, place: Option<&Place>) -> usize {
        let Some(places) = self.0.get(agent) else { return 0 };
        let rank = place.and_then(|place| places.rank(place));
        rank.unwrap_or_else(|| places.len())
    }

    /// Everybody who prefers this agent.
    pub fn of(&self, agent: &str) -> impl Iterator<Item = MemberId> + '_ {
        let places = self.0.get(agent).into_iter().flat_map(Ranked::iter);
        places.map(|place| place.member)
    }

    /// Every agent whom somebody prefers, with those who do.
    #[cfg(any(test, debug_assertions))]
    pub fn iter(&self) -> impl Iterator<Item = (&str, Place)> {
        let agents = self.0.iter();
        agents.flat_map(|(agent, places)| places.iter().map(move |place| (&**agent, place)))
    }
}
