//! Everything the driver asks of a telephone switch: FreeSWITCH in production, a simulated one in tests; and how what a switch says is
//! read.

mod device_calls;
mod moves;
mod replaces;

pub use device_calls::DeviceCalls;
pub use moves::{moves_from, Move};
pub use replaces::replaced_call;

use crate::engine::{HangupCause, Output};

/// A telephone switch.
pub trait Switch: Send + Sync {
    /// Does what the engine wants done; each [`Output`] says what, and with which [`Input`](crate::engine::Input) it is answered. Rows
    /// are not among them: they go to the journal. It may not wait for a call to make progress: long work (originate, bridge) is started
    /// and reports back through the driver. It is not called while the engine is locked.
    fn carry_out(&self, output: Output);
}

/// The switch of a box of a cluster.
pub trait BoxSwitch: Switch {
    /// Hangs up the agent of a talk that counts no more, and reports that as its end.
    fn end_talk(&self, agent_uuid: &str, cause: &HangupCause);
}
