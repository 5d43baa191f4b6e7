//! What simulations of boxes share: what goes wrong on a day, and the server that the boxes have in common.

pub mod faults;
pub mod server;
