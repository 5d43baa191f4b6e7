//! The APIs `callcenter_config` and `callcenter_break`: one line in, one text out.

use super::barrier;
use super::module::Module;
use super::sys::{self, switch_core_session_t, switch_status_t, switch_stream_handle_t};
use super::text::{bytes_of, to_c};
use std::ffi::c_char;

/// `callcenter_config`.
pub unsafe extern "C" fn config(
    line: *const c_char,
    _session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    // SAFETY: FreeSWITCH passes a string or null, and a live stream.
    unsafe { answer(line, stream, |module, line| module.console.config_bytes(line)) }
}

/// `callcenter_break`.
pub unsafe extern "C" fn break_agent(
    line: *const c_char,
    _session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    // SAFETY: as in `config`.
    unsafe { answer(line, stream, |module, line| module.console.break_bytes(line)) }
}

/// # Safety
/// `line` is null or a string, `stream` is alive.
unsafe fn answer(
    line: *const c_char,
    stream: *mut switch_stream_handle_t,
    command: impl FnOnce(&Module, &[u8]) -> String,
) -> switch_status_t {
    // SAFETY: by the contract of this function.
    let line = unsafe { bytes_of(line) };
    let fault = "-ERR mod_callcenter is unloading, or met a fault of its own that the log tells of\n".to_owned();
    let text = to_c(&barrier::enter(fault, |module| command(module, line)));
    // SAFETY: the stream is alive and copies the text.
    unsafe { sys::callcenter_stream_write(stream, text.as_ptr()) };
    switch_status_t::SWITCH_STATUS_SUCCESS
}
