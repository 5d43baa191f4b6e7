//! What a scenario's file needs to become a configuration, with the simulator's phones in place of real ones.

#[path = "../host/harness/call_centre.rs"]
mod call_centre;

pub use call_centre::CallCenter;

/// The contact of an agent whose phone behaves as said. Nobody dials it: see `stock::stage`.
pub fn phone(agent: &str, behaviour: &str) -> String {
    format!("simulated/{agent}-{behaviour}")
}
