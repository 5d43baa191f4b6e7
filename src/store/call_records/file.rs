//! Call detail records in a SQLite file that is not the one of the rows.

use super::spool::in_transaction;
use super::{cells_of, RecordPlace, Stored};
use crate::store::sqlite::{explain, vanished, InFile, LoneFile};
use crate::store::tables::{prepare_table, Layout, Table};
use crate::store::StoreError;
use std::path::{Path, PathBuf};

/// The table of call detail records in a SQLite file.
pub struct FileRecords {
    path: PathBuf,
    synchronous_full: bool,
    table: &'static Table,
    /// None: to be opened.
    file: Option<LoneFile>,
}

impl FileRecords {
    /// The table of the records in the file at `path`; both are made when there is something to add. `synchronous_full` is the
    /// setting `sqlite-synchronous`.
    pub fn new(path: &Path, synchronous_full: bool, layout: Layout) -> Self {
        Self {
            path: path.to_owned(),
            synchronous_full,
            table: layout.call_records,
            file: None,
        }
    }

    fn is_in_use(&mut self) -> bool {
        self.file.as_mut().is_some_and(LoneFile::is_in_place)
    }
}

impl RecordPlace for FileRecords {
    fn prepare(&mut self) -> Result<(), StoreError> {
        if self.is_in_use() {
            return Ok(());
        }
        self.file = None;
        let file = LoneFile::open(&self.path, self.synchronous_full)?;
        in_transaction(file.connection(), |file| prepare_table(&mut InFile(file.0), self.table))
            .map_err(|error| explain(&self.path, &error))?;
        self.file = Some(file);
        Ok(())
    }

    fn add(&mut self, records: &[Stored]) -> Result<(), StoreError> {
        self.prepare()?;
        let Some(file) = &self.file else {
            return Ok(());
        };
        let result = in_transaction(file.connection(), |file| {
            records.iter().try_for_each(|record| {
                let added = file.insert_once(self.table, &cells_of(record));
                added.map(drop)
            })
        });
        if result.is_err() {
            self.file = None;
        }
        result.map_err(|error| explain(&self.path, &error))?;
        if self.is_in_use() {
            return Ok(());
        }
        // They went with the file; they are added to the one that takes its place.
        Err(vanished(&self.path))
    }
}
