//! The file in which call detail records wait for their database.

use super::{cells_of, Stored, StoredCell};
use crate::engine::CallRecord;
use crate::store::sqlite::{explain, value_of, vanished, InFile, LoneFile};
use crate::store::tables::{call_record_cells, prepare_table, Table, Value, CALL_RECORDS_JOURNAL};
use crate::store::StoreError;
use parking_lot::Mutex;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// Call detail records in a SQLite file. A record that is kept survives the death of the process, and with
/// `sqlite-synchronous` = `full` a power cut.
pub struct Spool {
    path: PathBuf,
    synchronous_full: bool,
    /// How many records it holds at most: when it is full, new ones are not kept.
    limit: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// None: to be opened.
    file: Option<LoneFile>,
    /// How many records the file holds.
    held: u64,
    /// What a file that was lost held, until it is in the one that has taken its place.
    rescued: Vec<Stored>,
    /// The file was lost, and the operator has not been told.
    was_lost: bool,
    /// How many were not kept since it last had room.
    refused: u64,
    /// The operator knows that it is full.
    told: bool,
}

impl State {
    fn is_in_use(&mut self) -> bool {
        self.file.as_mut().is_some_and(LoneFile::is_in_place)
    }
}

impl Spool {
    /// The file at `path`, which is opened when it is needed. `synchronous_full` is the setting `sqlite-synchronous`, `limit`
    /// the setting `cdrs-journal-limit`.
    pub fn at(path: &Path, synchronous_full: bool, limit: u32) -> Self {
        Self {
            path: path.to_owned(),
            synchronous_full,
            limit: u64::from(limit),
            state: Mutex::new(State::default()),
        }
    }

    /// Keeps records. Those that are there already are left as they are; those for which there is no room are counted.
    pub(super) fn keep(&self, records: &[Box<CallRecord>]) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        let room = self.limit.saturating_sub(self.held(&mut state)?);
        let fitting = records.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        let (fitting, refused) = records.split_at(fitting);
        let added = self.transact(&mut state, |file, table| {
            let mut added = 0;
            for record in fitting {
                added += file.insert_once(table, &call_record_cells(record))?;
            }
            Ok(added)
        })?;
        state.held += added as u64;
        state.refused += refused.len() as u64;
        Ok(())
    }

    /// The records that came first, at most so many.
    pub(super) fn oldest(&self, count: usize) -> Result<Vec<Stored>, StoreError> {
        let mut state = self.state.lock();
        if self.held(&mut state)? == 0 {
            return Ok(Vec::new());
        }
        self.transact(&mut state, |file, table| read(file, table, count))
    }

    /// Forgets records that are where they belong.
    pub(super) fn forget(&self, records: &[Stored]) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        let removed = self.transact(&mut state, |file, table| {
            let sql = format!("DELETE FROM {} WHERE uuid = ?1", table.name);
            let mut statement = file.0.prepare_cached(&sql)?;
            let mut removed = 0;
            for record in records {
                removed += statement.execute([record.uuid()])?;
            }
            Ok(removed)
        })?;
        state.held = state.held.saturating_sub(removed as u64);
        Ok(())
    }

    /// Sees to it that what it holds is in the file of that name.
    pub(super) fn close(&self) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        if state.file.is_none() && state.rescued.is_empty() {
            return Ok(());
        }
        self.held(&mut state).map(drop)
    }

    /// What the operator has to be told: once when it is full, with what to do.
    pub(super) fn take_remark(&self) -> Option<String> {
        let mut state = self.state.lock();
        if state.rescued.is_empty() && std::mem::take(&mut state.was_lost) {
            return Some(format!(
                "journal of call detail records {}: it, or what SQLite keeps beside it (-wal, -shm), was deleted, replaced or emptied \
                 while it was in use. It has been opened anew with what could be read of it. See what does that",
                self.path.display()
            ));
        }
        if state.refused == 0 {
            return None;
        }
        if !std::mem::replace(&mut state.told, true) {
            return Some(format!(
                "journal of call detail records {}: it holds {} records, as many as cdrs-journal-limit says; further ones are not \
                 kept until their database takes some. See that it works, or raise cdrs-journal-limit",
                self.path.display(),
                state.held
            ));
        }
        if state.held >= self.limit {
            return None;
        }
        state.told = false;
        let refused = std::mem::take(&mut state.refused);
        Some(format!(
            "journal of call detail records {}: it has room again; {refused} records were not kept",
            self.path.display()
        ))
    }

    /// How many records there are, once the file is open.
    fn held(&self, state: &mut State) -> Result<u64, StoreError> {
        if !state.is_in_use() {
            Self::rescue(state);
            let file = LoneFile::open(&self.path, self.synchronous_full)?;
            let held =
                prepare(file.connection(), &CALL_RECORDS_JOURNAL).map_err(|error| explain(&self.path, &error))?;
            (state.file, state.held) = (Some(file), held);
            let (rescued, result) = self.put_back(state);
            state.held += rescued;
            result?;
        }
        Ok(state.held)
    }

    /// Somebody has deleted or replaced the file while it was open: through its connection the records are there still. Where the index
    /// of its log was cut off they are in the log, and are read when it is opened anew.
    fn rescue(state: &mut State) {
        let Some(file) = state.file.take() else { return };
        if file.can_be_read() {
            let records = in_transaction(file.connection(), |file| {
                read(file, &CALL_RECORDS_JOURNAL, i64::MAX as usize)
            });
            state.rescued.extend(records.unwrap_or_default());
        }
        state.was_lost = true;
    }

    /// Puts what was rescued into the file that has taken the place of the lost one: how many it did not have.
    fn put_back(&self, state: &mut State) -> (u64, Result<(), StoreError>) {
        let Some(file) = state.file.as_ref().filter(|_| !state.rescued.is_empty()) else {
            return (0, Ok(()));
        };
        let added = in_transaction(file.connection(), |file| {
            state.rescued.iter().try_fold(0, |added, record| {
                let one = file.insert_once(&CALL_RECORDS_JOURNAL, &cells_of(record))?;
                Ok(added + one as u64)
            })
        });
        match added {
            Ok(added) => {
                state.rescued.clear();
                (added, Ok(()))
            }
            Err(error) => {
                state.file = None;
                (0, Err(explain(&self.path, &error)))
            }
        }
    }

    /// One transaction. After an error the file is opened anew.
    fn transact<T>(
        &self,
        state: &mut State,
        work: impl FnOnce(&InFile<'_>, &Table) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.held(state)?;
        let Some(file) = &state.file else {
            return Err(StoreError("The journal of call detail records is not open.".to_owned()));
        };
        let result = in_transaction(file.connection(), |file| work(file, &CALL_RECORDS_JOURNAL));
        if result.is_err() {
            state.file = None;
        }
        let result = result.map_err(|error| explain(&self.path, &error))?;
        if state.is_in_use() {
            return Ok(result);
        }
        // What was done was done to a file that is gone. It is rescued from there the next time, which comes soon.
        Err(vanished(&self.path))
    }
}

/// Makes the table, and counts the records in it.
fn prepare(connection: &Connection, table: &Table) -> rusqlite::Result<u64> {
    in_transaction(connection, |file| {
        prepare_table(&mut InFile(file.0), table)?;
        let sql = format!("SELECT count(*) FROM {}", table.name);
        let held: i64 = file.0.query_row(&sql, [], |row| row.get(0))?;
        Ok(u64::try_from(held).unwrap_or_default())
    })
}

/// All or nothing.
pub(super) fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce(&InFile<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let result = work(&InFile(&transaction))?;
    transaction.commit()?;
    Ok(result)
}

fn read(file: &InFile<'_>, table: &Table, count: usize) -> rusqlite::Result<Vec<Stored>> {
    let columns = table.column_names();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY rowid LIMIT {count}",
        columns.join(", "),
        table.name
    );
    let mut statement = file.0.prepare_cached(&sql)?;
    let rows = statement.query_map([], |row| {
        let cells = (0..columns.len()).map(|index| match value_of(row, index) {
            Value::Null => StoredCell::Text(String::new()),
            Value::Integer(number) => StoredCell::Number(number),
            Value::Real(number) => StoredCell::Number(number as i64),
            Value::Text(text) => StoredCell::Text(text.into_owned()),
        });
        Ok(Stored(cells.collect()))
    })?;
    rows.collect()
}
