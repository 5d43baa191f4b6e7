//! What tables keep.

pub(super) mod agent;
pub(super) mod agent_limits;
