//! Rows of a table as CSV, with the names of the columns in the first line.

use std::collections::HashMap;

/// A row: values by the name of their column.
#[derive(Debug)]
pub(super) struct Row(HashMap<String, String>);

impl Row {
    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }

    /// The value of a column; none where the column is absent, the value is empty or says NULL.
    pub fn filled(&self, column: &str) -> Option<&str> {
        let value = self.0.get(column)?.trim();
        let is_null = value.is_empty() || value == "\\N" || value.eq_ignore_ascii_case("null");
        (!is_null).then_some(value)
    }

    /// The value of a column if it is a number above 0.
    pub fn above_zero(&self, column: &str) -> Option<u32> {
        self.filled(column)?.parse().ok().filter(|number| *number > 0)
    }
}

/// Reads rows. Fields are separated by commas (or by tabs, where the first line has them, as a client of MySQL writes them) and may stand
/// between quotes. `names` are the usual names of columns that are called otherwise.
pub(super) fn rows(text: &str, names: &HashMap<String, &'static str>) -> Vec<Row> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains('\t') { '\t' } else { ',' };
    let mut records = records(text, separator).into_iter();
    let columns: Vec<String> = records
        .next()
        .unwrap_or_default()
        .iter()
        .map(|name| name.trim().to_ascii_lowercase())
        .map(|name| names.get(&name).map_or(name, |usual| (*usual).to_owned()))
        .collect();
    let row = |fields: Vec<String>| Row(columns.iter().cloned().zip(fields).collect());
    records.map(row).collect()
}

/// The fields of each line that is not empty; a quoted field may hold separators, line ends and doubled quotes.
fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' if !is_quoted => {}
            character if character == separator && !is_quoted => record.push(std::mem::take(&mut field)),
            character => field.push(character),
        }
    }
    record.push(field);
    records.push(record);
    records.retain(|record| record.iter().any(|field| !field.trim().is_empty()));
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_hold_anything() {
        let rows = rows("\u{feff}A, b\r\n\"x,\"\"y\"\"\nz\",NULL\r\n\n,2\n", &HashMap::new());
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].filled("a"), Some("x,\"y\"\nz"));
        assert_eq!(
            (rows[0].filled("b"), rows[1].filled("a"), rows[1].filled("c")),
            (None, None, None)
        );
        assert_eq!((rows[1].above_zero("b"), rows[0].above_zero("a")), (Some(2), None));
    }

    #[test]
    fn tabs_separate_where_the_first_line_has_them() {
        let rows = rows("a\tb\n1,5\t2\n", &HashMap::new());
        assert_eq!((rows[0].filled("a"), rows[0].filled("b")), (Some("1,5"), Some("2")));
    }
}
