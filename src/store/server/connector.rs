//! What a database server is reached through. FreeSWITCH's handles and the tests' clients implement it.

/// Makes connections to one server.
pub trait SqlConnector: Send {
    /// What the operator calls the database, without its password.
    fn name(&self) -> String;

    /// A connection that nobody else uses until [`SqlConnector::release`]. It may break and be replaced without a word: whoever
    /// writes makes sure afterwards.
    ///
    /// # Errors
    /// In words for the operator.
    fn connect(&mut self) -> Result<Box<dyn SqlConnection + '_>, String>;

    /// Gives the connection back: another thread may be the next to ask for one, or it has turned out to be of no use.
    fn release(&mut self);
}

/// One row of an answer; a null may be an empty text.
pub type SqlRow = Vec<Option<String>>;

/// A connection to a server.
pub trait SqlConnection {
    /// Runs one statement that returns no rows.
    ///
    /// # Errors
    /// In the server's or the driver's words.
    fn execute(&mut self, sql: &str) -> Result<(), String>;

    /// Runs one statement that returns rows. Rows may be missing at the end, even all of them: whoever reads has the server
    /// count them.
    ///
    /// # Errors
    /// In the server's or the driver's words.
    fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String>;
}
