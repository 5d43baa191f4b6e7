//! Callers who wait in the queue application, and how they are let go.

use crate::engine::{Announce, CancelReason, Hold, Parting};
use crate::freeswitch::caller::wake::Wake;
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
    /// Calls the caller's thread when anything of this has changed.
    pub wake: Wake,
    /// The caller has been released, or talks.
    is_over: AtomicBool,
    reason: Mutex<Option<CancelReason>>,
    /// What comes after the queue.
    parting: Mutex<Option<Parting>>,
    released: Condvar,
    /// How the queue has the caller wait, once it has said so.
    hold: Mutex<Option<Hold>>,
    /// What the caller's thread is to play next.
    announcement: Mutex<Option<Announce>>,
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
    pub fn release(&self, session_uuid: &str, reason: CancelReason, parting: Option<Parting>) -> bool {
        let stay = self.stay(session_uuid);
        let waits = stay.is_some();
        if let Some(stay) = stay {
            stay.release(reason, parting);
        }
        waits
    }

    /// The caller on that channel talks with an agent.
    pub fn note_served(&self, session_uuid: &str) {
        if let Some(stay) = self.stay(session_uuid) {
            stay.end();
        }
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
    fn release(&self, reason: CancelReason, parting: Option<Parting>) {
        let mut known = self.reason.lock();
        if known.is_none() {
            *self.parting.lock() = parting;
            *known = Some(reason);
            self.end();
        }
        drop(known);
        self.released.notify_all();
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        self.wake.raise();
    }

    /// Whether the caller has been released, or talks.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Why the caller has to go, once that is so.
    pub fn reason(&self) -> Option<CancelReason> {
        *self.reason.lock()
    }

    /// What comes after the queue, where it is not for the dialplan to say.
    pub fn parting(&self) -> Option<Parting> {
        self.parting.lock().clone()
    }

    /// The caller has entered, to wait so. What the queue has said meanwhile is newer.
    pub fn hold_at_first(&self, hold: Hold) {
        self.hold.lock().get_or_insert(hold);
    }

    /// The caller is to wait so from now on.
    pub fn hold_otherwise(&self, hold: Hold) {
        *self.hold.lock() = Some(hold);
        self.wake.raise();
    }

    /// How the queue has the caller wait now.
    pub fn hold(&self) -> Hold {
        self.hold.lock().clone().unwrap_or_default()
    }

    /// Has the caller's thread play something.
    pub fn announce(&self, announce: Announce) {
        *self.announcement.lock() = Some(announce);
        self.wake.raise();
    }

    /// What the caller's thread is to play now.
    pub fn take_announcement(&self) -> Option<Announce> {
        self.announcement.lock().take()
    }

    /// Waits for `time`, or until the caller has to go.
    pub fn pause(&self, time: Duration) {
        let mut reason = self.reason.lock();
        if reason.is_none() {
            self.released.wait_for(&mut reason, time);
        }
    }
}
