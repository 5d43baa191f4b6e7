//! Lists and figures for lookers-on.

pub(super) mod lists;
pub(super) mod overview;
pub(super) mod statistics;
