//! Subscriptions to FreeSWITCH's events.

use crate::freeswitch::ffi::sys::{self, switch_event_node_t, switch_event_t, switch_event_types_t, switch_status_t};
use std::ffi::CStr;

/// A subscription to one kind of event, ended on drop.
pub struct Binding {
    node: *mut switch_event_node_t,
}

// SAFETY: the node is only handed back to FreeSWITCH, which locks its own lists.
unsafe impl Send for Binding {}

impl Binding {
    /// Has `handler` called for every event of that kind.
    pub fn new(kind: switch_event_types_t, handler: unsafe extern "C" fn(*mut switch_event_t)) -> Option<Self> {
        const OWNER: &CStr = c"mod_callcenter";
        let mut node = std::ptr::null_mut();
        // SAFETY: the handler is a function of this module and stays loaded until the binding is dropped.
        let status = unsafe {
            sys::switch_event_bind_removable(
                OWNER.as_ptr(),
                kind,
                std::ptr::null(),
                Some(handler),
                std::ptr::null_mut(),
                &mut node,
            )
        };
        (status == switch_status_t::SWITCH_STATUS_SUCCESS).then(|| Self { node })
    }
}

impl Drop for Binding {
    fn drop(&mut self) {
        // SAFETY: the node is the one FreeSWITCH gave; it waits for handlers that run.
        unsafe { sys::switch_event_unbind(&mut self.node) };
    }
}
