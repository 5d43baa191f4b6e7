//! `callcenter_config caller ...`: what is remembered of a caller.

use super::reply::{ok, Answer, Refusal, INVALID};
use super::{list, words, Console};
use crate::engine::Input;

/// How many words the actions take.
const MOST_WORDS: &[(&str, usize)] = &[("get", 1), ("forget", 1)];

impl Console {
    /// Tells which agents are remembered for a caller, or forgets them.
    pub(super) fn caller(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        words::at_most(MOST_WORDS, &action, arguments)?;
        match (action.as_str(), arguments) {
            ("get", [caller]) => {
                let caller = words::name(caller)?;
                Ok(list::rows(&self.driver.view(|engine, _| engine.remembered(caller))))
            }
            ("forget", [caller]) => {
                self.change(Input::CallerForget(words::name(caller)?.to_owned()))?;
                Ok(ok())
            }
            ("get" | "forget", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!("Unknown caller action '{action}'! Use get or forget."))),
        }
    }
}
