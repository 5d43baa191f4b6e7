//! The queue log in FreeSWITCH: where its file is, and FreeSWITCH's word that logs have been rotated.

use crate::engine::{Notice, Settings};
use crate::freeswitch::ffi::binding::Binding;
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::event::Heard;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::sys::switch_event_types_t;
use crate::freeswitch::module::files::{given_path, log_directory};
use crate::freeswitch::module::Module;
use crate::store::QueueLogFile;
use std::path::PathBuf;
use std::sync::Arc;

/// The file of these settings; none where they ask for none. A log that cannot be had keeps nobody from calling.
pub fn open(settings: &Settings) -> Option<QueueLogFile> {
    let path = path_of(settings.queue_log_file.as_deref()?);
    let report = Box::new(|notice: Notice| log::write_notice(&notice));
    match QueueLogFile::start(&path, report) {
        Ok(file) => Some(file),
        Err(error) => {
            let text = format!("No thread can be had for the queue log: {error}. Nothing is written into it.");
            log::error(None, &text);
            None
        }
    }
}

/// A path is taken as it is; a bare name is a file in FreeSWITCH's log directory.
fn path_of(name: &str) -> PathBuf {
    given_path(name).unwrap_or_else(|| log_directory().join(name))
}

/// The subscription to signals that FreeSWITCH passes on.
pub struct HangupSignalBinding(#[allow(dead_code, reason = "ends the subscription on drop")] Binding);

impl HangupSignalBinding {
    /// Subscribes.
    pub fn new() -> Option<Self> {
        Binding::new(switch_event_types_t::SWITCH_EVENT_TRAP, on_trap).map(Self)
    }
}

entry!(event on_trap, trapped);

/// A HUP, from `kill -HUP` or `fsctl send_sighup`, is what logrotate sends: FreeSWITCH's own log is opened anew on it, too.
fn trapped(module: &Arc<Module>, event: Heard<'_>) {
    if event.header(c"Trapped-Signal") == "HUP" {
        if let Some(file) = &module.switch.queue_log {
            file.reopen(module.reception.wall());
        }
    }
}
