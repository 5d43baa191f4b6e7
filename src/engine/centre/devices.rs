//! Which devices are in use, and whose they are.

use crate::engine::vocabulary::ids::{AgentId, BoxNumber};
use std::collections::{BTreeSet, HashMap};

/// Which devices are in use, and whose they are. A device is known by its presence id, `user@domain` in lower case; an agent whose
/// contact names no domain has the devices of that user in every domain.
#[derive(Debug, Default)]
pub(in crate::engine) struct Devices {
    /// Which of them are in use, and on which boxes.
    in_use: HashMap<String, Vec<BoxNumber>>,
    /// How many of a user's devices are in use.
    users: HashMap<String, usize>,
    pub agents: HashMap<String, BTreeSet<AgentId>>,
}

impl Devices {
    pub fn is_in_use(&self, device: &str) -> bool {
        if device.contains('@') {
            self.in_use.contains_key(device)
        } else {
            self.users.get(device).is_some_and(|count| *count > 0)
        }
    }

    /// Notes what a device is on a box; false when it is no news. It is in use when it is so on any.
    pub fn note(&mut self, device: &str, in_use: bool, at: BoxNumber) -> bool {
        let was_in_use = self.in_use.contains_key(device);
        if in_use {
            let boxes = self.in_use.entry(device.to_owned()).or_default();
            if !boxes.contains(&at) {
                boxes.push(at);
            }
        } else if let Some(boxes) = self.in_use.get_mut(device) {
            boxes.retain(|other| *other != at);
            if boxes.is_empty() {
                self.in_use.remove(device);
            }
        }
        let is_news = was_in_use != self.in_use.contains_key(device);
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

    /// The devices that are in use on a box, in order.
    pub fn of_box(&self, at: BoxNumber) -> Vec<String> {
        let its = self.in_use.iter().filter(|(_, boxes)| boxes.contains(&at));
        let mut devices: Vec<String> = its.map(|(device, _)| device.clone()).collect();
        devices.sort_unstable();
        devices
    }

    /// The agents whose device this is.
    pub fn owners(&self, device: &str) -> BTreeSet<AgentId> {
        let keys = [device, user_of(device)];
        let owners = keys.iter().filter_map(|key| self.agents.get(*key));
        owners.flatten().copied().collect()
    }
}

fn user_of(device: &str) -> &str {
    device.split_once('@').map_or(device, |(user, _)| user)
}
