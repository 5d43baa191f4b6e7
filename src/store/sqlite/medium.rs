//! Rows of a SQLite file: each is found by its rowid, without a search (stock's tables have no index).

use crate::store::tables::{Cell, KeyCell, Medium, RowWrite, Table, Value, Whose};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{params_from_iter, CachedStatement, Connection, Result, Row};
use std::borrow::Cow;

/// A transaction that is open on this connection.
pub(in crate::store) struct InFile<'c>(pub &'c Connection);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Number(number) => ValueRef::Integer(*number),
        }))
    }
}

impl Medium for InFile<'_> {
    type Error = rusqlite::Error;
    const PLACE: &'static str = "rowid";

    fn read(&mut self, table: &Table, condition: Option<&str>, each: &mut dyn FnMut(i64, &[Value<'_>])) -> Result<()> {
        let mut statement = self.0.prepare(&format!(
            "SELECT rowid, {} FROM {} WHERE {} ORDER BY rowid",
            table.column_names().join(", "),
            table.name,
            condition.unwrap_or("true")
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<Value<'_>> = (1..=table.columns.len()).map(|index| value_of(row, index)).collect();
            each(row.get(0)?, &values);
        }
        Ok(())
    }

    fn write(&mut self, write: &RowWrite<'_>) -> Result<Option<i64>> {
        if let Some(place) = write.place {
            if self.update(write, place)? {
                return Ok(Some(place));
            }
        }
        if write.search {
            // Without a place we know of: somebody deleted the row, moved it (VACUUM) or put it there.
            if let Some(place) = self.search(write)? {
                return Ok(self.update(write, place)?.then_some(place));
            }
        }
        if write.insert {
            return self.insert(write).map(Some);
        }
        Ok(None)
    }

    fn insert_once(&mut self, table: &Table, row: &[Cell<'_>]) -> Result<()> {
        InFile::insert_once(self, table, row).map(drop)
    }

    fn delete(&mut self, table: &Table, key: &[KeyCell<'_>], place: Option<i64>) -> Result<()> {
        if let Some(place) = place {
            let sql = format!(
                "DELETE FROM {} WHERE rowid = ?1 AND {}",
                table.name,
                key_condition(key, 2)
            );
            let cells = std::iter::once(Cell::Number(place)).chain(values(key));
            if self.prepared(&sql)?.execute(params_from_iter(cells))? > 0 {
                return Ok(());
            }
        }
        let sql = format!("DELETE FROM {} WHERE {}", table.name, key_condition(key, 1));
        self.prepared(&sql)?.execute(params_from_iter(values(key)))?;
        Ok(())
    }

    fn columns_of(&mut self, table: &Table) -> Result<Vec<String>> {
        let sql = format!("SELECT lower(name) FROM pragma_table_info('{}')", table.name);
        let mut statement = self.0.prepare(&sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        names.collect()
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        self.0.execute_batch(sql)
    }

    fn comparable(&self, column: &str) -> String {
        column.to_owned()
    }

    fn table_options(&self) -> &'static str {
        ""
    }

    /// Nobody asks for keys here: stock's tables stay as stock makes them.
    fn gives_key(&self, table: &Table) -> bool {
        table.whose == Whose::Ours && !table.key.is_empty()
    }

    fn key_column(&self, kind: &str) -> String {
        format!("{kind} NOT NULL")
    }

    /// A table that is there cannot be given a primary key, but what makes one.
    fn add_key(&mut self, table: &Table) -> Result<()> {
        if !self.gives_key(table) {
            return Ok(());
        }
        let name = &table.name;
        let keyed = format!("SELECT count(*) FROM pragma_index_list('{name}') WHERE \"unique\"");
        let indexes: i64 = self.0.query_row(&keyed, [], |row| row.get(0))?;
        if indexes > 0 {
            return Ok(());
        }
        let columns = table.key.join(", ");
        self.run(&format!(
            "DELETE FROM {name} WHERE rowid NOT IN (SELECT min(rowid) FROM {name} GROUP BY {columns}); \
             CREATE UNIQUE INDEX {name}_key ON {name} ({columns})"
        ))
    }

    fn renaming(&self, table: &Table, column: &str, new_name: &str) -> String {
        format!("ALTER TABLE {} RENAME COLUMN \"{column}\" TO {new_name}", table.name)
    }
}

impl<'c> InFile<'c> {
    /// Updates the row where we know it to be; false when it is not there.
    fn update(&self, write: &RowWrite<'_>, place: i64) -> Result<bool> {
        let assignments: Vec<String> = (1..)
            .zip(write.assignments())
            .map(|(parameter, (name, _))| format!("{name} = ?{parameter}"))
            .collect();
        let rowid_parameter = assignments.len() + 1;
        let sql = format!(
            "UPDATE {} SET {} WHERE rowid = ?{rowid_parameter} AND {}",
            write.table.name,
            assignments.join(", "),
            key_condition(write.key, rowid_parameter + 1)
        );
        let cells = write
            .assignments()
            .map(|(_, cell)| cell)
            .chain(std::iter::once(Cell::Number(place)))
            .chain(values(write.key));
        Ok(self.prepared(&sql)?.execute(params_from_iter(cells))? > 0)
    }

    /// Where the first row of that key is.
    fn search(&self, write: &RowWrite<'_>) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT min(rowid) FROM {} WHERE {}",
            write.table.name,
            key_condition(write.key, 1)
        );
        self.prepared(&sql)?
            .query_row(params_from_iter(values(write.key)), |found| found.get(0))
    }

    fn insert(&self, write: &RowWrite<'_>) -> Result<i64> {
        let sql = insertion("INSERT", write.table);
        self.prepared(&sql)?.insert(params_from_iter(write.row))
    }

    /// Inserts a row of a table with a primary key, unless there is one of that key. Returns how many rows that were.
    pub fn insert_once(&self, table: &Table, row: &[Cell<'_>]) -> Result<usize> {
        let sql = insertion("INSERT OR IGNORE", table);
        self.prepared(&sql)?.execute(params_from_iter(row))
    }

    fn prepared(&self, sql: &str) -> Result<CachedStatement<'c>> {
        self.0.prepare_cached(sql)
    }
}

fn insertion(verb: &str, table: &Table) -> String {
    let columns = table.column_names();
    let places: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    format!(
        "{verb} INTO {} ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        places.join(", ")
    )
}

/// What a cell of an answer holds.
pub(in crate::store) fn value_of<'row>(row: &'row Row<'_>, index: usize) -> Value<'row> {
    match row.get_ref(index).unwrap_or(ValueRef::Null) {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Text(up_to_nul(bytes)),
    }
}

/// As everybody who reads it in C: a NUL is the end.
fn up_to_nul(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default())
}

fn values<'a>(key: &'a [KeyCell<'a>]) -> impl Iterator<Item = Cell<'a>> {
    key.iter().map(|(_, cell)| *cell)
}

fn key_condition(key: &[KeyCell<'_>], first_parameter: usize) -> String {
    let parts: Vec<String> = (first_parameter..)
        .zip(key)
        .map(|(parameter, (name, _))| format!("{name} = ?{parameter}"))
        .collect();
    parts.join(" AND ")
}
