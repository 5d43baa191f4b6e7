//! The legs that uuid-standby agents stand on.

use crate::engine::vocabulary::ids::{AgentId, BoxNumber};
use crate::engine::vocabulary::leg_state::LegState;
use std::collections::{BTreeSet, HashMap};

/// The standing legs by their channel.
pub(in crate::engine) type StandingLegs = HashMap<String, StandingLeg>;

/// A standing leg, as far as it is known.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct StandingLeg {
    /// Whose it is. Two agents may be given the same.
    pub owners: BTreeSet<AgentId>,
    /// What was last told of it.
    pub state: LegState,
    /// The box that has it.
    pub at: Option<BoxNumber>,
    /// The owners who are offered a caller, or talk.
    pub serving: BTreeSet<AgentId>,
}
