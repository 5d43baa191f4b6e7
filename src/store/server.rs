//! The rows in the tables of a database server, as stock keeps them there. The SQL is text, so that it goes through whatever
//! FreeSWITCH has for that server; no driver is needed here.

mod change_signs;
mod commit_mark;
mod connector;
mod dialect;
pub mod dsn;
mod instance_lock;
mod medium;
mod records;
mod rows;
mod session;
mod trouble;

#[cfg(test)]
mod tests;

pub use connector::{SqlConnection, SqlConnector, SqlRow};
pub use records::ServerRecords;
pub(crate) use rows::postgres_literal;
pub use rows::ServerRows;

use super::tables::{has_strays, prepare_table, unknown_rows, Extent, Owner, Tables, COMMITS};
use super::{Opened, Store, StoreError, TakeUp};
use crate::engine::{ChangesByOthers, RowChange, Snapshot};
use change_signs::ChangeSigns;
use commit_mark::CommitMark;
use medium::OnServer;
use session::Session;
use std::collections::HashSet;

/// The rows on a database server.
///
/// A change that was applied is in a transaction that the server has committed, and that was read back. A server that is not
/// reached is tried again with every write; what it holds that nobody here knows of is told once it is reached.
pub struct ServerStore {
    session: Session,
    state: State,
}

/// What is known of the server.
struct State {
    /// The tables have been made and read.
    is_reached: bool,
    tables: Tables,
    remarks: Vec<String>,
    /// What is to be deleted besides.
    owed: Vec<RowChange>,
    /// What was found and nobody has been told of.
    found: ChangesByOthers,
    take_up: TakeUp,
    owner: Owner,
    /// Others can see that an instance of this name runs, if it is one they ask for.
    is_named: bool,
    /// Agents that another instance had first; nothing is written of them until that is told.
    yielded: HashSet<String>,
    mark: CommitMark,
    /// Nobody knows which of the last changes are there, so whatever is there may be ours.
    is_in_doubt: bool,
    /// What the server said when `tables` held all changes of others.
    signs: ChangeSigns,
}

impl ServerStore {
    /// Reads the rows of that server. A server that is not reached is no reason not to take calls. `instance` is the setting
    /// `cc-instance-id`.
    pub fn open_or_go_without(connector: Box<dyn SqlConnector>, instance: &str, take_up: TakeUp) -> Opened<Self> {
        let mut store = Self {
            session: Session::through(connector),
            state: State {
                is_reached: false,
                tables: Tables::unread(take_up),
                remarks: Vec::new(),
                owed: Vec::new(),
                found: ChangesByOthers::default(),
                take_up,
                owner: Owner::of(instance),
                is_named: false,
                yielded: HashSet::new(),
                mark: CommitMark::of(instance),
                is_in_doubt: false,
                signs: ChangeSigns::default(),
            },
        };
        let (snapshot, trouble) = match store.load() {
            Ok(snapshot) => (snapshot, None),
            Err(trouble) => (Snapshot::default(), Some(trouble)),
        };
        store.session.release();
        Opened {
            store,
            snapshot,
            trouble,
        }
    }

    /// Does something on a connection.
    fn on_server<T>(
        &mut self,
        work: impl FnOnce(&mut State, &mut OnServer<'_>) -> Result<T, String>,
    ) -> Result<T, StoreError> {
        let state = &mut self.state;
        let result = self.session.on_server(|server| work(state, server));
        if result.is_err() {
            // It may be another server that answers next.
            self.state.signs = ChangeSigns::default();
        }
        result
    }
}

impl State {
    /// Makes or upgrades the tables and reads them.
    fn load(&mut self, server: &mut OnServer<'_>) -> Result<Snapshot, String> {
        prepare_table(server, &COMMITS)?;
        let mut tables = Tables::unread(self.take_up);
        tables.prepare(server)?;
        self.is_named = instance_lock::hold(&self.owner, server)?;
        self.owner.adopts = instance_lock::claim(&self.owner, self.take_up.layout, server)?;
        let signs = ChangeSigns::ask(server, self.take_up.layout)?;
        let mut snapshot = tables.read(server, &mut self.remarks)?;
        self.owner.adopt(&mut snapshot);
        tables.others_have_written();
        (self.tables, self.signs, self.is_reached) = (tables, signs, true);
        Ok(snapshot)
    }

    /// Sees to it that the tables are there and known. `changes` are about to be written.
    fn reach(&mut self, server: &mut OnServer<'_>, changes: &[RowChange]) -> Result<(), String> {
        if self.is_reached {
            return Ok(());
        }
        self.load(server)?;
        let news = unknown_rows(self.tables.rows(), changes.iter(), self.take_up, &self.owner);
        self.yielded = news.elsewhere;
        self.owed = news.unwanted;
        self.found = news.found;
        Ok(())
    }

    /// One transaction.
    fn write(&mut self, server: &mut OnServer<'_>, changes: &[RowChange]) -> Result<(), String> {
        server.begin()?;
        self.mark.leave(server)?;
        self.tables.others_have_written();
        let is_yielded = |change: &RowChange| match change {
            RowChange::Agent(row) => self.yielded.contains(&row.name),
            _ => false,
        };
        for change in self.owed.iter().chain(changes).filter(|change| !is_yielded(change)) {
            self.tables.write(server, change)?;
        }
        server.commit()?;
        let found = self.mark.check(server)?;
        server.end();
        if only_ours(self.signs.ended.as_deref(), &found) {
            self.signs.ended = found.ended;
        }
        Ok(())
    }

    /// What others have changed. As much is read as the server's signs make necessary.
    fn look(&mut self, server: &mut OnServer<'_>) -> Result<ChangesByOthers, String> {
        let mut signs = ChangeSigns::ask(server, self.take_up.layout)?;
        if !self.is_named || signs.connection != self.signs.connection {
            self.is_named = instance_lock::hold(&self.owner, server)?;
        }
        let extents = signs.extents(&self.signs, self.tables.counts(), server, self.take_up.layout)?;
        let mut changes = self.tables.changes_of_others(server, &extents, &mut self.remarks)?;
        self.signs = signs;
        if !self.owner.is_default()
            && has_strays(&changes)
            && instance_lock::claim(&self.owner, self.take_up.layout, server)?
        {
            let claimed = self.tables.changes_of_others(server, &Extent::ALL, &mut self.remarks)?;
            changes.append(claimed);
        }
        Ok(changes)
    }
}

impl Store for ServerStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        self.on_server(State::load)
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        let result = self.on_server(|state, server| {
            state.reach(server, changes)?;
            state.write(server, changes)
        });
        let state = &mut self.state;
        match result {
            Ok(()) => {
                state.owed.clear();
                state.tables.commit();
                state.is_in_doubt = false;
                Ok(())
            }
            Err(error) => {
                state.tables.doubt();
                state.is_in_doubt = true;
                Err(error)
            }
        }
    }

    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        if self.state.is_in_doubt {
            // The journal writes those changes again, and then it is known whose rows are there.
            return Ok(ChangesByOthers::default());
        }
        self.on_server(|state, server| state.reach(server, &[]))?;
        if !self.state.owed.is_empty() {
            self.apply(&[])?;
        }
        let mut changes = self.on_server(State::look)?;
        self.state.yielded.clear();
        changes.append(std::mem::take(&mut self.state.found));
        Ok(changes)
    }

    fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.state.remarks)
    }
}

/// Whether the transaction that left the mark is the only one that wrote since `before`: there was no other open then, it took
/// the next number, and none has been given out since.
fn only_ours(before: Option<&str>, found: &commit_mark::Found) -> bool {
    let next = |ended: &str| {
        let (first, rest) = ended.split_once(':')?;
        (rest.strip_suffix(':') == Some(first)).then(|| first.parse::<u64>().ok())?
    };
    let (Some(before), Some(after)) = (before.and_then(next), found.ended.as_deref().and_then(next)) else {
        return false;
    };
    let shown = before & u64::from(u32::MAX);
    after == before + 1 && found.transaction.as_deref() == Some(shown.to_string().as_str())
}
