//! The engine's lock, and the knowledge of each thread that it holds it.

use crate::engine::Engine;
use parking_lot::{Mutex, MutexGuard};
use std::cell::Cell;
use std::ops::{Deref, DerefMut};

thread_local! {
    static HELD: Cell<bool> = const { Cell::new(false) };
}

/// The engine behind its lock.
pub(super) struct EngineLock(Mutex<Engine>);

impl EngineLock {
    /// Puts an engine behind a lock.
    pub fn new(engine: Engine) -> Self {
        Self(Mutex::new(engine))
    }

    /// Waits for the engine.
    pub fn lock(&self) -> Held<'_> {
        assert_free();
        let engine = self.0.lock();
        HELD.set(true);
        Held(engine)
    }
}

/// The engine, for as long as this thread has it.
pub(super) struct Held<'a>(MutexGuard<'a, Engine>);

impl Deref for Held<'_> {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.0
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Engine {
        &mut self.0
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        HELD.set(false);
    }
}

/// In a debug build: this thread does not hold the engine's lock. FreeSWITCH and the database are only called then, for
/// either may wait for another thread that wants the engine.
pub fn assert_free() {
    debug_assert!(
        !HELD.get(),
        "something outside is called, or the engine asked for again, under the engine's lock"
    );
}
