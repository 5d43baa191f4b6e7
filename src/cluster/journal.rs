//! The leader's batches on their way into the tables.

use crate::cluster::statements::Batch;
use crate::cluster::tables::{BoxId, FactChange, OutputRow, Tables};
use crate::cluster::term::Term;
use crate::engine::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// What is not yet in the tables for good.
#[derive(Debug)]
pub struct Journal<T: Tables> {
    term: Term,
    rows: Vec<T::Change>,
    facts: BTreeMap<String, Option<String>>,
    cursors: BTreeMap<BoxId, u64>,
    /// Batches that were sealed, by number. They are kept until a commit behind them has reached the disk: a server that has crashed
    /// may come back without its last ones.
    kept: VecDeque<Batch<T>>,
    /// The last one that was sealed.
    sealed: u64,
    /// The last one that the server has.
    written: u64,
}

impl<T: Tables> Journal<T> {
    /// An empty one, for a term that begins.
    pub fn new(term: Term) -> Self {
        Self {
            term,
            rows: Vec::new(),
            facts: BTreeMap::new(),
            cursors: BTreeMap::new(),
            kept: VecDeque::new(),
            sealed: 0,
            written: 0,
        }
    }

    /// What an input has caused, and whose input that was. All of it gets into one batch.
    pub fn put(
        &mut self,
        by: impl IntoIterator<Item = (BoxId, u64)>,
        rows: Vec<T::Change>,
        facts: impl IntoIterator<Item = FactChange>,
    ) {
        for (id, number) in by {
            let cursor = self.cursors.entry(id).or_default();
            *cursor = number.max(*cursor);
        }
        self.rows.extend(rows);
        self.facts
            .extend(facts.into_iter().map(|change| (change.name, change.says)));
    }

    /// Whether there is something to be sealed.
    pub fn has_gathered(&self) -> bool {
        !self.rows.is_empty() || !self.facts.is_empty() || !self.cursors.is_empty()
    }

    /// The batch that the server lacks first, if one was sealed.
    pub fn overdue(&self) -> Option<&Batch<T>> {
        self.kept.iter().find(|batch| batch.number > self.written)
    }

    /// How many rows the server does not have yet.
    pub fn unwritten(&self) -> usize {
        let sealed = self.kept.iter().filter(|batch| batch.number > self.written);
        self.rows.len() + sealed.map(|batch| batch.rows.len()).sum::<usize>()
    }

    /// Makes a batch of what has gathered.
    pub fn seal(&mut self, outputs: Vec<OutputRow>, beat: Option<Timestamp>) {
        self.sealed += 1;
        let facts = std::mem::take(&mut self.facts).into_iter();
        self.kept.push_back(Batch {
            term: self.term,
            number: self.sealed,
            rows: std::mem::take(&mut self.rows),
            facts: facts.map(|(name, says)| FactChange { name, says }).collect(),
            cursors: std::mem::take(&mut self.cursors).into_iter().collect(),
            outputs,
            beat,
        });
    }

    /// The server has the batches up to this one; those it did not have before are handed out.
    pub fn written(&mut self, last: u64) -> Vec<Batch<T>> {
        let is_new = |batch: &&Batch<T>| batch.number > self.written && batch.number <= last;
        let new = self.kept.iter().filter(is_new).cloned().collect();
        self.written = last;
        let is_on_disk = |batch: &Batch<T>| batch.beat.is_some() && batch.number <= last;
        if let Some(index) = self.kept.iter().rposition(is_on_disk) {
            self.kept.drain(..=index);
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::term::{Incarnation, Server};

    #[derive(Debug, Clone)]
    struct Letters;

    impl Tables for Letters {
        type Change = char;
        type Rows = String;
        type Others = ();
    }

    fn journal() -> Journal<Letters> {
        Journal::new(Term {
            server: Server(1),
            timeline: 1,
            number: 1,
            incarnation: Incarnation(1),
        })
    }

    fn box_of(instance: &str) -> BoxId {
        BoxId {
            instance: instance.to_owned(),
            incarnation: Incarnation(1),
        }
    }

    #[test]
    fn a_cursor_goes_with_the_rows_that_its_input_has_caused() {
        let mut journal = journal();
        journal.put([(box_of("a"), 3)], vec!['x'], []);
        journal.put([(box_of("a"), 4)], vec!['y'], []);
        assert!(journal.has_gathered());
        journal.seal(Vec::new(), None);
        assert!(!journal.has_gathered());
        assert_eq!(journal.unwritten(), 2);
        let batch = journal.overdue().expect("one");
        assert_eq!((batch.number, batch.rows.as_slice()), (1, ['x', 'y'].as_slice()));
        assert_eq!(batch.cursors, [(box_of("a"), 4)]);
        journal.written(1);
        assert_eq!(journal.unwritten(), 0);
    }

    #[test]
    fn the_last_of_a_fact_in_a_batch_is_the_whole_truth() {
        let mut journal = journal();
        let change = |name: &str, says: Option<&str>| FactChange {
            name: name.to_owned(),
            says: says.map(str::to_owned),
        };
        journal.put([], Vec::new(), [change("b", Some("1")), change("a", Some("1"))]);
        journal.put([], Vec::new(), [change("b", None)]);
        assert!(journal.has_gathered());
        journal.seal(Vec::new(), None);
        let batch = journal.overdue().expect("one");
        assert_eq!(batch.facts, [change("a", Some("1")), change("b", None)]);
        assert!(!journal.has_gathered());
    }

    #[test]
    fn a_server_that_has_lost_its_last_batches_gets_them_again_in_order() {
        let mut journal = journal();
        for letter in ['x', 'y', 'z'] {
            journal.put([], vec![letter], []);
            journal.seal(Vec::new(), None);
            let number = journal.overdue().expect("one").number;
            assert_eq!(journal.written(number).len(), 1);
        }
        assert!(journal.overdue().is_none());
        assert!(journal.written(1).is_empty(), "nothing new");
        assert_eq!(journal.overdue().map(|batch| batch.rows.clone()), Some(vec!['y']));
    }

    #[test]
    fn what_is_on_the_disk_is_not_kept() {
        let mut journal = journal();
        journal.put([], vec!['x'], []);
        journal.seal(Vec::new(), None);
        journal.seal(Vec::new(), Some(Timestamp::from_secs(1)));
        journal.written(1);
        assert_eq!(journal.kept.len(), 2);
        journal.written(2);
        assert_eq!(journal.kept.len(), 0);
    }
}
