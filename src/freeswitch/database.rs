//! The databases the settings name.

mod server;

use crate::engine::{Notice, Settings};
use crate::freeswitch::database::server::Server;
use crate::freeswitch::ffi::log;
use crate::freeswitch::module::files::{database_directory, given_path};
use crate::store::dsn::Named;
use crate::store::{
    FileRecords, Layout, Opened, RecordPlace, RecordingStore, ServerRecords, ServerStore, Spool, SqliteStore, Store,
    TakeUp,
};
use std::path::PathBuf;

/// The file in which call detail records wait for their database, in FreeSWITCH's database directory.
const RECORDS_JOURNAL: &str = "callcenter_cdrs_journal";

/// Opens the database of these settings and reads its rows. One that cannot be used now is tried again later.
///
/// # Errors
/// In words for the operator, when the settings name nothing that could ever be used.
pub fn open(settings: &Settings, take_up: TakeUp) -> Result<Opened<Box<dyn Store>>, String> {
    let rows = database_of(Named::by(settings)?);
    let records = settings
        .keeps_call_records()
        .then(|| Named::of_call_records(settings).map(database_of))
        .transpose()?;
    let full = settings.sqlite_synchronous_full;
    match rows.clone() {
        Database::File(path) => {
            let mut opened = SqliteStore::open_or_go_without(&path, full, &settings.instance_id, take_up);
            if records.as_ref() == Some(&rows) {
                if let Err(trouble) = opened.store.keep_records() {
                    opened.trouble.get_or_insert(trouble);
                }
                return Ok(opened.boxed());
            }
            recording(opened.boxed(), records, settings)
        }
        Database::Server(dsn) => {
            let server = Box::new(Server::named(dsn));
            let opened = ServerStore::open_or_go_without(server, &settings.instance_id, take_up);
            recording(opened.boxed(), records, settings)
        }
    }
}

/// A database by what it is reached by.
#[derive(Clone, PartialEq)]
enum Database {
    File(PathBuf),
    Server(String),
}

fn database_of(named: Named) -> Database {
    match named {
        Named::File(name) => Database::File(path_of(&name)),
        Named::Server(dsn) => Database::Server(dsn),
    }
}

/// The same rows; call detail records go to a database of their own, if there are to be any.
fn recording(
    rows: Opened<Box<dyn Store>>,
    records: Option<Database>,
    settings: &Settings,
) -> Result<Opened<Box<dyn Store>>, String> {
    let (full, layout) = (settings.sqlite_synchronous_full, Layout::of(settings));
    let place: Box<dyn RecordPlace> = match records {
        None => return Ok(rows),
        Some(Database::File(path)) => Box::new(FileRecords::new(&path, full, layout)),
        Some(Database::Server(dsn)) => {
            let server = Box::new(Server::named(dsn));
            Box::new(ServerRecords::new(server, layout, &settings.instance_id))
        }
    };
    let spool = Spool::at(&path_of(RECORDS_JOURNAL), full, settings.cdrs_journal_limit);
    let report = Box::new(|notice: Notice| log::write_notice(&notice));
    let store = RecordingStore::start(rows.store, spool, place, report)
        .map_err(|error| format!("no thread can be had for the call detail records: {error}"))?;
    Ok(Opened {
        store: Box::new(store),
        snapshot: rows.snapshot,
        trouble: rows.trouble,
    })
}

/// A path is taken as it is; a bare name is a file in FreeSWITCH's database directory.
fn path_of(name: &str) -> PathBuf {
    given_path(name).unwrap_or_else(|| database_directory().join(format!("{name}.db")))
}
