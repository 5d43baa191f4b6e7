//! Calling back those who have asked for it: dialling, the key by which a person takes the call, and the way to the place that is kept.

pub mod confirm;
pub mod dial;
