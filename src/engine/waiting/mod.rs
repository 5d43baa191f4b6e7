//! A caller's way: the door, the line, limits, leaving.

pub(super) mod admission;
pub(super) mod announcements;
pub(super) mod callbacks;
pub(super) mod callers;
mod connecting;
pub(super) mod emptied;
pub(super) mod estimate;
pub(super) mod joining;
pub(super) mod leaving;
pub(super) mod position;
pub(super) mod rings;
pub(super) mod succession;
pub(super) mod time_limits;
