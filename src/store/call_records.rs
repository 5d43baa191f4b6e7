//! Call detail records on their way: safe on this machine first, and from there in the database the site has chosen.
//!
//! Where the rows are in a SQLite file and the records belong there too, the journal writes both in one transaction. Everywhere
//! else the records of a batch are in a file of their own before its rows are written (a crash in between leaves the row of a
//! stay whose record is there already, and a second record of the same identity is none), and a thread moves them on. They
//! leave the file once their database has committed them; those it has already it ignores.

mod file;
mod mover;
mod spool;

#[cfg(test)]
mod tests;

pub use file::FileRecords;
pub use spool::Spool;

use super::tables::Cell;
use super::worker::Report;
use super::{Store, StoreError};
use crate::engine::{ChangesByOthers, RowChange, Snapshot};
use mover::Mover;
use std::sync::Arc;

/// Where call detail records are to be in the end.
pub trait RecordPlace: Send {
    /// Makes or upgrades the table.
    ///
    /// # Errors
    /// In words for the operator.
    fn prepare(&mut self) -> Result<(), StoreError>;

    /// Adds records, all or none, and returns once they would survive the death of the process. Those that are there already are
    /// left as they are.
    ///
    /// # Errors
    /// In words for the operator.
    fn add(&mut self, records: &[Stored]) -> Result<(), StoreError>;
}

/// A record as it is kept: its cells, in the order of the table's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored(Vec<StoredCell>);

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum StoredCell {
    Text(String),
    Number(i64),
}

impl Stored {
    /// The record's identity.
    fn uuid(&self) -> &str {
        match self.0.first() {
            Some(StoredCell::Text(uuid)) => uuid,
            _ => "",
        }
    }
}

/// The cells of a record that was kept.
pub(super) fn cells_of(stored: &Stored) -> Vec<Cell<'_>> {
    let cells = stored.0.iter().map(|cell| match cell {
        StoredCell::Text(text) => Cell::Text(text),
        StoredCell::Number(number) => Cell::Number(*number),
    });
    cells.collect()
}

/// A store that keeps call detail records in a file of their own, and has them moved on.
pub struct RecordingStore {
    rows: Box<dyn Store>,
    spool: Arc<Spool>,
    mover: Mover,
}

impl RecordingStore {
    /// `rows` keeps the rows, `spool` the records until they are at their `place`. `report` tells the operator when that fails
    /// and when it works again.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        rows: Box<dyn Store>,
        spool: Spool,
        place: Box<dyn RecordPlace>,
        report: Report,
    ) -> std::io::Result<Self> {
        let spool = Arc::new(spool);
        let mover = Mover::start(Arc::clone(&spool), place, report)?;
        Ok(Self { rows, spool, mover })
    }
}

impl Store for RecordingStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        self.rows.load()
    }

    fn put_aside(&mut self, changes: &mut Vec<RowChange>) -> Result<(), StoreError> {
        let record_of = |change: &RowChange| match change {
            RowChange::CallRecord(record) => Some(record.clone()),
            _ => None,
        };
        let records: Vec<_> = changes.iter().filter_map(record_of).collect();
        if !records.is_empty() {
            self.spool.keep(&records)?;
            self.mover.wake();
            changes.retain(|change| !matches!(change, RowChange::CallRecord(_)));
        }
        self.rows.put_aside(changes)
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        self.rows.apply(changes)
    }

    fn is_at_hand(&self) -> bool {
        self.rows.is_at_hand()
    }

    fn has_chores(&self) -> bool {
        self.rows.has_chores()
    }

    fn do_chores(&mut self) {
        self.rows.do_chores();
    }

    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        self.rows.changes_of_others()
    }

    fn take_remarks(&mut self) -> Vec<String> {
        let mut remarks = self.rows.take_remarks();
        remarks.extend(self.spool.take_remark());
        remarks
    }

    fn close(&mut self) -> Result<(), StoreError> {
        let spool = self.spool.close();
        self.rows.close().and(spool)
    }
}
