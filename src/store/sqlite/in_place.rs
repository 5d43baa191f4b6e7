//! Whether the files are those of their names, and as this store has left them.
//!
//! SQLite does not ask: it goes on in a file that was deleted, behind the end of a log that was emptied, and dies where the index of the
//! log is mapped and was cut off. So the files are looked at before and after each transaction, by what the file system says of them.

use super::file::{beside, companion, identity, FileIdentity};
use super::link::data_version;
use super::SqliteStore;

impl SqliteStore {
    /// Whether nobody has touched any of the files.
    pub(super) fn is_untouched(&self) -> bool {
        identity(&self.path).zip(self.file).is_some_and(|(present, file)| {
            present.is_in_place_of(&file)
                && present.content == file.content
                && present.beside.have_same_log(&file.beside)
        })
    }

    /// Whether the files the connection writes to are those that are `present` under their names, and hold what it thinks they do.
    pub(super) fn is_in_use(&mut self, present: Option<FileIdentity>) -> bool {
        let (Some(link), Some(file), Some(present)) = (&mut self.link, &mut self.file, present) else {
            return false;
        };
        if !present.is_in_place_of(file) {
            return false;
        }
        if link.has_log && file.content != present.content {
            // Another program has brought the log into the file; SQLite tells if it also wrote. Or something else has overwritten the
            // file, which SQLite does not see.
            let version = data_version(&link.connection).ok();
            if version.is_none() || version == link.data_version {
                return false;
            }
        }
        // A log may be emptied that is in the file as a whole, and another program may be writing to it right now.
        if link.has_log && present.beside.have_lost_log(&file.beside) && !link.is_whole().unwrap_or_default() {
            return false;
        }
        let is_log_changed = !present.beside.have_same_log(&file.beside) && !present.beside.have_empty_log();
        if link.has_log && is_log_changed && !link.has_beginning_of_log(&self.path) {
            return false;
        }
        *file = present;
        true
    }

    /// The log has been written to by this store, outside of what [`SqliteStore::is_in_use`] is asked after.
    pub(super) fn note_own_writing(&mut self) {
        let (Some(file), Some(present)) = (&mut self.file, identity(&self.path)) else {
            return;
        };
        if present.is_in_place_of(file) && !present.beside.have_lost_log(&file.beside) {
            *file = present;
        }
    }

    /// Whether the log of that name is the one this store wrote.
    pub(super) fn has_our_log(&self) -> bool {
        let ours = self.file.and_then(|file| file.beside.log);
        let present = companion(&beside(&self.path, "-wal"));
        ours.zip(present)
            .is_some_and(|(ours, present)| ours.inode == present.inode)
    }

    /// Ends the connection: its log goes into the file where `is_good` and it is still that of the file.
    pub(super) fn part_with_link(&mut self, is_good: bool) {
        let Some(link) = self.link.take() else { return };
        let in_place = |(present, file): (FileIdentity, FileIdentity)| {
            present.is_in_place_of(&file) && !present.beside.have_lost_log(&file.beside)
        };
        if is_good && identity(&self.path).zip(self.file).is_some_and(in_place) {
            drop(link);
        } else {
            link.abandon();
        }
    }
}
