//! What is configured, as written and as meant.

pub(super) mod agent;
pub(super) mod callbacks;
pub(super) mod parameters;
pub(super) mod queue;
pub(super) mod settings;
pub(super) mod tables;
