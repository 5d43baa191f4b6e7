//! `callcenter_config dispatch ...`: whether the call centre offers calls by itself, calls given to agents by command, and why an agent is
//! not offered one.

use super::reply::{ok, Answer, Refusal, INVALID};
use super::{words, Console};
use crate::engine::{EngineError, Input};

/// How many words the actions take.
const MOST_WORDS: &[(&str, usize)] = &[("internal", 1), ("member", 2), ("why", 2)];

/// The answer to `dispatch why`.
pub(super) struct WhyNotOffered {
    /// Whether `dispatch member` would offer it.
    pub may_be_offered: bool,
    /// Why not, or why nobody does.
    pub reason: String,
}

impl Console {
    /// Switches internal dispatching, tells whether it is on, gives a member to an agent, or tells why an agent is not offered it.
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
            ("why", [uuid, agent]) => {
                let why = self.why_not_offered(words::name(uuid)?, words::name(agent)?)?;
                Ok(format!("{}\n", why.reason))
            }
            ("internal" | "member" | "why", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown dispatch action '{action}'! Use internal, member or why."
            ))),
        }
    }

    /// Why an agent is not offered a member. Who or what there is not is no answer but an error.
    pub(super) fn why_not_offered(&self, uuid: &str, agent: &str) -> Result<WhyNotOffered, Refusal> {
        let asked = self.driver.view(|engine, now| engine.why_not_offered(now, uuid, agent));
        match asked {
            Ok(left) => Ok(WhyNotOffered {
                may_be_offered: true,
                reason: left.as_str().to_owned(),
            }),
            Err(error @ (EngineError::MemberNotFound | EngineError::AgentNotFound)) => Err(error.into()),
            Err(reason) => Ok(WhyNotOffered {
                may_be_offered: false,
                reason: reason.to_string(),
            }),
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
