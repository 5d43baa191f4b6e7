//! Everything the driver asks of a telephone switch: FreeSWITCH in production, a simulated one in tests; and how what a switch says is
//! read.

mod device_calls;
mod moves;
mod replaces;

pub use device_calls::DeviceCalls;
pub use moves::{moves_from, Move};
pub use replaces::replaced_call;

use crate::engine::{
    Announce, Connect, Event, HangupCause, Hold, Inspection, Notice, OfferId, Presence, QueueLogLine, Release, Ring,
    VariableChange,
};

/// A telephone switch. No method may wait for a call to make progress: long work (originate, bridge) is started
/// and reports back with an [`Input`](crate::engine::Input) through the driver. No method is called while the engine is locked.
pub trait Switch: Send + Sync {
    /// Starts ringing an agent; ends in `OfferAnswered` or `OfferFailed`.
    fn ring(&self, ring: Ring);

    /// Stops an offer, whatever stage it is in: before a channel exists, ringing, answered but not bridged.
    /// For an offer that is over this does nothing.
    fn cancel(&self, offer: OfferId, cause: HangupCause);

    /// Starts bridging member and agent; ends in `OfferBridged` or `BridgeFailed`.
    fn connect(&self, connect: Connect);

    /// Makes a waiting member leave the queue application, which then reports `MemberExit`.
    fn release(&self, release: Release);

    /// Plays something to a waiting member.
    fn announce(&self, announce: Announce);

    /// Has a waiting member wait in another way from now on.
    fn hold(&self, session_uuid: &str, hold: Hold);

    /// Sets or removes variables of a channel; a channel that is gone is no error.
    fn set_variables(&self, session_uuid: &str, changes: &[VariableChange]);

    /// Fires a `CUSTOM callcenter::info` event.
    fn fire_event(&self, event: Event);

    /// Fires a queue's presence.
    fn fire_presence(&self, presence: Presence);

    /// Looks up what the engine believes to be under way, and reports `NotFound` when something is not there.
    fn inspect(&self, inspection: Inspection);

    /// Looks at the standing leg of an agent, and reports `StandingLeg`, now and at each change.
    fn look_at_leg(&self, agent_uuid: &str);

    /// Writes into the queue log; only where the setting `queue-log-file` asks for one.
    fn log_queue(&self, line: QueueLogLine);

    /// Writes to the switch's log.
    fn log(&self, notice: Notice);
}
