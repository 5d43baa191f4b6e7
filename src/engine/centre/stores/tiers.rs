//! The tiers, by identity and by agent's name.

use crate::engine::centre::stores::id_map::IdMap;
use crate::engine::centre::tier::Tier;
use crate::engine::vocabulary::ids::TierId;
use std::collections::HashMap;
use std::ops::Deref;

/// The tiers, whether or not there is an agent of the name they have.
#[derive(Debug, Default)]
pub(in crate::engine) struct Tiers {
    all: IdMap<TierId, Tier>,
    by_agent: HashMap<String, Vec<TierId>>,
}

impl Deref for Tiers {
    type Target = IdMap<TierId, Tier>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl Tiers {
    /// The tiers of an agent's name, in the order they were made.
    pub fn of_name(&self, agent: &str) -> &[TierId] {
        self.by_agent.get(agent).map_or(&[], Vec::as_slice)
    }

    /// Takes a tier in.
    pub fn insert(&mut self, id: TierId, tier: Tier) {
        self.by_agent.entry(tier.agent_name.clone()).or_default().push(id);
        self.all.insert(id, tier);
    }

    /// A tier, to be changed.
    pub fn get_mut(&mut self, id: &TierId) -> Option<&mut Tier> {
        self.all.get_mut(id)
    }

    /// A tier goes.
    pub fn remove(&mut self, id: &TierId) -> Option<Tier> {
        let tier = self.all.remove(id)?;
        if let Some(tiers) = self.by_agent.get_mut(&tier.agent_name) {
            tiers.retain(|other| other != id);
            if tiers.is_empty() {
                self.by_agent.remove(&tier.agent_name);
            }
        }
        Some(tier)
    }
}
