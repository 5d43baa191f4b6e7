//! Failures of an agent's side are counted anew when the agent answers or becomes available.

use crate::engine::centre::engine::Engine;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentKind, AgentStatus};

impl Engine {
    /// The agent has answered or become available: failures are counted anew.
    pub(in crate::engine) fn forget_failures(&mut self, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.row.change(|row| std::mem::take(&mut row.no_answer_count) != 0);
        agent.unreachable = false;
        agent.limits.change(AgentLimits::forget_counts);
    }

    /// Stock logs a uuid-standby agent out whose standing leg is gone.
    pub(in crate::engine) fn log_out_missing_standby(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        if agent.row.agent_type.kind() == AgentKind::UuidStandby {
            agent.row.uuid = String::new();
            self.renew_leg(now, id);
            self.change_status(now, id, AgentStatus::LoggedOut);
        }
    }
}
