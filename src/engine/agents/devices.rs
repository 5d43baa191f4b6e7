//! Devices in use: what the switch says of agents' phones, whoever calls. `ring-in-use`, Asterisk's `ringinuse`.

use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::dial_string::device_of;
use crate::engine::vocabulary::ids::AgentId;

impl Engine {
    /// A device is in use from now on, or is not any more. Who rings already rings on.
    pub(in crate::engine) fn note_device(&mut self, device: &str, in_use: bool) {
        let device = device.to_lowercase();
        if !self.devices.note(&device, in_use, self.origin.at) {
            return;
        }
        for owner in self.devices.owners(&device) {
            self.agents.touch(owner);
        }
    }

    /// An agent has come, or another contact: its device follows.
    pub(in crate::engine) fn renew_device(&mut self, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        let device = device_of(&agent.row.contact).filter(|_| !agent.deleted);
        let before = std::mem::replace(&mut agent.device, device.clone());
        if before == device {
            return;
        }
        if let Some(before) = before {
            if let Some(owners) = self.devices.agents.get_mut(&before) {
                owners.remove(&id);
                if owners.is_empty() {
                    self.devices.agents.remove(&before);
                }
            }
        }
        if let Some(device) = device {
            self.devices.agents.entry(device).or_default().insert(id);
        }
    }

    /// An agent's device; none where the contact names none.
    pub fn device(&self, name: &str) -> Option<&str> {
        let agent = self.agents.get(&self.agents.named(name)?)?;
        agent.device.as_deref()
    }

    /// Whether an agent's device is in use.
    pub fn device_is_in_use(&self, name: &str) -> bool {
        let agent = self.agents.named(name).and_then(|id| self.agents.get(&id));
        agent.is_some_and(|agent| self.is_device_in_use(agent))
    }
}
