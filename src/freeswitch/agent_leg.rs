//! Agents' legs: how one is rung or found, and what is known of its phone.

pub mod calls_back;
pub mod devices;
pub mod exports;
pub mod legs;
pub mod loopback;
pub mod offers;
pub mod ring;
pub mod standby;
pub mod track;
