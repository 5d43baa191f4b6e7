//! Database servers through FreeSWITCH's own handles, so that every server FreeSWITCH can talk to serves the call centre.

use crate::freeswitch::ffi::sys::{self, switch_bool_t, switch_status_t};
use crate::freeswitch::ffi::text::{from_c, take, to_c};
use crate::store::dsn::{password, without_password};
use crate::store::{SqlConnection, SqlConnector, SqlRow};
use std::ffi::{c_char, c_int, c_void, CString};
use std::thread::ThreadId;

/// FreeSWITCH sends longer statements in pieces.
const LONGEST_STATEMENT: usize = 32_000;

/// A server, as the settings name it.
pub struct Server {
    dsn: String,
    held: Option<Held>,
}

/// A handle of FreeSWITCH, which only the thread that got it may use and give back. It is kept: getting one takes a lock that
/// FreeSWITCH holds while it unloads a module, and then there may still be something to be written.
struct Held {
    handle: *mut sys::switch_cache_db_handle_t,
    by: ThreadId,
}

// SAFETY: the handle is touched only on the thread that got it, which is compared each time.
unsafe impl Send for Held {}

impl Server {
    /// The server of that name.
    pub fn named(dsn: String) -> Self {
        Self { dsn, held: None }
    }

    fn get(&self) -> Result<Held, String> {
        if let Some(missing) = self.missing() {
            return Err(missing);
        }
        let name = to_c(&self.dsn);
        let mut handle = std::ptr::null_mut();
        let (file, function) = (c"mod_callcenter".as_ptr(), c"connect".as_ptr());
        // A driver's module that is unloaded before us, as FreeSWITCH may do when it stops, takes its connections with it.
        let stays = switch_bool_t::SWITCH_TRUE;
        // SAFETY: the strings outlive the call, and there is a place for the handle.
        let made =
            unsafe { sys::_switch_cache_db_get_db_handle_dsn_ex(&mut handle, name.as_ptr(), stays, file, function, 0) };
        if made != switch_status_t::SWITCH_STATUS_SUCCESS || handle.is_null() {
            return Err(
                "cannot connect: see the driver's words in the log, and whether the server runs, and the host, user and password \
                 in odbc-dsn"
                    .to_owned(),
            );
        }
        let by = std::thread::current().id();
        Ok(Held { handle, by })
    }

    /// What is missing in FreeSWITCH for a server of this kind.
    fn missing(&self) -> Option<String> {
        let name = to_c(&self.dsn);
        // SAFETY: the name outlives the call, which only reads it.
        let available = unsafe { sys::switch_database_available(name.as_ptr().cast_mut()) };
        if available == switch_status_t::SWITCH_STATUS_SUCCESS {
            return None;
        }
        let (scheme, _) = self.dsn.split_once("://").unwrap_or(("odbc", ""));
        Some(match scheme.to_ascii_lowercase().as_str() {
            "odbc" => "this FreeSWITCH was built without ODBC. Use pgsql:// or mariadb://, or a FreeSWITCH with ODBC".to_owned(),
            "pgsql" | "postgres" | "postgresql" => not_loaded("mod_pgsql"),
            "mariadb" | "maria" | "mysql" => not_loaded("mod_mariadb"),
            _ => format!(
                "no module of FreeSWITCH serves {scheme}://. Load the one that does before mod_callcenter, or correct odbc-dsn"
            ),
        })
    }
}

fn not_loaded(module: &str) -> String {
    format!("{module} is not loaded. Put <load module=\"{module}\"/> into pre_load_modules.conf.xml")
}

impl SqlConnector for Server {
    fn name(&self) -> String {
        without_password(&self.dsn)
    }

    fn connect(&mut self) -> Result<Box<dyn SqlConnection + '_>, String> {
        let held = match self.held.take() {
            Some(held) if held.is_ours() => held,
            _ => self.get()?,
        };
        let handle = held.handle;
        self.held = Some(held);
        let secret = password(&self.dsn).unwrap_or_default();
        Ok(Box::new(Handle { handle, secret }))
    }

    fn release(&mut self) {
        self.held = None;
    }
}

impl Held {
    fn is_ours(&self) -> bool {
        self.by == std::thread::current().id()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.is_ours() {
            // SAFETY: the handle was got on this thread, and nobody has given it back.
            unsafe { sys::switch_cache_db_release_db_handle(&mut self.handle) };
        }
    }
}

/// The handle in use.
struct Handle<'s> {
    handle: *mut sys::switch_cache_db_handle_t,
    /// The password, which is taken out of messages.
    secret: &'s str,
}

impl Handle<'_> {
    fn outcome(&self, status: switch_status_t, error: *mut c_char) -> Result<(), String> {
        // SAFETY: FreeSWITCH leaves null here, or a message from malloc that is ours to free.
        let error = unsafe { take(error) }.filter(|error| !error.trim().is_empty());
        match error {
            Some(error) if self.secret.is_empty() => Err(error),
            Some(error) => Err(error.replace(self.secret, "***")),
            None if status == switch_status_t::SWITCH_STATUS_SUCCESS => Ok(()),
            None => Err("the statement failed; see the driver's words in the log".to_owned()),
        }
    }
}

fn statement(sql: &str) -> Result<CString, String> {
    if sql.len() > LONGEST_STATEMENT {
        return Err(format!("a statement of {} bytes is too long", sql.len()));
    }
    Ok(to_c(sql))
}

impl SqlConnection for Handle<'_> {
    fn execute(&mut self, sql: &str) -> Result<(), String> {
        let sql = statement(sql)?;
        let mut error = std::ptr::null_mut();
        // SAFETY: the handle is alive and locked by this thread; the statement is short enough to be only read.
        let status = unsafe { sys::switch_cache_db_execute_sql(self.handle, sql.as_ptr().cast_mut(), &mut error) };
        self.outcome(status, error)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
        let sql = statement(sql)?;
        let mut error = std::ptr::null_mut();
        let mut rows: Vec<SqlRow> = Vec::new();
        let place: *mut c_void = (&raw mut rows).cast();
        // SAFETY: as in `execute`; `collect` is called with `place` before this returns, and not afterwards.
        let status = unsafe {
            sys::switch_cache_db_execute_sql_callback(self.handle, sql.as_ptr(), Some(collect), place, &mut error)
        };
        self.outcome(status, error).map(|()| rows)
    }
}

/// Adds a row to those at `place`.
///
/// # Safety
/// `place` is a `Vec<SqlRow>` that nobody else uses, and there are `count` strings or nulls at `values`.
unsafe extern "C" fn collect(
    place: *mut c_void,
    count: c_int,
    values: *mut *mut c_char,
    _names: *mut *mut c_char,
) -> c_int {
    let count = usize::try_from(count).unwrap_or_default();
    // SAFETY: by the contract of this function; reading what is copied at once.
    let row = (0..count).map(|index| unsafe { from_c(*values.add(index)) }.map(|text| text.into_owned()));
    let row: SqlRow = row.collect();
    // SAFETY: by the contract of this function.
    unsafe { (*place.cast::<Vec<SqlRow>>()).push(row) };
    0
}
