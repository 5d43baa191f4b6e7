//! A look beside the one before it, and beside events.

use super::{Agent, Bounds, EventMark, Queue, Snapshot};
use std::collections::BTreeMap;

impl Snapshot {
    /// What this event tells is in it already. Numbers of a box that is a call centre by itself begin anew without a word.
    pub fn contains(&self, event: &EventMark) -> bool {
        self.election.is_some()
            && self.election == event.election
            && event.sequence.is_some_and(|number| number <= self.sequence)
    }

    /// Takes over what was not asked for this time. False when something is missing still: an agent or a queue is new, or the module is.
    pub fn carry_over(&mut self, before: &Self) -> bool {
        if self.module.loaded_at != before.module.loaded_at {
            return false;
        }
        let agents: BTreeMap<&str, &Agent> = before.agents.iter().map(|agent| (agent.name.as_str(), agent)).collect();
        let queues: BTreeMap<&str, &Queue> = before.queues.iter().map(|queue| (queue.name.as_str(), queue)).collect();
        for agent in self.agents.iter_mut().filter(|agent| agent.tiers.is_none()) {
            agent.tiers = agents.get(agent.name.as_str()).and_then(|known| known.tiers.clone());
        }
        for queue in &mut self.queues {
            let Some(known) = queues.get(queue.name.as_str()) else {
                continue;
            };
            if queue.half_hours.is_none() {
                queue.half_hours.clone_from(&known.half_hours);
            }
            if queue.histograms.is_none() {
                queue.histograms.clone_from(&known.histograms);
            }
        }
        if self.health.is_none() {
            self.health.clone_from(&before.health);
        }
        if self.histogram_bounds == Bounds::default() {
            self.histogram_bounds = before.histogram_bounds.clone();
        }
        self.agents.iter().all(|agent| agent.tiers.is_some())
            && self.queues.iter().all(|queue| queue.histograms.is_some())
    }

    /// The next moment at which something changes by itself, behind this one: a wrap-up or a rest that ends.
    pub fn next_change(&self) -> Option<i64> {
        let ends = self
            .agents
            .iter()
            .flat_map(|agent| [agent.wrap_up_until_at, agent.ready_at]);
        ends.flatten().filter(|end| *end > self.now_at).min()
    }
}
