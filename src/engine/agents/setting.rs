//! `agent set`: one setting of an agent.

use crate::engine::border::error::EngineError;
use crate::engine::border::setting::AgentSetting;
use crate::engine::centre::engine::Engine;
use crate::engine::configuration::parameters::Assignment;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentState, AgentStatus};

impl Engine {
    /// Changes one setting of an agent, whose phone is to be renewed afterwards where it is about that.
    pub(in crate::engine) fn change_agent(
        &mut self,
        now: Timestamp,
        id: AgentId,
        name: &str,
        setting: AgentSetting,
    ) -> Result<(), EngineError> {
        if matches!(setting, AgentSetting::Contact(_) | AgentSetting::Uuid(_)) {
            self.fetch_agent(now, id);
        }
        let key = setting.key();
        let Some(agent) = self.agents.change(&id) else {
            return Err(EngineError::AgentNotFound);
        };
        let value = match setting {
            AgentSetting::Status(value) => self.command_status(now, id, value)?,
            AgentSetting::State(value) => self.command_state_of(now, id, value)?,
            AgentSetting::StateIfWaiting(value) => self.command_state_if_waiting(now, id, value)?,
            AgentSetting::Contact(value) => {
                agent.row.contact.clone_from(&value);
                self.fire_agent(name, action::AGENT_CONTACT_CHANGE, header::AGENT_CONTACT, value.clone());
                value
            }
            AgentSetting::Type(value) => {
                agent.row.agent_type = value.clone();
                self.recount_agent(now, id);
                value.as_str().to_owned()
            }
            AgentSetting::Uuid(value) => {
                agent.row.uuid.clone_from(&value);
                value
            }
            AgentSetting::Skills(skills) => self.command_skills(now, id, skills),
            AgentSetting::ReadyTime(value) => self.command_ready_time(now, id, value),
            AgentSetting::Attribute(attribute) => {
                attribute.apply(&mut agent.row);
                attribute.value().to_owned()
            }
            AgentSetting::Limit(limit) => self.command_limit(now, id, &limit),
        };
        self.save_agent(id);
        self.debug(None, format!("Updated Agent {name} set {key} = {value}"));
        Ok(())
    }

    fn command_status(&mut self, now: Timestamp, id: AgentId, value: String) -> Result<String, EngineError> {
        let status = AgentStatus::parse(&value).ok_or(EngineError::InvalidAgentStatus)?;
        self.change_status(now, id, status);
        Ok(value)
    }

    fn command_state_of(&mut self, now: Timestamp, id: AgentId, value: String) -> Result<String, EngineError> {
        let state = AgentState::parse(&value).ok_or(EngineError::InvalidAgentState)?;
        self.command_state(now, id, state);
        Ok(value)
    }

    /// Who does not wait is not found, as in stock.
    fn command_state_if_waiting(&mut self, now: Timestamp, id: AgentId, value: String) -> Result<String, EngineError> {
        let state = AgentState::parse(&value).ok_or(EngineError::InvalidAgentState)?;
        let agent = self.agents.get(&id);
        let waits = agent.is_some_and(|agent| agent.row.state == AgentState::Waiting && agent.row.status.wants_calls());
        if !waits {
            return Err(EngineError::AgentNotFound);
        }
        self.command_state(now, id, state);
        Ok(value)
    }

    /// A state set by hand. During an offer or a call the state is the engine's; what is asked for then takes effect after it.
    fn command_state(&mut self, now: Timestamp, id: AgentId, state: AgentState) {
        let Some(agent) = self.agents.change(&id) else { return };
        if agent.offer.is_none() {
            self.set_agent_state(now, id, state);
            return;
        }
        agent.idle_after_call = state == AgentState::Idle;
        let name = agent.row.name.clone();
        self.fire_agent_state(&name, state);
    }

    fn command_skills(&mut self, now: Timestamp, id: AgentId, skills: Skills) -> String {
        let value = skills.to_string();
        self.take_skills(now, id, skills);
        value
    }

    fn command_ready_time(&mut self, now: Timestamp, id: AgentId, value: i64) -> String {
        let at = self.wall.instant(value);
        if let Some(agent) = self.agents.change(&id) {
            agent.row.ready_time = value;
            agent.pause_until(at);
            if at <= now {
                agent.end_wrap_up(now);
            }
        }
        self.keep_chat_pause(id);
        value.to_string()
    }

    fn command_limit(&mut self, now: Timestamp, id: AgentId, limit: &Assignment<AgentLimits>) -> String {
        if let Some(agent) = self.agents.change(&id) {
            limit.apply(&mut agent.limits);
            agent.limits.forget_unlimited();
            agent.keep_chat_pause(&self.wall);
        }
        self.recount_agent(now, id);
        limit.value().to_owned()
    }
}
