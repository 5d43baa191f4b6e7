//! Which file the setting `dbname` means.

use super::sys;
use super::text::{copy_of, to_c};
use crate::core::Settings;
use std::path::PathBuf;

/// The SQLite file of these settings, found as FreeSWITCH's own database layer finds it.
///
/// # Errors
/// In words for the operator, when the settings name a database that is not SQLite.
pub fn sqlite_file(settings: &Settings) -> Result<PathBuf, String> {
    if settings.odbc_dsn.as_deref().is_some_and(|dsn| !dsn.is_empty()) {
        return Err(
            "odbc-dsn is not supported by this version yet: remove it from callcenter.conf.xml to use SQLite (dbname), or keep \
             the stock module"
                .to_owned(),
        );
    }
    let name = strip_scheme(&settings.dbname, "sqlite://");
    if is_server(name) {
        return Err(format!(
            "dbname is '{}', which names a database server; this version keeps its state in SQLite: give a file's name or path",
            settings.dbname
        ));
    }
    Ok(path_of(name))
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> &'a str {
    match text.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => text.get(scheme.len()..).unwrap_or_default(),
        _ => text,
    }
}

/// FreeSWITCH takes `scheme://...` and `name:user:password` for a server.
fn is_server(name: &str) -> bool {
    name.contains("://") || name.get(2..).is_some_and(|rest| rest.contains(':'))
}

/// A path is taken as it is; a bare name is a file in FreeSWITCH's database directory.
fn path_of(name: &str) -> PathBuf {
    let given = to_c(name);
    // SAFETY: the string outlives the call.
    if unsafe { sys::callcenter_is_file_path(given.as_ptr()) } != 0 {
        return PathBuf::from(name);
    }
    // SAFETY: FreeSWITCH sets its directories before it loads modules and does not change them afterwards.
    let directory = unsafe { copy_of(sys::SWITCH_GLOBAL_dirs.db_dir) };
    PathBuf::from(directory).join(format!("{name}.db"))
}
