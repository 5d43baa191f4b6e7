//! Sessions and their channels, borrowed for as long as FreeSWITCH keeps them for us.

use crate::driver::assert_engine_is_free;
use crate::engine::HangupCause;
use crate::freeswitch::ffi::sys::{self, switch_core_session_t};
use crate::freeswitch::ffi::text::{copy_of, to_c};
use std::ffi::{c_char, c_void, CString};
use std::marker::PhantomData;
use std::ops::Deref;

mod channel;

pub use channel::{Channel, Course};

/// A session that FreeSWITCH keeps alive while this reference exists: it handed it to one of our callbacks, or a
/// [`SessionGuard`] holds a lock on it.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    raw: *mut switch_core_session_t,
    alive: PhantomData<&'a switch_core_session_t>,
}

/// A session that was looked up, and is given back on drop.
pub struct SessionGuard {
    session: Session<'static>,
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        // SAFETY: the guard took a read lock with the session and gives back that one.
        unsafe { sys::switch_core_session_rwunlock(self.session.raw) };
    }
}

impl Deref for SessionGuard {
    type Target = Session<'static>;

    fn deref(&self) -> &Session<'static> {
        &self.session
    }
}

impl SessionGuard {
    /// The session of a channel that is up.
    pub fn locate(uuid: &str) -> Option<Self> {
        assert_engine_is_free();
        let uuid = to_c(uuid);
        // SAFETY: the string outlives the call; what is returned carries a read lock.
        unsafe { Self::from_locked(sys::callcenter_session_locate(uuid.as_ptr())) }
    }

    /// The session of a channel that may have hung up, as long as FreeSWITCH has not begun to destroy it.
    pub fn locate_even_hungup(uuid: &str) -> Option<Self> {
        assert_engine_is_free();
        let uuid = to_c(uuid);
        // SAFETY: as in `locate`.
        unsafe { Self::from_locked(sys::callcenter_session_locate_hungup(uuid.as_ptr())) }
    }

    /// Takes over a session and the read lock that came with it; none for a null pointer.
    ///
    /// # Safety
    /// `raw` is null, or a session whose read lock the caller holds and no longer gives back itself.
    pub unsafe fn from_locked(raw: *mut switch_core_session_t) -> Option<Self> {
        if raw.is_null() {
            return None;
        }
        let session = Session {
            raw,
            alive: PhantomData,
        };
        Some(Self { session })
    }
}

impl<'a> Session<'a> {
    /// A session FreeSWITCH handed to a callback; none for a null pointer.
    ///
    /// # Safety
    /// `raw` is null or stays alive for `'a`.
    pub unsafe fn borrowed(raw: *mut switch_core_session_t) -> Option<Self> {
        (!raw.is_null()).then_some(Self {
            raw,
            alive: PhantomData,
        })
    }

    /// The pointer for FreeSWITCH's functions.
    pub fn raw(self) -> *mut switch_core_session_t {
        self.raw
    }

    /// The session's uuid.
    pub fn uuid(self) -> String {
        // SAFETY: the session is alive, and its uuid lives as long.
        unsafe { copy_of(sys::switch_core_session_get_uuid(self.raw)) }
    }

    /// The session's channel.
    pub fn channel(self) -> Channel<'a> {
        // SAFETY: a live session has a channel, which lives as long.
        let raw = unsafe { sys::switch_core_session_get_channel(self.raw) };
        Channel {
            raw,
            alive: PhantomData,
        }
    }

    /// Whether the calling thread is the one that runs the channel. A script that made the channel runs applications on its own.
    pub fn is_on_this_thread(self) -> bool {
        // SAFETY: the session is alive.
        unsafe { sys::switch_core_session_in_thread(self.raw) == sys::switch_bool_t::SWITCH_TRUE }
    }

    /// Forgets what others have asked the channel to do meanwhile (stock does so before each sound).
    pub fn flush_private_events(self) {
        // SAFETY: the session is alive.
        unsafe { sys::switch_core_session_flush_private_events(self.raw) };
    }

    /// Sends the channel to FreeSWITCH's park state.
    pub fn park(self) {
        // SAFETY: the session is alive.
        unsafe { sys::switch_ivr_park_session(self.raw) };
    }

    /// Sends the call to another place in the dialplan; false when FreeSWITCH refuses.
    pub fn transfer(self, extension: &str, dialplan: Option<&str>, context: Option<&str>) -> bool {
        let (extension, dialplan, context) = (to_c(extension), dialplan.map(to_c), context.map(to_c));
        let pointer = |text: &Option<CString>| text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr());
        // SAFETY: the session is alive, the strings outlive the call and are copied.
        let status = unsafe {
            sys::switch_ivr_session_transfer(self.raw, extension.as_ptr(), pointer(&dialplan), pointer(&context))
        };
        status == sys::switch_status_t::SWITCH_STATUS_SUCCESS
    }

    /// Sends the channel to one application of the dialplan, after which it ends; false when it has hung up.
    #[track_caller]
    pub fn execute(self, application: &str, data: &str) -> bool {
        let (application, data) = (to_c(application), to_c(data));
        // SAFETY: the session is alive; the strings outlive the call, and FreeSWITCH copies them.
        crate::freeswitch::ffi::log::with_place(|place| unsafe {
            sys::callcenter_session_execute(place, self.raw, application.as_ptr(), data.as_ptr()) != 0
        })
    }

    /// Starts recording the call into a file.
    pub fn record(self, file: &str) {
        let file = to_c(file);
        // SAFETY: the session is alive; FreeSWITCH copies the name and opens the file itself.
        unsafe { sys::switch_ivr_record_session(self.raw, file.as_ptr(), 0, std::ptr::null_mut()) };
    }

    /// Whether the call is being recorded into this file.
    pub fn records(self, file: &str) -> bool {
        let file = to_c(file);
        // SAFETY: the session is alive, the name outlives the call; FreeSWITCH keeps each recording under its file's name.
        let recording = unsafe { sys::switch_channel_get_private(self.channel().raw(), file.as_ptr()) };
        !recording.is_null()
    }

    /// Ends the recording into this file.
    pub fn stop_recording(self, file: &str) {
        let file = to_c(file);
        // SAFETY: the session is alive and the name outlives the call. A recording that has ended by itself is no error.
        unsafe { sys::switch_ivr_stop_record_session(self.raw, file.as_ptr()) };
    }
}

/// The channels that are up and have a variable: of this value, or of any.
pub fn channels_with(variable: &str, value: Option<&str>) -> Vec<String> {
    assert_engine_is_free();
    let (variable, value) = (to_c(variable), value.map(to_c));
    let value = value.as_ref().map_or(std::ptr::null(), |value| value.as_ptr());
    let mut channels = Vec::<String>::new();
    let taker: *mut Vec<String> = &mut channels;
    // SAFETY: the strings and the list outlive the call, and `take_uuid` is given this list only.
    unsafe { sys::callcenter_channels_with(variable.as_ptr(), value, Some(take_uuid), taker.cast()) };
    channels
}

unsafe extern "C" fn take_uuid(taker: *mut c_void, uuid: *const c_char) {
    // SAFETY: `channels_with` passes its list, which nobody else looks at meanwhile, and FreeSWITCH a live string.
    let (channels, uuid) = unsafe { (&mut *taker.cast::<Vec<String>>(), copy_of(uuid)) };
    channels.push(uuid);
}

/// FreeSWITCH's number for a cause; an unknown name counts as a normal end.
pub fn cause_number(cause: &HangupCause) -> sys::switch_call_cause_t {
    let name = to_c(cause.as_str());
    // SAFETY: the string outlives the call.
    let number = unsafe { sys::switch_channel_str2cause(name.as_ptr()) };
    if number == sys::switch_call_cause_t::SWITCH_CAUSE_NONE {
        return sys::switch_call_cause_t::SWITCH_CAUSE_NORMAL_CLEARING;
    }
    number
}

/// The cause behind FreeSWITCH's number.
pub fn named_cause(number: sys::switch_call_cause_t) -> HangupCause {
    // SAFETY: FreeSWITCH has a constant string for every number.
    HangupCause::named(unsafe { copy_of(sys::switch_channel_cause2str(number)) })
}

/// A new uuid in FreeSWITCH's form.
pub fn new_uuid() -> String {
    // FreeSWITCH refuses a buffer of less than 257 bytes, although a uuid has 36.
    let mut buffer = [0_u8; 512];
    // SAFETY: FreeSWITCH writes at most the length given, and ends the string.
    unsafe { sys::switch_uuid_str(buffer.as_mut_ptr().cast(), buffer.len()) };
    let end = buffer.iter().position(|byte| *byte == 0).unwrap_or(0);
    CString::new(buffer.get(..end).unwrap_or_default())
        .map(|text| text.to_string_lossy().into_owned())
        .unwrap_or_default()
}
