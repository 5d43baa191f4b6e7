//! The watchdog wakes up when something is under way.

use crate::engine::centre::engine::Engine;
use crate::engine::centre::timers::Timer;
use crate::engine::centre::watch::ROUND;
use crate::engine::vocabulary::time::Timestamp;

impl Engine {
    /// Something is under way from now on.
    pub(in crate::engine) fn watch(&mut self, now: Timestamp) {
        self.watchdog.seen = true;
        if !self.watchdog.awake {
            self.watchdog.awake = true;
            self.timers.set(Timer::WatchRound, now + ROUND);
        }
    }
}
