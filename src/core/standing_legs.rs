//! Standing legs of uuid-standby agents, and which of them somebody outside the queues talks with.
//!
//! Who is in a talk follows from FreeSWITCH's bridges: an agent whose leg was joined to another channel by hand is offered nobody,
//! whatever the queues say of calls outside, since the offer would tear that talk apart.

use super::agent::Agent;
use super::engine::Engine;
use super::ids::AgentId;
use super::time::Timestamp;
use super::words::AgentKind;
use std::collections::{BTreeSet, HashMap};

/// Whose leg a channel is. Two agents may be given the same.
pub(super) type StandingLegs = HashMap<String, BTreeSet<AgentId>>;

impl Engine {
    /// An agent has come, or stands on another leg, or on none: what is known of the old one is forgotten.
    pub(super) fn renew_leg(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let leg = leg_of(agent);
        if leg == agent.leg.as_deref() {
            return;
        }
        let leg = leg.map(str::to_owned);
        let before = std::mem::replace(&mut agent.leg, leg.clone());
        agent.leg_is_taken = false;
        if let Some(before) = before {
            if let Some(owners) = self.standing_legs.get_mut(&before) {
                owners.remove(&id);
                if owners.is_empty() {
                    self.standing_legs.remove(&before);
                }
            }
        }
        if let Some(leg) = leg {
            self.standing_legs.entry(leg).or_default().insert(id);
        }
    }

    /// Somebody outside the queues talks with a standing leg from now on, or does not any more.
    pub(super) fn note_leg(&mut self, now: Timestamp, uuid: &str, taken: bool) {
        let owners = self.standing_legs.get(uuid).cloned().unwrap_or_default();
        for owner in &owners {
            if let Some(agent) = self.agents.get_mut(owner) {
                agent.leg_is_taken = taken;
            }
            self.place_agent(now, *owner);
        }
        self.match_agents(now, owners);
    }

    /// Whether a channel is the standing leg of an agent.
    pub fn is_standing_leg(&self, uuid: &str) -> bool {
        self.standing_legs.contains_key(uuid)
    }

    /// Whether a channel is a standing leg that somebody outside the queues talks with.
    pub fn leg_is_taken(&self, uuid: &str) -> bool {
        let mut owners = self.standing_legs.get(uuid).into_iter().flatten();
        owners.any(|owner| self.agents.get(owner).is_some_and(|agent| agent.leg_is_taken))
    }
}

fn leg_of(agent: &Agent) -> Option<&str> {
    let stands = agent.row.agent_type.kind() == AgentKind::UuidStandby && !agent.deleted;
    Some(agent.row.uuid.as_str()).filter(|uuid| stands && !uuid.is_empty())
}
