//! Connections: how they are set up, and who brings what the log beside the file holds into the file.

use super::file::{self, beside, identity, FileIdentity};
use super::trouble::{self, explain};
use crate::store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::Connection;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long one statement waits for another program's lock. Short: the journal tries again.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_millis(100);

/// How long opening waits for another program's lock: nobody tries again.
pub(super) const BUSY_TIMEOUT_WHILE_OPENING: Duration = Duration::from_secs(2);

/// Statements kept prepared. Updates name the columns that differ, so there are many of them.
const PREPARED_STATEMENTS: usize = 128;

/// How every log begins.
const MAGIC: [u8; 3] = [0x37, 0x7f, 0x06];

/// Rows that the log holds before they are brought into the file. Each takes a page of it, or a little more: this is about
/// where SQLite would do so by itself.
const ROWS_IN_LOG: usize = 1_000;

/// A connection to the file.
pub(super) struct Link {
    pub connection: Connection,
    /// SQLite's count of other programs' writes when all of them were known.
    pub data_version: Option<i64>,
    /// The log, for a look at how it begins. Nobody locks a log, so closing it gives back no lock.
    log: Option<File>,
    /// A transaction that is committed is in the log and not on the disk yet: no commit waits for the disk.
    pub commits_into_log: bool,
    /// A commit goes into a log beside the file, and the file itself is left alone.
    pub has_log: bool,
    /// The files are not its own any more: it ends without touching what is there under their names.
    is_abandoned: bool,
    /// Rows written since the log was last brought into the file.
    rows_in_log: usize,
}

impl Link {
    /// Leaves it to [`Link::move_log_into_file`] to bring the log into the file, which SQLite would do within a commit: that waits
    /// for the disk.
    pub fn without_checkpoints(self) -> rusqlite::Result<Self> {
        self.connection.execute_batch("PRAGMA wal_autocheckpoint = 0")?;
        Ok(self)
    }

    /// Counts rows that have been committed.
    pub fn count(&mut self, rows: usize) {
        self.rows_in_log = self.rows_in_log.saturating_add(rows);
    }

    /// Whether the log is long.
    pub fn has_long_log(&self) -> bool {
        self.rows_in_log >= ROWS_IN_LOG
    }

    /// Brings the log into the file as far as nobody reads what would be overwritten; what is left is tried again after as many
    /// rows. It waits for the disk. Returns whether everything is in the file.
    pub fn move_log_into_file(&mut self) -> rusqlite::Result<bool> {
        self.rows_in_log = 0;
        let pages = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        let (in_log, moved) = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], pages)?;
        Ok(in_log == moved)
    }

    /// Whether the log begins as SQLite begins one. A log that was emptied goes on in the middle, and is no use to who comes after a
    /// crash.
    pub fn has_beginning_of_log(&mut self, path: &Path) -> bool {
        if self.log.is_none() {
            self.log = File::open(beside(path, "-wal")).ok();
        }
        let mut magic = [0; MAGIC.len()];
        let log = self.log.as_ref();
        log.is_some_and(|log| log.read_exact_at(&mut magic, 0).is_ok() && magic == MAGIC)
    }

    /// Ends a connection whose files have been deleted, replaced or overwritten: the log it has open must not get into what is there
    /// now, nor may what is there be deleted as its own.
    pub fn abandon(mut self) {
        self.give_up();
    }

    fn give_up(&mut self) {
        self.is_abandoned = true;
        // SQLite knows this setting as long as it knows logs that outlive their connections.
        let _ = self
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    }

    /// Whether what the file and its log hold fits together, whatever the connection remembers of it.
    pub fn is_whole(&self) -> rusqlite::Result<bool> {
        self.connection.execute_batch("PRAGMA shrink_memory")?;
        let verdict: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok(verdict == "ok")
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.is_abandoned {
            return;
        }
        // Leaves one plain file behind. When another program reads at this moment, the rows stay in the -wal file
        // beside it, which is just as safe.
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

/// SQLite's count of other programs' writes.
pub(super) fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
}

/// A connection to a file without rows.
pub(in crate::store) struct LoneFile {
    path: PathBuf,
    link: Link,
    identity: FileIdentity,
}

impl LoneFile {
    /// Opens the file, which is made if there is none.
    pub fn open(path: &Path, synchronous_full: bool) -> Result<Self, StoreError> {
        let (link, identity) = connect(path, synchronous_full, None)?;
        let path = path.to_owned();
        Ok(Self { path, link, identity })
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.link.connection
    }

    /// Whether the file, and what SQLite keeps beside it, are still those of that name and whole: they may have been deleted, replaced
    /// or emptied.
    pub fn is_in_place(&mut self) -> bool {
        let Some(present) = identity(&self.path).filter(|present| present.is_in_place_of(&self.identity)) else {
            return false;
        };
        if present.beside.have_lost_log(&self.identity.beside) {
            return false;
        }
        self.identity = present;
        true
    }

    /// Whether what it held can still be read through the connection, wherever its files have gone.
    pub fn can_be_read(&self) -> bool {
        let known = &self.identity.beside;
        !identity(&self.path).is_some_and(|present| present.beside.have_lost_index(known))
    }
}

impl Drop for LoneFile {
    fn drop(&mut self) {
        if !self.is_in_place() {
            self.link.give_up();
        }
    }
}

/// A connection, and which file it is to. A file that is made looks like the one `before`.
pub(super) fn connect(
    path: &Path,
    synchronous_full: bool,
    before: Option<FileIdentity>,
) -> Result<(Link, FileIdentity), StoreError> {
    file::create(path, before).map_err(|error| trouble::explain_io(path, &error))?;
    let link = configured(path, synchronous_full).map_err(|error| explain(path, &error))?;
    let file = identity(path).ok_or_else(|| trouble::vanished(path))?;
    Ok((link, file))
}

/// A connection to a file that is there.
pub(super) fn configured(path: &Path, synchronous_full: bool) -> rusqlite::Result<Link> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT_WHILE_OPENING)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    // A file system without shared memory keeps its old journal mode; there only FULL is safe.
    let has_log = mode.eq_ignore_ascii_case("wal");
    let full = synchronous_full || !has_log;
    connection.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
    // The first who reads makes the log and its index: which files they are is known from here on.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    Ok(Link {
        connection,
        data_version: None,
        log: None,
        commits_into_log: !full,
        has_log,
        is_abandoned: false,
        // Whoever died may have left a long one.
        rows_in_log: ROWS_IN_LOG,
    })
}
