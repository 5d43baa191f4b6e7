//! `callcenter_config dispatch ...`: whether the call centre offers calls by itself, and calls given to agents by command.

use super::reply::{ok, Answer, Refusal, INVALID};
use super::{words, Console};
use crate::engine::Input;

/// How many words the actions take.
const MOST_WORDS: &[(&str, usize)] = &[("internal", 1), ("member", 2)];

impl Console {
    /// Switches internal dispatching, tells whether it is on, or gives a member to an agent.
    pub(super) fn dispatch(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        words::at_most(MOST_WORDS, &action, arguments)?;
        match (action.as_str(), arguments) {
            ("internal", []) => Ok(format!("{}\n", self.internal_dispatching())),
            ("internal", [word]) => {
                let on = match word.to_ascii_lowercase().as_str() {
                    "on" => true,
                    "off" => false,
                    _ => return Err(Refusal(format!("Invalid value '{word}'! Use on or off."))),
                };
                self.change(Input::InternalDispatching { on })?;
                Ok(ok())
            }
            ("member", [uuid, agent]) => {
                self.change(Input::DispatchMember {
                    uuid: words::name(uuid)?.to_owned(),
                    agent: words::name(agent)?.to_owned(),
                })?;
                Ok(ok())
            }
            ("internal" | "member", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown dispatch action '{action}'! Use internal or member."
            ))),
        }
    }

    /// `on` or `off`.
    pub(super) fn internal_dispatching(&self) -> &'static str {
        match self.driver.view(|engine, _| engine.dispatches()) {
            true => "on",
            false => "off",
        }
    }
}
