//! Changes on their way to the database: of each row only the last one.

use crate::engine::RowChange;
use std::collections::HashMap;

/// Changes in the order in which their rows first appeared, the last one of each row.
#[derive(Default)]
pub struct Pending {
    changes: Vec<RowChange>,
    places: HashMap<Key, usize>,
    /// How many call detail records are among the changes, and how many there was no room for.
    records: usize,
    forgotten: usize,
}

/// How many call detail records wait at most. Rows are as many as there are agents, tiers and members; records only become more.
const MOST_RECORDS: usize = 100_000;

/// The row a change is about.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A queue, by name.
    Queue(String),
    /// An agent, by name.
    Agent(String),
    /// A tier, by queue and agent.
    Tier(String, String),
    /// A member, by uuid.
    Member(String),
    /// What the configuration says of an agent, by agent and setting.
    Configured(String, String),
    /// A tier that the configuration names, by queue and agent.
    ConfiguredTier(String, String),
    /// An agent's limits, by name.
    AgentLimits(String),
    /// A call detail record, by its identity.
    CallRecord(String),
    /// An agent's skills, by name.
    AgentSkills(String),
    /// An agent's pause, by agent and queue.
    Pause(String, Option<String>),
}

impl Key {
    /// The row this change is about.
    pub fn of(change: &RowChange) -> Self {
        match change {
            RowChange::Queue(row) => Key::Queue(row.name.clone()),
            RowChange::QueueGone(name) => Key::Queue(name.clone()),
            RowChange::Agent(row) => Key::Agent(row.name.clone()),
            RowChange::AgentGone(name) => Key::Agent(name.clone()),
            RowChange::Tier(row) => Key::Tier(row.queue.clone(), row.agent.clone()),
            RowChange::TierGone { queue, agent } => Key::Tier(queue.clone(), agent.clone()),
            RowChange::Member(row) => Key::Member(row.uuid.clone()),
            RowChange::MemberGone(uuid) => Key::Member(uuid.clone()),
            RowChange::Configured { agent, setting, .. } => Key::Configured(agent.clone(), setting.clone()),
            RowChange::AgentLimits { agent, .. } | RowChange::AgentLimitsGone(agent) => Key::AgentLimits(agent.clone()),
            RowChange::AgentSkills { agent, .. } => Key::AgentSkills(agent.clone()),
            RowChange::ConfiguredTier { queue, agent } | RowChange::ConfiguredTierGone { queue, agent } => {
                Key::ConfiguredTier(queue.clone(), agent.clone())
            }
            RowChange::Pause { agent, queue, .. } => Key::Pause(agent.clone(), queue.clone()),
            RowChange::CallRecord(record) => Key::CallRecord(record.uuid.clone()),
        }
    }
}

impl Pending {
    /// Adds changes that came later than all that are here.
    pub fn add(&mut self, changes: impl IntoIterator<Item = RowChange>) {
        for change in changes {
            let next = self.changes.len();
            if matches!(change, RowChange::CallRecord(_)) {
                if self.records == MOST_RECORDS {
                    self.forgotten += 1;
                    continue;
                }
                self.records += 1;
            }
            let place = *self.places.entry(Key::of(&change)).or_insert(next);
            match self.changes.get_mut(place) {
                Some(earlier) => *earlier = change,
                None => self.changes.push(change),
            }
        }
    }

    /// Puts changes back that came earlier than all that are here.
    pub fn put_back(&mut self, earlier: Vec<RowChange>) {
        let later = std::mem::take(self);
        self.forgotten = later.forgotten;
        self.add(earlier);
        self.add(later.changes);
    }

    /// Takes everything.
    pub fn take(&mut self) -> Vec<RowChange> {
        let forgotten = self.forgotten;
        let taken = std::mem::take(self);
        self.forgotten = forgotten;
        taken.changes
    }

    /// How many call detail records there was no room for since this was last asked.
    pub fn take_forgotten(&mut self) -> usize {
        std::mem::take(&mut self.forgotten)
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether call detail records are among what is to be written.
    pub fn has_records(&self) -> bool {
        self.records > 0
    }

    /// How many rows are to be written.
    pub fn len(&self) -> usize {
        self.changes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::tests::{agent, member, tier};

    #[test]
    fn the_last_change_of_a_row_stays_at_the_place_of_the_first() {
        let mut pending = Pending::default();
        let mut talking = member("m1");
        talking.serving_agent = "a1".to_owned();
        pending.add([
            RowChange::Member(member("m1")),
            RowChange::Agent(agent("a1")),
            RowChange::Tier(tier("q", "a1")),
        ]);
        pending.add([
            RowChange::Member(talking.clone()),
            RowChange::AgentGone("a1".to_owned()),
        ]);
        let expected = [
            RowChange::Member(talking),
            RowChange::AgentGone("a1".to_owned()),
            RowChange::Tier(tier("q", "a1")),
        ];
        assert_eq!(pending.take(), expected);
        assert!(pending.is_empty());
    }

    #[test]
    fn what_is_put_back_comes_first_and_yields_to_what_is_newer() {
        let mut pending = Pending::default();
        pending.add([RowChange::Agent(agent("a2")), RowChange::MemberGone("m1".to_owned())]);
        pending.put_back(vec![RowChange::Member(member("m1")), RowChange::Agent(agent("a1"))]);
        let expected = [
            RowChange::MemberGone("m1".to_owned()),
            RowChange::Agent(agent("a1")),
            RowChange::Agent(agent("a2")),
        ];
        assert_eq!(pending.take(), expected);
    }
}
