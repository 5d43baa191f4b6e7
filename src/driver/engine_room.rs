//! What commands ask of whoever has the engine: a driver, or the box that leads a cluster.

use crate::driver::{Driver, EventMark, Health, Seen};
use crate::engine::{Engine, EngineError, Input, Reply, Timestamp, WallTime};
use crate::store::SaveError;
use std::time::Instant;

/// A look at the engine: the time it lives in, and the last event.
pub type Look<'l> = dyn FnMut(&Engine, Timestamp, EventMark) + 'l;

/// Where the engine is.
pub trait EngineRoom: Send + Sync {
    /// Hands an input to the engine.
    ///
    /// # Errors
    /// When the engine refuses it.
    fn submit(&self, input: Input) -> Result<Reply, EngineError>;

    /// As [`EngineRoom::submit`], and returns only once the rows it has changed would survive the death of the process, or are sure to
    /// before anybody reads the reply.
    ///
    /// # Errors
    /// The outer error says that the change is in effect but not yet saved.
    fn submit_and_save(&self, input: Input) -> Result<Result<Reply, EngineError>, SaveError>;

    /// The same for several inputs that were submitted one by one.
    ///
    /// # Errors
    /// When they are in effect but not yet saved.
    fn wait_until_saved(&self) -> Result<(), SaveError>;

    /// Has the engine looked at, once. It is locked meanwhile: a look copies what it needs and returns.
    fn look(&self, look: &mut Look<'_>);

    /// How it is.
    fn health(&self) -> Health;

    /// The time FreeSWITCH tells.
    fn wall(&self) -> WallTime;
}

impl dyn EngineRoom + '_ {
    /// Looks at the engine.
    ///
    /// # Panics
    /// If the room breaks the promise of [`EngineRoom::look`].
    pub fn view<R>(&self, look: impl FnOnce(&Engine, Timestamp) -> R) -> R {
        self.see(look).value
    }

    /// As `view`, for whoever has to know which events came before.
    ///
    /// # Panics
    /// If the room breaks the promise of [`EngineRoom::look`].
    pub fn see<R>(&self, look: impl FnOnce(&Engine, Timestamp) -> R) -> Seen<R> {
        let (mut look, mut seen) = (Some(look), None);
        self.look(&mut |engine, now, mark| {
            if let Some(look) = look.take() {
                let began = Instant::now();
                let value = look(engine, now);
                let locked = began.elapsed();
                seen = Some(Seen { value, mark, locked });
            }
        });
        seen.expect("a look is looked once")
    }
}

impl EngineRoom for Driver {
    fn submit(&self, input: Input) -> Result<Reply, EngineError> {
        Driver::submit(self, input)
    }

    fn submit_and_save(&self, input: Input) -> Result<Result<Reply, EngineError>, SaveError> {
        Driver::submit_and_save(self, input)
    }

    fn wait_until_saved(&self) -> Result<(), SaveError> {
        Driver::wait_until_saved(self)
    }

    fn look(&self, look: &mut Look<'_>) {
        self.look_at_engine(look);
    }

    fn health(&self) -> Health {
        Driver::health(self)
    }

    fn wall(&self) -> WallTime {
        Driver::wall(self)
    }
}
