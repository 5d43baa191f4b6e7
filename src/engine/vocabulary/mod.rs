//! Words, identities, time: what everybody speaks in.

pub(super) mod ids;
pub(super) mod level_rules;
pub(super) mod ring_end;
pub(super) mod skills;
pub(super) mod time;
pub(super) mod words;
