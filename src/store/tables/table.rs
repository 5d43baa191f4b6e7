//! What a table is: its name, columns and types.

use crate::engine::LONGEST_CONTACT;
use std::borrow::Cow;

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct Table {
    /// The table's name.
    pub name: Cow<'static, str>,
    /// Columns in their order: name and type.
    pub columns: &'static [(&'static str, &'static str)],
    /// The columns no two rows share; none where a column says so itself.
    pub key: &'static [&'static str],
    /// Who decides what the table looks like.
    pub whose: Whose,
    /// Without this column the table is dropped and made anew, as stock does it; without one it is always kept.
    pub essential: Option<&'static str>,
    /// What is made with the table: a word for each index, and its columns.
    pub indexes: &'static [(&'static str, &'static str)],
}

/// Who decides what a table looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Whose {
    /// We do: it gets its key wherever it is.
    Ours,
    /// Stock does, or the site: it gets a key where servers may ask for one, as far as its rows allow it.
    Stocks,
}

/// Text, as stock has it.
pub(in crate::store) const TEXT: &str = "VARCHAR(255)";
/// Text that is never missing.
pub(in crate::store) const TEXT_NOT_NULL: &str = "VARCHAR(255) NOT NULL DEFAULT ''";
/// Long text, as stock has it.
pub(in crate::store) const LONG_TEXT: &str = "VARCHAR(1024)";
/// Any number of columns of this type fit into a row of MariaDB.
pub(in crate::store) const FREE_TEXT: &str = "TEXT";
/// A number of 32 bits.
pub(in crate::store) const NUMBER: &str = "INTEGER NOT NULL DEFAULT 0";
/// A number of 64 bits.
pub(in crate::store) const LARGE_NUMBER: &str = "BIGINT NOT NULL DEFAULT 0";
/// A number of 32 bits that is 1 where nobody says otherwise.
pub(in crate::store) const NUMBER_FROM_ONE: &str = "INTEGER NOT NULL DEFAULT 1";

impl Table {
    /// The same table under other names. One that is not stock's own is never made anew: it may be somebody's whose name was written
    /// by mistake.
    pub fn under_names<'n>(&self, name: &str, name_of: impl Fn(&'static str) -> &'n str) -> Self {
        let columns = self.columns.iter().map(|&(column, kind)| {
            let name: &'static str = match name_of(column) {
                same if same == column => column,
                other => Box::leak(other.to_owned().into_boxed_str()),
            };
            (name, kind)
        });
        let index = |&(word, columns): &(&'static str, &'static str)| {
            let columns: Vec<&str> = columns.split(", ").map(&name_of).collect();
            let columns: &'static str = Box::leak(columns.join(", ").into_boxed_str());
            (word, columns)
        };
        Self {
            name: Cow::Owned(name.to_owned()),
            columns: Box::leak(columns.collect()),
            key: Box::leak(
                self.key
                    .iter()
                    .map(|column| name_of(column).to_owned().leak() as &'static str)
                    .collect(),
            ),
            whose: self.whose,
            essential: None,
            indexes: Box::leak(self.indexes.iter().map(index).collect()),
        }
    }

    /// What the column is called that stock's table calls so.
    pub fn column(&self, stocks: &Table, column: &'static str) -> &'static str {
        let place = stocks.columns.iter().position(|(name, _)| *name == column);
        let named = place.and_then(|place| self.columns.get(place));
        named.map_or(column, |(name, _)| name)
    }

    /// The columns' names, in their order.
    pub fn column_names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }

    /// How many characters a text column holds; none for a column of numbers.
    pub fn width(&self, column: &str) -> Option<usize> {
        let (_, kind) = self.columns.iter().find(|(name, _)| *name == column)?;
        if *kind == FREE_TEXT {
            return Some(LONGEST_CONTACT);
        }
        let (width, _) = kind.strip_prefix("VARCHAR(")?.split_once(')')?;
        width.parse().ok()
    }

    /// Whether a column of numbers holds 64 bits.
    pub fn is_large(&self, column: &str) -> bool {
        let kind = self.columns.iter().find(|(name, _)| *name == column);
        kind.is_some_and(|(_, kind)| *kind == LARGE_NUMBER)
    }
}
