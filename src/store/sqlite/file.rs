//! The file itself: which one it is, who may read it, and what SQLite keeps beside it.

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::os::unix::fs::{chown, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Who may read and write a file that is new: it holds callers' numbers.
const OWNER_ONLY: u32 = 0o600;

/// Which file it is, whatever its name, and who may use it.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileIdentity {
    device: u64,
    inode: u64,
    /// Numbers are given out again: a file of the same number may be another. Not every file system tells.
    born: Option<SystemTime>,
    mode: u32,
    group: u32,
    /// What SQLite keeps beside it.
    pub beside: Beside,
    /// What nobody but a checkpoint changes where there is a log.
    pub content: Content,
}

/// The files that SQLite keeps beside a database as long as it is open: its log, and the index of the log. A commit goes into them, so
/// they have to be the ones that others find under these names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    pub log: Option<Companion>,
    index: Option<Companion>,
}

/// A file beside a database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Companion {
    pub inode: u64,
    pub content: Content,
}

impl Beside {
    /// Whether these are the files that were there before, with nothing cut off the index.
    pub fn are(&self, before: &Self) -> bool {
        let inode = |file: Option<Companion>| file.map(|file| file.inode);
        inode(self.log) == inode(before.log)
            && inode(self.index) == inode(before.index)
            && !self.have_lost_index(before)
    }

    /// Whether something was cut off the index that was there before. SQLite has it mapped into memory: to touch what is missing ends
    /// the process (SIGBUS).
    pub fn have_lost_index(&self, before: &Self) -> bool {
        is_shorter(self.index, before.index)
    }

    /// Whether something was cut off the log that was there before.
    pub fn have_lost_log(&self, before: &Self) -> bool {
        is_shorter(self.log, before.log)
    }

    /// Whether nothing is in the log.
    pub fn have_empty_log(&self) -> bool {
        self.log.is_none_or(|log| log.content.length == 0)
    }

    /// Whether the log is as it was left.
    pub fn have_same_log(&self, before: &Self) -> bool {
        let content = |file: Option<Companion>| file.map(|file| file.content);
        content(self.log) == content(before.log)
    }
}

fn is_shorter(file: Option<Companion>, before: Option<Companion>) -> bool {
    let both = file.zip(before);
    both.is_some_and(|(file, before)| file.inode == before.inode && file.content.length < before.content.length)
}

/// By what it shows that somebody has written to the file itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content {
    pub length: u64,
    written: Option<SystemTime>,
}

impl Content {
    fn of(metadata: &Metadata) -> Self {
        Self {
            length: metadata.len(),
            written: metadata.modified().ok(),
        }
    }
}

impl PartialEq for FileIdentity {
    fn eq(&self, other: &Self) -> bool {
        (self.device, self.inode, self.born) == (other.device, other.inode, other.born)
    }
}

impl FileIdentity {
    /// Whether this is the file that was there before, with its companions.
    pub fn is_in_place_of(&self, before: &Self) -> bool {
        self == before && self.beside.are(&before.beside)
    }
}

/// The file of that name; none when there is none.
pub(super) fn identity(path: &Path) -> Option<FileIdentity> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(FileIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
        born: metadata.created().ok(),
        mode: metadata.mode() & 0o777,
        group: metadata.gid(),
        beside: Beside {
            log: companion(&beside(path, "-wal")),
            index: companion(&beside(path, "-shm")),
        },
        content: Content::of(&metadata),
    })
}

/// Deletes what SQLite keeps beside the database, which does not belong to it any more.
pub(super) fn remove_beside(path: &Path) {
    let _ = std::fs::remove_file(beside(path, "-wal"));
    let _ = std::fs::remove_file(beside(path, "-shm"));
}

/// The file of that name. It is only looked at: whoever opens and closes a file gives back all locks that SQLite has on it.
pub(super) fn companion(path: &Path) -> Option<Companion> {
    std::fs::metadata(path).ok().map(|metadata| Companion {
        inode: metadata.ino(),
        content: Content::of(&metadata),
    })
}

/// The name of a file that SQLite keeps beside the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The name by which SQLite opens a file that nothing changes meanwhile: without locks, and without files beside it.
pub(super) fn immutable(path: &Path) -> String {
    let mut name = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => name.push(char::from(*byte)),
            letter if letter.is_ascii_alphanumeric() => name.push(char::from(*letter)),
            other => name.push_str(&format!("%{other:02x}")),
        }
    }
    name.push_str("?immutable=1");
    name
}

/// Makes an empty file for SQLite to fill, unless there is one. Only its owner may use it, unless it takes the place of one that
/// the site has given to others as well. SQLite gives its -wal and -shm the same permissions.
pub(super) fn create(path: &Path, before: Option<FileIdentity>) -> std::io::Result<()> {
    let mode = before.map_or(OWNER_ONLY, |file| file.mode);
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .open(path);
    match created {
        Ok(file) => {
            if let Some(before) = before {
                // Without the right to give it to the group the owner's is all there can be.
                if chown(path, None, Some(before.group)).is_err() {
                    return File::set_permissions(&file, Permissions::from_mode(OWNER_ONLY));
                }
            }
            // Whatever the umask took away is given back.
            File::set_permissions(&file, Permissions::from_mode(mode))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_any_name_is_found_by_its_immutable_name() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("call centre?#%41.db");
        rusqlite::Connection::open(&path)
            .and_then(|connection| connection.execute_batch("CREATE TABLE t (a)"))
            .expect("a database");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_URI;
        let connection = rusqlite::Connection::open_with_flags(immutable(&path), flags).expect("the same file");
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
            .expect("a count");
        assert_eq!(tables, 1);
    }
}
