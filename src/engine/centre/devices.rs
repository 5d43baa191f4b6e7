//! Which devices are in use, and whose they are.

use crate::engine::vocabulary::ids::AgentId;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Which devices are in use, and whose they are. A device is known by its presence id, `user@domain` in lower case; an agent whose
/// contact names no domain has the devices of that user in every domain.
#[derive(Debug, Default)]
pub(in crate::engine) struct Devices {
    in_use: HashSet<String>,
    /// How many of a user's devices are in use.
    users: HashMap<String, usize>,
    pub agents: HashMap<String, BTreeSet<AgentId>>,
}

impl Devices {
    pub fn is_in_use(&self, device: &str) -> bool {
        if device.contains('@') {
            self.in_use.contains(device)
        } else {
            self.users.get(device).is_some_and(|count| *count > 0)
        }
    }

    /// Notes what a device is; false when it is no news.
    pub fn note(&mut self, device: &str, in_use: bool) -> bool {
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
    pub fn owners(&self, device: &str) -> BTreeSet<AgentId> {
        let keys = [device, user_of(device)];
        let owners = keys.iter().filter_map(|key| self.agents.get(*key));
        owners.flatten().copied().collect()
    }
}

fn user_of(device: &str) -> &str {
    device.split_once('@').map_or(device, |(user, _)| user)
}
