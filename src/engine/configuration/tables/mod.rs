//! Everything that can be configured by name, said once: settings, queue parameters, agent attributes.
//!
//! A table has one entry for each: its name, what values it takes, where the value is kept. callcenter.conf.xml, commands,
//! database columns and lists all go through the tables, so that a new parameter is one entry and one field.

mod agent;
mod agent_limits;
mod queue;
mod setting;
#[cfg(test)]
mod tests;

pub use agent::AGENT_ATTRIBUTES;
pub use agent_limits::AGENT_LIMITS;
pub use queue::QUEUE_PARAMETERS;
pub use setting::SETTINGS;
