//! The board: what a call centre of FreeSWITCH does, live in browsers, and its figures for Prometheus.
//!
//! One way through: `link` holds the connection to each FreeSWITCH and hands each `snapshot` it reads to the `hub`; `views` say what of it
//! pages show; `hub` tells those who watch what is new; `web` has the routes. Nobody but `link` talks to FreeSWITCH.

pub mod boxes;
pub mod cluster;
pub mod commands;
pub mod hub;
pub mod link;
pub mod masking;
pub mod metrics;
pub mod options;
pub mod settings;
pub mod snapshot;
pub mod stock;
pub mod tokens;
pub mod views;
pub mod web;

/// Milliseconds since 1970, by the clock of this machine.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
