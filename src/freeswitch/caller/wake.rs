//! Wakes a thread that plays to a channel. A caller who waits hears fifty frames a second for minutes, and nearly always there is nothing
//! to ask for: so at each frame one flag is looked at, and the listener is asked only when it is raised.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether one thread that plays is to wake for its listener.
#[derive(Default)]
pub struct Wake(AtomicBool);

impl Wake {
    /// Has the thread ask its listener at the next frame, or as soon as it plays. What was changed before is seen by whoever answers.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// The listener has come: nobody asks any more until it is raised again.
    pub fn answer(&self) {
        // A swap, so that it sees what the last who raised it had changed, and no wake gets lost between looking and forgetting.
        self.0.swap(false, Ordering::AcqRel);
    }

    /// Whether nobody has answered since it was raised.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
