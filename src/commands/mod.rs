//! What people and programs type: `callcenter_config`, `callcenter_break`, and their JSON counterpart.
//!
//! Words, replies, error texts and columns are stock's, byte for byte; scripts and wallboards read them. Where stock
//! answers nothing, or names the wrong trouble, the reply here is a `-ERR` that names the right one.

mod agent;
mod answering;
mod callback;
mod caller;
mod check;
mod cluster;
mod contact;
mod dispatch;
mod json;
mod list;
mod local_day;
mod member;
mod number;
mod phrase;
mod queue;
mod reload;
mod reply;
mod snapshot;
mod stats;
mod table;
#[cfg(test)]
mod tests;
mod tier;
mod tokens;
mod usage;
mod words;

pub use answering::{refusal, Answering};
pub use cluster::{BoxStatus, KnownBox};
pub use json::JsonError;
pub use local_day::zone_of_machine;
pub use usage::{commands, Command, COMPLETIONS, USAGE};

use crate::config::ConfigSource;
use crate::driver::{Driver, EngineRoom};
use crate::engine::{EngineError, Input, Reply, WallTime};
use reply::{Answer, Refusal, INVALID};
use std::sync::Arc;

/// `callcenter_config` has room for this many words; the last one takes the rest of the line, as in stock.
const CONFIG_WORDS: usize = 8;

/// `callcenter_break` has room for this many words.
const BREAK_WORDS: usize = 2;

/// Usage of `callcenter_break`, which stock's error carries.
pub const BREAK_USAGE: &str = "Usage: callcenter_break agent <uuid>";

/// Carries out commands. It may be used by many threads at once.
pub struct Console {
    driver: Arc<dyn EngineRoom>,
    source: Arc<dyn ConfigSource>,
    /// When the console was made: with the module.
    loaded: WallTime,
}

impl Console {
    /// A console for the engine of `driver`; reloads read `source`.
    pub fn new(driver: Arc<Driver>, source: Arc<dyn ConfigSource>) -> Self {
        Self::of(driver, source)
    }

    /// As [`Console::new`], wherever the engine is.
    pub fn of(driver: Arc<dyn EngineRoom>, source: Arc<dyn ConfigSource>) -> Self {
        Self {
            loaded: driver.wall(),
            driver,
            source,
        }
    }

    /// As [`Console::config`], for a line that may be no text at all.
    pub fn config_bytes(&self, line: &[u8]) -> String {
        Answering::config_bytes(self, line)
    }

    /// As [`Console::break_agent`], for a line that may be no text at all.
    pub fn break_bytes(&self, line: &[u8]) -> String {
        Answering::break_bytes(self, line)
    }

    /// Carries out a line of `callcenter_config` and gives its reply, line end included where stock has one.
    pub fn config(&self, line: &str) -> String {
        if line.is_empty() {
            return format!("-USAGE: \n{}\n", *USAGE);
        }
        let words = words_of(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let answer = match words.as_slice() {
            [word] if word.eq_ignore_ascii_case("check") => self.check(),
            [word] if word.eq_ignore_ascii_case("cluster") => Err(Refusal::from(cluster::NO_CLUSTER)),
            [word] if word.eq_ignore_ascii_case("reload") => self.reload(),
            [word] if word.eq_ignore_ascii_case("snapshot") => self.snapshot_as_text(),
            [target, what @ ..] if target.eq_ignore_ascii_case("stats") => self.stats(what),
            [] | [_] => Err(Refusal::from(INVALID)),
            [target, action, arguments @ ..] => self.act(target, action, arguments),
        };
        reply::render(answer)
    }

    fn act(&self, target: &str, action: &str, arguments: &[&str]) -> Answer {
        match target.to_ascii_lowercase().as_str() {
            "agent" => self.agent(action, arguments),
            "tier" => self.tier(action, arguments),
            "queue" => self.queue(action, arguments),
            "member" => self.member(action, arguments),
            "call" => self.call(action, arguments),
            "dispatch" => self.dispatch(action, arguments),
            "pause" => self.pause(action, arguments),
            "caller" => self.caller(action, arguments),
            "callback" => self.callback(action, arguments),
            word @ ("check" | "cluster" | "reload" | "snapshot") => Err(Refusal(format!("Too many words! '{word}' takes none."))),
            _ => Err(Refusal(format!(
                "Unknown target '{target}'! Use agent, tier, queue, member, call, callback, caller, dispatch, pause, stats, snapshot, cluster, check or reload."
            ))),
        }
    }

    /// Carries out an action on calls.
    fn call(&self, action: &str, arguments: &[&str]) -> Answer {
        match (action.to_ascii_lowercase().as_str(), arguments) {
            ("list", []) => Ok(list::rows(&self.driver.view(|engine, now| engine.calls(now)))),
            ("list", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!("Unknown call action '{action}'! Use list."))),
        }
    }

    /// Carries out an action on pauses.
    fn pause(&self, action: &str, arguments: &[&str]) -> Answer {
        match (action.to_ascii_lowercase().as_str(), arguments) {
            ("list", []) => Ok(list::rows(&self.driver.view(|engine, _| engine.pauses()))),
            ("list", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!("Unknown pause action '{action}'! Use list."))),
        }
    }

    /// Carries out a line of `callcenter_break`: releases the agent whose leg is named although the leg stays up.
    pub fn break_agent(&self, line: &str) -> String {
        let words = tokens::separate(line, BREAK_WORDS);
        let answer = match words.as_slice() {
            [target, uuid] if target.eq_ignore_ascii_case("agent") => {
                let input = Input::AgentBreak {
                    agent_uuid: uuid.clone(),
                };
                match self.driver.submit(input) {
                    Ok(_) => Ok(reply::ok()),
                    Err(EngineError::NoSuchLeg) => Err(Refusal(format!("Session not found for uuid {uuid}"))),
                    Err(error) => Err(Refusal::from(error)),
                }
            }
            _ => Err(Refusal::from(BREAK_USAGE)),
        };
        reply::render(answer)
    }

    /// Hands a change to the engine and waits until it is saved.
    fn change(&self, input: Input) -> Result<Reply, Refusal> {
        Ok(self.driver.submit_and_save(input)??)
    }
}

/// The words of a line of `callcenter_config`; a contact is one, whatever it has inside.
fn words_of(line: &str) -> Vec<String> {
    let mut words = tokens::separate(line, CONFIG_WORDS);
    let sets_contact = matches!(words.as_slice(), [target, action, key, _, _, _, ..]
        if target.eq_ignore_ascii_case("agent") && action.eq_ignore_ascii_case("set") && key.eq_ignore_ascii_case("contact"));
    if let Some(contact) = contact::of_line(line).filter(|_| sets_contact) {
        words.truncate(4);
        words.push(contact);
    }
    words
}
