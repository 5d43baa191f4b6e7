//! `callcenter_config agent ...`

use super::reply::{self, ok, Answer, Refusal, INVALID};
use super::{list, number, phrase, words, Console};
use crate::engine::{
    find_parameter, AgentGetKey, AgentSetting, AgentStatus, AgentType, Engine, EngineError, Input, Reply, Skills,
    AGENT_LIMITS, LONGEST_CONTACT, LONGEST_NAME,
};

/// How many words the actions take that change something.
const MOST_WORDS: &[(&str, usize)] = &[
    ("add", 2),
    ("del", 1),
    ("reload", 1),
    ("login", 1),
    ("logout", 1),
    ("pause", 2),
    ("resume", 1),
    ("set", 3),
];

impl Console {
    /// Carries out an action on agents.
    pub(super) fn agent(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        let arguments = match (action.as_str(), arguments) {
            ("set", [key, ..]) if takes_a_phrase(key) => phrase::join(arguments, 2, phrase::is_of_agent),
            ("pause", _) => phrase::join(arguments, 1, |_| true),
            _ => phrase::join(arguments, arguments.len(), |_| false),
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        words::at_most(MOST_WORDS, &action, &arguments)?;
        match (action.as_str(), arguments.as_slice()) {
            ("add", [name, agent_type]) => self.agent_add(name, agent_type),
            ("del", [name]) => {
                words::name(name)?;
                self.change(Input::AgentDel {
                    name: (*name).to_owned(),
                })?;
                Ok(ok())
            }
            ("reload", [name]) => self.agent_reload(words::name(name)?),
            ("login", [name]) => self.agent_set("status", words::name(name)?, AgentStatus::Available.as_str()),
            ("logout", [name]) => self.agent_set("status", words::name(name)?, AgentStatus::LoggedOut.as_str()),
            ("pause", [name, reason @ ..]) => {
                let reason = reason.first().copied().unwrap_or_default();
                self.change(Input::AgentPause {
                    name: words::name(name)?.to_owned(),
                    reason: words::no_longer_than(LONGEST_NAME, "pause reason", reason)?.to_owned(),
                })?;
                Ok(ok())
            }
            ("resume", [name]) => {
                self.change(Input::AgentResume {
                    name: words::name(name)?.to_owned(),
                })?;
                Ok(ok())
            }
            ("set", [key, name, value]) => self.agent_set(key, name, value),
            ("get", [key, name, ..]) => self.agent_get(key, name),
            ("list", []) => Ok(list::rows(&self.driver.view(|engine, _| engine.agent_rows()))),
            ("list", [name]) => {
                let row = self.driver.view(|engine, _| engine.agent_row(name));
                Ok(list::rows(row.as_slice()))
            }
            ("add" | "del" | "reload" | "login" | "logout" | "pause" | "resume" | "set" | "get" | "list", _) => {
                Err(INVALID.into())
            }
            _ => Err(Refusal(format!(
                "Unknown agent action '{action}'! Use add, del, reload, login, logout, pause, resume, set, get or list."
            ))),
        }
    }

    fn agent_add(&self, name: &str, agent_type: &str) -> Answer {
        let agent_type = AgentType::parse(agent_type).ok_or_else(|| Refusal::from("Agent type invalid!"))?;
        words::no_longer_than(LONGEST_NAME, "agent name", words::name(name)?)?;
        self.change(Input::AgentAdd {
            name: name.to_owned(),
            agent_type,
        })?;
        Ok(ok())
    }

    /// As in stock an unknown agent is told before an unknown key or a wrong value.
    fn agent_set(&self, key: &str, name: &str, value: &str) -> Answer {
        if self.driver.view(|engine, _| engine.agent_row(name).is_none()) {
            return Err(EngineError::AgentNotFound.into());
        }
        let setting = agent_setting(&key.to_ascii_lowercase(), value)?;
        self.change(Input::AgentSet {
            name: name.to_owned(),
            setting,
        })?;
        Ok(ok())
    }

    fn agent_get(&self, key: &str, name: &str) -> Answer {
        if self.driver.view(|engine, _| engine.agent_row(name).is_none()) {
            return Err(EngineError::AgentNotFound.into());
        }
        let typed = key.to_owned();
        let key = match key.to_ascii_lowercase().as_str() {
            "status" => AgentGetKey::Status,
            "state" => AgentGetKey::State,
            "uuid" => AgentGetKey::Uuid,
            "pause_reason" => return Ok(self.looked_up(|engine| engine.pause_reason(name))),
            "device" => return Ok(self.looked_up(|engine| engine.device(name).map(str::to_owned))),
            "device_in_use" => return Ok(self.looked_up(|engine| Some(engine.device_is_in_use(name).to_string()))),
            "skills" => return Ok(self.looked_up(|engine| engine.skills_of(name))),
            other => return self.agent_limit(other, name),
        };
        match self.driver.submit(Input::AgentGet {
            name: name.to_owned(),
            key,
            typed,
        })? {
            Reply::Value(value) => Ok(value),
            _ => Ok(String::new()),
        }
    }

    /// What stock does not have is only looked at: no event tells of it.
    fn looked_up(&self, value: impl FnOnce(&Engine) -> Option<String>) -> String {
        reply::value(self.driver.view(|engine, _| value(engine)).unwrap_or_default())
    }

    /// A limit, or how many failed offers there were in a row.
    fn agent_limit(&self, key: &str, name: &str) -> Answer {
        let limits = self
            .driver
            .view(|engine, _| engine.agent_limits(name))
            .unwrap_or_default();
        if let Some(limit) = find_parameter(AGENT_LIMITS, key) {
            return Ok(limit.get(&limits));
        }
        let count = limits
            .count(key)
            .ok_or_else(|| Refusal::from("Invalid Agent Update KEY!"))?;
        Ok(count.to_string())
    }
}

/// Whether the values of a key have blanks.
fn takes_a_phrase(key: &str) -> bool {
    ["status", "state", "state_if_waiting"]
        .iter()
        .any(|name| key.eq_ignore_ascii_case(name))
}

fn agent_setting(key: &str, value: &str) -> Result<AgentSetting, Refusal> {
    let text = || value.to_owned();
    let short = |longest| words::no_longer_than(longest, key, value).map(str::to_owned);
    Ok(match key {
        "status" => AgentSetting::Status(text()),
        "state" => AgentSetting::State(text()),
        "state_if_waiting" => AgentSetting::StateIfWaiting(text()),
        "uuid" => AgentSetting::Uuid(short(LONGEST_NAME)?),
        "contact" => AgentSetting::Contact(short(LONGEST_CONTACT)?),
        "type" => {
            let agent_type = AgentType::parse(value).ok_or_else(|| Refusal::from("Invalid Agent Type!"))?;
            AgentSetting::Type(agent_type)
        }
        "ready_time" => AgentSetting::ReadyTime(number::instant(key, value)?),
        "skills" => AgentSetting::Skills(Skills::parse(value).map_err(Refusal)?),
        _ => AgentSetting::attribute(key, value)
            .ok_or_else(|| Refusal::from("Invalid Agent Update KEY!"))?
            .map_err(Refusal)?,
    })
}
