//! Whether a transaction was really committed. FreeSWITCH's handles replace a broken connection in the middle of a transaction,
//! and take an answer that never came for a success; so each transaction leaves a mark of its own first, and only when the mark
//! can be read afterwards was everything behind it committed as well.

use super::dialect::Dialect;
use super::medium::OnServer;
use crate::store::tables::{Cell, Medium, RowWrite, COMMITS};

/// What this process leaves in the table of commits.
pub(super) struct CommitMark {
    /// Whose row it is.
    writer: String,
    /// What no other process writes.
    origin: String,
    count: u64,
    /// The row is there: the last mark was found in it.
    is_there: bool,
}

/// What the table of commits holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found {
    /// The mark.
    pub text: String,
    /// PostgreSQL: the transaction that left it.
    pub transaction: Option<String>,
    /// PostgreSQL: which transactions had ended when it was read.
    pub ended: Option<String>,
}

impl CommitMark {
    /// A mark of the writer with this name.
    pub fn of(writer: &str) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let origin = format!("{}.{}", std::process::id(), now.unwrap_or_default().as_nanos());
        Self {
            writer: writer.to_owned(),
            origin,
            count: 0,
            is_there: false,
        }
    }

    /// Leaves a new mark in the transaction that has just begun.
    pub fn leave(&mut self, server: &mut OnServer<'_>) -> Result<(), String> {
        self.count += 1;
        let (text, is_there) = (self.text(), std::mem::take(&mut self.is_there));
        let writer = Cell::Text(&self.writer);
        let write = RowWrite {
            table: &COMMITS,
            key: &[("writer", writer)],
            row: &[writer, Cell::Text(&text)],
            differing: &[1],
            place: None,
            search: true,
            insert: !is_there,
        };
        server.write(&write).map(drop)
    }

    /// Makes sure that the transaction with the last mark was committed.
    pub fn check(&mut self, server: &mut OnServer<'_>) -> Result<Found, String> {
        let dialect = server.dialect;
        let more = match dialect {
            Dialect::Postgres(_) => ", xmin, txid_current_snapshot()",
            _ => "",
        };
        let key = dialect.key_condition(&COMMITS, &[("writer", Cell::Text(&self.writer))]);
        let sql = format!(
            "SELECT {}{more} FROM {} WHERE {key}",
            dialect.reading("mark"),
            COMMITS.name
        );
        let rows = server.query(&sql)?;
        let mut cells = rows.into_iter().next().unwrap_or_default().into_iter();
        let mut next = || cells.next().flatten();
        let found = Found {
            text: dialect.text(&next().unwrap_or_default()),
            transaction: next(),
            ended: next(),
        };
        if found.text == self.text() {
            self.is_there = true;
            return Ok(found);
        }
        Err(
            "the transaction was not committed: the connection was lost, or the server did not answer in time"
                .to_owned(),
        )
    }

    fn text(&self) -> String {
        format!("{}.{}", self.origin, self.count)
    }
}
