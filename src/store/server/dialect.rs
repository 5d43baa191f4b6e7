//! What a server's SQL looks like. No value is ever put into a statement in a way that depends on a setting of the server or of
//! the connection (`standard_conforming_strings`, `NO_BACKSLASH_ESCAPES`, the client's character set): plain ASCII goes between
//! quotes, everything else as hexadecimal digits.

use super::connector::SqlConnection;
use crate::store::tables::{Cell, KeyCell, Table, Whose};
use std::fmt::Write;

/// How a server wants to be talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// PostgreSQL.
    Postgres(Encoding),
    /// MariaDB and MySQL.
    MariaDb,
    /// A server that we know nothing of, except whether a backslash in a string escapes what follows it.
    Other {
        /// It does.
        backslash_escapes: bool,
    },
}

/// Which characters a PostgreSQL database can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// All.
    Utf8,
    /// Any bytes; UTF-8 is what we put there.
    Bytes,
    /// Those up to U+00FF.
    Latin1,
    /// None that we could be sure of, except ASCII.
    Ascii,
}

impl Dialect {
    /// Asks the server what it is.
    pub fn ask(connection: &mut dyn SqlConnection) -> Result<Self, String> {
        // A server that does not know the question is none of the first two.
        let version = first_cell(connection.query("SELECT version()").unwrap_or_default());
        if version.starts_with("PostgreSQL") {
            let encoding = first_cell(connection.query("SELECT current_setting('server_encoding')")?);
            return Ok(Dialect::Postgres(match encoding.as_str() {
                "UTF8" => Encoding::Utf8,
                "SQL_ASCII" => Encoding::Bytes,
                "LATIN1" => Encoding::Latin1,
                "" => return Err("it did not say how it encodes text".to_owned()),
                _ => Encoding::Ascii,
            }));
        }
        if version.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok(Dialect::MariaDb);
        }
        match first_cell(connection.query("SELECT 'a\\\\b'")?).as_str() {
            "a\\b" => Ok(Dialect::Other {
                backslash_escapes: true,
            }),
            "a\\\\b" => Ok(Dialect::Other {
                backslash_escapes: false,
            }),
            _ => Err("it did not say how it reads a backslash".to_owned()),
        }
    }

    /// The statement that begins a transaction.
    pub fn begin(self) -> &'static str {
        match self {
            Dialect::MariaDb => "START TRANSACTION",
            _ => "BEGIN",
        }
    }

    /// Whether several statements can be sent as one text, of which none is carried out behind one that fails. FreeSWITCH's handles
    /// tell of such a failure on PostgreSQL only.
    pub fn takes_scripts(self) -> bool {
        matches!(self, Dialect::Postgres(_))
    }

    /// What stands behind UPDATE and INSERT: what does not fit into a column of MariaDB is fitted in, instead of stopping
    /// everything behind it.
    pub fn leniently(self) -> &'static str {
        match self {
            Dialect::MariaDb => " IGNORE",
            _ => "",
        }
    }

    /// What stands behind an insertion so that a row whose key is there already is left as it is. MariaDB is told so by
    /// [`Dialect::leniently`]; a server that we know nothing of is not told in one word.
    pub fn unless_there(self) -> &'static str {
        match self {
            Dialect::Postgres(_) => " ON CONFLICT DO NOTHING",
            _ => "",
        }
    }

    /// What stands behind the columns when a table is made: MariaDB may be set up for tables that cannot hold every name.
    pub fn table_options(self) -> &'static str {
        match self {
            Dialect::MariaDb => " DEFAULT CHARACTER SET utf8mb4",
            _ => "",
        }
    }

    /// What a SELECT without a table but with a condition needs.
    pub fn empty_source(self) -> &'static str {
        match self {
            Dialect::MariaDb => " FROM DUAL",
            _ => "",
        }
    }

    /// The value a column of this table gets.
    pub fn value(self, table: &Table, column: &str, cell: Cell<'_>) -> String {
        match cell {
            // The other columns have 32 bits, and a server takes nothing that does not fit.
            Cell::Number(number) if table.is_large(column) => number.to_string(),
            Cell::Number(number) => number.clamp(i64::from(i32::MIN), i64::from(i32::MAX)).to_string(),
            Cell::Text(text) => {
                let width = table.width(column).unwrap_or(usize::MAX);
                let fitting: String = text.chars().filter(|c| *c != '\0').take(width).collect();
                self.literal(&fitting)
            }
        }
    }

    /// The text as a literal.
    pub fn literal(self, text: &str) -> String {
        let text = self.storable(text);
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
            return format!("'{}'", text.replace('\'', "''"));
        }
        match self {
            Dialect::Postgres(encoding) => {
                let digits = hexadecimal(&text);
                format!("convert_from(decode('{digits}', 'hex'), '{}')", encoding.of_bytes())
            }
            Dialect::MariaDb => format!("_utf8mb4 x'{}'", hexadecimal(&text)),
            Dialect::Other { backslash_escapes } => {
                let text = text.replace('\'', "''");
                let text = if backslash_escapes {
                    text.replace('\\', "\\\\")
                } else {
                    text
                };
                format!("'{text}'")
            }
        }
    }

    /// The text as far as the database can hold it.
    fn storable(self, text: &str) -> String {
        let fits = |character: char| match self {
            Dialect::Postgres(Encoding::Latin1) => u32::from(character) <= 0xff,
            Dialect::Postgres(Encoding::Ascii) => character.is_ascii(),
            _ => true,
        };
        text.chars()
            .filter(|character| *character != '\0')
            .map(|character| if fits(character) { character } else { '?' })
            .collect()
    }

    /// What to select so that a text column arrives whole, whatever the connection's character set.
    pub fn reading(self, column: &str) -> String {
        match self {
            Dialect::Postgres(encoding) => format!("encode(convert_to({column}, '{}'), 'hex')", encoding.of_bytes()),
            Dialect::MariaDb => format!("HEX(CONVERT({column} USING utf8mb4))"),
            Dialect::Other { .. } => column.to_owned(),
        }
    }

    /// The text that arrived of what [`Dialect::reading`] selects. A NUL is the end, as for everybody who reads it in C.
    pub fn text(self, arrived: &str) -> String {
        if matches!(self, Dialect::Other { .. }) {
            return arrived.to_owned();
        }
        let bytes: Vec<u8> = arrived
            .as_bytes()
            .chunks(2)
            .map_while(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())
            .take_while(|byte| *byte != 0)
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The condition that finds a row by its key, in which upper and lower case are different letters everywhere.
    pub fn key_condition(self, table: &Table, key: &[KeyCell<'_>]) -> String {
        let parts: Vec<String> = key
            .iter()
            .map(|(column, cell)| {
                let value = self.value(table, column, *cell);
                format!("{} = {value}", self.comparable(column))
            })
            .collect();
        parts.join(" AND ")
    }

    /// A text column in a comparison: MariaDB's tables may each have an order of their own, which do not mix.
    pub fn comparable(self, column: &str) -> String {
        match self {
            Dialect::MariaDb => format!("CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin"),
            _ => column.to_owned(),
        }
    }

    /// Where the names of a table's columns are: what to select, and from where.
    pub fn columns_of(self, table: &Table) -> (&'static str, String) {
        let name = &table.name;
        match self {
            Dialect::Postgres(_) => (
                "lower(attname::text)",
                format!("pg_attribute WHERE attrelid = to_regclass('{name}') AND attnum > 0 AND NOT attisdropped"),
            ),
            Dialect::MariaDb => (
                "lower(column_name)",
                format!("information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{name}'"),
            ),
            Dialect::Other { .. } => (
                "lower(column_name)",
                format!("information_schema.columns WHERE table_name = '{name}'"),
            ),
        }
    }

    /// The type of a column of a key, in which upper and lower case are different letters.
    pub fn key_column(self, kind: &str) -> String {
        let kind = kind.split(' ').next().unwrap_or(kind);
        match self {
            Dialect::MariaDb => format!("{kind} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"),
            _ => format!("{kind} NOT NULL"),
        }
    }

    /// What answers 0 where a table has no primary key; none for a server that we know nothing of.
    pub fn key_of(self, table: &Table) -> Option<String> {
        let name = &table.name;
        match self {
            Dialect::Postgres(_) => Some(format!(
                "SELECT count(*)::int FROM pg_index WHERE indrelid = to_regclass('{name}') AND indisprimary"
            )),
            Dialect::MariaDb => Some(format!(
                "SELECT count(*) FROM information_schema.table_constraints WHERE table_schema = DATABASE() AND \
                 table_name = '{name}' AND constraint_type = 'PRIMARY KEY'"
            )),
            Dialect::Other { .. } => None,
        }
    }

    /// The statement that gives a table its key. Stock's tables in MariaDB are left alone: there a key that does not tell upper from
    /// lower case would let rows vanish, and another order of their columns would change what the site's own SQL finds.
    pub fn key_addition(self, table: &Table) -> Option<String> {
        let (name, columns) = (&table.name, table.key.join(", "));
        match self {
            Dialect::MariaDb if table.whose == Whose::Stocks => None,
            Dialect::MariaDb => {
                let key = table.columns.iter().filter(|(column, _)| table.key.contains(column));
                let key = key.map(|(column, kind)| format!("MODIFY {column} {}", self.key_column(kind)));
                let changes: Vec<String> = key.collect();
                Some(format!(
                    "ALTER TABLE {name} {}, ADD PRIMARY KEY ({columns})",
                    changes.join(", ")
                ))
            }
            _ => Some(format!("ALTER TABLE {name} ADD PRIMARY KEY ({columns})")),
        }
    }

    /// The statement that gives a text column another name.
    pub fn renaming(self, table: &Table, column: &str, new_name: &str) -> String {
        match self {
            // Older ones know no RENAME COLUMN.
            Dialect::MariaDb => format!("ALTER TABLE {} CHANGE `{column}` {new_name} VARCHAR(255)", table.name),
            _ => format!("ALTER TABLE {} RENAME COLUMN \"{column}\" TO {new_name}", table.name),
        }
    }
}

impl Encoding {
    /// What PostgreSQL calls the encoding of the bytes we exchange.
    fn of_bytes(self) -> &'static str {
        match self {
            Encoding::Bytes => "SQL_ASCII",
            _ => "UTF8",
        }
    }
}

fn hexadecimal(text: &str) -> String {
    text.bytes().fold(String::new(), |mut digits, byte| {
        // Writing into a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The first cell of an answer; empty when there is none.
pub(super) fn first_cell(rows: Vec<Vec<Option<String>>>) -> String {
    let row = rows.into_iter().next().unwrap_or_default();
    row.into_iter().next().flatten().unwrap_or_default()
}
