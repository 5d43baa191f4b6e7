//! The file itself: which one it is, who may read it, and what SQLite keeps beside it.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, Permissions};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beside {
    pub log: Option<u64>,
    index: Option<u64>,
}

/// By what it shows that somebody has written to the file itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content {
    length: u64,
    written: Option<SystemTime>,
}

impl PartialEq for FileIdentity {
    fn eq(&self, other: &Self) -> bool {
        (self.device, self.inode, self.born) == (other.device, other.inode, other.born)
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
            log: inode(&beside(path, "-wal")),
            index: inode(&beside(path, "-shm")),
        },
        content: Content {
            length: metadata.len(),
            written: metadata.modified().ok(),
        },
    })
}

/// Deletes what SQLite keeps beside the database, which does not belong to it any more.
pub(super) fn remove_beside(path: &Path) {
    let _ = std::fs::remove_file(beside(path, "-wal"));
    let _ = std::fs::remove_file(beside(path, "-shm"));
}

/// The number of the file of that name.
pub(super) fn inode(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|metadata| metadata.ino())
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
