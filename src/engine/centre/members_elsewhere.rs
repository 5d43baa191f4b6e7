//! Members of other instances on the same database.

use crate::engine::rows::member::MemberRow;
use std::collections::BTreeMap;

/// The members of other instances, by queue and uuid: for lists, and for nothing else.
#[derive(Debug, Default)]
pub(in crate::engine) struct MembersElsewhere {
    by_queue: BTreeMap<String, BTreeMap<String, MemberRow>>,
}

impl MembersElsewhere {
    /// The row is as another instance has written it.
    pub fn note(&mut self, row: MemberRow) {
        let queue = self.by_queue.entry(row.queue.clone()).or_default();
        queue.insert(row.uuid.clone(), row);
    }

    /// The row is gone, or was moved to another queue.
    pub fn forget(&mut self, row: &MemberRow) {
        let Some(queue) = self.by_queue.get_mut(&row.queue) else {
            return;
        };
        queue.remove(&row.uuid);
        if queue.is_empty() {
            self.by_queue.remove(&row.queue);
        }
    }

    /// The rows of an instance, which are kept here no longer.
    pub fn take_of(&mut self, instance: &str) -> Vec<MemberRow> {
        let rows = self.rows(None).filter(|row| row.instance_id == instance);
        let rows: Vec<MemberRow> = rows.cloned().collect();
        for row in &rows {
            self.forget(row);
        }
        rows
    }

    /// Those of one queue, or all.
    pub fn rows<'a>(&'a self, queue: Option<&str>) -> impl Iterator<Item = &'a MemberRow> {
        let (one, all) = match queue {
            Some(queue) => (self.by_queue.get(queue), None),
            None => (None, Some(self.by_queue.values())),
        };
        one.into_iter()
            .chain(all.into_iter().flatten())
            .flat_map(BTreeMap::values)
    }

    /// How many there are in a queue.
    pub fn count(&self, queue: &str) -> usize {
        self.by_queue.get(queue).map_or(0, BTreeMap::len)
    }
}
