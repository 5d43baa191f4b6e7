//! Everything that can be configured by name, said once: settings, queue parameters, agent attributes.

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
