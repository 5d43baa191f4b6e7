//! The rows in a SQLite file, as stock keeps them.

mod file;
mod in_place;
mod link;
mod medium;
mod trouble;

#[cfg(test)]
pub(super) mod tests;

use super::tables::{unknown_rows, Extent, Owner, Tables};
use super::{Opened, Store, StoreError, TakeUp};
use crate::engine::{ChangesByOthers, RowChange, Snapshot, DEFAULT_INSTANCE};
use file::{beside, companion, identity, FileIdentity};
pub(super) use link::LoneFile;
use link::{configured, connect, data_version, Link, BUSY_TIMEOUT, BUSY_TIMEOUT_WHILE_OPENING};
pub(super) use medium::{value_of, InFile};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
pub(super) use trouble::{explain, vanished};

/// How often a transaction is carried out anew when its file is taken away in the middle of it.
const ATTEMPTS: usize = 2;

/// How many changes that are in the log alone are remembered at most: some ten times as many as it holds before it is brought into the
/// file, unless another program keeps that from happening.
const MOST_IN_LOG: usize = 10_000;

/// The rows in a SQLite file.
///
/// The file is in WAL mode: a change that was applied survives the death of the process, and with
/// `synchronous = FULL` a power cut. A file that is deleted, replaced or overwritten underneath us, or loses its log, is made anew
/// from what we know before anything that was written to it counts as saved; one that cannot be used is tried again with every write.
pub struct SqliteStore {
    path: PathBuf,
    synchronous_full: bool,
    link: Option<Link>,
    /// The file that `tables` is about, however long ago it was last reached.
    file: Option<FileIdentity>,
    /// Nothing has happened to the file since `tables` was read.
    is_known: bool,
    tables: Tables,
    remarks: Vec<String>,
    /// What may be in the log alone, beside the rows of `tables`.
    in_log: Vec<RowChange>,
    /// What a file that was lost held, until it is in the file that has taken its place.
    owed: Vec<RowChange>,
    /// What a file that was reached late holds and nobody has been told of.
    found: ChangesByOthers,
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
        (self.link, self.file, self.is_known) = (Some(link), Some(file), true);
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
            is_known: false,
            in_log: Vec::new(),
            tables: Tables::unread(take_up),
            remarks: Vec::new(),
            owed: Vec::new(),
            found: ChangesByOthers::default(),
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
                (self.tables, self.file, self.is_known) = (tables, file, true);
                snapshot
            }
            Err(_) => Snapshot::default(),
        }
    }

    /// Sees to it that there is a connection to the file of that name. `changes` are about to be written.
    fn reach_file(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        let present = identity(&self.path);
        if self.is_in_use(present) {
            return Ok(());
        }
        let is_same = present.is_some() && present == self.file;
        if is_same && self.is_known && self.link.is_none() {
            return self.reconnect();
        }
        self.leave_file(is_same);
        let (link, file) = if is_same {
            self.connect_to_what_is_left()?
        } else {
            self.connect_like(self.file)?
        };
        self.take_up_file(link, file, is_same, changes)
    }

    /// A connection to the same file as before, which nobody has touched.
    fn reconnect(&mut self) -> Result<(), StoreError> {
        let (link, file) = self.connect_like(self.file)?;
        let prepared = self.tables.prepare(&mut InFile(&link.connection));
        prepared.map_err(|error| explain(&self.path, &error))?;
        self.tables.others_have_written();
        (self.link, self.file) = (Some(link), Some(file));
        self.note_own_writing();
        Ok(())
    }

    /// The file, or what SQLite keeps beside it, has been deleted, replaced or overwritten. What a file that is gone left beside it must
    /// not be taken for that of the new one.
    fn leave_file(&mut self, is_same: bool) {
        self.is_known = false;
        self.part_with_link(false);
        if !is_same && self.has_our_log() {
            // What is in it is known here, and is written again.
            file::remove_beside(&self.path);
        }
    }

    /// A connection to a file whose log was taken away, or that was overwritten. A log of ours that does not fit it is deleted.
    fn connect_to_what_is_left(&self) -> Result<(Link, FileIdentity), StoreError> {
        let mut link = self.connect_and_check();
        if link.as_ref().is_err_and(trouble::is_unfit_log) && self.has_our_log() {
            file::remove_beside(&self.path);
            link = self.connect_and_check();
        }
        let link = link.map_err(|error| explain(&self.path, &error))?;
        let file = identity(&self.path).ok_or_else(|| trouble::vanished(&self.path))?;
        Ok((link, file))
    }

    fn connect_and_check(&self) -> rusqlite::Result<Link> {
        let link = configured(&self.path, self.synchronous_full)?.without_checkpoints()?;
        match link.is_whole() {
            Ok(true) => Ok(link),
            unfit => {
                link.abandon();
                Err(unfit.err().unwrap_or_else(trouble::damaged))
            }
        }
    }

    /// Goes on with another file than before, or with one that has lost something: it is owed everything we know, and what only it
    /// knows is told.
    fn take_up_file(
        &mut self,
        mut link: Link,
        file: FileIdentity,
        is_same: bool,
        changes: &[RowChange],
    ) -> Result<(), StoreError> {
        let mut tables = self.tables.of_another_file();
        let loaded = load_tables(&link.connection, &mut tables, &mut self.remarks);
        let (_, version) = loaded.map_err(|error| explain(&self.path, &error))?;
        link.data_version = Some(version);
        let known = self.tables.rows();
        let in_log = self.in_log.iter().filter(|change| is_same || !change.is_removal());
        let in_log: Vec<RowChange> = in_log.cloned().collect();
        let told = known.iter().chain(changes).chain(&in_log);
        let news = unknown_rows(tables.rows(), told, self.take_up, &self.owner);
        self.owed.extend(news.unwanted);
        self.found.append(news.found);
        // Whoever was deleted and has come back since is among what is known.
        self.owed.extend(in_log);
        self.owed.extend(known);
        if self.file.is_some() {
            self.remarks.push(format!(
                "file {}: it, or what SQLite keeps beside it (-wal, -shm), was deleted, replaced or overwritten while it was in use. \
                 It has been opened anew, and everything known is written into it again. See what does that",
                self.path.display()
            ));
        }
        (self.link, self.file, self.tables, self.is_known) = (Some(link), Some(file), tables, true);
        self.note_own_writing();
        Ok(())
    }

    /// Sees to it that everything known is in the file of that name.
    fn make_whole(&mut self) -> Result<(), StoreError> {
        self.reach_file(&[])?;
        if self.owed.is_empty() {
            return Ok(());
        }
        self.apply(&[])
    }

    /// Writes these changes and what is owed into the file that is reached.
    fn write_owed_and(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
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
                // What was rolled back may have left something in the log.
                self.note_own_writing();
                Err(self.trouble(&error))
            }
        }
    }

    /// What the log alone holds is remembered until it is in the file, as the log may be taken away: rows are known anyhow, records and
    /// what was deleted are not.
    fn remember_log(&mut self, changes: &[RowChange]) {
        let is_lost_with_log = |change: &&RowChange| change.is_removal() || matches!(change, RowChange::CallRecord(_));
        self.in_log.extend(changes.iter().filter(is_lost_with_log).cloned());
        let surplus = self.in_log.len().saturating_sub(MOST_IN_LOG);
        self.in_log.drain(..surplus);
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

    fn look(&mut self) -> rusqlite::Result<ChangesByOthers> {
        let Some(link) = &mut self.link else {
            return Ok(ChangesByOthers::default());
        };
        if link.data_version == Some(data_version(&link.connection)?) {
            return Ok(ChangesByOthers::default());
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
            // Its log may not fit what is in the file.
            self.part_with_link(!trouble::is_damage(error));
        }
        if trouble::spoils_file(error) {
            // Whatever is there when it can be used again is owed everything, be it under the same number.
            self.is_known = false;
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
        self.is_known = true;
        self.note_own_writing();
        Ok(snapshot)
    }

    fn apply(&mut self, changes: &[RowChange]) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            self.reach_file(changes)?;
            self.write_owed_and(changes)?;
            // Whoever deleted the file meanwhile took the changes with it.
            if self.is_in_use(identity(&self.path)) {
                self.remember_log(changes);
                return Ok(());
            }
        }
        Err(trouble::vanished(&self.path))
    }

    /// Not where a commit waits for the disk.
    fn is_at_hand(&self) -> bool {
        let commits_into_log = self.link.as_ref().is_some_and(|link| link.commits_into_log);
        commits_into_log && self.owed.is_empty() && self.is_untouched()
    }

    fn has_chores(&self) -> bool {
        self.link.as_ref().is_some_and(Link::has_long_log)
    }

    fn do_chores(&mut self) {
        // A log that is not this file's any more must not get into it.
        if self.make_whole().is_err() {
            return;
        }
        let Some(link) = &mut self.link else { return };
        // What keeps the log from getting into the file shows when the log has no room either.
        if link.move_log_into_file().unwrap_or_default() {
            self.in_log.clear();
        }
        if let (Some(file), Some(present)) = (&mut self.file, identity(&self.path)) {
            file.content = present.content;
        }
    }

    fn changes_of_others(&mut self) -> Result<ChangesByOthers, StoreError> {
        self.make_whole()?;
        let mut changes = self.look().map_err(|error| self.trouble(&error))?;
        changes.append(std::mem::take(&mut self.found));
        Ok(changes)
    }

    fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }

    fn close(&mut self) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            self.make_whole()?;
            self.part_with_link(true);
            if identity(&self.path).is_some_and(|present| Some(present) == self.file) {
                return Ok(());
            }
        }
        Err(trouble::vanished(&self.path))
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.part_with_link(true);
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
        Err(error) if trouble::wants_files_beside(&error) && companion(&beside(path, "-wal")).is_none() => {
            let connection = Connection::open_with_flags(file::immutable(path), flags)?;
            *tables = Tables::unread(take_up);
            tables.read(&mut InFile(&connection), remarks)
        }
        read => read,
    }
}
