//! Calls a thread that plays to a channel. A caller who waits hears fifty frames a second for minutes, and nearly always there is nothing
//! to ask for: so at each frame the bell is looked at, and the listener is asked only when it has rung.

use std::sync::atomic::{AtomicBool, Ordering};

/// The bell of one thread that plays.
#[derive(Default)]
pub struct Bell(AtomicBool);

impl Bell {
    /// Has the thread ask its listener at the next frame, or as soon as it plays. What was changed before is seen by whoever answers.
    pub fn ring(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// The listener has come: nobody asks any more until the next ring.
    pub fn answer(&self) {
        // A swap, so that it sees what the last who rang had changed, and no ring gets lost between looking and forgetting.
        self.0.swap(false, Ordering::AcqRel);
    }

    /// Whether nobody has answered the last ring.
    pub fn has_rung(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
