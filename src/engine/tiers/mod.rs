//! What commands, skills and calls do to tiers.

pub(super) mod by_skill;
pub(super) mod commands;
pub(super) mod of_call;
pub(super) mod pauses;
