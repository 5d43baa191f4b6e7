//! The rows that the cluster writes and does not look at.

use crate::cluster::tables::Tables;
use crate::engine::{ChangesByOthers, RowChange, Snapshot};
use crate::store::{ServerRows, SqlConnection};

/// How the rows of these tables are read from the server and written to it.
pub trait StoredRows<T: Tables>: Send {
    /// Makes the tables where they are missing, and reads all rows. No transaction is open.
    ///
    /// # Errors
    /// In words for the operator.
    fn load(&mut self, connection: &mut dyn SqlConnection) -> Result<T::Rows, String>;

    /// The statements that write these changes, separated by semicolons. They are sent in one transaction with the rest of a batch.
    ///
    /// # Errors
    /// In words for the operator, if there are changes and nothing was loaded before.
    fn script(&mut self, changes: &[T::Change]) -> Result<String, String>;

    /// Reads what others have changed since this was asked last; none where nothing has changed, or nobody can say whose the changes are.
    ///
    /// # Errors
    /// In words for the operator.
    fn others(&mut self, connection: &mut dyn SqlConnection) -> Result<Option<T::Others>, String> {
        let _ = connection;
        Ok(None)
    }

    /// The statements of the last script are committed.
    fn committed(&mut self);

    /// Nobody knows whether they are.
    fn doubt(&mut self);
}

/// The call centre's tables, as every store keeps them.
#[derive(Debug, Clone, Copy)]
pub struct CallCentre;

impl Tables for CallCentre {
    type Change = RowChange;
    type Rows = Snapshot;
    type Others = ChangesByOthers;
}

impl StoredRows<CallCentre> for ServerRows {
    fn load(&mut self, connection: &mut dyn SqlConnection) -> Result<Snapshot, String> {
        Self::load(self, connection)
    }

    fn script(&mut self, changes: &[RowChange]) -> Result<String, String> {
        Self::script(self, changes)
    }

    fn others(&mut self, connection: &mut dyn SqlConnection) -> Result<Option<ChangesByOthers>, String> {
        Self::changes_of_others(self, connection)
    }

    fn committed(&mut self) {
        Self::committed(self);
    }

    fn doubt(&mut self) {
        Self::doubt(self);
    }
}
