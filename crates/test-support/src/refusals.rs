//! Servers that undo transactions, as in a deadlock.

use crate::private::{Kind, PrivateServer};

/// Codes and words of what makes a server undo a transaction that is to be tried again.
pub fn reasons(kind: Kind) -> [(&'static str, &'static str); 2] {
    match kind {
        Kind::Postgres => [
            ("40001", "could not serialize access due to concurrent update"),
            ("40P01", "deadlock detected"),
        ],
        Kind::MariaDb => [
            (
                "1213",
                "Deadlock found when trying to get lock; try restarting transaction",
            ),
            ("1205", "Lock wait timeout exceeded; try restarting transaction"),
        ],
    }
}

/// While it lives, the server has refused to change agents so many times, and then lets them be changed.
pub struct Refusals<'s> {
    server: &'s PrivateServer,
    database: &'s str,
    times: usize,
}

impl<'s> Refusals<'s> {
    /// The next so many changes of an agent are refused with this code and these words.
    pub fn begin(server: &'s PrivateServer, database: &'s str, times: usize, (code, words): (&str, &str)) -> Self {
        // A number that is drawn from a sequence is not given back when its transaction is undone.
        server.administer(database, "CREATE SEQUENCE attempts");
        let refuse = match server.kind {
            Kind::Postgres => format!(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger AS $$ BEGIN IF nextval('attempts') <= {times} THEN \
                 RAISE EXCEPTION '{words}' USING ERRCODE = '{code}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql; \
                 CREATE TRIGGER refused BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION refuse()"
            ),
            Kind::MariaDb => format!(
                "DELIMITER //\nCREATE TRIGGER refused BEFORE UPDATE ON agents FOR EACH ROW IF NEXTVAL(attempts) <= {times} THEN \
                 SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = '{words}'; END IF//"
            ),
        };
        server.administer(database, &refuse);
        Self {
            server,
            database,
            times,
        }
    }

    /// Ends them, and makes sure that there were so many.
    ///
    /// # Panics
    /// When nobody tried again.
    pub fn end(self) {
        let (drawn, drop) = match self.server.kind {
            Kind::Postgres => (
                "SELECT nextval('attempts')",
                "DROP TRIGGER refused ON agents; DROP SEQUENCE attempts",
            ),
            Kind::MariaDb => (
                "SELECT NEXTVAL(attempts)",
                "DROP TRIGGER refused; DROP SEQUENCE attempts",
            ),
        };
        let drawn = self.server.administer(self.database, drawn);
        let drawn: usize = drawn.trim().parse().expect("a number");
        assert!(drawn > self.times + 1, "only {drawn} attempts");
        self.server.administer(self.database, drop);
    }
}
