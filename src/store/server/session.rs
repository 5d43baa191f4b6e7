//! A connection that is had for as long as something is done on it, and what is known of whoever is at its other end.

use super::connector::SqlConnector;
use super::dialect::Dialect;
use super::medium::OnServer;
use super::trouble;
use crate::store::StoreError;

/// The way to one server.
pub(in crate::store) struct Session {
    connector: Box<dyn SqlConnector>,
    /// None: to be asked for.
    dialect: Option<Dialect>,
    /// A transaction may be open, as its end was not reached.
    is_open: bool,
}

impl Session {
    /// Nothing has been said yet.
    pub fn through(connector: Box<dyn SqlConnector>) -> Self {
        Self {
            connector,
            dialect: None,
            is_open: false,
        }
    }

    /// Gives the connection back.
    pub fn release(&mut self) {
        self.connector.release();
    }

    /// Does something on a connection on which nothing is under way. After an error the transaction is ended, if it can be, and
    /// the connection is given back.
    pub fn on_server<T>(&mut self, work: impl FnOnce(&mut OnServer<'_>) -> Result<T, String>) -> Result<T, StoreError> {
        let name = self.connector.name();
        let (known, is_open) = (&mut self.dialect, &mut self.is_open);
        let result = self.connector.connect().and_then(|mut connection| {
            let dialect = match *known {
                Some(dialect) => dialect,
                None => Dialect::ask(&mut *connection)?,
            };
            *known = Some(dialect);
            if std::mem::take(is_open) {
                // Where none is open this is refused, and that is well.
                let _ = connection.execute("ROLLBACK");
            }
            let mut server = OnServer::new(&mut *connection, dialect, is_open);
            let result = work(&mut server);
            if let Err(error) = &result {
                *known = None;
                if *is_open && !trouble::is_lost(error) {
                    *is_open = connection.execute("ROLLBACK").is_err();
                }
            }
            result
        });
        if result.is_err() {
            self.dialect = None;
            self.connector.release();
        }
        result.map_err(|error| trouble::explain(&name, &error))
    }
}
