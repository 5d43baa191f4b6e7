//! Call detail records on a server.

use super::commit_mark::CommitMark;
use super::medium::OnServer;
use super::session::Session;
use super::SqlConnector;
use crate::store::call_records::{cells_of, RecordPlace, Stored};
use crate::store::tables::{prepare_table, Layout, Medium, Table, COMMITS};
use crate::store::StoreError;

/// The table of call detail records on a server. What was added is committed, and was read back.
pub struct ServerRecords {
    session: Session,
    table: &'static Table,
    mark: CommitMark,
    /// The tables are there.
    is_prepared: bool,
}

impl ServerRecords {
    /// The table of the records; it is made when there is something to add. `instance` is the setting `cc-instance-id`.
    pub fn new(connector: Box<dyn SqlConnector>, layout: Layout, instance: &str) -> Self {
        Self {
            session: Session::through(connector),
            table: layout.call_records,
            // The rows of the call centre may be on the same server, and leave a mark of their own.
            mark: CommitMark::of(&format!("{instance}/cdrs")),
            is_prepared: false,
        }
    }
}

impl RecordPlace for ServerRecords {
    fn prepare(&mut self) -> Result<(), StoreError> {
        if self.is_prepared {
            return Ok(());
        }
        let table = self.table;
        self.session.on_server(|server| {
            prepare_table(server, &COMMITS)?;
            prepare_table(server, table)
        })?;
        self.is_prepared = true;
        Ok(())
    }

    fn add(&mut self, records: &[Stored]) -> Result<(), StoreError> {
        self.prepare()?;
        let (table, mark) = (self.table, &mut self.mark);
        let added = self.session.on_server(|server| add(server, table, mark, records));
        // Should somebody have dropped the table, it is made anew.
        self.is_prepared = added.is_ok();
        added
    }
}

/// One transaction.
fn add(server: &mut OnServer<'_>, table: &Table, mark: &mut CommitMark, records: &[Stored]) -> Result<(), String> {
    server.begin()?;
    mark.leave(server)?;
    for record in records {
        server.insert_once(table, &cells_of(record))?;
    }
    server.commit()?;
    mark.check(server)?;
    server.end();
    Ok(())
}
