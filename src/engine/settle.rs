//! What follows from an input or a deadline, once all of it has been acted on.

use crate::engine::border::output::Output;
use crate::engine::border::row_change::RowChange;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::TierId;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::TierState;

impl Engine {
    /// What follows from all that has happened at `now`.
    pub(in crate::engine) fn finish(&mut self, now: Timestamp) {
        if holds(Mark::NobodyRingsWithoutATier) {
            self.stop_rings_of_who_left(now);
        }
        self.match_opened_queues(now);
        self.leave_emptied_queues(now);
        self.await_moved_lines(now);
        if holds(Mark::StandbyEndsWithTheCall) {
            self.return_tiers();
        }
        self.put_out_rows();
    }

    /// Puts out the rows of everything that changed: one for each, however often it changed.
    fn put_out_rows(&mut self) {
        self.tell_free();
        let changed = std::mem::take(&mut self.changed);
        self.outputs.extend(changed.others.into_iter().map(Output::Row));
        for agent in changed.agents {
            if let Some(agent) = self.agents.get(&agent).filter(|agent| !agent.deleted) {
                self.outputs.push_back(Output::Row(RowChange::Agent(agent.row.clone())));
            }
        }
        for agent in changed.limits {
            if let Some(agent) = self.agents.get(&agent).filter(|agent| !agent.deleted) {
                self.outputs.push_back(Output::Row(limits_row(agent)));
            }
        }
        let was_changed =
            |(id, before): &(TierId, TierState)| self.tiers.get(id).is_some_and(|tier| tier.state != *before);
        let states = changed.tier_states.into_iter().filter(was_changed);
        let mut tiers = changed.tiers;
        tiers.extend(states.map(|(id, _)| id));
        for tier in tiers {
            if let Some(row) = self.tiers.get(&tier).and_then(|tier| self.tier_row(tier)) {
                self.outputs.push_back(Output::Row(RowChange::Tier(row)));
            }
        }
        for member in changed.members {
            if let Some(member) = self.members.get(&member).filter(|member| !member.served) {
                self.outputs
                    .push_back(Output::Row(RowChange::Member(member.row.clone())));
            }
        }
    }
}

/// An agent whose limits are the default has no row of them.
fn limits_row(agent: &Agent) -> RowChange {
    let name = agent.row.name.clone();
    if agent.limits == AgentLimits::default() {
        return RowChange::AgentLimitsGone(name);
    }
    RowChange::AgentLimits {
        agent: name,
        limits: agent.limits,
    }
}
