//! The members and free agents of a queue, by what is asked of an agent.
//!
//! Members who ask for the same stand in one line, and beside it stand the free agents who will do, in the order of choice. Whoever
//! looks for a member or an agent looks at the first of each line or order; nobody who does not fit is touched.

use super::demand::Demand;
use super::line::{Line, Place};
use super::tier::FreeKey;
use std::collections::{BTreeMap, BTreeSet};

/// How many classes a queue has at most for the wishes of its callers: each costs one look when an agent becomes free.
pub(super) const MOST_CLASSES: usize = 1_000;

/// Up to so many classes are kept when nobody is in line, for the next who asks for the same.
const KEPT_CLASSES: usize = 16;

/// A class of one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClassId(u64);

impl ClassId {
    /// The class of those who ask for nothing.
    pub const ANYBODY: ClassId = ClassId(0);
}

/// Where a member stands in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InLine {
    pub class: ClassId,
    pub place: Place,
}

/// Members who ask for the same, and the free agents who will do.
#[derive(Debug, Default)]
pub(super) struct Class {
    pub demand: Demand,
    pub line: Line,
    /// Free agents in the order of choice.
    pub free: BTreeSet<FreeKey>,
}

/// The classes of a queue.
#[derive(Debug)]
pub(super) struct Classes {
    by_id: BTreeMap<ClassId, Class>,
    by_demand: BTreeMap<Demand, ClassId>,
    last: u64,
    /// The operator was told that there are too many.
    pub overflow_told: bool,
}

impl Default for Classes {
    fn default() -> Self {
        Self {
            by_id: BTreeMap::from([(ClassId::ANYBODY, Class::default())]),
            by_demand: BTreeMap::from([(Demand::default(), ClassId::ANYBODY)]),
            last: 0,
            overflow_told: false,
        }
    }
}

impl Classes {
    pub fn get(&self, id: ClassId) -> Option<&Class> {
        self.by_id.get(&id)
    }

    pub fn get_mut(&mut self, id: ClassId) -> Option<&mut Class> {
        self.by_id.get_mut(&id)
    }

    /// The class of this demand, if there is one.
    pub fn of(&self, demand: &Demand) -> Option<ClassId> {
        self.by_demand.get(demand).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = (ClassId, &Class)> {
        self.by_id.iter().map(|(id, class)| (*id, class))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Class> {
        self.by_id.values_mut()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Makes room for one more class: those without members go once there are many.
    pub fn make_room(&mut self) {
        if self.len() < KEPT_CLASSES {
            return;
        }
        self.by_id
            .retain(|id, class| *id == ClassId::ANYBODY || !class.line.is_empty());
        let by_id = &self.by_id;
        self.by_demand.retain(|_, id| by_id.contains_key(id));
    }

    /// Adds a class.
    pub fn add(&mut self, class: Class) -> ClassId {
        self.last += 1;
        let id = ClassId(self.last);
        self.by_demand.insert(class.demand.clone(), id);
        self.by_id.insert(id, class);
        id
    }

    /// How many members are in line, and how many agents are free.
    pub fn counts(&self) -> (usize, usize) {
        let in_line = self.by_id.values().map(|class| class.line.len()).sum();
        let free = self.by_id.get(&ClassId::ANYBODY).map_or(0, |class| class.free.len());
        (in_line, free)
    }

    /// Everybody in line, class by class.
    pub fn everybody(&self) -> impl Iterator<Item = Place> + '_ {
        self.by_id.values().flat_map(|class| class.line.everybody())
    }

    /// All free agents, whatever is asked of them.
    pub fn free(&self) -> impl Iterator<Item = &FreeKey> {
        self.by_id
            .get(&ClassId::ANYBODY)
            .into_iter()
            .flat_map(|class| &class.free)
    }
}
