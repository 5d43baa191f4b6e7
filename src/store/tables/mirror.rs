//! What one table holds, as far as we know: it makes a write touch only the columns that differ, and tells what others
//! have changed.

use super::medium::{KeyCell, Medium, RowWrite};
use super::record::{Cells, Record, Value};
use super::table::Table;
use super::Extent;
use crate::engine::ChangeByOthers;
use std::collections::{HashMap, HashSet};

/// One table's rows as last read or written.
pub(in crate::store) struct Mirror<R: Record> {
    /// The table under the names it has here.
    table: &'static Table,
    known: HashMap<R::Key, Known<R>>,
    /// Changes of the transaction that is open; none means the row is gone.
    staged: HashMap<R::Key, Option<Known<R>>>,
    /// Whether the table may hold rows that we do not know, so that a new row must be searched for first.
    may_hold_others: bool,
    /// Rows that somebody else has deleted: when the engine follows, there is nothing of ours to delete, and whatever has
    /// been put there since is not ours to delete either.
    gone: HashSet<R::Key>,
    /// Rows of the table that count for nothing: of a key that is there already, or without one.
    idle_rows: usize,
    /// What was odd when the table was last read, and has been told.
    told: HashSet<String>,
}

/// What a table was found to hold, in its order.
pub(in crate::store) struct Found<R: Record> {
    rows: Vec<(R::Key, Known<R>)>,
    /// Rows that count for nothing.
    idle_rows: usize,
    /// Whether a row that is known and was not found is gone.
    is_whole: bool,
}

/// A row and where it is.
struct Known<R> {
    /// Where the row is in its table.
    place: i64,
    row: R,
    /// Whether the table holds exactly this; otherwise the next write writes every column.
    exact: bool,
}

impl<R: Record> Default for Mirror<R> {
    fn default() -> Self {
        Self::of(R::table())
    }
}

impl<R: Record> Mirror<R> {
    /// A table of which nothing is known, under the names it has here.
    pub fn of(table: &'static Table) -> Self {
        Self {
            table,
            known: HashMap::new(),
            staged: HashMap::new(),
            may_hold_others: false,
            gone: HashSet::new(),
            idle_rows: 0,
            told: HashSet::new(),
        }
    }

    /// Reads the whole table. What is odd in it is added to `remarks`.
    pub fn load<M: Medium>(&mut self, medium: &mut M, remarks: &mut Vec<String>) -> Result<Vec<R>, M::Error> {
        self.known.clear();
        self.staged.clear();
        let found = self.read_all(medium, remarks)?;
        let rows = found.rows.iter().map(|(_, known)| known.row.clone()).collect();
        self.idle_rows = found.idle_rows;
        self.known.extend(found.rows);
        Ok(rows)
    }

    /// Reads the whole table to see what others have changed. What is odd in it, and was not told before, is added to
    /// `remarks`.
    fn read_all<M: Medium>(&mut self, medium: &mut M, remarks: &mut Vec<String>) -> Result<Found<R>, M::Error> {
        let (found, odd) = self.read_where(medium, None)?;
        remarks.extend(odd.iter().filter(|remark| !self.told.contains(*remark)).cloned());
        self.told = odd.into_iter().collect();
        Ok(found)
    }

    /// As much of the table as may have been changed by others; none when they cannot have changed anything.
    pub fn read_extent<M: Medium>(
        &mut self,
        medium: &mut M,
        extent: &Extent,
        remarks: &mut Vec<String>,
    ) -> Result<Option<Found<R>>, M::Error> {
        match extent {
            Extent::Nothing => Ok(None),
            Extent::All => self.read_all(medium, remarks).map(Some),
            Extent::Rows { condition, total } => {
                let (found, odd) = self.read_where(medium, Some(condition))?;
                let new = found.rows.iter().filter(|(key, _)| !self.known.contains_key(key));
                let expected = self.count() + new.count();
                if expected != *total || found.idle_rows > 0 {
                    // Rows are gone, or there twice: which ones, only all together can tell.
                    return self.read_all(medium, remarks).map(Some);
                }
                for remark in odd {
                    if self.told.insert(remark.clone()) {
                        remarks.push(remark);
                    }
                }
                let mut found = found;
                for (key, row) in &mut found.rows {
                    // Their order in the table is that of all rows.
                    row.place = self.known.get(key).map_or(i64::MAX, |known| known.place);
                }
                found.is_whole = false;
                Ok(Some(found))
            }
        }
    }

    fn read_where<M: Medium>(
        &self,
        medium: &mut M,
        condition: Option<&str>,
    ) -> Result<(Found<R>, Vec<String>), M::Error> {
        let mut found = Found {
            rows: Vec::new(),
            idle_rows: 0,
            is_whole: true,
        };
        let mut seen = HashSet::new();
        let mut odd = Vec::new();
        medium.read(self.table, condition, &mut |place, values| {
            let (row, words) = self.read_row(values);
            match row {
                Some(row) if seen.insert(row.key()) => {
                    let exact = words.is_empty();
                    odd.extend(words.into_iter().map(|word| self.remark::<M>(place, Some(&row), &word)));
                    found.rows.push((row.key(), Known { place, row, exact }));
                }
                row => {
                    found.idle_rows += 1;
                    let what = match row {
                        Some(_) => "the row is there twice; the first one counts".to_owned(),
                        None => format!("the row has no {}; it is left alone", R::table().key.join(" or ")),
                    };
                    odd.push(self.remark::<M>(place, row.as_ref(), &what));
                }
            }
        })?;
        Ok((found, odd))
    }

    /// A row, and the words in it that are not known: those leave what was known of the row.
    fn read_row(&self, values: &[Value<'_>]) -> (Option<R>, Vec<String>) {
        let mut cells = Cells::new(values);
        let record = R::read(&mut cells, None);
        let words = cells.remarks();
        let known = record.as_ref().and_then(|record| self.known.get(&record.key()));
        let (Some(known), false) = (known, words.is_empty()) else {
            return (record, words);
        };
        let mut cells = Cells::new(values);
        let record = R::read(&mut cells, Some(&known.row));
        (record, cells.remarks())
    }

    /// What was found is known from now on. Returns what differs from what was known until now.
    pub fn take_changes(&mut self, found: Found<R>) -> Vec<ChangeByOthers<R>> {
        let mut before = std::mem::take(&mut self.known);
        let mut changes = Vec::new();
        for (key, found) in found.rows {
            let row = found.row.clone();
            match before.remove(&key) {
                None => changes.push(ChangeByOthers::Added(row)),
                Some(known) if known.row != row => changes.push(ChangeByOthers::Changed {
                    before: known.row,
                    after: row,
                }),
                Some(_) => (),
            }
            self.known.insert(key, found);
        }
        if !found.is_whole {
            self.known.extend(before);
            return changes;
        }
        self.idle_rows = found.idle_rows;
        let mut gone: Vec<_> = before.into_values().collect();
        gone.sort_by_key(|known| known.place);
        self.gone.extend(gone.iter().map(|known| known.row.key()));
        changes.extend(gone.into_iter().map(|known| ChangeByOthers::Gone(known.row)));
        self.may_hold_others = false;
        changes
    }

    /// Writes a row: of a row that is there only what differs. A row that somebody else has deleted stays deleted: whoever
    /// looks for changes of others finds it gone.
    pub fn put<M: Medium>(&mut self, medium: &mut M, row: &R) -> Result<(), M::Error> {
        let key = row.key();
        let known = self.present(&key);
        if known.is_some_and(|known| known.exact && known.row == *row) {
            return Ok(());
        }
        let before = known.filter(|known| known.exact).map(|known| known.row.cells());
        let after = row.cells();
        let differing: Vec<usize> = (0..after.len())
            .filter(|&index| before.as_ref().and_then(|before| before.get(index)) != after.get(index))
            .collect();
        let place = medium.write(&RowWrite {
            table: self.table,
            key: &self.key_cells(&key),
            row: &after,
            differing: &differing,
            place: known.map(|known| known.place),
            search: known.is_some() || self.may_hold_others,
            insert: known.is_none() || !R::OTHERS_WRITE,
        })?;
        let Some(place) = place else { return Ok(()) };
        let known = Known {
            place,
            row: row.clone(),
            exact: true,
        };
        self.staged.insert(key, Some(known));
        Ok(())
    }

    /// As [`Mirror::put`], for a row that other instances write as well: all of it is written, whatever is there.
    pub fn put_shared<M: Medium>(&mut self, medium: &mut M, row: &R) -> Result<(), M::Error> {
        self.may_hold_others = true;
        if let Some(known) = self.known.get_mut(&row.key()) {
            known.exact = false;
        }
        self.put(medium, row)
    }

    /// Deletes a row, and those others of the same key that somebody else may have put there. A row that somebody else has
    /// deleted is left to them.
    pub fn remove<M: Medium>(&mut self, medium: &mut M, key: &R::Key) -> Result<(), M::Error> {
        if R::OTHERS_WRITE && self.gone.contains(key) {
            return Ok(());
        }
        medium.delete(self.table, &self.key_cells(key), None)?;
        self.staged.insert(key.clone(), None);
        Ok(())
    }

    /// As [`Mirror::remove`], for keys that nobody else gives out: goes straight to the row.
    pub fn remove_unique<M: Medium>(&mut self, medium: &mut M, key: &R::Key) -> Result<(), M::Error> {
        let place = self.present(key).map(|known| known.place);
        if place.is_none() && !self.may_hold_others {
            return Ok(());
        }
        medium.delete(self.table, &self.key_cells(key), place)?;
        self.staged.insert(key.clone(), None);
        Ok(())
    }

    /// How many rows the table has, as far as we know.
    pub fn count(&self) -> usize {
        self.known.len() + self.idle_rows
    }

    /// All rows known, in the table's order: to write them into a file that has replaced the one that was lost.
    pub fn rows(&self) -> Vec<R> {
        let mut known: Vec<_> = self.known.values().collect();
        known.sort_by_key(|known| known.place);
        known.into_iter().map(|known| known.row.clone()).collect()
    }

    fn present(&self, key: &R::Key) -> Option<&Known<R>> {
        match self.staged.get(key) {
            Some(staged) => staged.as_ref(),
            None => self.known.get(key),
        }
    }

    fn key_cells<'k>(&self, key: &'k R::Key) -> Vec<KeyCell<'k>> {
        let columns = R::table().key.iter();
        let columns = columns.map(|column| self.table.column(R::table(), column));
        columns.zip(R::key_cells(key)).collect()
    }

    /// Something odd about a row, in words for the operator.
    fn remark<M: Medium>(&self, place: i64, row: Option<&R>, what: &str) -> String {
        let (place, name) = (format!("{} {place}", M::PLACE), &self.table.name);
        let Some(row) = row else {
            return format!("table {name}, {place}: {what}.");
        };
        let key = row.key();
        let cells = self.key_cells(&key);
        let cells: Vec<String> = cells.iter().map(|(name, cell)| format!("{name} {cell}")).collect();
        format!("table {name}, {} ({place}): {what}.", cells.join(", "))
    }
}

/// A mirror in a transaction, whichever table it is of.
pub(in crate::store) trait InTransaction {
    /// The transaction is committed: what was staged is known, and the engine has followed what others deleted.
    fn commit(&mut self);

    /// The transaction failed: whether anything of it is there is not known.
    fn roll_back(&mut self);

    /// Nobody knows whether the transaction was committed: what was deleted in it may be there or not.
    fn doubt(&mut self);

    /// Another program has written: it may have added rows, where others do.
    fn others_have_written(&mut self);
}

impl<R: Record> InTransaction for Mirror<R> {
    fn commit(&mut self) {
        self.gone.clear();
        for (key, staged) in self.staged.drain() {
            match staged {
                Some(known) => drop(self.known.insert(key, known)),
                None => drop(self.known.remove(&key)),
            }
        }
        if !R::OTHERS_WRITE {
            self.may_hold_others = false;
        }
    }

    fn roll_back(&mut self) {
        for key in self.staged.drain().map(|(key, _)| key) {
            if let Some(known) = self.known.get_mut(&key) {
                known.exact = false;
            }
        }
        self.may_hold_others = true;
    }

    fn doubt(&mut self) {
        for (key, staged) in &self.staged {
            if staged.is_none() {
                self.known.remove(key);
            }
        }
        self.roll_back();
    }

    fn others_have_written(&mut self) {
        if R::OTHERS_WRITE {
            self.may_hold_others = true;
        }
    }
}
