//! FreeSWITCH in unit tests: those of its functions that tests reach, on sessions and events in memory. A test that reaches another one
//! does not link; what FreeSWITCH does with all of them only the tests in `tests/host` can tell.

use crate::freeswitch::ffi::session::Session;
use crate::freeswitch::ffi::sys::{
    self, switch_call_cause_t, switch_channel_flag_t, switch_channel_state_t, switch_channel_t, switch_core_session_t,
    switch_event_t, switch_event_types_t, switch_stack_t, switch_state_handler_table_t, switch_status_t,
};
use parking_lot::Mutex;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

/// A call with its session and channel, for as long as the test has it.
pub struct Call(*mut Inner);

/// What FreeSWITCH's pointers to sessions and channels point at here.
struct Inner {
    uuid: CString,
    /// Read locks that are held.
    locks: AtomicIsize,
    channel: Mutex<ChannelInner>,
}

#[derive(Default)]
struct ChannelInner {
    state: u32,
    running: u32,
    flags: BTreeSet<u32>,
    /// Addresses of the state handlers that are on it.
    tables: Vec<usize>,
}

/// The calls there are: uuid and address.
static CALLS: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

impl Call {
    /// A call that is parked. No two tests may use one uuid.
    pub fn parked(uuid: &str) -> Self {
        let call = Box::into_raw(Box::new(Inner {
            uuid: CString::new(uuid).expect("a uuid has no NUL"),
            locks: AtomicIsize::new(0),
            channel: Mutex::new(ChannelInner::default()),
        }));
        let before = CALLS.lock().insert(uuid.to_owned(), call as usize);
        assert_eq!(before, None, "{uuid} is there already");
        let call = Self(call);
        call.set_states(switch_channel_state_t::CS_PARK, switch_channel_state_t::CS_PARK);
        call
    }

    fn inner(&self) -> &Inner {
        // SAFETY: made in `parked`, and freed on drop.
        unsafe { &*self.0 }
    }

    /// The session, as FreeSWITCH hands it to a callback.
    pub fn session(&self) -> Session<'_> {
        // SAFETY: it lives as long as the call.
        unsafe { Session::borrowed(self.0.cast()) }.expect("not null")
    }

    /// The state the channel is to be in, and the one its thread is in.
    pub fn set_states(&self, wanted: switch_channel_state_t, running: switch_channel_state_t) {
        let mut channel = self.inner().channel.lock();
        (channel.state, channel.running) = (wanted.0, running.0);
    }

    /// Exactly these flags.
    pub fn set_flags(&self, flags: &[switch_channel_flag_t]) {
        self.inner().channel.lock().flags = flags.iter().map(|flag| flag.0).collect();
    }

    /// How many state handlers the channel has.
    pub fn tables(&self) -> usize {
        self.inner().channel.lock().tables.len()
    }

    /// How many read locks are held on the session.
    pub fn locks(&self) -> isize {
        self.inner().locks.load(Ordering::SeqCst)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let uuid = self.inner().uuid.to_string_lossy().into_owned();
        CALLS.lock().remove(&uuid);
        // SAFETY: made in `parked`; nobody finds it any more, and what borrowed it is gone.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// # Safety
/// `raw` is the session or the channel of a [`Call`] that lives.
unsafe fn inner_of<'a, T>(raw: *mut T) -> &'a Inner {
    // SAFETY: passed on to the caller.
    unsafe { &*raw.cast::<Inner>() }
}

/// # Safety
/// `uuid` is a string.
#[no_mangle]
unsafe extern "C" fn switch_core_session_perform_force_locate(
    uuid: *const c_char,
    _file: *const c_char,
    _function: *const c_char,
    _line: c_int,
) -> *mut switch_core_session_t {
    // SAFETY: passed on to the caller.
    let uuid = unsafe { CStr::from_ptr(uuid) }.to_string_lossy();
    let calls = CALLS.lock();
    let Some(call) = calls.get(&*uuid) else {
        return std::ptr::null_mut();
    };
    let call = *call as *mut Inner;
    // SAFETY: it is among the calls, which is locked, so it lives.
    unsafe { inner_of(call) }.locks.fetch_add(1, Ordering::SeqCst);
    call.cast()
}

#[no_mangle]
unsafe extern "C" fn switch_core_session_rwunlock(session: *mut switch_core_session_t) {
    // SAFETY: whoever unlocks a session has locked it.
    unsafe { inner_of(session) }.locks.fetch_sub(1, Ordering::SeqCst);
}

#[no_mangle]
unsafe extern "C" fn switch_core_session_get_uuid(session: *mut switch_core_session_t) -> *mut c_char {
    // SAFETY: the session is a call's.
    unsafe { inner_of(session) }.uuid.as_ptr().cast_mut()
}

#[no_mangle]
unsafe extern "C" fn switch_core_session_get_channel(session: *mut switch_core_session_t) -> *mut switch_channel_t {
    session.cast()
}

#[no_mangle]
unsafe extern "C" fn switch_channel_get_state(channel: *mut switch_channel_t) -> switch_channel_state_t {
    // SAFETY: the channel is a call's.
    switch_channel_state_t(unsafe { inner_of(channel) }.channel.lock().state)
}

#[no_mangle]
unsafe extern "C" fn switch_channel_get_running_state(channel: *mut switch_channel_t) -> switch_channel_state_t {
    // SAFETY: the channel is a call's.
    switch_channel_state_t(unsafe { inner_of(channel) }.channel.lock().running)
}

#[no_mangle]
unsafe extern "C" fn switch_channel_test_flag(channel: *mut switch_channel_t, flag: switch_channel_flag_t) -> u32 {
    // SAFETY: the channel is a call's.
    u32::from(unsafe { inner_of(channel) }.channel.lock().flags.contains(&flag.0))
}

#[no_mangle]
unsafe extern "C" fn switch_channel_add_state_handler(
    channel: *mut switch_channel_t,
    table: *const switch_state_handler_table_t,
) -> c_int {
    // SAFETY: the channel is a call's.
    let tables = &mut unsafe { inner_of(channel) }.channel.lock().tables;
    // As FreeSWITCH does: a table that is there is not added again.
    if !tables.contains(&(table as usize)) {
        tables.push(table as usize);
    }
    tables.len() as c_int
}

#[no_mangle]
unsafe extern "C" fn switch_channel_clear_state_handler(
    channel: *mut switch_channel_t,
    table: *const switch_state_handler_table_t,
) {
    // SAFETY: the channel is a call's.
    let tables = &mut unsafe { inner_of(channel) }.channel.lock().tables;
    tables.retain(|other| *other != table as usize);
}

#[no_mangle]
unsafe extern "C" fn switch_channel_event_set_data(channel: *mut switch_channel_t, event: *mut switch_event_t) {
    // SAFETY: the channel is a call's, and the event one of ours.
    let (call, event) = unsafe { (inner_of(channel), &mut *event.cast::<EventInner>()) };
    let uuid = call.uuid.to_string_lossy().into_owned();
    event.headers.push(("Unique-ID".to_owned(), uuid));
}

/// What FreeSWITCH's pointers to events point at here.
#[repr(C)]
struct EventInner {
    /// FreeSWITCH's own structure comes first: the shim writes the kind of an event there.
    own: switch_event_t,
    subclass: Option<String>,
    headers: Vec<(String, String)>,
}

/// An event that was fired.
#[derive(Debug, PartialEq)]
pub struct Fired {
    /// Its kind.
    pub kind: u32,
    /// Its subclass.
    pub subclass: Option<String>,
    /// Its headers, in order.
    pub headers: Vec<(String, String)>,
}

thread_local! {
    static FIRED: RefCell<Vec<Fired>> = const { RefCell::new(Vec::new()) };
    static EVENTS: AtomicUsize = const { AtomicUsize::new(0) };
}

/// The events that this thread has fired since it was last asked.
pub fn fired() -> Vec<Fired> {
    FIRED.take()
}

/// How many events this thread has made that are neither fired nor destroyed.
pub fn events_alive() -> usize {
    EVENTS.with(|events| events.load(Ordering::SeqCst))
}

/// # Safety
/// `text` is null or a string.
unsafe fn text(text: *const c_char) -> Option<String> {
    // SAFETY: passed on to the caller.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

#[no_mangle]
unsafe extern "C" fn switch_event_create_subclass_detailed(
    _file: *const c_char,
    _function: *const c_char,
    _line: c_int,
    event: *mut *mut switch_event_t,
    kind: switch_event_types_t,
    subclass: *const c_char,
) -> switch_status_t {
    // SAFETY: FreeSWITCH's structure is numbers and pointers, which may be zero.
    let mut own: switch_event_t = unsafe { std::mem::zeroed() };
    own.event_id = kind;
    let made = Box::new(EventInner {
        own,
        // SAFETY: null, or a string of the caller's.
        subclass: unsafe { text(subclass) },
        headers: Vec::new(),
    });
    EVENTS.with(|events| events.fetch_add(1, Ordering::SeqCst));
    // SAFETY: the caller's pointer can be written.
    unsafe { *event = Box::into_raw(made).cast() };
    switch_status_t::SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `event` points at an event of ours, which nobody uses any more.
unsafe fn take_event(event: *mut *mut switch_event_t) -> Box<EventInner> {
    EVENTS.with(|events| events.fetch_sub(1, Ordering::SeqCst));
    // SAFETY: passed on to the caller.
    unsafe { Box::from_raw(std::mem::replace(&mut *event, std::ptr::null_mut()).cast()) }
}

#[no_mangle]
unsafe extern "C" fn switch_event_destroy(event: *mut *mut switch_event_t) {
    // SAFETY: whoever destroys an event owns it.
    drop(unsafe { take_event(event) });
}

#[no_mangle]
unsafe extern "C" fn switch_event_fire_detailed(
    _file: *const c_char,
    _function: *const c_char,
    _line: c_int,
    event: *mut *mut switch_event_t,
    _data: *mut c_void,
) -> switch_status_t {
    // SAFETY: whoever fires an event gives it away.
    let event = unsafe { take_event(event) };
    let fired = Fired {
        kind: event.own.event_id.0,
        subclass: event.subclass,
        headers: event.headers,
    };
    FIRED.with_borrow_mut(|all| all.push(fired));
    switch_status_t::SWITCH_STATUS_SUCCESS
}

#[no_mangle]
unsafe extern "C" fn switch_event_add_header_string(
    event: *mut switch_event_t,
    _stack: switch_stack_t,
    name: *const c_char,
    value: *const c_char,
) -> switch_status_t {
    // SAFETY: the event is one of ours, and the strings the caller's.
    let (event, name, value) = unsafe { (&mut *event.cast::<EventInner>(), text(name), text(value)) };
    event.headers.extend(name.zip(value));
    switch_status_t::SWITCH_STATUS_SUCCESS
}

#[no_mangle]
unsafe extern "C" fn switch_event_merge(event: *mut switch_event_t, other: *mut switch_event_t) {
    // SAFETY: two events of ours.
    let (event, other) = unsafe { (&mut *event.cast::<EventInner>(), &*other.cast::<EventInner>()) };
    event.headers.extend(other.headers.iter().cloned());
}

/// Some causes: FreeSWITCH's name and number.
const CAUSES: [(&CStr, switch_call_cause_t); 4] = [
    (c"NONE", switch_call_cause_t::SWITCH_CAUSE_NONE),
    (c"NORMAL_CLEARING", switch_call_cause_t::SWITCH_CAUSE_NORMAL_CLEARING),
    (c"USER_BUSY", switch_call_cause_t::SWITCH_CAUSE_USER_BUSY),
    (
        c"ORIGINATOR_CANCEL",
        switch_call_cause_t::SWITCH_CAUSE_ORIGINATOR_CANCEL,
    ),
];

#[no_mangle]
unsafe extern "C" fn switch_channel_str2cause(name: *const c_char) -> switch_call_cause_t {
    // SAFETY: a string of the caller's.
    let name = unsafe { CStr::from_ptr(name) };
    let cause = CAUSES.iter().find(|(known, _)| *known == name);
    cause.map_or(switch_call_cause_t::SWITCH_CAUSE_NONE, |(_, number)| *number)
}

#[no_mangle]
unsafe extern "C" fn switch_channel_cause2str(number: switch_call_cause_t) -> *const c_char {
    let cause = CAUSES.iter().find(|(_, known)| *known == number);
    cause.map_or(c"UNKNOWN".as_ptr(), |(name, _)| name.as_ptr())
}

/// Every state a channel may be in.
pub fn states() -> impl Iterator<Item = switch_channel_state_t> {
    (switch_channel_state_t::CS_NEW.0..=sys::switch_channel_state_t::CS_NONE.0).map(switch_channel_state_t)
}
