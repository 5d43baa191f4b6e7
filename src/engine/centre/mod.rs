//! What the call centre remembers.

pub(super) mod aftermath;
pub(super) mod agent;
pub(super) mod agent_readiness;
pub(super) mod chats;
pub(super) mod devices;
pub(super) mod engine;
pub(super) mod flow;
pub(super) mod heard;
pub(super) mod line;
pub(super) mod member;
pub(super) mod members_elsewhere;
pub(super) mod missed;
pub(super) mod offer;
pub(super) mod prospects;
pub(super) mod quarters;
pub(super) mod queue;
pub(super) mod random;
pub(super) mod requirement;
pub(super) mod staff;
pub(super) mod standing_legs;
pub(super) mod tallies;
pub(super) mod tier;
pub(super) mod timers;
pub(super) mod wall_clock;
pub(super) mod watch;
