//! Callers who wait in the queue application, and how they are let go.

use crate::core::CancelReason;
use parking_lot::{Condvar, Mutex};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

/// The callers who wait, by their channel.
#[derive(Default)]
pub struct Waiting {
    stays: Mutex<HashMap<String, Arc<Stay>>>,
}

/// One caller's stay.
#[derive(Default)]
pub struct Stay {
    reason: Mutex<Option<CancelReason>>,
    released: Condvar,
    /// The queue's announcement cannot be played to this caller.
    mute: AtomicBool,
}

impl Waiting {
    /// A caller comes in; a release may reach the stay from now on, even before anything plays.
    pub fn begin(&self, session_uuid: &str) -> Arc<Stay> {
        let stay = Arc::<Stay>::default();
        self.stays.lock().insert(session_uuid.to_owned(), Arc::clone(&stay));
        stay
    }

    /// The caller has left.
    pub fn end(&self, session_uuid: &str) {
        self.stays.lock().remove(session_uuid);
    }

    /// Tells a caller to go; false when nobody waits on that channel.
    pub fn release(&self, session_uuid: &str, reason: CancelReason) -> bool {
        let stay = self.stay(session_uuid);
        let waits = stay.is_some();
        if let Some(stay) = stay {
            stay.release(reason);
        }
        waits
    }

    /// The stay of the caller who waits on that channel.
    pub fn stay(&self, session_uuid: &str) -> Option<Arc<Stay>> {
        self.stays.lock().get(session_uuid).cloned()
    }

    /// The channels of all who wait.
    pub fn sessions(&self) -> Vec<String> {
        self.stays.lock().keys().cloned().collect()
    }
}

impl Stay {
    fn release(&self, reason: CancelReason) {
        self.reason.lock().get_or_insert(reason);
        self.released.notify_all();
    }

    /// Why the caller has to go, once that is so.
    pub fn reason(&self) -> Option<CancelReason> {
        *self.reason.lock()
    }

    /// Whether announcements are given up.
    pub fn is_mute(&self) -> bool {
        self.mute.load(Ordering::SeqCst)
    }

    /// Gives announcements up.
    pub fn mute(&self) {
        self.mute.store(true, Ordering::SeqCst);
    }

    /// Waits for `time`, or until the caller has to go.
    pub fn pause(&self, time: Duration) {
        let mut reason = self.reason.lock();
        if reason.is_none() {
            self.released.wait_for(&mut reason, time);
        }
    }
}
