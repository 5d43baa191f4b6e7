//! Who waits, who is free, and in which order.

pub(in crate::engine) mod classes;
pub(in crate::engine) mod free_key;
pub(in crate::engine) mod own_callers;
pub(in crate::engine) mod places;
pub(in crate::engine) mod ranked;
pub(in crate::engine) mod waiting_for;
