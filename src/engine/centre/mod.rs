//! What the call centre remembers.

pub(super) mod agent;
pub(super) mod line;
pub(super) mod member;
pub(super) mod offer;
pub(super) mod queue;
pub(super) mod random;
pub(super) mod requirement;
pub(super) mod tier;
pub(super) mod timers;
pub(super) mod wall_clock;
