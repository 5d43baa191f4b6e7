//! How a mirror reaches its table: what differs between a SQLite file and a database server.

use super::record::{Cell, Value};
use super::table::Table;

/// A transaction on the tables.
pub(in crate::store) trait Medium {
    /// Why something cannot be done.
    type Error;

    /// What the place of a row is called, in words for the operator.
    const PLACE: &'static str;

    /// Reads a table, or the rows of it that fulfil a condition, in its order: each row's place and cells.
    fn read(
        &mut self,
        table: &Table,
        condition: Option<&str>,
        each: &mut dyn FnMut(i64, &[Value<'_>]),
    ) -> Result<(), Self::Error>;

    /// Writes one row. Returns its place; none when it is not there and was not to be inserted.
    fn write(&mut self, write: &RowWrite<'_>) -> Result<Option<i64>, Self::Error>;

    /// Inserts a row of a table with a primary key, unless there is one of that key.
    fn insert_once(&mut self, table: &Table, row: &[Cell<'_>]) -> Result<(), Self::Error>;

    /// Deletes the row that is at `place`; without a place, or when it is not there any more, all rows of that key.
    fn delete(&mut self, table: &Table, key: &[KeyCell<'_>], place: Option<i64>) -> Result<(), Self::Error>;

    /// The names of the columns a table has, in lower case; none when there is no such table.
    fn columns_of(&mut self, table: &Table) -> Result<Vec<String>, Self::Error>;

    /// Runs a statement as it is.
    fn run(&mut self, sql: &str) -> Result<(), Self::Error>;

    /// A text column as it can be compared with one of another table.
    fn comparable(&self, column: &str) -> String;

    /// What stands behind the columns when a table is made.
    fn table_options(&self) -> &'static str;

    /// Whether a table that is made gets its primary key.
    fn gives_key(&self, table: &Table) -> bool;

    /// The type of a column of a key.
    fn key_column(&self, kind: &str) -> String;

    /// Gives a table that is there a key, if it has none and its rows allow it. Where that cannot be done the table serves as it is, as
    /// long as nobody asks for a key.
    fn add_key(&mut self, table: &Table) -> Result<(), Self::Error>;

    /// The statement that gives a text column another name.
    fn renaming(&self, table: &Table, column: &str, new_name: &str) -> String;
}

/// A column of the key and its value.
pub(in crate::store) type KeyCell<'a> = (&'static str, Cell<'a>);

/// One row to be written.
pub(in crate::store) struct RowWrite<'a> {
    /// The row's table.
    pub table: &'a Table,
    /// What the row is known by.
    pub key: &'a [KeyCell<'a>],
    /// The row's cells, in the order of the table's columns.
    pub row: &'a [Cell<'a>],
    /// Which of the cells are not there yet.
    pub differing: &'a [usize],
    /// Where the row is, as far as we know.
    pub place: Option<i64>,
    /// Whether it may be elsewhere, so that it is searched for by its key.
    pub search: bool,
    /// Whether it is inserted when it is not there.
    pub insert: bool,
}

impl RowWrite<'_> {
    /// The columns that differ, with the values they get.
    pub fn assignments(&self) -> impl Iterator<Item = (&'static str, Cell<'_>)> {
        self.differing.iter().filter_map(|&index| {
            let (name, _) = self.table.columns.get(index)?;
            Some((*name, *self.row.get(index)?))
        })
    }
}
