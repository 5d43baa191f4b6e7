//! `callcenter_config tier ...`

use super::reply::{ok, Answer, Refusal, INVALID};
use super::{list, number, phrase, words, Console};
use crate::engine::{EngineError, Input, TierConfig, TierSetting, TierState, LONGEST_NAME};

/// How many words the actions take that change something.
const MOST_WORDS: &[(&str, usize)] = &[
    ("add", 6),
    ("set", 4),
    ("del", 2),
    ("reload", 2),
    ("pause", 3),
    ("resume", 2),
];

impl Console {
    /// Carries out an action on tiers.
    pub(super) fn tier(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        let arguments = match (action.as_str(), arguments) {
            ("set", [key, ..]) if key.eq_ignore_ascii_case("state") => {
                phrase::join(arguments, 3, |value| TierState::parse(value).is_some())
            }
            ("pause", _) => phrase::join(arguments, 2, |_| true),
            _ => phrase::join(arguments, arguments.len(), |_| false),
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        words::at_most(MOST_WORDS, &action, &arguments)?;
        match (action.as_str(), arguments.as_slice()) {
            ("add", [queue, agent, places @ ..]) => self.tier_add(queue, agent, places),
            ("set", [key, queue, agent, value]) => self.tier_set(key, queue, agent, value),
            ("del", [queue, agent]) => {
                words::name(queue)?;
                words::name(agent)?;
                self.change(Input::TierDel {
                    queue: (*queue).to_owned(),
                    agent: (*agent).to_owned(),
                })?;
                Ok(ok())
            }
            ("reload", [queue, rest @ ..]) => self.tier_reload(queue, rest.first().copied().unwrap_or_default()),
            ("pause", [queue, agent, reason @ ..]) => {
                self.tier_pause(queue, agent, reason.first().copied().unwrap_or_default())
            }
            ("resume", [queue, agent]) => {
                self.load_when_new(queue)?;
                self.change(Input::TierResume {
                    queue: (*queue).to_owned(),
                    agent: (*agent).to_owned(),
                })?;
                Ok(ok())
            }
            ("list", _) => Ok(list::rows(&self.driver.view(|engine, _| engine.tier_listings()))),
            ("add" | "set" | "del" | "reload" | "pause" | "resume", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown tier action '{action}'! Use add, set, del, reload, pause, resume or list."
            ))),
        }
    }

    fn tier_pause(&self, queue: &str, agent: &str, reason: &str) -> Answer {
        self.load_when_new(queue)?;
        self.change(Input::TierPause {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            reason: words::no_longer_than(LONGEST_NAME, "pause reason", reason)?.to_owned(),
        })?;
        Ok(ok())
    }

    fn tier_add(&self, queue: &str, agent: &str, places: &[&str]) -> Answer {
        let place = |key, index: usize| match places.get(index) {
            Some(text) if !text.is_empty() => number::place(key, text),
            _ => Ok(1),
        };
        let tier = TierConfig {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            level: place("level", 0)?,
            position: place("position", 1)?,
        };
        let reason = match places.get(2..).unwrap_or_default() {
            [] => None,
            [paused, reason @ ..] if paused.eq_ignore_ascii_case("paused") => {
                let reason = reason.first().copied().unwrap_or_default();
                Some(words::no_longer_than(LONGEST_NAME, "pause reason", reason)?.to_owned())
            }
            [other, ..] => {
                let text = format!("Invalid word '{other}' behind the position! Use paused, and behind it a reason.");
                return Err(Refusal(text));
            }
        };
        self.load_when_new(queue)?;
        self.change(match reason {
            Some(reason) => Input::TierAddPaused { tier, reason },
            None => Input::TierAdd(tier),
        })?;
        Ok(ok())
    }

    /// As in stock a missing tier is told before an unknown key or a wrong value.
    fn tier_set(&self, key: &str, queue: &str, agent: &str, value: &str) -> Answer {
        let is_there = |row: &crate::engine::TierRow| row.agent == agent;
        if !self
            .driver
            .view(|engine, _| engine.queue_tier_rows(queue).iter().any(is_there))
        {
            return Err(EngineError::TierNotFound.into());
        }
        if self.driver.view(|engine, _| engine.agent_row(agent).is_none()) {
            return Err(EngineError::AgentNotFound.into());
        }
        let setting = match key.to_ascii_lowercase().as_str() {
            "state" => TierSetting::State(TierState::parse(value).ok_or_else(|| Refusal::from("Invalid Tier State!"))?),
            "level" => TierSetting::Level(number::place("level", value)?),
            "position" => TierSetting::Position(number::place("position", value)?),
            _ => return Err("Invalid Tier Update KEY!".into()),
        };
        self.load_when_new(queue)?;
        self.change(Input::TierSet {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            setting,
        })?;
        Ok(ok())
    }
}
