//! What one table holds, as far as we know: it makes a write touch only the columns that differ, and find its row
//! without a search (stock's tables have no index).

use super::record::{Cell, Cells, Record};
use crate::core::ForeignChange;
use rusqlite::{params_from_iter, CachedStatement, Connection, Result, Row};
use std::collections::{HashMap, HashSet};

/// One table's rows as last read or written.
pub(super) struct Mirror<R: Record> {
    known: HashMap<R::Key, Known<R>>,
    /// Changes of the transaction that is open; none means the row is gone.
    staged: HashMap<R::Key, Option<Known<R>>>,
    /// Whether the table may hold rows that we do not know, so that a new row must be searched for first.
    pub may_hold_others: bool,
    /// Rows that somebody else has deleted: when the engine follows, there is nothing of ours to delete, and whatever has
    /// been put there since is not ours to delete either.
    gone: HashSet<R::Key>,
    /// What was odd when the table was last read, and has been told.
    told: HashSet<String>,
}

/// What a table was found to hold, in its order.
pub(super) struct Found<R: Record> {
    rows: Vec<(R::Key, Known<R>)>,
}

/// A row and where it is.
struct Known<R> {
    rowid: i64,
    row: R,
    /// Whether the table holds exactly this; otherwise the next write writes every column.
    exact: bool,
}

impl<R: Record> Default for Mirror<R> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            staged: HashMap::new(),
            may_hold_others: false,
            gone: HashSet::new(),
            told: HashSet::new(),
        }
    }
}

impl<R: Record> Mirror<R> {
    /// Reads the whole table. What is odd in it is added to `remarks`.
    pub fn load(&mut self, connection: &Connection, remarks: &mut Vec<String>) -> Result<Vec<R>> {
        self.known.clear();
        self.staged.clear();
        let found = self.read_all(connection, remarks)?;
        let rows = found.rows.iter().map(|(_, known)| known.row.clone()).collect();
        self.known.extend(found.rows);
        Ok(rows)
    }

    /// Reads the whole table to see what others have changed. What is odd in it, and was not told before, is added to
    /// `remarks`.
    pub fn read_all(&mut self, connection: &Connection, remarks: &mut Vec<String>) -> Result<Found<R>> {
        let table = R::TABLE.name;
        let columns: Vec<&str> = R::TABLE.columns.iter().map(|(name, _)| *name).collect();
        let mut statement = connection.prepare(&format!(
            "SELECT rowid, {} FROM {table} ORDER BY rowid",
            columns.join(", ")
        ))?;
        let mut rows = statement.query([])?;
        let mut found = Found { rows: Vec::new() };
        let mut seen = HashSet::new();
        let mut odd = Vec::new();
        while let Some(row) = rows.next()? {
            let (rowid, record, words) = self.read_row(row)?;
            let exact = words.is_empty();
            odd.extend(
                words
                    .into_iter()
                    .map(|word| format!("table {table}, {}: {word}.", place(rowid, record.as_ref()))),
            );
            let Some(record) = record else {
                odd.push(format!(
                    "table {table}, rowid {rowid}: the row has no {}; it is left alone.",
                    key_names::<R>()
                ));
                continue;
            };
            if !seen.insert(record.key()) {
                odd.push(format!(
                    "table {table}, {}: the row is there twice; the first one counts.",
                    place(rowid, Some(&record))
                ));
                continue;
            }
            let row = record;
            found.rows.push((row.key(), Known { rowid, row, exact }));
        }
        remarks.extend(odd.iter().filter(|remark| !self.told.contains(*remark)).cloned());
        self.told = odd.into_iter().collect();
        Ok(found)
    }

    /// A row with its rowid, and the words in it that are not known: those leave what was known of the row.
    fn read_row(&self, row: &Row<'_>) -> Result<(i64, Option<R>, Vec<String>)> {
        let rowid = row.get(0)?;
        let mut cells = Cells::new(row, 1);
        let record = R::read(&mut cells, None);
        let words = cells.remarks();
        let known = record.as_ref().and_then(|record| self.known.get(&record.key()));
        let (Some(known), false) = (known, words.is_empty()) else {
            return Ok((rowid, record, words));
        };
        let mut cells = Cells::new(row, 1);
        let record = R::read(&mut cells, Some(&known.row));
        Ok((rowid, record, cells.remarks()))
    }

    /// What was found is known from now on. Returns what differs from what was known until now.
    pub fn take_changes(&mut self, found: Found<R>) -> Vec<ForeignChange<R>> {
        let mut before = std::mem::take(&mut self.known);
        let mut changes = Vec::new();
        for (key, found) in found.rows {
            let row = found.row.clone();
            match before.remove(&key) {
                None => changes.push(ForeignChange::Added(row)),
                Some(known) if known.row != row => changes.push(ForeignChange::Changed {
                    before: known.row,
                    after: row,
                }),
                Some(_) => (),
            }
            self.known.insert(key, found);
        }
        let mut gone: Vec<_> = before.into_values().collect();
        gone.sort_by_key(|known| known.rowid);
        self.gone.extend(gone.iter().map(|known| known.row.key()));
        changes.extend(gone.into_iter().map(|known| ForeignChange::Gone(known.row)));
        self.may_hold_others = false;
        changes
    }

    /// Writes a row: of a row that is there only what differs.
    pub fn put(&mut self, connection: &Connection, row: &R) -> Result<()> {
        let key = row.key();
        let rowid = match self.present(&key) {
            Some(known) if known.exact && known.row == *row => return Ok(()),
            Some(known) => {
                if update(connection, known.rowid, &key, known.exact.then_some(&known.row), row)? {
                    known.rowid
                } else {
                    // Somebody deleted the row, or moved it (VACUUM).
                    let before = known.exact.then_some(&known.row);
                    match update_searching(connection, &key, before, row)? {
                        Some(rowid) => rowid,
                        // Whoever looks for changes of others finds the row gone.
                        None if R::OTHERS_MAY_DELETE => return Ok(()),
                        None => insert(connection, row)?,
                    }
                }
            }
            None if self.may_hold_others => match update_searching(connection, &key, None, row)? {
                Some(rowid) => rowid,
                None => insert(connection, row)?,
            },
            None => insert(connection, row)?,
        };
        self.staged.insert(
            key,
            Some(Known {
                rowid,
                row: row.clone(),
                exact: true,
            }),
        );
        Ok(())
    }

    /// Deletes a row, and those others of the same key that somebody else may have put there. A row that somebody else has
    /// deleted is left to them.
    pub fn remove(&mut self, connection: &Connection, key: &R::Key) -> Result<()> {
        if R::OTHERS_MAY_DELETE && self.gone.contains(key) {
            return Ok(());
        }
        let condition = key_condition::<R>(1);
        let sql = format!("DELETE FROM {} WHERE {condition}", R::TABLE.name);
        prepared(connection, &sql)?.execute(params_from_iter(R::key_cells(key)))?;
        self.staged.insert(key.clone(), None);
        Ok(())
    }

    /// As [`Mirror::remove`], for keys that nobody else gives out: goes straight to the row.
    pub fn remove_unique(&mut self, connection: &Connection, key: &R::Key) -> Result<()> {
        let Some(rowid) = self.present(key).map(|known| known.rowid) else {
            return if self.may_hold_others {
                self.remove(connection, key)
            } else {
                Ok(())
            };
        };
        let sql = format!(
            "DELETE FROM {} WHERE rowid = ?1 AND {}",
            R::TABLE.name,
            key_condition::<R>(2)
        );
        let cells = std::iter::once(Cell::Number(rowid)).chain(R::key_cells(key));
        if prepared(connection, &sql)?.execute(params_from_iter(cells))? == 0 {
            return self.remove(connection, key);
        }
        self.staged.insert(key.clone(), None);
        Ok(())
    }

    /// The transaction is committed: what was staged is known, and the engine has followed what others deleted.
    pub fn commit(&mut self) {
        self.gone.clear();
        for (key, staged) in self.staged.drain() {
            match staged {
                Some(known) => drop(self.known.insert(key, known)),
                None => drop(self.known.remove(&key)),
            }
        }
    }

    /// The transaction failed: whether anything of it is there is not known.
    pub fn roll_back(&mut self) {
        for key in self.staged.drain().map(|(key, _)| key) {
            if let Some(known) = self.known.get_mut(&key) {
                known.exact = false;
            }
        }
        self.may_hold_others = true;
    }

    /// All rows known, in the table's order: to write them into a file that has replaced the one that was lost.
    pub fn rows(&self) -> Vec<R> {
        let mut known: Vec<_> = self.known.values().collect();
        known.sort_by_key(|known| known.rowid);
        known.into_iter().map(|known| known.row.clone()).collect()
    }

    fn present(&self, key: &R::Key) -> Option<&Known<R>> {
        match self.staged.get(key) {
            Some(staged) => staged.as_ref(),
            None => self.known.get(key),
        }
    }
}

/// Updates the row where we know it to be; false when it is not there.
fn update<R: Record>(connection: &Connection, rowid: i64, key: &R::Key, before: Option<&R>, row: &R) -> Result<bool> {
    let after = row.cells();
    let before = before.map(R::cells).unwrap_or_default();
    let differing: Vec<usize> = (0..after.len())
        .filter(|&index| before.get(index) != after.get(index))
        .collect();
    let assignments: Vec<String> = differing
        .iter()
        .filter_map(|&index| R::TABLE.columns.get(index))
        .enumerate()
        .map(|(parameter, (name, _))| format!("{name} = ?{}", parameter + 1))
        .collect();
    let rowid_parameter = assignments.len() + 1;
    let sql = format!(
        "UPDATE {} SET {} WHERE rowid = ?{rowid_parameter} AND {}",
        R::TABLE.name,
        assignments.join(", "),
        key_condition::<R>(rowid_parameter + 1)
    );
    let values = differing.iter().filter_map(|&index| after.get(index).copied());
    let cells = values
        .chain(std::iter::once(Cell::Number(rowid)))
        .chain(R::key_cells(key));
    Ok(prepared(connection, &sql)?.execute(params_from_iter(cells))? > 0)
}

/// Updates the first row of that key, of `before` only what differs. Returns its rowid; none when there is no such row.
fn update_searching<R: Record>(
    connection: &Connection,
    key: &R::Key,
    before: Option<&R>,
    row: &R,
) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT min(rowid) FROM {} WHERE {}",
        R::TABLE.name,
        key_condition::<R>(1)
    );
    let found: Option<i64> =
        prepared(connection, &sql)?.query_row(params_from_iter(R::key_cells(key)), |found| found.get(0))?;
    match found {
        Some(rowid) => Ok(update(connection, rowid, key, before, row)?.then_some(rowid)),
        None => Ok(None),
    }
}

fn insert<R: Record>(connection: &Connection, row: &R) -> Result<i64> {
    let columns: Vec<&str> = R::TABLE.columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        R::TABLE.name,
        columns.join(", "),
        places.join(", ")
    );
    prepared(connection, &sql)?.insert(params_from_iter(row.cells()))
}

fn key_condition<R: Record>(first_parameter: usize) -> String {
    let parts: Vec<String> = R::KEY_COLUMNS
        .iter()
        .enumerate()
        .map(|(index, name)| format!("{name} = ?{}", first_parameter + index))
        .collect();
    parts.join(" AND ")
}

/// A row's place in its table, in words for the operator.
fn place<R: Record>(rowid: i64, row: Option<&R>) -> String {
    let Some(row) = row else {
        return format!("rowid {rowid}");
    };
    let key = row.key();
    let cells: Vec<String> = R::KEY_COLUMNS
        .iter()
        .zip(R::key_cells(&key))
        .map(|(name, cell)| format!("{name} {cell}"))
        .collect();
    format!("{} (rowid {rowid})", cells.join(", "))
}

fn key_names<R: Record>() -> String {
    R::KEY_COLUMNS.join(" or ")
}

fn prepared<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>> {
    connection.prepare_cached(sql)
}
