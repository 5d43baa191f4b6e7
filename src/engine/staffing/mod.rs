//! Which of a queue's agents could take a caller, now, sooner or later.

pub(super) mod no_agent;
pub(super) mod presence;
pub(super) mod prospects;
