//! Devices in use: what the switch says of agents' phones, whoever calls. `ring-in-use`, Asterisk's `ringinuse`.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::queue::Queue;
use crate::engine::centre::tier::Tier;
use crate::engine::doors::Engine;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::AgentKind;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Which devices are in use, and whose they are. A device is known by its presence id, `user@domain` in lower case; an agent whose
/// contact names no domain has the devices of that user in every domain.
#[derive(Debug, Default)]
pub(in crate::engine) struct Devices {
    in_use: HashSet<String>,
    /// How many of a user's devices are in use.
    users: HashMap<String, usize>,
    agents: HashMap<String, BTreeSet<AgentId>>,
}

impl Devices {
    fn is_in_use(&self, device: &str) -> bool {
        if device.contains('@') {
            self.in_use.contains(device)
        } else {
            self.users.get(device).is_some_and(|count| *count > 0)
        }
    }

    /// Notes what a device is; false when it is no news.
    fn note(&mut self, device: &str, in_use: bool) -> bool {
        let is_news = if in_use {
            self.in_use.insert(device.to_owned())
        } else {
            self.in_use.remove(device)
        };
        if is_news {
            let user = user_of(device).to_owned();
            let count = self.users.entry(user.clone()).or_default();
            *count = if in_use { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                self.users.remove(&user);
            }
        }
        is_news
    }

    /// The agents whose device this is.
    fn owners(&self, device: &str) -> BTreeSet<AgentId> {
        let keys = [device, user_of(device)];
        let owners = keys.iter().filter_map(|key| self.agents.get(*key));
        owners.flatten().copied().collect()
    }
}

impl Engine {
    /// A device is in use from now on, or is not any more. Who rings already rings on.
    pub(in crate::engine) fn note_device(&mut self, now: Timestamp, device: &str, in_use: bool) {
        let device = device.to_lowercase();
        if !self.devices.note(&device, in_use) {
            return;
        }
        let owners = self.devices.owners(&device);
        for owner in &owners {
            self.place_agent(now, *owner);
        }
        self.match_agents(now, owners);
    }

    /// An agent has come, or another contact: its device follows.
    pub(in crate::engine) fn renew_device(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
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

    /// An agent's device; none where the contact names none.
    pub fn device(&self, name: &str) -> Option<&str> {
        let agent = self.agents.get(self.agent_names.get(name)?)?;
        agent.device.as_deref()
    }

    /// Whether an agent's device is in use.
    pub fn device_is_in_use(&self, name: &str) -> bool {
        let agent = self.agent_names.get(name).and_then(|id| self.agents.get(id));
        agent.is_some_and(|agent| self.is_device_in_use(agent))
    }
}

fn user_of(device: &str) -> &str {
    device.split_once('@').map_or(device, |(user, _)| user)
}

/// The device that a dial string calls: what it sets as `presence_id`, else the user of `user/`, or the address behind a profile of
/// `sofia/`.
pub fn device_of(contact: &str) -> Option<String> {
    let device = presence_id(contact).or_else(|| called(contact))?;
    let (user, domain) = device.split_once('@').unwrap_or((device, ""));
    let is_known = |text: &str| !text.is_empty() && !text.contains('$');
    if !is_known(user) {
        return None;
    }
    let device = if is_known(domain) { device } else { user };
    Some(device.to_lowercase())
}

fn presence_id(contact: &str) -> Option<&str> {
    let (_, value) = contact.split_once("presence_id=")?;
    value.split([',', ']', '}', '>']).next()
}

/// What is called behind the variables. Of several phones that ring together or in turn none is the agent's device.
fn called(contact: &str) -> Option<&str> {
    let mut rest = contact.trim();
    for (opening, closing) in [('<', '>'), ('{', '}'), ('[', ']')] {
        if rest.starts_with(opening) {
            rest = behind(rest, opening, closing)?.trim_start();
        }
    }
    if rest.contains([',', '|']) {
        return None;
    }
    let (endpoint, rest) = rest.split_once('/')?;
    if endpoint.eq_ignore_ascii_case("user") {
        return Some(rest);
    }
    let (profile, address) = rest.split_once('/')?;
    let is_phone = endpoint.eq_ignore_ascii_case("sofia") && !profile.eq_ignore_ascii_case("gateway");
    let address = address.split([';', '/']).next().filter(|_| is_phone)?;
    let (_, host) = address.split_once('@')?;
    let port = host.split_once(':').map_or(0, |(_, port)| port.len() + 1);
    address.get(..address.len() - port)
}

/// What comes behind the bracket that closes the first one.
fn behind(text: &str, opening: char, closing: char) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        if character == opening {
            depth += 1;
        } else if character == closing {
            depth -= 1;
            if depth == 0 {
                return text.get(at + closing.len_utf8()..);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_is_what_the_contact_calls() {
        for (contact, device) in [
            ("user/1001", Some("1001")),
            ("user/1001@Example.com", Some("1001@example.com")),
            ("user/1001@${domain_name}", Some("1001")),
            (
                "{a=${b},c=d}[leg_timeout=20]user/1001@example.com",
                Some("1001@example.com"),
            ),
            ("<x=1>{y=2}user/7", Some("7")),
            ("sofia/internal/1001@10.0.0.1:5060;transport=tcp", Some("1001@10.0.0.1")),
            (
                "[presence_id=1001@example.com]sofia/gateway/trunk/030",
                Some("1001@example.com"),
            ),
            ("{presence_id=${x}@y,z=1}user/1001", None),
            ("sofia/gateway/trunk/030123@x", None),
            ("loopback/1001/agents", None),
            ("user/1001,user/1002", None),
            ("user/${someone}", None),
            ("{user/1001", None),
            ("}}", None),
            ("", None),
        ] {
            assert_eq!(device_of(contact).as_deref(), device, "{contact}");
        }
    }
}
