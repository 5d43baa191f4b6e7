//! Files that settings name.

use crate::freeswitch::ffi::sys;
use crate::freeswitch::ffi::text::{copy_of, to_c};
use std::ffi::c_char;
use std::path::PathBuf;

/// A path is taken as it is; none for a bare name, which is a file in one of FreeSWITCH's directories.
pub fn given_path(name: &str) -> Option<PathBuf> {
    let given = to_c(name);
    // SAFETY: the string outlives the call.
    let is_path = unsafe { sys::callcenter_is_file_path(given.as_ptr()) } != 0;
    is_path.then(|| PathBuf::from(name))
}

/// FreeSWITCH's directory for databases.
pub fn database_directory() -> PathBuf {
    // SAFETY: FreeSWITCH sets its directories before it loads modules and does not change them afterwards.
    directory(unsafe { sys::SWITCH_GLOBAL_dirs.db_dir })
}

/// FreeSWITCH's directory for logs.
pub fn log_directory() -> PathBuf {
    // SAFETY: as in `database_directory`.
    directory(unsafe { sys::SWITCH_GLOBAL_dirs.log_dir })
}

fn directory(name: *const c_char) -> PathBuf {
    // SAFETY: the callers pass one of FreeSWITCH's own strings, which live as long as the process.
    PathBuf::from(unsafe { copy_of(name) })
}
