//! An agent's leg: what one offer has made in the switch.

use super::caller::CallerId;

/// An agent's leg.
#[derive(Debug, Clone)]
pub struct Leg {
    /// The caller it is for; none while somebody is still to be called back.
    pub caller: Option<CallerId>,
    /// The agent.
    pub agent: String,
    /// The leg's channel.
    pub agent_uuid: String,
    /// Whether the leg outlives the offer (uuid-standby).
    pub standing: bool,
    /// How far it is.
    pub stage: Stage,
}

/// How far an agent's leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The phone rings, or is about to.
    Ringing,
    /// The agent has answered.
    Answered,
    /// The agent has answered and hung up again; the switch has not noticed yet.
    Vanished,
    /// Agent and caller hear each other.
    Bridged,
}
