//! The rows on a PostgreSQL server for whoever has connections and transactions of their own: the leader of a cluster.

use super::change_signs::ChangeSigns;
use super::dialect::{Dialect, Encoding};
use super::medium::OnServer;
use super::{SqlConnection, SqlRow};
use crate::engine::{ChangesByOthers, RowChange, Snapshot};
use crate::store::tables::Tables;
use crate::store::TakeUp;

const UNREAD: &str = "the rows have not been read";

/// What the tables hold, as far as is known: a change is written with the statements that [`super::ServerStore`] writes.
pub struct ServerRows {
    take_up: TakeUp,
    tables: Tables,
    dialect: Option<Dialect>,
    remarks: Vec<String>,
    /// What the server said when `tables` held all changes of others.
    signs: ChangeSigns,
    /// Nobody knows which of the last changes are there, so whatever is there may be ours.
    is_in_doubt: bool,
}

impl ServerRows {
    /// Rows of which nothing is known yet. Call detail records are among them.
    pub fn unread(take_up: TakeUp) -> Self {
        Self {
            take_up,
            tables: tables_of(take_up),
            dialect: None,
            remarks: Vec::new(),
            signs: ChangeSigns::default(),
            is_in_doubt: false,
        }
    }

    /// Makes or upgrades the tables and reads them, as at every start. No transaction may be open on the connection.
    ///
    /// # Errors
    /// In the server's words, or ours.
    pub fn load(&mut self, connection: &mut dyn SqlConnection) -> Result<Snapshot, String> {
        let dialect = Dialect::ask(connection)?;
        let mut tables = tables_of(self.take_up);
        let mut is_open = false;
        let mut server = OnServer::new(connection, dialect, &mut is_open);
        tables.prepare(&mut server)?;
        tables.prepare_records(&mut server)?;
        self.signs = ChangeSigns::ask(&mut server, self.take_up.layout)?;
        let snapshot = tables.read(&mut server, &mut self.remarks)?;
        (self.tables, self.dialect, self.is_in_doubt) = (tables, Some(dialect), false);
        Ok(snapshot)
    }

    /// What others have changed since this was asked last, or the rows were read; none where nothing has changed, or as long as nobody
    /// knows which of our own changes are there. No transaction may be open on the connection.
    ///
    /// # Errors
    /// In the server's words, or if the rows have not been loaded.
    pub fn changes_of_others(&mut self, connection: &mut dyn SqlConnection) -> Result<Option<ChangesByOthers>, String> {
        let dialect = self.dialect.ok_or(UNREAD)?;
        if self.is_in_doubt {
            return Ok(None);
        }
        let (mut is_open, layout) = (false, self.take_up.layout);
        let mut server = OnServer::new(connection, dialect, &mut is_open);
        let mut signs = ChangeSigns::ask(&mut server, layout)?;
        let extents = signs.extents(&self.signs, self.tables.counts(), &mut server, layout)?;
        let changes = self
            .tables
            .changes_of_others(&mut server, &extents, &mut self.remarks)?;
        self.signs = signs;
        Ok(Some(changes).filter(|changes| !changes.is_empty()))
    }

    /// The statements that write these changes in order, to be sent in one transaction with whatever else belongs to it. Afterwards
    /// [`ServerRows::committed`] or [`ServerRows::doubt`] is to be told.
    ///
    /// Nothing is needed to write nothing: whoever is elected beats while others are waited for, and reads the rows afterwards.
    ///
    /// # Errors
    /// If there are changes, and the rows have not been loaded.
    pub fn script(&mut self, changes: &[RowChange]) -> Result<String, String> {
        if changes.is_empty() {
            return Ok(String::new());
        }
        let dialect = self.dialect.ok_or(UNREAD)?;
        let mut script = Script::default();
        let mut is_open = true;
        let mut server = OnServer::new(&mut script, dialect, &mut is_open);
        // Programs of the site write to these tables, too.
        self.tables.others_have_written();
        for change in changes {
            self.tables.write(&mut server, change)?;
        }
        server.send()?;
        Ok(script.0)
    }

    /// The statements of the last script are committed.
    pub fn committed(&mut self) {
        self.is_in_doubt = false;
        self.tables.commit();
    }

    /// Nobody knows whether they are.
    pub fn doubt(&mut self) {
        self.is_in_doubt = true;
        self.tables.doubt();
    }

    /// What was odd in the rows that were read, in words for the operator. Each is told once.
    pub fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }
}

/// A text as PostgreSQL reads it, whatever its settings.
pub(crate) fn postgres_literal(text: &str) -> String {
    Dialect::Postgres(Encoding::Utf8).literal(text)
}

fn tables_of(take_up: TakeUp) -> Tables {
    let mut tables = Tables::unread(take_up);
    tables.keep_records();
    tables
}

/// Statements that are not sent yet.
#[derive(Default)]
struct Script(String);

impl SqlConnection for Script {
    fn execute(&mut self, sql: &str) -> Result<(), String> {
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        self.0.push_str(sql);
        Ok(())
    }

    fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
        Err(format!("a change of a row is written without a question: {sql}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_without_rows_is_written_before_they_are_read_and_no_other() {
        let mut rows = ServerRows::unread(TakeUp::ALL);
        assert_eq!(rows.script(&[]), Ok(String::new()));
        rows.committed();
        let change = RowChange::AgentGone("a".to_owned());
        assert_eq!(rows.script(&[change]), Err(UNREAD.to_owned()));
    }
}
