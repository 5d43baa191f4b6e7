//! Which of a queue's agents could take a caller, now, sooner or later.

pub(super) mod classes;
pub(super) mod counting;
pub(super) mod no_agent;
pub(super) mod prospects;
pub(super) mod sticky_only;
