//! Rows on a server: each is found by its key. The statements need no answer, and do no harm when they are run again.

use super::connector::{SqlConnection, SqlRow};
use super::dialect::{first_cell, Dialect};
use crate::store::tables::{Cell, KeyCell, Medium, RowWrite, Table, Value};
use std::borrow::Cow;

/// Statements that are sent together are no longer than this, in bytes: FreeSWITCH sends longer texts in pieces.
pub(super) const LONGEST_SCRIPT: usize = 24_000;

/// A connection to a server of which we know what it is.
pub(super) struct OnServer<'c> {
    connection: &'c mut dyn SqlConnection,
    /// What its SQL looks like.
    pub dialect: Dialect,
    /// A transaction is open, or may be.
    is_open: &'c mut bool,
    /// Statements of that transaction that wait for those behind them, to be sent together.
    unsent: String,
}

impl<'c> OnServer<'c> {
    /// A connection on which nothing is under way. `is_open` is kept true while a transaction may be open.
    pub fn new(connection: &'c mut dyn SqlConnection, dialect: Dialect, is_open: &'c mut bool) -> Self {
        Self {
            connection,
            dialect,
            is_open,
            unsent: String::new(),
        }
    }
}

impl OnServer<'_> {
    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<(), String> {
        *self.is_open = true;
        self.run(self.dialect.begin())
    }

    /// Commits it. Whether it was committed is to be looked up before it is [`OnServer::end`]ed.
    pub fn commit(&mut self) -> Result<(), String> {
        self.run("COMMIT")?;
        self.send()
    }

    /// Sends what waits.
    pub fn send(&mut self) -> Result<(), String> {
        if self.unsent.is_empty() {
            return Ok(());
        }
        let script = std::mem::take(&mut self.unsent);
        self.connection.execute(&script)
    }

    /// Runs a statement that returns rows, of which some may be missing: see [`SqlConnection::query`].
    pub fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
        self.send()?;
        self.connection.query(sql)
    }

    /// The transaction was committed.
    pub fn end(&mut self) {
        *self.is_open = false;
    }

    /// All rows there are: FreeSWITCH's handles lose an answer that takes too long without saying so, so the server is made to
    /// count them.
    pub fn rows(&mut self, columns: &[String], from: &str) -> Result<Vec<SqlRow>, String> {
        let nothing = vec!["NULL"; columns.len()].join(", ");
        let sql = format!(
            "SELECT -1, {} FROM {from} UNION ALL SELECT count(*), {nothing} FROM {from}",
            columns.join(", ")
        );
        let mut count = None;
        let mut rows = Vec::new();
        for mut row in self.query(&sql)? {
            let marker: Option<usize> = row.first().cloned().flatten().and_then(|text| text.parse().ok());
            match marker {
                Some(marker) => count = Some(marker),
                None => {
                    row.drain(..row.len().min(1));
                    rows.push(row);
                }
            }
        }
        if count == Some(rows.len()) {
            return Ok(rows);
        }
        Err("the answer to a query was incomplete".to_owned())
    }

    fn insert(&mut self, write: &RowWrite<'_>) -> Result<(), String> {
        let (table, columns, values) = self.insertion(write.table, write.row);
        let (leniently, empty_source) = (self.dialect.leniently(), self.dialect.empty_source());
        let key = self.dialect.key_condition(write.table, write.key);
        self.run(&format!(
            "INSERT{leniently} INTO {table} ({columns}) SELECT {values}{empty_source} \
             WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {key})"
        ))
    }

    /// The table, its columns, and the values a row gets.
    fn insertion<'t>(&self, table: &'t Table, row: &[Cell<'_>]) -> (&'t str, String, String) {
        let columns = table.column_names();
        let values: Vec<String> = columns
            .iter()
            .zip(row)
            .map(|(column, cell)| self.dialect.value(table, column, *cell))
            .collect();
        (&table.name, columns.join(", "), values.join(", "))
    }

    fn update(&mut self, write: &RowWrite<'_>) -> Result<(), String> {
        let assignments: Vec<String> = write
            .assignments()
            .map(|(column, cell)| format!("{column} = {}", self.dialect.value(write.table, column, cell)))
            .collect();
        if assignments.is_empty() {
            return Ok(());
        }
        self.run(&format!(
            "UPDATE{} {} SET {} WHERE {}",
            self.dialect.leniently(),
            write.table.name,
            assignments.join(", "),
            self.dialect.key_condition(write.table, write.key)
        ))
    }
}

impl Medium for OnServer<'_> {
    type Error = String;
    const PLACE: &'static str = "row";

    fn read(
        &mut self,
        table: &Table,
        condition: Option<&str>,
        each: &mut dyn FnMut(i64, &[Value<'_>]),
    ) -> Result<(), String> {
        let dialect = self.dialect;
        let is_text = |column: &str| table.width(column).is_some();
        let columns: Vec<String> = table
            .column_names()
            .into_iter()
            .map(|name| {
                if is_text(name) {
                    dialect.reading(name)
                } else {
                    name.to_owned()
                }
            })
            .collect();
        let from = match condition {
            Some(condition) => format!("{} WHERE {condition}", table.name),
            None => table.name.clone().into_owned(),
        };
        for (place, row) in (1..).zip(self.rows(&columns, &from)?) {
            let cells = table.column_names().into_iter().zip(row);
            let values: Vec<Value<'_>> = cells
                .map(|(column, cell)| match cell {
                    None => Value::Null,
                    Some(text) if is_text(column) => Value::Text(Cow::Owned(dialect.text(&text))),
                    Some(number) => Value::Text(Cow::Owned(number)),
                })
                .collect();
            each(place, &values);
        }
        Ok(())
    }

    fn write(&mut self, write: &RowWrite<'_>) -> Result<Option<i64>, String> {
        if write.search {
            self.update(write)?;
        }
        if write.insert {
            self.insert(write)?;
        }
        // A row has no place of its own on a server: where it stood when it was read says in which order rows are told of.
        Ok(Some(write.place.unwrap_or(i64::MAX)))
    }

    fn insert_once(&mut self, table: &Table, row: &[Cell<'_>]) -> Result<(), String> {
        let (name, columns, values) = self.insertion(table, row);
        let (leniently, unless_there) = (self.dialect.leniently(), self.dialect.unless_there());
        let source = match (self.dialect, table.columns.first(), row.first()) {
            (Dialect::Other { .. }, Some((key, _)), Some(cell)) => {
                let key = self.dialect.key_condition(table, &[(*key, *cell)]);
                format!("SELECT {values} WHERE NOT EXISTS (SELECT 1 FROM {name} WHERE {key})")
            }
            _ => format!("VALUES ({values})"),
        };
        self.run(&format!(
            "INSERT{leniently} INTO {name} ({columns}) {source}{unless_there}"
        ))
    }

    fn delete(&mut self, table: &Table, key: &[KeyCell<'_>], _place: Option<i64>) -> Result<(), String> {
        let key = self.dialect.key_condition(table, key);
        self.run(&format!("DELETE FROM {} WHERE {key}", table.name))
    }

    fn columns_of(&mut self, table: &Table) -> Result<Vec<String>, String> {
        let (column, from) = self.dialect.columns_of(table);
        let rows = self.rows(&[column.to_owned()], &from)?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next()?).collect())
    }

    /// Runs a statement at once, or, where several can be sent together, with those of its transaction.
    fn run(&mut self, sql: &str) -> Result<(), String> {
        if !*self.is_open || !self.dialect.takes_scripts() {
            return self.connection.execute(sql);
        }
        if self.unsent.len() + sql.len() > LONGEST_SCRIPT {
            self.send()?;
        }
        if !self.unsent.is_empty() {
            self.unsent.push_str("; ");
        }
        self.unsent.push_str(sql);
        Ok(())
    }

    fn comparable(&self, column: &str) -> String {
        self.dialect.comparable(column)
    }

    fn table_options(&self) -> &'static str {
        self.dialect.table_options()
    }

    fn gives_key(&self, table: &Table) -> bool {
        !table.key.is_empty()
    }

    fn key_column(&self, kind: &str) -> String {
        self.dialect.key_column(kind)
    }

    fn add_key(&mut self, table: &Table) -> Result<(), String> {
        let Some(question) = self.dialect.key_of(table).filter(|_| !table.key.is_empty()) else {
            return Ok(());
        };
        if first_cell(self.query(&question)?) != "0" {
            return Ok(());
        }
        if let Some(sql) = self.dialect.key_addition(table) {
            // Rows that are there twice, a missing right, a lock: it has served without until now.
            let _ = self.run(&sql);
        }
        Ok(())
    }

    fn renaming(&self, table: &Table, column: &str, new_name: &str) -> String {
        self.dialect.renaming(table, column, new_name)
    }
}
