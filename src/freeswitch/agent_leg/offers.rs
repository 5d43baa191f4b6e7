//! Offers that are not bridged yet, and how each is stopped at whatever stage it is in.

use crate::engine::{HangupCause, OfferId};
use crate::freeswitch::ffi::session::{cause_number, named_cause, SessionGuard};
use crate::freeswitch::ffi::sys::switch_call_cause_t;
use crate::freeswitch::talk::bridging::Bridging;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;

/// The offers between ring and bridge.
#[derive(Default)]
pub struct Offers {
    open: Mutex<HashMap<OfferId, Arc<Offer>>>,
}

/// One offer between ring and bridge.
#[derive(Default)]
pub struct Offer {
    /// FreeSWITCH's number for the cause the offer was cancelled with; 0 while it is not.
    cancelled: AtomicU32,
    /// A leg that nobody but a cancel would end: it is up, but not yet handed to the engine.
    unclaimed: Mutex<Option<String>>,
    /// How far its two legs are.
    pub bridging: Bridging,
}

impl Offers {
    /// A new offer.
    pub fn open(&self, id: OfferId) -> Arc<Offer> {
        Arc::clone(self.open.lock().entry(id).or_default())
    }

    /// An offer that may have been opened before.
    pub fn get(&self, id: OfferId) -> Option<Arc<Offer>> {
        self.open.lock().get(&id).cloned()
    }

    /// The offer is bridged or over: from now on a cancel means nothing.
    pub fn close(&self, id: OfferId) {
        self.open.lock().remove(&id);
    }

    /// Cancels all there are.
    pub fn cancel_all(&self, cause: &HangupCause) {
        let all: Vec<_> = self.open.lock().values().cloned().collect();
        for offer in all {
            offer.cancel(cause);
        }
    }
}

impl Offer {
    /// Cancels the offer: an originate stops by itself, before or after it has a channel; a leg on the way to its real channel is
    /// hung up; an announcement stops at the next frame.
    pub fn cancel(&self, cause: &HangupCause) {
        self.cancelled.store(cause_number(cause).0, Ordering::SeqCst);
        let leg = self.unclaimed.lock().clone();
        if let Some(leg) = leg.and_then(|uuid| SessionGuard::locate(&uuid)) {
            leg.channel().hang_up(cause);
        }
    }

    /// The cause the offer was cancelled with.
    pub fn cancelled(&self) -> Option<HangupCause> {
        let number = self.cancelled.load(Ordering::SeqCst);
        (number != 0).then(|| named_cause(switch_call_cause_t(number)))
    }

    /// Where `switch_ivr_originate` looks for a cancel. It only reads there; the pointer is good while the offer is.
    pub fn cancel_pointer(&self) -> *mut switch_call_cause_t {
        self.cancelled.as_ptr().cast()
    }

    /// Names the leg a cancel has to hang up, or none.
    pub fn set_unclaimed(&self, leg: Option<String>) {
        *self.unclaimed.lock() = leg;
    }
}
