//! Waiting for something that happens on other threads.

use std::time::{Duration, Instant};

/// Waits until something holds; how long it took.
pub fn wait_for(what: &str, within: Duration, mut holds: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < within, "{what}: not within {within:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    begun.elapsed()
}
