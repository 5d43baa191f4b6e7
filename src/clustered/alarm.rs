//! The one thread that waits for the next deadline of the engine for all.

use parking_lot::{Condvar, Mutex};
use std::time::Instant;

/// When to wake.
#[derive(Default)]
pub(super) struct Alarm {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    at: Option<Instant>,
    is_over: bool,
}

impl Alarm {
    /// Wakes then, and not before.
    pub fn set(&self, at: Option<Instant>) {
        self.state.lock().at = at;
        self.moved.notify_one();
    }

    /// Calls whenever it is time, until it is over.
    pub fn ring(&self, call: impl Fn()) {
        let mut state = self.state.lock();
        while !state.is_over {
            match state.at {
                Some(at) if at <= Instant::now() => {
                    state.at = None;
                    drop(state);
                    call();
                    state = self.state.lock();
                }
                Some(at) => drop(self.moved.wait_until(&mut state, at)),
                None => self.moved.wait(&mut state),
            }
        }
    }

    /// Nobody is called any more.
    pub fn end(&self) {
        self.state.lock().is_over = true;
        self.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn it_rings_once_for_each_time_it_is_set() {
        let alarm = Alarm::default();
        let (rings, rung) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| alarm.ring(move || rings.send(()).expect("the test listens")));
            alarm.set(Some(Instant::now() + Duration::from_secs(3_600)));
            alarm.set(Some(Instant::now()));
            rung.recv_timeout(Duration::from_secs(20)).expect("it rings");
            assert!(rung.try_recv().is_err());
            alarm.end();
        });
    }
}
