//! Changes on their way to the database: of each row only the last one.

use crate::engine::{CallResult, RowChange};
use crate::store::tables::RowKey;
use std::collections::HashMap;

/// Changes in the order in which their rows first appeared, the last one of each row.
#[derive(Default)]
pub struct Pending {
    changes: Vec<RowChange>,
    places: HashMap<RowKey, usize>,
    /// How many call detail records are among the changes, and how many there was no room for.
    records: usize,
    forgotten: usize,
}

/// How many call detail records wait at most. Rows are as many as there are agents, tiers and members; records only become more.
const MOST_RECORDS: usize = 100_000;

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
            let place = *self.places.entry(RowKey::of(&change)).or_insert(next);
            match self.changes.get_mut(place) {
                // Whoever knows no more of a call than that it was lost knows less than whoever has recorded it.
                Some(RowChange::CallRecord(_)) if is_lost(&change) => (),
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

fn is_lost(change: &RowChange) -> bool {
    matches!(change, RowChange::CallRecord(record) if record.result == CallResult::Lost)
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
