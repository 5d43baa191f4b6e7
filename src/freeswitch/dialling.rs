//! Calls that this module makes, to agents and to whoever is called back: how one is made, refused, and stopped at whatever stage it is in.

pub mod calls;
pub mod originate;
pub mod refusal;
