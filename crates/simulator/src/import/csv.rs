//! Rows of a table as CSV, with the names of the columns in the first line.

use std::collections::HashMap;

/// A table: the names of its columns, and its rows.
#[derive(Debug)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

impl Table {
    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }
}

/// A row: values by the name of their column.
#[derive(Debug)]
pub(super) struct Row {
    /// The line in which it begins.
    pub line: usize,
    values: HashMap<String, String>,
}

impl Row {
    /// The value of a column; none where the column is absent, the value is empty or says NULL.
    pub fn filled(&self, column: &str) -> Option<&str> {
        let value = self.values.get(column)?.trim();
        let is_null = value.is_empty() || value == "\\N" || value.eq_ignore_ascii_case("null");
        (!is_null).then_some(value)
    }

    /// The value of a column if it is a number above 0.
    pub fn above_zero(&self, column: &str) -> Option<u32> {
        self.filled(column)?.parse().ok().filter(|number| *number > 0)
    }
}

/// Reads a table. Fields are separated by commas (or by tabs, where the first line has them, as a client of MySQL writes them) and may stand
/// between quotes. `names` are the usual names of columns that are called otherwise.
pub(super) fn table(text: &str, names: &HashMap<String, &'static str>) -> Table {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains('\t') { '\t' } else { ',' };
    let mut records = records(text, separator).into_iter();
    let columns: Vec<String> = records
        .next()
        .map(|(_, names)| names)
        .unwrap_or_default()
        .iter()
        .map(|name| name.trim().to_ascii_lowercase())
        .map(|name| names.get(&name).map_or(name, |usual| (*usual).to_owned()))
        .collect();
    let row = |(line, fields): (usize, Vec<String>)| Row {
        line,
        values: columns.iter().cloned().zip(fields).collect(),
    };
    let rows = records.map(row).collect();
    Table { columns, rows }
}

/// The number of its first line and the fields of each line that is not empty; a quoted field may hold separators, line ends and doubled quotes.
fn records(text: &str, separator: char) -> Vec<(usize, Vec<String>)> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let (mut line, mut begun) = (1, 1);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        line += usize::from(character == '\n');
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push((begun, std::mem::take(&mut record)));
                begun = line;
            }
            '\r' if !is_quoted => {}
            character if character == separator && !is_quoted => record.push(std::mem::take(&mut field)),
            character => field.push(character),
        }
    }
    record.push(field);
    records.push((begun, record));
    records.retain(|(_, record)| record.iter().any(|field| !field.trim().is_empty()));
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_hold_anything() {
        let rows = table("\u{feff}A, b\r\n\"x,\"\"y\"\"\nz\",NULL\r\n\n,2\n", &HashMap::new()).rows;
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(rows[0].filled("a"), Some("x,\"y\"\nz"));
        assert_eq!(
            (rows[0].filled("b"), rows[1].filled("a"), rows[1].filled("c")),
            (None, None, None)
        );
        assert_eq!((rows[1].above_zero("b"), rows[0].above_zero("a")), (Some(2), None));
    }

    #[test]
    fn tabs_separate_where_the_first_line_has_them() {
        let rows = table("a\tb\n1,5\t2\n", &HashMap::new()).rows;
        assert_eq!((rows[0].filled("a"), rows[0].filled("b")), (Some("1,5"), Some("2")));
    }
}
