//! Lists as text: a line of column names, a line for each row, `+OK`.

use super::table::{Listed, Value};

/// A list with its column names when there is at least one row, as stock has it.
pub(super) fn rows<R: Listed>(rows: &[R]) -> String {
    if rows.is_empty() {
        return super::reply::ok();
    }
    with_columns(rows)
}

/// A list that shows its column names even when it is empty.
pub(super) fn with_columns<R: Listed>(rows: &[R]) -> String {
    let mut text = R::COLUMNS.join("|");
    text.push('\n');
    for row in rows {
        let values: Vec<String> = row.values().iter().map(shown).collect();
        text.push_str(&values.join("|"));
        text.push('\n');
    }
    text.push_str("+OK\n");
    text
}

/// A value that cannot be taken for two, nor for the end of its row.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => super::reply::one_line(text, true),
        Value::Number(number) => number.to_string(),
    }
}
