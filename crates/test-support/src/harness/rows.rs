//! The rows of a call centre's database file.

use std::path::Path;

use rusqlite::{types::ValueRef, Connection, OpenFlags};

/// Runs statements on the database, as somebody beside FreeSWITCH does.
pub fn change_rows(database: &Path, sql: &str) {
    let connection = Connection::open(database).expect("open the database");
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .expect("set a busy timeout");
    connection.execute_batch(sql).expect("change rows");
}

/// The rows of a table in the order they were written, each as `column=value` words. The talk time, whole seconds
/// that two runs can round differently, is left out.
pub fn rows(database: &Path, table: &str) -> Vec<String> {
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("open the database");
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .expect("set a busy timeout");
    let mut statement = connection
        .prepare(&format!("select * from {table} order by rowid"))
        .expect("a table of the call centre");
    let columns: Vec<String> = statement.column_names().iter().map(|name| name.to_string()).collect();
    let found = statement.query_map([], |row| {
        let compared = columns.iter().enumerate().filter(|(_, column)| *column != "talk_time");
        let words = compared.map(|(at, column)| Ok(format!("{column}={}", text(row.get_ref(at)?))));
        Ok(words.collect::<rusqlite::Result<Vec<_>>>()?.join(" "))
    });
    found.expect("read the table").map(|row| row.expect("a row")).collect()
}

/// The statements that made the tables, as the database keeps them.
pub fn schema(database: &Path, table: &str) -> Vec<String> {
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("open the database");
    let mut statement = connection
        .prepare(&format!("pragma table_info({table})"))
        .expect("a table of the call centre");
    let columns = statement.query_map([], |row| {
        Ok(format!(
            "{}: {} default {}",
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            text(row.get_ref(4)?)
        ))
    });
    columns
        .expect("read the schema")
        .map(|column| column.expect("a column"))
        .collect()
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_string(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => format!("{:?}", String::from_utf8_lossy(text)),
    }
}
