//! Who watches a run: checkers, statistics, a trace.

use super::caller::{Caller, CallerId};
use super::leg::Leg;
use mod_callcenter::driver::Driver;
use mod_callcenter::engine::{EngineError, Input, OfferId, Output, Reply, Timestamp};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Sees everything that passes between the engine and the world, and takes no part.
pub trait Observer {
    /// An input was handed in and answered. What it caused follows as outputs.
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>);

    /// The engine's deadline was handed in. What it caused follows as outputs.
    fn deadline(&mut self, now: Timestamp);

    /// The engine wants something done.
    fn output(&mut self, now: Timestamp, output: &Output);

    /// Everything the last input or deadline caused has been seen. `Break` ends the run.
    fn settled(&mut self, scene: &Scene<'_>) -> ControlFlow<()>;
}

/// The state of things between two inputs.
pub struct Scene<'a> {
    /// Now.
    pub now: Timestamp,
    /// The driver, for the engine's views.
    pub driver: &'a Driver,
    /// The agents' legs that the switch has.
    pub legs: &'a BTreeMap<OfferId, Leg>,
    /// The callers who are in a queue or talk.
    pub callers: &'a BTreeMap<CallerId, Caller>,
}

/// Nobody watches.
#[derive(Debug, Default, Clone, Copy)]
pub struct Unwatched;

impl Observer for Unwatched {
    fn input(&mut self, _: Timestamp, _: &Input, _: &Result<Reply, EngineError>) {}

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, _: Timestamp, _: &Output) {}

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
