//! `callcenter_track`: calls of agents outside the queues.

use crate::engine::names::variable;
use crate::engine::{AgentGetKey, Input};
use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::session::Session;
use crate::freeswitch::module::Module;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Which agents' calls a channel is. Each channel counts once for an agent, however often it is tracked.
#[derive(Default)]
pub struct Tracked {
    agents: Mutex<HashMap<String, Vec<String>>>,
}

impl Tracked {
    /// Tracks a channel for an agent; false when it is already.
    pub fn begin(&self, session_uuid: &str, agent: &str) -> bool {
        let mut agents = self.agents.lock();
        let tracked = agents.entry(session_uuid.to_owned()).or_default();
        let is_new = !tracked.iter().any(|other| other == agent);
        if is_new {
            tracked.push(agent.to_owned());
        }
        is_new
    }

    /// The channel has ended: the agents it was tracked for.
    pub fn end(&self, session_uuid: &str) -> Vec<String> {
        self.agents.lock().remove(session_uuid).unwrap_or_default()
    }
}

entry!(application application, track);

fn track(module: &Arc<Module>, session: Session<'_>, agent: &str) {
    let uuid = session.uuid();
    if agent.is_empty() {
        return log::error(Some(&uuid), "Missing agent name");
    }
    // Stock asks as `agent get` does, and subscribers are told that somebody asked.
    let asked = Input::AgentGet {
        name: agent.to_owned(),
        key: AgentGetKey::Status,
        typed: "status".to_owned(),
    };
    if module.reception.submit(asked).is_err() {
        return log::warning(Some(&uuid), &format!("Invalid agent {agent}"));
    }
    session.channel().set_variable(variable::TRACKED_AGENT, Some(agent));
    module.switch.hooks.install(session);
    if module.switch.tracked.begin(&uuid, agent)
        && module
            .reception
            .submit(Input::ExternalCallStarted {
                agent: agent.to_owned(),
            })
            .is_err()
    {
        // The agent was deleted in this instant.
        return log::warning(Some(&uuid), &format!("Invalid agent {agent}"));
    }
    log::debug(Some(&uuid), &format!("Tracking this call for agent {agent}"));
}
