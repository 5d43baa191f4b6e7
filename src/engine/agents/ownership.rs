//! Whose agents, tiers and members are. Several instances (`cc-instance-id`) may share one database: each offers calls to its own
//! agents only, resets only what is its own, and knows the others' rows as they write them.

use crate::engine::border::output::NoticeLevel;
use crate::engine::centre::engine::Engine;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::AgentState;

impl Engine {
    /// The agent has another owner from now on. Whoever offers calls to it has to place it afterwards.
    pub(in crate::engine) fn change_owner(&mut self, now: Timestamp, id: AgentId, instance_id: &str) {
        let Some(agent) = self.agents.change(&id) else { return };
        if agent.row.instance_id == instance_id {
            return;
        }
        agent.row.instance_id = instance_id.to_owned();
        let name = agent.row.name.clone();
        self.count_agent_anew(now, id);
        let text = format!("Agent {name} belongs to the instance {instance_id} from now on.");
        self.notice(NoticeLevel::Info, None, text);
    }

    /// Whether the agent counts in its queues is another matter from now on.
    pub(in crate::engine) fn count_agent_anew(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        for tier in agent.tiers.clone() {
            self.count_logged_in(now, tier);
        }
        self.note_staffing(now, id);
    }

    /// An agent is where its phone is: whoever sets its contact or leg by command becomes its owner, but not in the middle of
    /// a call of another instance, which will write how that ends.
    pub(in crate::engine) fn fetch_agent(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.get(&id) else { return };
        let row = &agent.row;
        if self.is_ours(&row.instance_id) {
            return;
        }
        if matches!(row.state, AgentState::Waiting | AgentState::Idle) {
            let instance_id = self.boxes.instance(self.origin.at).to_owned();
            self.change_owner(now, id, &instance_id);
            return;
        }
        let text = format!(
            "Agent {} is in a call of the instance {} and stays its agent. To move the agent here, set contact or uuid again \
             after the call.",
            row.name, row.instance_id
        );
        self.notice(NoticeLevel::Warning, None, text);
    }
}
