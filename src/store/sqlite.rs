//! The rows in a SQLite file, as stock keeps them.

mod tables;
mod trouble;

#[cfg(test)]
pub(super) mod tests;

use super::{Store, StoreError};
use crate::core::{ForeignChanges, RowChange, Snapshot};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tables::Tables;
use trouble::explain;

/// How long one statement waits for another program's lock. Short: the journal tries again.
const BUSY_TIMEOUT: Duration = Duration::from_millis(100);

/// How long opening waits for another program's lock: nobody tries again.
const BUSY_TIMEOUT_WHILE_OPENING: Duration = Duration::from_secs(2);

/// Statements kept prepared. Updates name the columns that differ, so there are many of them.
const PREPARED_STATEMENTS: usize = 128;

/// A file is new to us when only its owner may read it: it holds callers' numbers.
const OWNER_ONLY: u32 = 0o600;

/// The rows in a SQLite file.
///
/// The file is in WAL mode: a change that was applied survives the death of the process, and with
/// `synchronous = FULL` a power cut. A file that is deleted or replaced underneath us is made anew from what we know.
pub struct SqliteStore {
    path: PathBuf,
    synchronous_full: bool,
    connection: Connection,
    file: FileIdentity,
    /// SQLite's count of other programs' writes when `tables` held all of them.
    data_version: Option<i64>,
    tables: Tables,
    remarks: Vec<String>,
    /// What a file that was lost held, until it is in the file that has taken its place.
    owed: Vec<RowChange>,
}

/// Which file it is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    inode: u64,
}

impl SqliteStore {
    /// Opens the file, or makes one that only its owner can read. `synchronous_full` is the setting
    /// `sqlite-synchronous`.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or is not writable; the text says which and what to do.
    pub fn open(path: &Path, synchronous_full: bool) -> Result<Self, StoreError> {
        let (connection, file) = connect(path, synchronous_full)?;
        Ok(Self {
            path: path.to_owned(),
            synchronous_full,
            connection,
            file,
            data_version: None,
            tables: Tables::default(),
            remarks: Vec::new(),
            owed: Vec::new(),
        })
    }

    /// When the file was deleted or replaced: goes on with what is there now, and owes it everything we know.
    fn follow_file(&mut self) -> Result<(), StoreError> {
        if identity(&self.path).is_some_and(|file| file == self.file) {
            return Ok(());
        }
        let (connection, file) = connect(&self.path, self.synchronous_full)?;
        let mut tables = Tables::default();
        let loaded = load_tables(&connection, &mut tables, &mut self.remarks);
        let (_, version) = loaded.map_err(|error| explain(&self.path, &error))?;
        self.owed.extend(self.tables.rows());
        (self.connection, self.file, self.data_version) = (connection, file, Some(version));
        self.tables = tables;
        Ok(())
    }

    fn write(&mut self, changes: &[RowChange]) -> rusqlite::Result<()> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        if self.data_version != Some(data_version(&transaction)?) {
            self.tables.others_have_written();
        }
        for change in changes {
            self.tables.write(&transaction, change)?;
        }
        transaction.commit()
    }

    fn look(&mut self) -> rusqlite::Result<ForeignChanges> {
        if self.data_version == Some(data_version(&self.connection)?) {
            return Ok(ForeignChanges::default());
        }
        // One transaction: its reads and the count are of the same moment.
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred)?;
        let version = data_version(&transaction)?;
        let changes = self.tables.changes_of_others(&transaction, &mut self.remarks)?;
        transaction.commit()?;
        self.data_version = Some(version);
        Ok(changes)
    }
}

impl Store for SqliteStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        let loaded = load_tables(&self.connection, &mut self.tables, &mut self.remarks);
        let (snapshot, version) = loaded.map_err(|error| explain(&self.path, &error))?;
        self.data_version = Some(version);
        Ok(snapshot)
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        self.follow_file()?;
        let result = if self.owed.is_empty() {
            self.write(changes)
        } else {
            let everything = [self.owed.as_slice(), changes].concat();
            self.write(&everything)
        };
        match result {
            Ok(()) => {
                self.owed.clear();
                self.tables.commit();
                Ok(())
            }
            Err(error) => {
                self.tables.roll_back();
                Err(explain(&self.path, &error))
            }
        }
    }

    fn changes_of_others(&mut self) -> Result<ForeignChanges, StoreError> {
        self.look().map_err(|error| explain(&self.path, &error))
    }

    fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Leaves one plain file behind. When another program reads at this moment, the rows stay in the -wal file
        // beside it, which is just as safe.
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

/// Makes or upgrades the tables and reads them, in one transaction; also tells the count of other programs' writes.
fn load_tables(
    connection: &Connection,
    tables: &mut Tables,
    remarks: &mut Vec<String>,
) -> rusqlite::Result<(Snapshot, i64)> {
    connection.busy_timeout(BUSY_TIMEOUT_WHILE_OPENING)?;
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let snapshot = tables.load(&transaction, remarks)?;
    let version = data_version(&transaction)?;
    transaction.commit()?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok((snapshot, version))
}

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
}

fn connect(path: &Path, synchronous_full: bool) -> Result<(Connection, FileIdentity), StoreError> {
    create_for_owner(path).map_err(|error| trouble::explain_io(path, &error))?;
    let file = identity(path).ok_or_else(|| trouble::vanished(path))?;
    let connection = configured(path, synchronous_full).map_err(|error| explain(path, &error))?;
    Ok((connection, file))
}

fn configured(path: &Path, synchronous_full: bool) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT_WHILE_OPENING)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    // A file system without shared memory keeps its old journal mode; there only FULL is safe.
    let full = synchronous_full || !mode.eq_ignore_ascii_case("wal");
    connection.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    Ok(connection)
}

/// Makes an empty file for SQLite to fill, unless there is one.
fn create_for_owner(path: &Path) -> std::io::Result<()> {
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .open(path);
    match created {
        // Whatever the umask took away is given back.
        Ok(file) => File::set_permissions(&file, Permissions::from_mode(OWNER_ONLY)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn identity(path: &Path) -> Option<FileIdentity> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(FileIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
    })
}
