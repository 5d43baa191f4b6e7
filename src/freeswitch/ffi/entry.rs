//! The functions that FreeSWITCH calls: what it hands over is borrowed for as long as the call lasts, and what is done with it is done
//! behind the barrier.

/// A function that FreeSWITCH calls, by what it hands over. It does what is named on the running module; where there is none (any more),
/// or that panics, FreeSWITCH goes on as if nothing had been asked.
///
/// - `state name, act`: the state of a channel changes; `act(module, session)`.
/// - `event name, act`: an event that is subscribed to; `act(module, event)`.
/// - `application name, act`: a dialplan application; `act(module, session, data)`.
/// - `command name, act`: an API; `act(module, line)` returns what it answers.
macro_rules! entry {
    (state $name:ident, $act:expr) => {
        unsafe extern "C" fn $name(
            session: *mut $crate::freeswitch::ffi::sys::switch_core_session_t,
        ) -> $crate::freeswitch::ffi::sys::switch_status_t {
            use $crate::freeswitch::ffi::sys::switch_status_t;
            // SAFETY: FreeSWITCH passes the session whose state changes, alive during the call.
            let session = unsafe { $crate::freeswitch::ffi::session::Session::borrowed(session) };
            $crate::freeswitch::ffi::barrier::enter(switch_status_t::SWITCH_STATUS_SUCCESS, |module| {
                session.map_or(switch_status_t::SWITCH_STATUS_SUCCESS, |session| {
                    $crate::freeswitch::ffi::entry::Outcome::status($act(module, session))
                })
            })
        }
    };
    (event $name:ident, $act:expr) => {
        unsafe extern "C" fn $name(event: *mut $crate::freeswitch::ffi::sys::switch_event_t) {
            // SAFETY: FreeSWITCH passes an event that is alive during the call.
            if let Some(event) = unsafe { $crate::freeswitch::ffi::event::Heard::borrowed(event) } {
                $crate::freeswitch::ffi::barrier::enter((), |module| $act(module, event));
            }
        }
    };
    (application $name:ident, $act:expr) => {
        /// The application.
        pub unsafe extern "C" fn $name(
            session: *mut $crate::freeswitch::ffi::sys::switch_core_session_t,
            data: *const std::ffi::c_char,
        ) {
            // SAFETY: FreeSWITCH passes the live session that runs the application.
            if let Some(session) = unsafe { $crate::freeswitch::ffi::session::Session::borrowed(session) } {
                // SAFETY: FreeSWITCH passes a string or null.
                let data = unsafe { $crate::freeswitch::ffi::text::copy_of(data) };
                $crate::freeswitch::ffi::barrier::enter((), |module| $act(module, session, &data));
            }
        }
    };
    ($(#[$doc:meta])* command $name:ident, $act:expr) => {
        $(#[$doc])*
        pub unsafe extern "C" fn $name(
            line: *const std::ffi::c_char,
            _session: *mut $crate::freeswitch::ffi::sys::switch_core_session_t,
            stream: *mut $crate::freeswitch::ffi::sys::switch_stream_handle_t,
        ) -> $crate::freeswitch::ffi::sys::switch_status_t {
            // SAFETY: FreeSWITCH passes a string or null.
            let line = unsafe { $crate::freeswitch::ffi::text::bytes_of(line) };
            let fault =
                "-ERR mod_callcenter is unloading, or met a fault of its own that the log tells of\n".to_owned();
            let answer = $crate::freeswitch::ffi::barrier::enter(fault, |module| $act(module, line));
            let answer = $crate::freeswitch::ffi::text::to_c(&answer);
            // SAFETY: FreeSWITCH passes a live stream, which copies the text.
            unsafe { $crate::freeswitch::ffi::sys::callcenter_stream_write(stream, answer.as_ptr()) };
            $crate::freeswitch::ffi::sys::switch_status_t::SWITCH_STATUS_SUCCESS
        }
    };
}

pub(in crate::freeswitch) use entry;

use crate::freeswitch::ffi::sys::switch_status_t;

/// What a state handler answers FreeSWITCH with.
pub trait Outcome {
    /// FreeSWITCH's word for it.
    fn status(self) -> switch_status_t;
}

impl Outcome for () {
    fn status(self) -> switch_status_t {
        switch_status_t::SWITCH_STATUS_SUCCESS
    }
}

/// Whether FreeSWITCH is to go on with what the state is for.
impl Outcome for bool {
    fn status(self) -> switch_status_t {
        match self {
            true => switch_status_t::SWITCH_STATUS_SUCCESS,
            false => switch_status_t::SWITCH_STATUS_FALSE,
        }
    }
}
