//! A talk: how the two legs come together, and how it is learnt that they have parted.

pub mod adoption;
pub mod bridging;
pub mod connect;
pub mod recording;
pub mod state_handlers;
pub mod talks;
pub mod unbridge;
pub mod who_ended;
