//! Standing legs of uuid-standby agents: which of them are there, and which of them somebody talks with.
//!
//! Who is in a talk follows from FreeSWITCH's bridges: an agent whose leg was joined to another channel by hand is offered nobody,
//! whatever the queues say of calls outside, since the offer would tear that talk apart. Whose leg is not there takes no caller, and
//! counts as logged in nowhere; a leg that two agents were given serves one caller at a time.

use crate::engine::border::output::Output;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::leg_state::LegState;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::AgentKind;

impl Engine {
    /// An agent has come, or stands on another leg, or on none.
    pub(in crate::engine) fn renew_leg(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        let leg = leg_of(agent).map(str::to_owned);
        if leg == agent.leg {
            return;
        }
        if let Some(before) = std::mem::replace(&mut agent.leg, leg.clone()) {
            self.step_off(now, id, &before);
        }
        if let Some(leg) = leg {
            let known = self.standing_legs.entry(leg.clone()).or_default();
            known.owners.insert(id);
            if known.owners.len() == 1 {
                self.outputs.push_back(Output::LookAtLeg(leg));
            }
        }
        self.renew_footing(now, id);
        self.note_serving(now, id);
    }

    /// What is known of a leg goes with the last who stands on it. Whoever is on the line because of this one stays there, so that the
    /// others wait until it has been looked at.
    fn step_off(&mut self, now: Timestamp, id: AgentId, leg: &str) {
        let Some(known) = self.standing_legs.get_mut(leg) else {
            return;
        };
        known.owners.remove(&id);
        if known.owners.is_empty() {
            self.standing_legs.remove(leg);
        } else if known.serving.remove(&id) {
            self.outputs.push_back(Output::LookAtLeg(leg.to_owned()));
            self.note_leg(now, leg, LegState::Taken);
        }
    }

    /// What the agent's leg means for the agent now.
    fn renew_footing(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        let known = agent.leg.as_ref().and_then(|leg| self.standing_legs.get(leg));
        let state = known.map_or(LegState::Gone, |leg| leg.state);
        let at = known.and_then(|leg| leg.at).filter(|_| self.boxes.are_several());
        agent.leg_is_lent = known.is_some_and(|leg| leg.serving.iter().any(|other| *other != id));
        let before = (agent.leg_state, agent.leg_at);
        (agent.leg_state, agent.leg_at) = (state, at);
        if before != (state, at) {
            for tier in agent.tiers.clone() {
                self.count_logged_in(now, tier);
            }
        }
    }

    /// What a standing leg is doing from now on. An agent who has hung up is logged out, as by stock at the next offer.
    pub(in crate::engine) fn note_leg(&mut self, now: Timestamp, uuid: &str, state: LegState) {
        let at = self.origin.at;
        let Some(leg) = self.standing_legs.get_mut(uuid) else {
            return;
        };
        let is_elsewhere = leg.at.is_some_and(|has| has != at);
        if state == LegState::Gone && is_elsewhere {
            // Only the box that has it can have lost it.
            return;
        }
        leg.state = state;
        leg.at = (state != LegState::Gone).then_some(at);
        let owners = leg.owners.clone();
        for owner in &owners {
            let serves = |agent: &Agent| agent.offer.is_some() || !agent.lacks_leg();
            let had_one = self.agents.get(owner).is_some_and(serves);
            self.renew_footing(now, *owner);
            if had_one && state == LegState::Gone {
                self.lose_leg(now, *owner);
            }
            self.agents.touch(*owner);
        }
    }

    /// Who is on a break stays so.
    fn lose_leg(&mut self, now: Timestamp, id: AgentId) {
        let wants_calls = self.status_here(id).is_some_and(|status| status.wants_calls());
        if wants_calls {
            self.log_out_missing_standby(now, id);
        }
    }

    /// Keeps in mind whether an agent serves somebody, for the others who stand on the same leg.
    pub(in crate::engine) fn note_serving(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.get(&id) else { return };
        let known = agent.leg.as_ref().and_then(|leg| self.standing_legs.get_mut(leg));
        let Some(known) = known else { return };
        let is_news = match agent.offer {
            Some(_) => known.serving.insert(id),
            None => known.serving.remove(&id),
        };
        if !is_news {
            return;
        }
        let others: Vec<_> = known.owners.iter().copied().filter(|other| *other != id).collect();
        for other in others {
            self.renew_footing(now, other);
            self.agents.touch(other);
        }
    }

    /// Whether a channel is the standing leg of an agent.
    pub fn is_standing_leg(&self, uuid: &str) -> bool {
        self.standing_legs.contains_key(uuid)
    }

    /// Whether a channel is a standing leg that is not known to be there.
    pub fn leg_is_awaited(&self, uuid: &str) -> bool {
        let leg = self.standing_legs.get(uuid);
        leg.is_some_and(|leg| leg.state == LegState::Gone)
    }

    /// Whether a channel is a standing leg that somebody outside the queues talks with.
    pub fn leg_is_taken(&self, uuid: &str) -> bool {
        let leg = self.standing_legs.get(uuid);
        leg.is_some_and(|leg| leg.state == LegState::Taken)
    }
}

fn leg_of(agent: &Agent) -> Option<&str> {
    let stands = agent.row.agent_type.kind() == AgentKind::UuidStandby && !agent.deleted;
    Some(agent.row.uuid.as_str()).filter(|uuid| stands && !uuid.is_empty())
}
