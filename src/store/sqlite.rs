//! The rows in a SQLite file, as stock keeps them.

mod file;
mod link;
mod medium;
mod trouble;

#[cfg(test)]
pub(super) mod tests;

use super::owner::Owner;
use super::tables::{Extent, Tables};
use super::{found, Opened, Store, StoreError, TakeUp};
use crate::core::{ForeignChanges, RowChange, Snapshot, DEFAULT_INSTANCE};
use file::{beside, identity, inode, FileIdentity};
pub(super) use link::LoneFile;
use link::{connect, data_version, Link, BUSY_TIMEOUT, BUSY_TIMEOUT_WHILE_OPENING};
pub(super) use medium::{value_of, InFile};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
pub(super) use trouble::explain;

/// The rows in a SQLite file.
///
/// The file is in WAL mode: a change that was applied survives the death of the process, and with
/// `synchronous = FULL` a power cut. A file that is deleted or replaced underneath us is made anew from what we know; one
/// that cannot be used is tried again with every write.
pub struct SqliteStore {
    path: PathBuf,
    synchronous_full: bool,
    link: Option<Link>,
    /// The file that `tables` is about, however long ago it was last reached.
    file: Option<FileIdentity>,
    tables: Tables,
    remarks: Vec<String>,
    /// What a file that was lost held, until it is in the file that has taken its place.
    owed: Vec<RowChange>,
    /// What a file that was reached late holds and nobody has been told of.
    found: ForeignChanges,
    take_up: TakeUp,
    owner: Owner,
}

impl SqliteStore {
    /// Opens the file, or makes one that only its owner can read. `synchronous_full` is the setting
    /// `sqlite-synchronous`.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or is not writable; the text says which and what to do.
    pub fn open(path: &Path, synchronous_full: bool) -> Result<Self, StoreError> {
        let mut store = Self::closed(path, synchronous_full, DEFAULT_INSTANCE, TakeUp::ALL);
        store.connect_first()?;
        Ok(store)
    }

    /// Opens the file and reads its rows. A file that cannot be used is no reason not to take calls: what can be read of it
    /// is read, and it is tried again with every write. `instance` is the setting `cc-instance-id`.
    pub fn open_or_go_without(path: &Path, synchronous_full: bool, instance: &str, take_up: TakeUp) -> Opened<Self> {
        let mut store = Self::closed(path, synchronous_full, instance, take_up);
        let opened = store
            .connect_first()
            .and_then(|()| store.load())
            .map(|snapshot| (store, snapshot));
        let (store, snapshot, trouble) = match opened {
            Ok((store, snapshot)) => (store, snapshot, None),
            Err(trouble) => {
                let mut store = Self::closed(path, synchronous_full, instance, take_up);
                let snapshot = store.read_only();
                (store, snapshot, Some(trouble))
            }
        };
        Opened {
            store,
            snapshot,
            trouble,
        }
    }

    /// Keeps call detail records too. Their table is made now, or with the next records when the file cannot
    /// be written now.
    ///
    /// # Errors
    /// When the file cannot be written now; the text says why.
    pub fn keep_records(&mut self) -> Result<(), StoreError> {
        self.tables.keep_records();
        self.apply(&[])
    }

    fn connect_first(&mut self) -> Result<(), StoreError> {
        let (link, file) = self.connect_like(None)?;
        (self.link, self.file) = (Some(link), Some(file));
        Ok(())
    }

    /// A connection, and which file it is to. A file that is made looks like the one `before`.
    fn connect_like(&self, before: Option<FileIdentity>) -> Result<(Link, FileIdentity), StoreError> {
        let (link, file) = connect(&self.path, self.synchronous_full, before)?;
        let link = link
            .without_checkpoints()
            .map_err(|error| explain(&self.path, &error))?;
        Ok((link, file))
    }

    fn closed(path: &Path, synchronous_full: bool, instance: &str, take_up: TakeUp) -> Self {
        Self {
            path: path.to_owned(),
            synchronous_full,
            link: None,
            file: None,
            tables: Tables::unread(take_up),
            remarks: Vec::new(),
            owed: Vec::new(),
            found: ForeignChanges::default(),
            take_up,
            owner: Owner::of(instance),
        }
    }

    /// The rows of a file that cannot be written; none when it cannot be read either.
    fn read_only(&mut self) -> Snapshot {
        let file = identity(&self.path);
        let mut tables = Tables::unread(self.take_up);
        match read_only(&self.path, self.take_up, &mut tables, &mut self.remarks) {
            Ok(mut snapshot) => {
                self.owner.adopt(&mut snapshot);
                (self.tables, self.file) = (tables, file);
                snapshot
            }
            Err(_) => Snapshot::default(),
        }
    }

    /// Sees to it that there is a connection to the file of that name. `changes` are about to be written.
    fn reach_file(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        let present = identity(&self.path);
        let is_same = present.is_some() && present == self.file;
        if is_same && self.link.is_some() {
            self.file = present;
            return Ok(());
        }
        if !is_same {
            self.leave_file();
        }
        let (link, file) = self.connect_like(self.file)?;
        if is_same {
            let prepared = self.tables.prepare(&mut InFile(&link.connection));
            prepared.map_err(|error| explain(&self.path, &error))?;
            self.tables.others_have_written();
            self.link = Some(link);
            return Ok(());
        }
        self.take_up_file(link, file, changes)
    }

    /// The file has been deleted or replaced. What it left beside it must not be taken for the new one's.
    fn leave_file(&mut self) {
        let stale = self.file.map(|file| file.wal);
        self.link = None;
        let wal = beside(&self.path, "-wal");
        if let (Some(stale), Some(present)) = (stale.flatten(), inode(&wal)) {
            if stale == present {
                // What is in them is known here, and is written again.
                let _ = std::fs::remove_file(wal);
                let _ = std::fs::remove_file(beside(&self.path, "-shm"));
            }
        }
    }

    /// Goes on with another file than before: it is owed everything we know, and what only it knows is told.
    fn take_up_file(&mut self, mut link: Link, file: FileIdentity, changes: &[RowChange]) -> Result<(), StoreError> {
        let mut tables = self.tables.of_another_file();
        let loaded = load_tables(&link.connection, &mut tables, &mut self.remarks);
        let (_, version) = loaded.map_err(|error| explain(&self.path, &error))?;
        link.data_version = Some(version);
        let known = self.tables.rows();
        let news = found::unknown_rows(tables.rows(), known.iter().chain(changes), self.take_up, &self.owner);
        self.owed.extend(news.unwanted);
        self.found.append(news.found);
        self.owed.extend(known);
        (self.link, self.file, self.tables) = (Some(link), Some(file), tables);
        Ok(())
    }

    /// The first write makes the log beside the file; later ones need not look for it.
    fn find_log(&mut self) {
        if let Some(file) = self.file.as_mut().filter(|file| file.wal.is_none()) {
            if let Some(present) = identity(&self.path).filter(|present| present == file) {
                *file = present;
            }
        }
    }

    fn write(&mut self, changes: &[RowChange]) -> rusqlite::Result<()> {
        let Some(link) = &mut self.link else { return Ok(()) };
        let transaction = Transaction::new_unchecked(&link.connection, TransactionBehavior::Immediate)?;
        if link.data_version != Some(data_version(&transaction)?) {
            self.tables.others_have_written();
        }
        self.tables.prepare_records(&mut InFile(&transaction))?;
        for change in changes {
            self.tables.write(&mut InFile(&transaction), change)?;
        }
        transaction.commit()?;
        link.count(changes.len());
        Ok(())
    }

    fn look(&mut self) -> rusqlite::Result<ForeignChanges> {
        let Some(link) = &mut self.link else {
            return Ok(ForeignChanges::default());
        };
        if link.data_version == Some(data_version(&link.connection)?) {
            return Ok(ForeignChanges::default());
        }
        // One transaction: its reads and the count are of the same moment.
        let transaction = Transaction::new_unchecked(&link.connection, TransactionBehavior::Deferred)?;
        let version = data_version(&transaction)?;
        let mut changes = self
            .tables
            .changes_of_others(&mut InFile(&transaction), &Extent::ALL, &mut self.remarks)?;
        transaction.commit()?;
        self.owner.adopt_changes(&mut changes);
        link.data_version = Some(version);
        Ok(changes)
    }

    /// What the error means. A connection that it leaves of no use is made anew the next time.
    fn trouble(&mut self, error: &rusqlite::Error) -> StoreError {
        if trouble::spoils_connection(error) {
            self.link = None;
        }
        if trouble::spoils_file(error) {
            // Whatever is there when it can be used again is owed everything, be it under the same number.
            self.file = None;
        }
        explain(&self.path, error)
    }
}

impl Store for SqliteStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        self.reach_file(&[])?;
        let Some(link) = &mut self.link else {
            return Ok(Snapshot::default());
        };
        let loaded = load_tables(&link.connection, &mut self.tables, &mut self.remarks);
        let (mut snapshot, version) = loaded.map_err(|error| explain(&self.path, &error))?;
        self.owner.adopt(&mut snapshot);
        link.data_version = Some(version);
        self.file = identity(&self.path);
        Ok(snapshot)
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        self.reach_file(changes)?;
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
                self.find_log();
                Ok(())
            }
            Err(error) => {
                self.tables.roll_back();
                Err(self.trouble(&error))
            }
        }
    }

    /// Not where a commit waits for the disk.
    fn is_at_hand(&self) -> bool {
        let commits_into_log = self.link.as_ref().is_some_and(|link| link.commits_into_log);
        commits_into_log && self.owed.is_empty() && identity(&self.path) == self.file
    }

    fn has_chores(&self) -> bool {
        self.link.as_ref().is_some_and(Link::has_long_log)
    }

    fn do_chores(&mut self) {
        if let Some(link) = &mut self.link {
            // What keeps the log from getting into the file shows when the log has no room either.
            let _ = link.move_log_into_file();
        }
    }

    fn changes_of_others(&mut self) -> Result<ForeignChanges, StoreError> {
        self.reach_file(&[])?;
        if !self.owed.is_empty() {
            self.apply(&[])?;
        }
        let mut changes = self.look().map_err(|error| self.trouble(&error))?;
        changes.append(std::mem::take(&mut self.found));
        Ok(changes)
    }

    fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
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
    let snapshot = tables.load(&mut InFile(&transaction), remarks)?;
    let version = data_version(&transaction)?;
    transaction.commit()?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok((snapshot, version))
}

/// Reads the tables of a file as they are.
fn read_only(
    path: &Path,
    take_up: TakeUp,
    tables: &mut Tables,
    remarks: &mut Vec<String>,
) -> rusqlite::Result<Snapshot> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    match tables.read(&mut InFile(&connection), remarks) {
        // In WAL mode reading too needs a file beside it; a lone file that nobody can write can be read without.
        Err(error) if trouble::wants_files_beside(&error) && inode(&beside(path, "-wal")).is_none() => {
            let connection = Connection::open_with_flags(file::immutable(path), flags)?;
            *tables = Tables::unread(take_up);
            tables.read(&mut InFile(&connection), remarks)
        }
        read => read,
    }
}
