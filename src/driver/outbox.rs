//! Outputs on their way from the engine to the switch, in the engine's order.

use crate::engine::Output;
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Outputs that wait to be carried out.
#[derive(Default)]
pub(super) struct Outbox {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Output>,
    appended: u64,
    carried_out: u64,
    dispatching: bool,
    waiters: Vec<Waiter>,
}

/// A thread that waits for an output to be carried out. Each has a bell of its own: when many wait, an output wakes only those
/// who wait for it.
struct Waiter {
    number: u64,
    bell: Arc<Condvar>,
}

impl State {
    /// One more output has been carried out.
    fn advance(&mut self) {
        self.carried_out += 1;
        let carried_out = self.carried_out;
        self.waiters.retain(|waiter| {
            let waits_on = waiter.number > carried_out;
            if !waits_on {
                waiter.bell.notify_one();
            }
            waits_on
        });
    }
}

impl Outbox {
    /// Appends outputs and returns the number of the last one ever appended. They go straight into the queue, whose room is
    /// used again and again.
    pub fn append(&self, outputs: impl Iterator<Item = Output>) -> u64 {
        let mut state = self.state.lock();
        let before = state.waiting.len();
        state.waiting.extend(outputs);
        state.appended += (state.waiting.len() - before) as u64;
        state.appended
    }

    /// How many outputs wait.
    pub fn waiting(&self) -> usize {
        self.state.lock().waiting.len()
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
            state.advance();
        }
        state.dispatching = false;
        turn.finished = true;
    }

    /// Waits until output `number` has been carried out, or `patience` is over.
    pub fn wait_for(&self, number: u64, patience: Duration) {
        let mut state = self.state.lock();
        if state.carried_out >= number {
            return;
        }
        let deadline = Instant::now() + patience;
        let bell = Arc::<Condvar>::default();
        state.waiters.push(Waiter {
            number,
            bell: Arc::clone(&bell),
        });
        while state.carried_out < number {
            if bell.wait_until(&mut state, deadline).timed_out() {
                state.waiters.retain(|waiter| !Arc::ptr_eq(&waiter.bell, &bell));
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
            state.advance();
        }
    }
}
