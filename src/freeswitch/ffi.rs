//! FreeSWITCH's functions, layouts and constants, and what makes them safe to use: sessions and events that are borrowed, text that
//! crosses the border, the barrier that every call from outside comes through.

pub mod barrier;
pub mod binding;
pub mod entry;
pub mod event;
pub mod hooks;
#[cfg(test)]
pub mod host;
pub mod log;
pub mod session;
pub mod sys;
pub mod text;
pub mod time;
