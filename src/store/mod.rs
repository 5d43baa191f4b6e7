//! The database: a mirror of the engine's rows that survives the process. Stock's tables, names and values.

mod journal;
mod mirror;
mod pending;
mod record;
mod schema;
mod sqlite;

pub(crate) use pending::Pending;

pub use journal::{Journal, JournalThread, NoJournal, RowWatch, SaveError, Ticket};
pub use sqlite::{Opened, SqliteStore, TakeUp};

use crate::core::{ForeignChanges, RowChange, Snapshot};

/// Why the database could not be used; the text tells the operator what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// A database that keeps the engine's rows.
pub trait Store: Send {
    /// Reads all rows, making or upgrading the tables first.
    fn load(&mut self) -> Result<Snapshot, StoreError>;

    /// Writes changes in order, all or none, and returns once they would survive the death of the process.
    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError>;

    /// What others have changed in the rows since this was last asked (or the rows were loaded). Each change is told once.
    /// Costs next to nothing when nobody has written.
    fn changes_of_others(&mut self) -> Result<ForeignChanges, StoreError>;

    /// What was odd in the rows that were read, in words for the operator. Each is told once.
    fn take_remarks(&mut self) -> Vec<String>;
}
