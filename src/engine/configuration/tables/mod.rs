//! Everything that can be configured by name, said once: settings, queue parameters, agent attributes.
//!
//! A table has one entry for each: its name, what values it takes, where the value is kept, what it means. callcenter.conf.xml,
//! commands, database columns and lists all go through the tables, and the reference and the sample configuration are made of them, so
//! that a new parameter is one entry and one field.

mod agent;
mod agent_limits;
mod queue;
mod setting;
mod strategies;
#[cfg(test)]
mod tests;
mod tier;

pub use agent::{AGENT_ATTRIBUTES, AGENT_WORDS};
pub use agent_limits::AGENT_LIMITS;
pub use queue::QUEUE_PARAMETERS;
pub use setting::SETTINGS;
pub use strategies::STRATEGIES;
pub use tier::TIER_ATTRIBUTES;
