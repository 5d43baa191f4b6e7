//! Events: built, filled with a channel's data, fired.

use super::session::Channel;
use super::sys::{self, switch_event_t, switch_event_types_t, switch_status_t};
use super::text::to_c;
use std::ffi::CStr;

/// The subclass of everything the call centre tells.
pub const SUBCLASS: &CStr = c"callcenter::info";

/// An event under construction; destroyed when it is not fired.
pub struct EventBuilder {
    raw: *mut switch_event_t,
}

// SAFETY: an event is plain memory that belongs to whoever holds the builder; FreeSWITCH binds it to no thread.
unsafe impl Send for EventBuilder {}

// SAFETY: whoever only shares an event can only read it: every change takes the builder mutably or as a whole.
unsafe impl Sync for EventBuilder {}

impl EventBuilder {
    /// A `CUSTOM callcenter::info` event.
    pub fn callcenter() -> Option<Self> {
        Self::create(switch_event_types_t::SWITCH_EVENT_CUSTOM, Some(SUBCLASS))
    }

    /// An event of one of FreeSWITCH's own kinds.
    pub fn of(kind: switch_event_types_t) -> Option<Self> {
        Self::create(kind, None)
    }

    /// What a channel says of itself in a `CUSTOM` event, without the headers every event starts with.
    pub fn channel_data(channel: Channel<'_>) -> Option<Self> {
        let mut raw = std::ptr::null_mut();
        // SAFETY: FreeSWITCH writes the new event to the pointer.
        let status = unsafe { sys::callcenter_event_create_bare(&mut raw, switch_event_types_t::SWITCH_EVENT_CUSTOM) };
        let mut event = Self::created(status, raw)?;
        event.add_channel(channel);
        Some(event)
    }

    fn create(kind: switch_event_types_t, subclass: Option<&CStr>) -> Option<Self> {
        let mut raw = std::ptr::null_mut();
        let subclass = subclass.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: FreeSWITCH writes the new event to the pointer and copies the name.
        let status = unsafe { sys::callcenter_event_create(&mut raw, kind, subclass) };
        Self::created(status, raw)
    }

    fn created(status: switch_status_t, raw: *mut switch_event_t) -> Option<Self> {
        (status == switch_status_t::SWITCH_STATUS_SUCCESS && !raw.is_null()).then(|| Self { raw })
    }

    /// The pointer for FreeSWITCH's functions.
    pub fn raw(&mut self) -> *mut switch_event_t {
        self.raw
    }

    /// Appends a header.
    pub fn add(&mut self, name: &str, value: &str) {
        let (name, value) = (to_c(name), to_c(value));
        // SAFETY: the event is ours; FreeSWITCH copies both strings.
        unsafe {
            sys::switch_event_add_header_string(
                self.raw,
                sys::switch_stack_t::SWITCH_STACK_BOTTOM,
                name.as_ptr(),
                value.as_ptr(),
            );
        }
    }

    /// Appends what a channel says of itself.
    pub fn add_channel(&mut self, channel: Channel<'_>) {
        // SAFETY: the channel is alive and the event is ours.
        unsafe { sys::switch_channel_event_set_data(channel.raw(), self.raw) };
    }

    /// Appends the headers of another event.
    pub fn add_event(&mut self, other: &EventBuilder) {
        // SAFETY: both events are alive; FreeSWITCH only reads the other and copies its headers.
        unsafe { sys::switch_event_merge(self.raw, other.raw) };
    }

    /// Hands the event to its subscribers.
    pub fn fire(mut self) {
        // SAFETY: FreeSWITCH takes the event over and clears the pointer, so that drop has nothing left to do.
        unsafe { sys::callcenter_event_fire(&mut self.raw) };
    }
}

impl Drop for EventBuilder {
    fn drop(&mut self) {
        if !self.raw.is_null() {
            // SAFETY: the event is ours and was not handed over.
            unsafe { sys::switch_event_destroy(&mut self.raw) };
        }
    }
}
