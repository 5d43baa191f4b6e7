//! SQLite's errors in words that tell the operator what to do.

use crate::store::StoreError;
use rusqlite::ErrorCode;
use std::io::ErrorKind;
use std::path::Path;

/// Whether a new connection has to be tried: the old one would go on failing even when the trouble is over.
pub(super) fn spoils_connection(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::CannotOpen
                | ErrorCode::NotADatabase
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::SystemIoFailure
        )
    )
}

/// Whether SQLite could not make what it needs beside the file.
pub(super) fn wants_files_beside(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)
    )
}

/// Whether what the file holds, with its log, makes no sense.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// Whether the log does not fit the file: what they hold makes no sense, or the log ends before what its index says. The latter is so
/// where a log was emptied that another program has open as well.
pub(super) fn is_unfit_log(error: &rusqlite::Error) -> bool {
    let ends_early = matches!(error, rusqlite::Error::SqliteFailure(failure, _)
        if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ);
    is_damage(error) || ends_early
}

/// Whether nothing in the file can be relied on any more.
pub(super) fn spoils_file(error: &rusqlite::Error) -> bool {
    is_damage(error) || error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure)
}

/// What SQLite's error means for this file.
pub(in crate::store) fn explain(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.display();
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds a lock on it. Close that program, or let it end its transaction"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            "it is read-only. Let the user FreeSWITCH runs as write the file and its directory"
        }
        Some(ErrorCode::CannotOpen) => {
            "it cannot be opened. Let the user FreeSWITCH runs as read and write the file and its directory"
        }
        Some(ErrorCode::NotADatabase) => {
            "it is not a SQLite database. Correct the setting dbname, or move the file away, with its -wal and -shm, and a new one is made"
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            "it is damaged. Put a backup in its place, or move it away, with its -wal and -shm, and a new one is made"
        }
        Some(ErrorCode::DiskFull) => "the disk is full. Free some space",
        Some(ErrorCode::SystemIoFailure) => "the disk reported an error. Check the disk and the system's log",
        _ => "SQLite reported an error",
    };
    StoreError(format!(
        "The call-centre database {path} cannot be used: {advice}. ({error})"
    ))
}

/// What a file system's error means for this file.
pub(super) fn explain_io(path: &Path, error: &std::io::Error) -> StoreError {
    let shown = path.display();
    let advice = match error.kind() {
        ErrorKind::NotFound => "its directory does not exist. Make the directory, or correct the setting dbname",
        ErrorKind::PermissionDenied => {
            "it may not be made. Let the user FreeSWITCH runs as write that directory, or correct the setting dbname"
        }
        _ => "it cannot be made. Correct the setting dbname, or what the error names",
    };
    StoreError(format!(
        "The call-centre database {shown} cannot be used: {advice}. ({error})"
    ))
}

/// The file was there a moment ago, or what SQLite keeps beside it.
pub(in crate::store) fn vanished(path: &Path) -> StoreError {
    StoreError(format!(
        "The call-centre database {} cannot be used: it, or its -wal or -shm, vanished while it was in use. See what deletes it.",
        path.display()
    ))
}

/// What the file and its log hold does not fit together.
pub(super) fn damaged() -> rusqlite::Error {
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(corrupt, Some("its parts do not fit together".to_owned()))
}
