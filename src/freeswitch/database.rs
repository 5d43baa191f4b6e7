//! The database the settings name.

use super::server::Server;
use super::sys;
use super::text::{copy_of, to_c};
use crate::core::Settings;
use crate::store::dsn::Named;
use crate::store::{Opened, ServerStore, SqliteStore, Store, TakeUp};
use std::path::PathBuf;

/// Opens the database of these settings and reads its rows. One that cannot be used now is tried again later.
///
/// # Errors
/// In words for the operator, when the settings name nothing that could ever be used.
pub fn open(settings: &Settings, take_up: TakeUp) -> Result<Opened<Box<dyn Store>>, String> {
    match Named::by(settings)? {
        Named::File(name) => {
            let full = settings.sqlite_synchronous_full;
            Ok(SqliteStore::open_or_go_without(&path_of(&name), full, take_up).boxed())
        }
        Named::Server(dsn) => {
            let server = Box::new(Server::named(dsn));
            Ok(ServerStore::open_or_go_without(server, &settings.instance_id, take_up).boxed())
        }
    }
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
