//! FreeSWITCH's log.

use crate::driver::assert_engine_is_free;
use crate::engine::{Notice, NoticeLevel};
use crate::freeswitch::ffi::sys;
use crate::freeswitch::ffi::text::to_c;
use std::panic::Location;

/// A log level by FreeSWITCH's name.
pub use crate::freeswitch::ffi::sys::switch_log_level_t as Level;

/// Writes a line; `session_uuid` makes it appear in that call's log.
#[track_caller]
pub fn write(level: Level, session_uuid: Option<&str>, text: &str) {
    assert_engine_is_free();
    with_place(|place| {
        let uuid = session_uuid.map(to_c);
        // A caller's name must not be able to write lines of its own.
        let text = to_c(&text.replace(|character: char| character.is_control() && character != '\t', " "));
        // SAFETY: all strings outlive the call, and FreeSWITCH copies what it keeps.
        unsafe { sys::callcenter_log(place, pointer_of(uuid.as_deref()), level, text.as_ptr()) };
    });
}

/// Writes what the engine has to say.
pub fn write_notice(notice: &Notice) {
    let level = match notice.level {
        NoticeLevel::Debug => Level::SWITCH_LOG_DEBUG,
        NoticeLevel::Info => Level::SWITCH_LOG_INFO,
        NoticeLevel::Warning => Level::SWITCH_LOG_WARNING,
        NoticeLevel::Error => Level::SWITCH_LOG_ERROR,
    };
    write(level, notice.session_uuid.as_deref(), &notice.text);
}

/// Something follows the call closely.
#[track_caller]
pub fn debug(session_uuid: Option<&str>, text: &str) {
    write(Level::SWITCH_LOG_DEBUG, session_uuid, text);
}

/// Something is odd.
#[track_caller]
pub fn warning(session_uuid: Option<&str>, text: &str) {
    write(Level::SWITCH_LOG_WARNING, session_uuid, text);
}

/// Something is wrong.
#[track_caller]
pub fn error(session_uuid: Option<&str>, text: &str) {
    write(Level::SWITCH_LOG_ERROR, session_uuid, text);
}

/// Hands the caller's place in our source to a C function that puts it into the log.
#[track_caller]
pub fn with_place<R>(call: impl FnOnce(sys::callcenter_place_t) -> R) -> R {
    let location = Location::caller();
    let file = to_c(location.file());
    let line = i32::try_from(location.line()).unwrap_or(i32::MAX);
    call(sys::callcenter_place_t {
        file: file.as_ptr(),
        line,
    })
}

fn pointer_of(text: Option<&std::ffi::CStr>) -> *const std::ffi::c_char {
    text.map_or(std::ptr::null(), std::ffi::CStr::as_ptr)
}
