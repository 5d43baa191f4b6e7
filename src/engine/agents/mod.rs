//! What commands, calls and phones do to agents.

pub(super) mod by_box;
pub(super) mod chats;
pub(super) mod commands;
pub(super) mod configured;
pub(super) mod devices;
pub(super) mod failures;
pub(super) mod ownership;
pub(super) mod pauses;
pub(super) mod recalls;
pub(super) mod setting;
pub(super) mod standing_legs;
pub(super) mod wrap_up;
