//! Agents as supervisors and the configuration see them: add, delete, set, get.

use crate::engine::border::error::EngineError;
use crate::engine::border::output::NoticeLevel;
use crate::engine::border::reply::Reply;
use crate::engine::border::row_change::RowChange;
use crate::engine::border::setting::{AgentGetKey, AgentSetting};
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::{AgentId, OfferId};
use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{AgentState, AgentStatus, AgentType};

impl Engine {
    pub(in crate::engine) fn add_agent(&mut self, name: &str, agent_type: AgentType) -> Result<Reply, EngineError> {
        if self.agents.named(name).is_some() {
            return Err(EngineError::AgentExists);
        }
        self.debug(
            None,
            format!(
                "Adding Agent {name} with type {} with default status {}",
                agent_type.as_str(),
                AgentStatus::LoggedOut
            ),
        );
        let type_text = agent_type.as_str().to_owned();
        let row = AgentRow::new(name, self.boxes.instance(self.origin.at), agent_type);
        let id = self.insert_agent(row);
        self.save_agent(id);
        self.fire_agent_add(name, &type_text);
        Ok(Reply::Done)
    }

    /// Has an agent's row put out, changed or not.
    pub(in crate::engine) fn save_agent(&mut self, id: AgentId) {
        if let Some(agent) = self.agents.books_of(&id) {
            agent.row.save();
        }
    }

    /// Takes an agent in and links the tiers that name it already.
    pub(in crate::engine) fn insert_agent(&mut self, row: AgentRow) -> AgentId {
        let id = AgentId(self.next_id());
        let mut agent = Agent::from_row(row, &self.wall);
        agent.tiers = self.tiers.of_name(&agent.row.name).to_vec();
        for tier in &agent.tiers {
            if let Some(tier) = self.tiers.get_mut(tier) {
                tier.agent = Some(id);
            }
        }
        let tiers = agent.tiers.clone();
        self.agents.insert(id, agent);
        self.renew_phone(Timestamp::default(), id);
        for tier in tiers {
            self.count_logged_in(Timestamp::default(), tier);
        }
        self.touch_all_own_callers(id);
        id
    }

    /// `agent del`: the name is free at once; a call that runs goes on.
    pub(in crate::engine) fn delete_agent(&mut self, now: Timestamp, name: &str) {
        self.debug(None, format!("Deleted Agent {name}"));
        self.changed.others.push(RowChange::AgentGone(name.to_owned()));
        self.forget_skills(name);
        self.delete_tiers_of_agent(now, name);
        if let Some((agent_type, offers)) = self.dismiss_agent(now, name) {
            self.fire_agent(
                name,
                action::AGENT_DEL,
                header::AGENT_TYPE,
                agent_type.as_str().to_owned(),
            );
            self.stop_rings(now, offers);
        }
    }

    /// Forgets an agent who has no tiers any more, or will once the call that runs is over. What rings is to be stopped afterwards.
    pub(in crate::engine) fn dismiss_agent(&mut self, now: Timestamp, name: &str) -> Option<(AgentType, Vec<OfferId>)> {
        self.forget_pauses(name);
        self.forget_configured(name);
        let id = self.agents.delete(name)?;
        let agent = self.agents.get(&id)?;
        if *agent.limits != AgentLimits::default() {
            self.changed.others.push(RowChange::AgentLimitsGone(name.to_owned()));
        }
        let offers: Vec<_> = agent.offers().collect();
        let agent_type = agent.row.agent_type.clone();
        self.renew_phone(now, id);
        Some((agent_type, offers))
    }

    pub(in crate::engine) fn set_agent(
        &mut self,
        now: Timestamp,
        name: &str,
        setting: AgentSetting,
    ) -> Result<Reply, EngineError> {
        let id = self.agent_id(name)?;
        let is_about_phone = matches!(
            setting,
            AgentSetting::Contact(_) | AgentSetting::Type(_) | AgentSetting::Uuid(_)
        );
        self.change_agent(now, id, name, setting)?;
        if is_about_phone {
            self.renew_phone(now, id);
        }
        Ok(Reply::Done)
    }

    /// The agent may be reached otherwise than before.
    pub(in crate::engine) fn renew_phone(&mut self, now: Timestamp, id: AgentId) {
        self.renew_device(id);
        self.renew_leg(now, id);
    }

    /// A status declared by the agent, a supervisor, or by too many unanswered calls.
    pub(in crate::engine) fn change_status(&mut self, now: Timestamp, id: AgentId, status: AgentStatus) {
        self.change_status_because(now, id, status, None);
    }

    /// The same, with what somebody has said of a break.
    pub(in crate::engine) fn change_status_because(
        &mut self,
        now: Timestamp,
        id: AgentId,
        status: AgentStatus,
        reason: Option<String>,
    ) {
        let Some(agent) = self.agents.change(&id) else { return };
        let (name, before) = (agent.row.name.clone(), agent.row.status);
        // Stock starts the counters anew when an agent becomes available, and notes other settings every time.
        if status != AgentStatus::Available || before != status {
            agent.row.last_status_change = self.wall.secs(now);
        }
        if status == AgentStatus::Available && before != status {
            agent.row.talk_time = 0;
            agent.row.calls_answered = 0;
            agent.chats.begin_anew();
            self.forget_failures(id);
        }
        let told = reason.clone().or_else(|| self.reason_of_ended_break(id, status));
        self.take_status(now, id, status, reason.as_deref());
        self.keep_reason(now, id, reason);
        let mut headers = vec![
            (header::AGENT, name),
            (header::ACTION, action::AGENT_STATUS_CHANGE.to_owned()),
            (header::AGENT_STATUS, status.to_string()),
        ];
        headers.extend(told.map(|reason| (header::PAUSE_REASON, reason)));
        self.fire(headers);
        self.stop_unwanted_rings(now, id);
        self.end_idleness(now, id, before);
    }

    /// Why an agent was on the break that this status ends.
    fn reason_of_ended_break(&self, id: AgentId, status: AgentStatus) -> Option<String> {
        let pause = self.agents.get(&id)?.pause.as_ref();
        pause
            .filter(|_| status != AgentStatus::OnBreak)
            .map(|pause| pause.reason.clone())
    }

    /// Who becomes available wants calls: an agent left idle by an earlier call, or put aside, waits again; one who is in a call
    /// will after it. FusionPBX #6405.
    pub(in crate::engine) fn end_idleness(&mut self, now: Timestamp, id: AgentId, before: AgentStatus) {
        let Some(agent) = self.agents.get(&id) else { return };
        let status = agent.row.status;
        let becomes_available = status != before && (status == AgentStatus::Available || !before.wants_calls());
        if becomes_available && status.wants_calls() {
            self.wait_again(now, id);
        }
    }

    /// An agent who is `Idle`, or is to be after the call, waits for calls again.
    pub(in crate::engine) fn wait_again(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.idle_after_call = false;
        if agent.row.state == AgentState::Idle && holds(Mark::ResumeEndsIdleness) {
            self.set_agent_state(now, id, AgentState::Waiting);
        }
    }

    /// Stops what rings for an agent whose status is none for calls any more. The callers go on to others, so this comes after the
    /// event that tells why.
    pub(in crate::engine) fn stop_unwanted_rings(&mut self, now: Timestamp, id: AgentId) {
        let is_away = |agent: &&Agent| !agent.row.status.wants_calls() && holds(Mark::BreaksStopRings);
        let agent = self.agents.get(&id).filter(is_away);
        let offers: Vec<_> = agent.into_iter().flat_map(Agent::offers).collect();
        self.stop_rings(now, offers);
    }

    /// Puts a status into effect: the agent's places, who counts as logged in. What rings is to be stopped afterwards.
    pub(in crate::engine) fn take_status(
        &mut self,
        now: Timestamp,
        id: AgentId,
        status: AgentStatus,
        reason: Option<&str>,
    ) {
        let ended = self.reason_of_ended_break(id, status);
        let Some(agent) = self.agents.change(&id) else { return };
        let declared = std::mem::replace(&mut agent.row.status, status);
        let tiers = agent.tiers.clone();
        self.log_status(now, id, (declared, status), reason.or(ended.as_deref()));
        if declared.is_logged_in() != status.is_logged_in() {
            tiers.into_iter().for_each(|tier| self.count_logged_in(now, tier));
        }
        if status != AgentStatus::OnBreak {
            self.keep_reason(now, id, None);
        }
    }

    pub(in crate::engine) fn set_agent_state(&mut self, now: Timestamp, id: AgentId, state: AgentState) {
        let Some(agent) = self.agents.change(&id) else { return };
        if agent.row.state != state {
            agent.state_since = now;
        }
        let is_kept = holds(Mark::StatesReachTheRow);
        agent.row.change(|row| {
            row.state = state;
            is_kept
        });
        if state == AgentState::Receiving {
            agent.last_offered = now;
            agent.row.last_offered_call = self.wall.secs(now);
        }
        if self.tells_of_offers {
            let name = agent.row.name.clone();
            self.fire_agent_state(&name, state);
        }
        self.note_staffing(now, id);
    }

    pub(in crate::engine) fn get_agent(
        &mut self,
        name: &str,
        key: AgentGetKey,
        typed: &str,
    ) -> Result<Reply, EngineError> {
        let id = self.agent_id(name)?;
        let row = &self.agents.get(&id).ok_or(EngineError::AgentNotFound)?.row;
        let (value, header, action) = match key {
            AgentGetKey::Status => (row.status.to_string(), header::AGENT_STATUS, action::AGENT_STATUS_GET),
            AgentGetKey::State => (row.state.to_string(), header::AGENT_STATE, action::AGENT_STATE_GET),
            AgentGetKey::Uuid => (row.uuid.clone(), header::AGENT_UUID, action::AGENT_UUID_GET),
        };
        self.fire(vec![
            (header::AGENT, name.to_owned()),
            (header::ACTION, action.to_owned()),
            (header, value.clone()),
        ]);
        self.debug(None, format!("Get Info Agent {name} {typed} = {value}"));
        Ok(Reply::Value(value))
    }

    /// Two instances whose configurations name the same agent would take it from each other at every reload.
    pub(in crate::engine) fn leave_to_its_owner(&mut self, name: &str) {
        let owner = self.agent_row(name).map(|row| row.instance_id).unwrap_or_default();
        let text = format!(
            "<agent name=\"{name}\">: the agent belongs to the instance {owner}; the configuration is left to it. Name the agent in one \
             instance's configuration only, or move it here with `callcenter_config agent set contact {name} ...`."
        );
        self.notice(NoticeLevel::Warning, None, text);
    }

    /// The same as the box says with which it happens.
    pub(in crate::engine) fn note_external_call(&mut self, name: &str, change: i64) -> Result<Reply, EngineError> {
        if self.boxes.are_several() {
            let calls = self.external_calls.entry(self.origin.at).or_default();
            let count = calls.entry(name.to_owned()).or_default();
            *count = count.saturating_add(change).max(0);
        }
        self.count_external_call(name, change)
    }

    pub(in crate::engine) fn count_external_call(&mut self, name: &str, change: i64) -> Result<Reply, EngineError> {
        let id = self.agent_id(name)?;
        let Some(agent) = self.agents.change(&id) else {
            return Err(EngineError::AgentNotFound);
        };
        agent.row.external_calls_count = agent.row.external_calls_count.saturating_add(change).max(0);
        Ok(Reply::Done)
    }
}
