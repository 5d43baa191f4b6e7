//! The members and free agents of a queue, by what is asked of an agent.
//!
//! Members who ask for the same stand in one line, and beside it stand the free agents who will do, in the order of choice. Whoever
//! looks for a member or an agent looks at the first of each line or order; nobody who does not fit is touched.

use crate::engine::centre::line::free_key::{AgentTurn, FreeKey};
use crate::engine::centre::line::own_callers::OwnCallers;
use crate::engine::centre::line::places::{Line, Place};
use crate::engine::centre::requirement::Requirement;
use crate::engine::vocabulary::ids::TierId;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::Media;
use std::collections::btree_set::Range;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

/// How many classes a queue has at most for the requirements of its callers: each costs one look when an agent becomes free.
pub(in crate::engine) const MOST_CLASSES: usize = 1_000;

/// Up to so many classes are kept when nobody is in line, for the next who asks for the same: making one looks at all free agents, keeping
/// one is a look at it whenever an agent becomes free.
const KEPT_CLASSES: usize = 100;

/// A class of one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct RequirementClassId(u64);

impl RequirementClassId {
    /// The class of callers who ask for nothing.
    pub const ANYBODY: RequirementClassId = RequirementClassId(0);
    /// The class of chats that ask for nothing.
    const ANYBODY_TO_CHAT: RequirementClassId = RequirementClassId(1);

    /// The class whose order of free agents holds all who are free for this medium; it is always there.
    pub const fn of_all(media: Media) -> Self {
        match media {
            Media::Audio => Self::ANYBODY,
            Media::Chat => Self::ANYBODY_TO_CHAT,
        }
    }
}

/// Where a member stands in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct InLine {
    pub class: RequirementClassId,
    pub place: Place,
    /// The agents whom it prefers may have it before others.
    pub prefers: bool,
    /// Nobody else may have it yet.
    pub spoken_for: bool,
}

/// Members who ask for the same, and the free agents who will do.
#[derive(Debug, Default)]
pub(in crate::engine) struct RequirementClass {
    pub requirement: Requirement,
    /// Those whom anybody may have who will do.
    pub line: Line,
    /// Those who wait for agents whom they prefer, and for nobody else yet.
    pub spoken_for: BTreeSet<Place>,
    /// Both, by the agents whom they prefer and may still wait for.
    pub own_callers: OwnCallers,
    /// Free agents in the order of choice.
    pub free: BTreeSet<FreeKey>,
    /// Agents who are logged in and will do, by the level of their tier.
    pub logged_in: BTreeMap<i64, usize>,
}

impl RequirementClass {
    /// Puts a member in line, and tells when it will have waited long enough for more agents.
    pub fn enter(&mut self, place: &InLine, preferred: &[Arc<str>], at: (Timestamp, Timestamp)) -> Option<Timestamp> {
        let (joined, now) = at;
        let opens = if place.spoken_for {
            self.spoken_for.insert(place.place);
            None
        } else {
            self.line.enter(place.place, joined, now)
        };
        let preferred = if place.prefers { preferred } else { &[] };
        let line = &self.line;
        let own = &mut self.own_callers;
        let own = preferred
            .iter()
            .filter_map(|agent| own.enter(agent, place.place, at, || line.steps()));
        own.chain(opens).min()
    }

    /// Takes a member out of line.
    pub fn leave(&mut self, place: &InLine, preferred: &[Arc<str>]) {
        if place.spoken_for {
            self.spoken_for.remove(&place.place);
        } else {
            self.line.leave(&place.place);
        }
        if place.prefers {
            for agent in preferred {
                self.own_callers.leave(agent, &place.place);
            }
        }
    }

    /// Everybody in line, whoever may have them.
    pub fn everybody(&self) -> impl Iterator<Item = Place> + '_ {
        self.line.everybody().chain(self.spoken_for.iter().copied())
    }

    /// How many are in line, whoever may have them.
    pub fn len(&self) -> usize {
        self.line.len() + self.spoken_for.len()
    }

    /// Whether nobody is in line.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty() && self.spoken_for.is_empty()
    }

    /// Makes the sets by waiting time anew; everybody has to enter again.
    pub fn reset(&mut self, steps: BTreeSet<Span>) {
        self.line.reset(steps);
        self.spoken_for.clear();
        self.own_callers.reset();
    }

    /// The free agents behind a level and position, among those whom the policy takes for chats first.
    pub fn free_behind(&self, level: i64, position: i64) -> Range<'_, FreeKey> {
        let behind = FreeKey {
            level: self.requirement.level(level),
            load: self.load_of_first(level),
            turn: AgentTurn::behind(position),
            tier: TierId(u64::MAX),
        };
        self.free.range((Excluded(behind), Unbounded))
    }

    /// Whether the policy has no better agent of this level.
    pub fn is_like_first_of(&self, level: i64, key: &FreeKey) -> bool {
        (key.level, key.load) == (self.requirement.level(level), self.load_of_first(level))
    }

    /// The load of whoever comes first from this level on. Among those who are free for calls all are alike, and nobody is looked at.
    fn load_of_first(&self, level: i64) -> i64 {
        if self.requirement.media() == Media::Audio {
            return 0;
        }
        let least = FreeKey {
            level: self.requirement.level(level),
            load: i64::MIN,
            turn: AgentTurn::FIRST,
            tier: TierId(0),
        };
        self.free.range(least..).next().map_or(0, |first| first.load)
    }
}

/// The classes of a queue.
#[derive(Debug)]
pub(in crate::engine) struct RequirementClasses {
    by_id: BTreeMap<RequirementClassId, RequirementClass>,
    by_demand: BTreeMap<Requirement, RequirementClassId>,
    last: u64,
    /// The classes of callers, and of chats, who come now and ask for nothing beside what the queue does.
    own: [RequirementClassId; 2],
    /// The operator was told that there are too many.
    pub overflow_told: bool,
}

impl Default for RequirementClasses {
    fn default() -> Self {
        let always = Media::ALL
            .iter()
            .map(|media| (RequirementClassId::of_all(*media), Requirement::anybody(*media)));
        let class = |requirement| RequirementClass {
            requirement,
            ..RequirementClass::default()
        };
        Self {
            by_id: always
                .clone()
                .map(|(id, requirement)| (id, class(requirement)))
                .collect(),
            by_demand: always.map(|(id, requirement)| (requirement, id)).collect(),
            last: RequirementClassId::ANYBODY_TO_CHAT.0,
            own: [RequirementClassId::ANYBODY, RequirementClassId::ANYBODY_TO_CHAT],
            overflow_told: false,
        }
    }
}

impl RequirementClasses {
    pub fn get(&self, id: RequirementClassId) -> Option<&RequirementClass> {
        self.by_id.get(&id)
    }

    pub fn get_mut(&mut self, id: RequirementClassId) -> Option<&mut RequirementClass> {
        self.by_id.get_mut(&id)
    }

    /// The class of this requirement, if there is one.
    pub fn of(&self, requirement: &Requirement) -> Option<RequirementClassId> {
        self.by_demand.get(requirement).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = (RequirementClassId, &RequirementClass)> {
        self.by_id.iter().map(|(id, class)| (*id, class))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut RequirementClass> {
        self.by_id.values_mut()
    }

    /// How many there are, the one that chats always have left out.
    pub fn len(&self) -> usize {
        self.by_id.len() - 1
    }

    /// Makes room for one more class: those without members go once there are many.
    pub fn make_room(&mut self) {
        if self.len() < KEPT_CLASSES {
            return;
        }
        let own = self.own;
        self.by_id
            .retain(|id, class| *id <= RequirementClassId::ANYBODY_TO_CHAT || own.contains(id) || !class.is_empty());
        let by_id = &self.by_id;
        self.by_demand.retain(|_, id| by_id.contains_key(id));
    }

    /// Adds a class.
    pub fn add(&mut self, class: RequirementClass) -> RequirementClassId {
        self.last += 1;
        let id = RequirementClassId(self.last);
        self.by_demand.insert(class.requirement.clone(), id);
        self.by_id.insert(id, class);
        id
    }

    /// How many members are in line.
    pub fn in_line(&self) -> usize {
        self.by_id.values().map(RequirementClass::len).sum()
    }

    /// The class of who comes now and brings no requirements.
    pub fn own(&self, media: Media) -> Option<&RequirementClass> {
        self.by_id.get(&self.own[media as usize])
    }

    /// That class is this one from now on.
    pub fn set_own(&mut self, media: Media, id: RequirementClassId) {
        self.own[media as usize] = id;
    }

    /// Everybody in line, class by class.
    pub fn everybody(&self) -> impl Iterator<Item = Place> + '_ {
        self.by_id.values().flat_map(RequirementClass::everybody)
    }

    /// All agents who are free for this medium, whatever else is asked of them.
    pub fn free(&self, media: Media) -> impl Iterator<Item = &FreeKey> {
        self.by_id
            .get(&RequirementClassId::of_all(media))
            .into_iter()
            .flat_map(|class| &class.free)
    }
}
