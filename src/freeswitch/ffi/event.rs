//! Events: built, filled with a channel's data, fired.

use crate::freeswitch::ffi::session::Channel;
use crate::freeswitch::ffi::sys::{self, switch_event_t, switch_event_types_t, switch_status_t};
use crate::freeswitch::ffi::text::{copy_of, take, to_c};
use std::ffi::CStr;
use std::marker::PhantomData;

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

    /// `text` with its `${...}` expanded by the headers, and by what FreeSWITCH knows globally.
    pub fn expand(&self, text: &str) -> String {
        let given = to_c(text);
        // SAFETY: event and string outlive the call; what comes back is the same pointer, or malloc's memory for us.
        let expanded = unsafe { sys::callcenter_event_expand(self.raw, given.as_ptr()) };
        if std::ptr::eq(expanded.cast_const(), given.as_ptr()) {
            return text.to_owned();
        }
        // SAFETY: it is memory for us to free.
        unsafe { take(expanded) }.unwrap_or_default()
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

/// An event that FreeSWITCH hands to one of our subscriptions.
#[derive(Clone, Copy)]
pub struct Heard<'a> {
    raw: *mut switch_event_t,
    alive: PhantomData<&'a switch_event_t>,
}

impl Heard<'_> {
    /// An event FreeSWITCH handed to a callback; none for a null pointer.
    ///
    /// # Safety
    /// `raw` is null or stays alive for `'a`.
    pub unsafe fn borrowed(raw: *mut switch_event_t) -> Option<Self> {
        (!raw.is_null()).then_some(Self {
            raw,
            alive: PhantomData,
        })
    }

    /// The value of a header; empty where there is none.
    pub fn header(self, name: &CStr) -> String {
        // SAFETY: the event is alive, and the value is copied at once.
        unsafe { copy_of(sys::callcenter_event_header(self.raw, name.as_ptr())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::freeswitch::ffi::host::{events_alive, fired, Call};

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn an_event_is_fired_with_its_headers_in_order_and_is_gone_then() {
        let mut event = EventBuilder::callcenter().expect("an event");
        event.add("CC-Queue", "support");
        event.add("CC-Action", "cut\0off");
        event.add("CC-Queue", "again");
        assert_eq!(events_alive(), 1);
        event.fire();
        assert_eq!(events_alive(), 0);
        let [event] = &fired()[..] else { panic!("one event") };
        assert_eq!(event.kind, switch_event_types_t::SWITCH_EVENT_CUSTOM.0);
        assert_eq!(event.subclass.as_deref(), Some("callcenter::info"));
        let expected = [("CC-Queue", "support"), ("CC-Action", "cut"), ("CC-Queue", "again")];
        assert_eq!(event.headers, headers(&expected));
    }

    #[test]
    fn an_event_that_is_not_fired_is_destroyed() {
        drop(EventBuilder::of(switch_event_types_t::SWITCH_EVENT_PRESENCE_IN).expect("an event"));
        assert_eq!((events_alive(), fired().len()), (0, 0));
    }

    #[test]
    fn what_a_channel_says_of_itself_can_be_kept_and_added() {
        let call = Call::parked("says-of-itself");
        let kept = EventBuilder::channel_data(call.session().channel()).expect("an event");
        let mut event = EventBuilder::of(switch_event_types_t::SWITCH_EVENT_PRESENCE_IN).expect("an event");
        event.add("first", "1");
        event.add_event(&kept);
        event.add_channel(call.session().channel());
        event.fire();
        assert_eq!(events_alive(), 1, "the other is kept");
        drop(kept);
        assert_eq!(events_alive(), 0);
        let [event] = &fired()[..] else { panic!("one event") };
        assert_eq!(event.kind, switch_event_types_t::SWITCH_EVENT_PRESENCE_IN.0);
        assert_eq!(event.subclass, None);
        let own = ("Unique-ID", "says-of-itself");
        assert_eq!(event.headers, headers(&[("first", "1"), own, own]));
    }
}
