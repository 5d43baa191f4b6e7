//! `<agent>` elements: what the configuration says of an agent, beside what commands, rows and the agents themselves have said since.
//!
//! A value of the configuration counts when it is new: the first time it is seen, and when it has been changed there. What was changed
//! by other ways since outlasts every load and reload, until somebody demands `agent reload`.

use crate::engine::border::row_change::RowChange;
use crate::engine::border::setting::AgentSetting;
use crate::engine::centre::engine::Engine;
use crate::engine::configuration::agent::AgentConfig;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::time::Timestamp;
use std::collections::BTreeMap;

/// What is taken of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Taken {
    /// What is new in it.
    News,
    /// The same, and a contact that is as it was: whoever listens is told of it, as with stock.
    NewsAndContact,
    /// Everything but a status that is not new, so that nobody who has logged in is logged out.
    All,
}

impl Engine {
    /// An `<agent>` of the configuration: what it says is set, in stock's order.
    pub(in crate::engine) fn apply_agent(&mut self, now: Timestamp, config: AgentConfig, taken: Taken) {
        let name = config.name.clone();
        if !self.may_decide_for(&name) {
            self.leave_to_its_owner(&name);
            return;
        }
        let is_added = self.add_agent(&name, config.agent_type.clone()).is_ok();
        let Ok(id) = self.agent_id(&name) else { return };
        let settings = settings_of(config);
        let before = self.keep_configured(id, &name, &settings);
        for (setting, key, value) in settings {
            let is_new = before.get(&key) != Some(&value);
            let is_wanted = match &setting {
                AgentSetting::Type(_) if is_added => false,
                AgentSetting::Status(_) => is_new,
                AgentSetting::Contact(contact) if taken == Taken::NewsAndContact => {
                    is_new || self.has_contact(id, contact)
                }
                _ => is_new || taken == Taken::All,
            };
            if is_wanted {
                // Every name and value was checked when it was read; there is nothing to refuse.
                let _ = self.change_agent(now, id, &name, setting);
            }
        }
        self.renew_phone(now, id);
    }

    fn has_contact(&self, id: AgentId, contact: &str) -> bool {
        self.agents.get(&id).is_some_and(|agent| agent.row.contact == contact)
    }

    /// Keeps what the configuration says now. Returns what it said before.
    fn keep_configured(
        &mut self,
        id: AgentId,
        name: &str,
        settings: &[(AgentSetting, String, String)],
    ) -> BTreeMap<String, String> {
        let Some(agent) = self.agents.change(&id) else {
            return BTreeMap::new();
        };
        let said = settings.iter().map(|(_, key, value)| (key.clone(), value.clone()));
        let said: BTreeMap<String, String> = said.collect();
        agent.named_since_load = true;
        let before = std::mem::replace(&mut agent.configured, said.clone());
        let gone = before.keys().filter(|key| !said.contains_key(*key));
        let gone: Vec<_> = gone.map(|key| (key.clone(), None)).collect();
        let new = said.into_iter().filter(|(key, value)| before.get(key) != Some(value));
        let new: Vec<_> = new.map(|(key, value)| (key, Some(value))).collect();
        for (setting, value) in gone.into_iter().chain(new) {
            self.write_configured(name, setting, value);
        }
        before
    }

    /// The agent is gone: to another of that name everything in the configuration is new.
    pub(in crate::engine) fn forget_configured(&mut self, name: &str) {
        let id = self.agents.named(name);
        let agent = id.and_then(|id| self.agents.books_of(&id));
        let configured = agent.map(|agent| std::mem::take(&mut agent.configured));
        for setting in configured.unwrap_or_default().into_keys() {
            self.write_configured(name, setting, None);
        }
    }

    fn write_configured(&mut self, agent: &str, setting: String, value: Option<String>) {
        self.changed.others.push(RowChange::Configured {
            agent: agent.to_owned(),
            setting,
            value,
        });
    }
}

/// What is to be set, in stock's order, each with its name and value in `agent set`.
fn settings_of(config: AgentConfig) -> Vec<(AgentSetting, String, String)> {
    let contact = config.contact.map(|value| {
        let setting = AgentSetting::Contact(value.clone());
        (setting, "contact".to_owned(), value)
    });
    let status = config.status.map(|status| {
        let setting = AgentSetting::Status(status.to_string());
        (setting, "status".to_owned(), status.to_string())
    });
    let skills = config.skills.map(|skills| {
        let value = skills.to_string();
        (AgentSetting::Skills(skills), "skills".to_owned(), value)
    });
    let attributes = config.attributes.into_iter().map(|attribute| {
        let (key, value) = (attribute.key(), attribute.value().to_owned());
        (AgentSetting::Attribute(attribute), key, value)
    });
    let limits = config.limits.into_iter().map(|limit| {
        let (key, value) = (limit.key(), limit.value().to_owned());
        (AgentSetting::Limit(limit), key, value)
    });
    let value = config.agent_type.as_str().to_owned();
    let agent_type = (AgentSetting::Type(config.agent_type), "type".to_owned(), value);
    let first = contact.into_iter().chain(status).chain(skills);
    first.chain(attributes).chain(limits).chain([agent_type]).collect()
}
