//! Outputs on their way from the engine to the switch, in the engine's order.

use crate::core::Output;
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Outputs that wait to be carried out.
#[derive(Default)]
pub(super) struct Outbox {
    state: Mutex<State>,
    progress: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Output>,
    appended: u64,
    carried_out: u64,
    dispatching: bool,
}

impl Outbox {
    /// Appends outputs and returns the number of the last one ever appended.
    pub fn append(&self, outputs: Vec<Output>) -> u64 {
        let mut state = self.state.lock();
        state.appended += outputs.len() as u64;
        state.waiting.extend(outputs);
        state.appended
    }

    /// Carries out everything that waits, unless another thread is doing so already (it will see these too).
    pub fn drain(&self, perform: impl Fn(Output)) {
        let mut state = self.state.lock();
        if state.dispatching {
            return;
        }
        state.dispatching = true;
        let mut turn = DispatchTurn {
            outbox: self,
            finished: false,
        };
        while let Some(output) = state.waiting.pop_front() {
            drop(state);
            perform(output);
            state = self.state.lock();
            state.carried_out += 1;
            self.progress.notify_all();
        }
        state.dispatching = false;
        turn.finished = true;
    }

    /// Waits until output `number` has been carried out, or `patience` is over.
    pub fn wait_for(&self, number: u64, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut state = self.state.lock();
        while state.carried_out < number {
            if self.progress.wait_until(&mut state, deadline).timed_out() {
                return;
            }
        }
    }
}

/// Gives the turn back even when carrying out an output panics, so that the next input dispatches again.
struct DispatchTurn<'a> {
    outbox: &'a Outbox,
    finished: bool,
}

impl Drop for DispatchTurn<'_> {
    fn drop(&mut self) {
        if !self.finished {
            let mut state = self.outbox.state.lock();
            state.dispatching = false;
            state.carried_out += 1;
        }
    }
}
