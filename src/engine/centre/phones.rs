//! Whether an agent's phone is in use, as far as queues mind.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::tier::Tier;
use crate::engine::vocabulary::words::AgentKind;

impl Engine {
    /// Whether an agent's device is in use. The standing leg of a uuid-standby agent says nothing.
    pub(in crate::engine) fn is_device_in_use(&self, agent: &Agent) -> bool {
        let is_called = agent.row.agent_type.kind() == AgentKind::Callback;
        let device = agent.device.as_deref().filter(|_| is_called);
        device.is_some_and(|device| self.devices.is_in_use(device))
    }

    /// Whether the agent of a queue's tier is not rung there, because the device is in use.
    pub(in crate::engine) fn is_kept_by_device(&self, tier: &Tier, queue: &Queue) -> bool {
        let rings = queue.config.as_ref().is_none_or(|config| config.ring_in_use);
        let agent = || self.agents.get(&tier.agent?);
        !rings && agent().is_some_and(|agent| self.is_device_in_use(agent))
    }
}
