//! Agents who serve a queue by their skills: each has a tier there that nobody made.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::rows::tier::TierRow;
use crate::engine::vocabulary::ids::{AgentId, QueueId};
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::TierState;

/// Level and position of a tier that stands for skills: those of a `<tier>` that names none.
const LEVEL_BY_SKILL: i64 = 1;

impl Engine {
    /// Gives an agent skills: the queues it serves by them, and its places among the free agents.
    pub(in crate::engine) fn take_skills(&mut self, now: Timestamp, id: AgentId, skills: Skills) {
        let Some(agent) = self.agents.change(&id) else { return };
        let name = agent.row.name.clone();
        if std::mem::replace(&mut agent.skills, skills.clone()) != skills {
            let agent = name.clone();
            self.changed.others.push(RowChange::AgentSkills { agent, skills });
        }
        self.serve_by_skill(now, &name);
        self.recount_agent(now, id);
    }

    /// An agent will do for others than before: its queues count it anew.
    pub(in crate::engine) fn recount_agent(&mut self, now: Timestamp, id: AgentId) {
        for tier in self.tiers_of(id) {
            self.count_logged_in(now, tier);
        }
    }

    /// Skills as a database kept them.
    pub(in crate::engine) fn restore_skills(&mut self, now: Timestamp, agent: &str, skills: Skills) {
        let id = self.agents.named(agent);
        if let Some(agent) = id.and_then(|id| self.agents.change(&id)) {
            agent.skills = skills;
        }
        self.serve_by_skill(now, agent);
        if let Some(id) = id {
            self.recount_agent(now, id);
        }
    }

    /// An agent is deleted: another of that name begins without skills.
    pub(in crate::engine) fn forget_skills(&mut self, name: &str) {
        let agent = self.agents.named(name).and_then(|id| self.agents.get(&id));
        if agent.is_some_and(|agent| agent.skills != Skills::default()) {
            self.changed.others.push(RowChange::AgentSkills {
                agent: name.to_owned(),
                skills: Skills::default(),
            });
        }
    }

    /// A queue was loaded: whoever has the skills it requires serves it.
    pub(in crate::engine) fn note_skill_queue(&mut self, now: Timestamp, id: QueueId) {
        let Some(config) = self.config_of(id) else { return };
        let was_one = self.skill_queues.contains(&id);
        if config.required_skills.is_empty() {
            self.skill_queues.remove(&id);
        } else {
            self.skill_queues.insert(id);
        }
        if was_one || self.skill_queues.contains(&id) {
            // One who was deleted and still talks must not take the tier of another of that name.
            let agents = self.agents.iter().filter(|(_, agent)| !agent.deleted);
            let agents: Vec<AgentId> = agents.map(|(id, _)| *id).collect();
            for agent in agents {
                self.renew_skill_tier(now, id, agent);
            }
        }
    }

    /// Brings the tiers that stand for an agent's skills up to date.
    pub(in crate::engine) fn serve_by_skill(&mut self, now: Timestamp, agent: &str) {
        let Some(agent) = self.agents.named(agent) else {
            return;
        };
        let queues: Vec<QueueId> = self.skill_queues.iter().copied().collect();
        for queue in queues {
            self.renew_skill_tier(now, queue, agent);
        }
    }

    /// Forgets the tiers that stand for an agent's skills: the agent is gone.
    pub(in crate::engine) fn drop_skill_tiers(&mut self, now: Timestamp, id: AgentId) {
        for tier in self.tiers_of(id) {
            if self.tiers.get(&tier).is_some_and(|tier| tier.by_skill) {
                self.remove_tier(now, tier);
            }
        }
    }

    /// Removes the tier that stands for an agent's skills in a queue, if there is one.
    pub(in crate::engine) fn remove_skill_tier(&mut self, now: Timestamp, queue: QueueId, agent: &str) {
        let tier = self
            .queues
            .get(&queue)
            .and_then(|queue| queue.tiers_by_agent.get(agent).copied());
        if let Some(tier) = tier.filter(|tier| self.tiers.get(tier).is_some_and(|tier| tier.by_skill)) {
            self.remove_tier(now, tier);
        }
    }

    fn renew_skill_tier(&mut self, now: Timestamp, queue_id: QueueId, agent_id: AgentId) {
        let Some(agent) = self.agents.get(&agent_id) else {
            return;
        };
        let Some(queue) = self.queues.get(&queue_id) else {
            return;
        };
        // While a queue is not loaded its agents stay as they are.
        let Some(config) = &queue.config else { return };
        let least = config.least_skills();
        let serves = !least.is_empty() && least.are_met_by(&agent.skills);
        let name = agent.row.name.clone();
        match queue.tiers_by_agent.get(&name) {
            None if serves => self.add_skill_tier(now, queue_id, agent_id, name),
            Some(_) if !serves => {
                self.remove_skill_tier(now, queue_id, &name);
                self.forget_pause_unless_tier(queue_id, &name);
            }
            _ => (),
        }
    }

    fn add_skill_tier(&mut self, now: Timestamp, queue: QueueId, agent: AgentId, agent_name: String) {
        let Some(queue_name) = self.queues.get(&queue).map(|queue| queue.name.clone()) else {
            return;
        };
        let row = TierRow {
            queue: queue_name,
            agent: agent_name,
            state: TierState::Ready,
            level: LEVEL_BY_SKILL,
            position: LEVEL_BY_SKILL,
        };
        let id = self.insert_tier(now, row);
        if let Some(tier) = self.tiers.get_mut(&id) {
            tier.by_skill = true;
        }
        self.renew_line(queue);
        self.agents.touch(agent);
        self.aftermath.opened.insert(queue);
    }
}
