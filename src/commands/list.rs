//! Lists as text: a line of column names, a line for each row, `+OK`.

use super::table::{self, Listed, Value};
use std::fmt::Write;

/// A list with its column names when there is at least one row, as stock has it.
pub(super) fn rows<R: Listed>(rows: &[R]) -> String {
    if rows.is_empty() {
        return super::reply::ok();
    }
    with_columns(rows)
}

/// A list that shows its column names even when it is empty.
pub(super) fn with_columns<R: Listed>(rows: &[R]) -> String {
    let has_more = rows.iter().any(R::has_more);
    let mut text = table::columns::<R>(has_more).join("|");
    text.push('\n');
    for row in rows {
        for (column, value) in table::cells(row, has_more).into_iter().enumerate() {
            if column > 0 {
                text.push('|');
            }
            show(&mut text, value);
        }
        text.push('\n');
    }
    text.push_str("+OK\n");
    text
}

/// Appends a value so that it cannot be taken for two, nor for the end of its row. A wallboard asks for thousands of them.
fn show(row: &mut String, value: Value<'_>) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Text(text) => row.write_str(&super::reply::one_line(text, true)),
        Value::Digits(number) => write!(row, "{number}"),
        Value::Number(number) => write!(row, "{number}"),
    };
}
