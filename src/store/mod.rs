//! The database: a mirror of the engine's rows that survives the process. Stock's tables, names and values.

mod call_records;
mod journal;
mod queue_log;
mod server;
mod sqlite;
mod tables;
mod worker;

pub use call_records::{FileRecords, RecordPlace, RecordingStore, Spool, Stored};
pub use journal::{Journal, JournalState, JournalThread, NoJournal, Pending, RowWatch, SaveError, Ticket};
pub use queue_log::QueueLogFile;
pub(crate) use server::postgres_literal;
pub use server::{dsn, ServerRecords, ServerRows, ServerStore, SqlConnection, SqlConnector, SqlRow};
pub use sqlite::SqliteStore;
pub use tables::{truncate, Layout};
pub use worker::{threads_left_behind, Report};

use crate::engine::{ChangesByOthers, RowChange, Snapshot};

/// Why the database could not be used; the text tells the operator what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// Which rows of a database are of interest that was not reached when the call centre started; the others are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeUp {
    /// Agents; not with the setting `truncate-agents-on-load`.
    pub agents: bool,
    /// Queues; with the setting `queues-from-db` only, and without it there is no table.
    pub queues: bool,
    /// Tiers; not with the setting `truncate-tiers-on-load`.
    pub tiers: bool,
    /// What the tables are called.
    pub layout: Layout,
}

impl TakeUp {
    /// Everything but queues, as the settings have it unless they say otherwise.
    pub const ALL: TakeUp = TakeUp {
        agents: true,
        queues: false,
        tiers: true,
        layout: Layout::STOCKS,
    };
}

/// What a database could be had of.
pub struct Opened<S> {
    /// The database, there or not.
    pub store: S,
    /// Its rows, as far as they could be read.
    pub snapshot: Snapshot,
    /// Why it cannot be written, or not even read.
    pub trouble: Option<StoreError>,
}

impl<S: Store + 'static> Opened<S> {
    /// The same, whichever database it is.
    pub fn boxed(self) -> Opened<Box<dyn Store>> {
        Opened {
            store: Box::new(self.store),
            snapshot: self.snapshot,
            trouble: self.trouble,
        }
    }
}

/// A database that keeps the engine's rows.
pub trait Store: Send {
    /// Reads all rows, making or upgrading the tables first.
    fn load(&mut self) -> Result<Snapshot, StoreError>;

    /// Takes out of these changes what is kept apart from the rows, and returns once that would survive the death of the process,
    /// whatever becomes of the others.
    fn put_aside(&mut self, _changes: &mut Vec<RowChange>) -> Result<(), StoreError> {
        Ok(())
    }

    /// Writes changes in order, all or none, and returns once they would survive the death of the process.
    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError>;

    /// Whether a transaction is a matter of microseconds, so that whoever waits for it may as well write it. A store that is in
    /// trouble, or that something slow lies before, is not at hand; nor is one that is bound to a thread.
    fn is_at_hand(&self) -> bool {
        false
    }

    /// Whether there is something to be done for which nobody waits.
    fn has_chores(&self) -> bool {
        false
    }

    /// Does it. It may take long. What cannot be done now is left for another time.
    fn do_chores(&mut self) {}

    /// What others have changed in the rows since this was last asked (or the rows were loaded). Each change is told once.
    /// Costs next to nothing when nobody has written.
    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError>;

    /// What was odd in the rows that were read, in words for the operator. Each is told once.
    fn take_remarks(&mut self) -> Vec<String>;

    /// Nothing more will be written: sees to it that everything that was is where others look for it, for nobody will afterwards.
    fn close(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
