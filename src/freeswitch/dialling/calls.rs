//! Calls under way, by what they are made for, and how each is stopped.

use crate::engine::HangupCause;
use crate::freeswitch::ffi::session::{cause_number, named_cause, SessionGuard};
use crate::freeswitch::ffi::sys::switch_call_cause_t;
use parking_lot::Mutex;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;

/// What is under way, each by its id.
pub struct UnderWay<Id, Item> {
    open: Mutex<HashMap<Id, Arc<Item>>>,
}

impl<Id, Item> Default for UnderWay<Id, Item> {
    fn default() -> Self {
        Self { open: Mutex::default() }
    }
}

impl<Id: Eq + Hash, Item: Default + Borrow<Call>> UnderWay<Id, Item> {
    /// One that is new, or was opened before.
    pub fn open(&self, id: Id) -> Arc<Item> {
        Arc::clone(self.open.lock().entry(id).or_default())
    }

    /// One that may have been opened before.
    pub fn get(&self, id: Id) -> Option<Arc<Item>> {
        self.open.lock().get(&id).cloned()
    }

    /// It is over: from now on a cancel means nothing.
    pub fn close(&self, id: Id) {
        self.open.lock().remove(&id);
    }

    /// Cancels all there are.
    pub fn cancel_all(&self, cause: &HangupCause) {
        let all: Vec<_> = self.open.lock().values().cloned().collect();
        for item in all {
            let call: &Call = (*item).borrow();
            call.cancel(cause);
        }
    }
}

/// One call, from before it is made until somebody else sees to its end.
#[derive(Default)]
pub struct Call {
    /// FreeSWITCH's number for the cause the call was cancelled with; 0 while it is not.
    cancelled: AtomicU32,
    /// A leg that nobody but a cancel would end: it is up, but not yet handed to the engine.
    unclaimed: Mutex<Option<String>>,
}

impl Call {
    /// Cancels the call: an originate stops by itself, before or after it has a channel; a leg on the way to its real channel is
    /// hung up; an announcement stops at the next frame.
    pub fn cancel(&self, cause: &HangupCause) {
        self.cancelled.store(cause_number(cause).0, Ordering::SeqCst);
        let leg = self.unclaimed.lock().clone();
        if let Some(leg) = leg.and_then(|uuid| SessionGuard::locate(&uuid)) {
            leg.channel().hang_up(cause);
        }
    }

    /// The cause the call was cancelled with.
    pub fn cancelled(&self) -> Option<HangupCause> {
        let number = self.cancelled.load(Ordering::SeqCst);
        (number != 0).then(|| named_cause(switch_call_cause_t(number)))
    }

    /// Where `switch_ivr_originate` looks for a cancel. It only reads there; the pointer is good while the call is.
    pub fn cancel_pointer(&self) -> *mut switch_call_cause_t {
        self.cancelled.as_ptr().cast()
    }

    /// Names the leg a cancel has to hang up, or none.
    pub fn set_unclaimed(&self, leg: Option<String>) {
        *self.unclaimed.lock() = leg;
    }
}
