//! `callcenter_config queue ...`

use super::reply::{self, ok, Answer, Refusal, INVALID};
use super::{list, phrase, words, Console};
use crate::engine::{
    find_parameter, nearest_name, AgentFilter, EngineError, Input, Parameter, QueueConfig, LONGEST_CONTACT,
    LONGEST_NAME, QUEUE_PARAMETERS,
};

/// How many words the actions take that change something.
const MOST_WORDS: &[(&str, usize)] = &[
    ("load", 1),
    ("unload", 1),
    ("reload", 1),
    ("set", 3),
    ("get", 2),
    ("add", 1),
    ("del", 1),
];

impl Console {
    /// Carries out an action on queues.
    pub(super) fn queue(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        words::at_most(MOST_WORDS, &action, arguments)?;
        match (action.as_str(), arguments) {
            ("load", [name]) => self.queue_load(words::name(name)?),
            ("unload", [name]) => {
                self.unload(words::name(name)?)?;
                Ok(ok())
            }
            ("reload", [name]) => self.queue_reload(words::name(name)?),
            ("add", [name]) => {
                words::no_longer_than(LONGEST_NAME, "queue name", words::name(name)?)?;
                self.change(Input::QueueAdd((*name).to_owned()))?;
                Ok(ok())
            }
            ("del", [name]) => {
                self.change(Input::QueueDel(words::name(name)?.to_owned()))?;
                Ok(ok())
            }
            ("set", [key, name, value]) => self.queue_set(key, name, value),
            ("get", [key, name]) => self.queue_get(key, name),
            ("list", []) => Ok(list::with_columns(&self.driver.view(|engine, _| engine.queues()))),
            ("list", [what, rest @ ..]) => self.queue_list(what, rest),
            ("count", []) => Ok(format!("{}\n", self.driver.view(|engine, _| engine.queue_count()))),
            ("count", [what, rest @ ..]) => self.queue_count(what, rest),
            ("load" | "unload" | "reload" | "add" | "del", []) | ("set" | "get", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown queue action '{action}'! Use add, del, load, unload, reload, set, get, list or count."
            ))),
        }
    }

    /// `queue unload`: the queue stays away until it is loaded by name, or a caller asks for it.
    pub(super) fn unload(&self, name: &str) -> Result<(), Refusal> {
        self.change(Input::UnloadQueue(name.to_owned()))?;
        Ok(())
    }

    /// As with agents an unknown queue is told before an unknown key or a wrong value.
    fn queue_set(&self, key: &str, name: &str, value: &str) -> Answer {
        let config = self.loaded_config(name)?;
        let parameter = parameter(key)?;
        let value = words::no_longer_than(LONGEST_CONTACT, &parameter.key(), value)?;
        self.change(Input::QueueSet {
            queue: name.to_owned(),
            setting: parameter.assign(&config, value).map_err(Refusal)?,
        })?;
        Ok(ok())
    }

    fn queue_get(&self, key: &str, name: &str) -> Answer {
        let config = self.loaded_config(name)?;
        Ok(reply::value(parameter(key)?.get(&config)))
    }

    fn loaded_config(&self, name: &str) -> Result<QueueConfig, Refusal> {
        let config = self.driver.view(|engine, _| engine.queue_config(name).cloned());
        config.ok_or_else(|| EngineError::QueueNotFound.into())
    }

    fn queue_list(&self, what: &str, rest: &[&str]) -> Answer {
        let queue = rest.first().copied();
        let name = queue.unwrap_or_default();
        match what.to_ascii_lowercase().as_str() {
            "agents" => {
                let filter = agent_filter(rest.get(1..).unwrap_or_default());
                Ok(list::rows(
                    &self.driver.view(|engine, _| engine.queue_agent_rows(name, &filter)),
                ))
            }
            "members" => Ok(list::rows(
                &self.driver.view(|engine, now| engine.member_rows(queue, now)),
            )),
            "tiers" => Ok(list::rows(
                &self.driver.view(|engine, _| engine.queue_tier_listings(name)),
            )),
            _ => Err(INVALID.into()),
        }
    }

    fn queue_count(&self, what: &str, rest: &[&str]) -> Answer {
        let name = rest.first().copied().unwrap_or_default();
        let count = match what.to_ascii_lowercase().as_str() {
            "agents" => {
                let filter = agent_filter(rest.get(1..).unwrap_or_default());
                self.driver.view(|engine, _| engine.queue_agent_count(name, &filter))
            }
            "members" => self.driver.view(|engine, _| engine.member_count(name)),
            "tiers" => self.driver.view(|engine, _| engine.tier_count(name)),
            _ => return Err(INVALID.into()),
        };
        Ok(format!("{count}\n"))
    }
}

/// The words behind a queue's name: status, state, and how many external calls. Whatever else there is counts for nothing, as with stock.
fn agent_filter(words: &[&str]) -> AgentFilter {
    let mut values = phrase::values(words, phrase::is_of_agent).into_iter();
    AgentFilter {
        status: values.next(),
        state: values.next(),
        external_calls: values.next().and_then(|text| text.parse::<u32>().ok()).map(i64::from),
    }
}

/// The parameter that a command names.
fn parameter(key: &str) -> Result<&'static Parameter<QueueConfig>, Refusal> {
    find_parameter(QUEUE_PARAMETERS, key).ok_or_else(|| {
        let names = QUEUE_PARAMETERS.iter().map(|parameter| parameter.name);
        let advice = match nearest_name(key, names) {
            Some(meant) => format!("Did you mean {}?", meant.replace('-', "_")),
            None => {
                let keys: Vec<String> = QUEUE_PARAMETERS.iter().map(Parameter::key).collect();
                format!("Use one of {}.", keys.join(", "))
            }
        };
        Refusal(format!("Unknown queue parameter '{key}'! {advice}"))
    })
}
