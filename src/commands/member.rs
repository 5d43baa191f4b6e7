//! `callcenter_config member ...`

use super::reply::{ok, Answer, Refusal, INVALID};
use super::{list, phrase, words, Console};
use crate::engine::Input;

/// How many words the actions take.
const MOST_WORDS: &[(&str, usize)] = &[("set", 3), ("withdraw", 2)];

impl Console {
    /// Carries out an action on members, who are known by their uuid.
    pub(super) fn member(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        let arguments = match action.as_str() {
            "withdraw" => phrase::join(arguments, 1, |_| true),
            _ => phrase::join(arguments, arguments.len(), |_| false),
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        words::at_most(MOST_WORDS, &action, &arguments)?;
        match (action.as_str(), arguments.as_slice()) {
            ("set", [key, uuid, value]) => self.member_set(key, uuid, value),
            ("withdraw", [uuid, note @ ..]) => {
                self.change(Input::MemberWithdraw {
                    uuid: words::name(uuid)?.to_owned(),
                    note: note.concat(),
                })?;
                Ok(ok())
            }
            ("list", []) => Ok(list::rows(&self.driver.view(|engine, now| engine.all_member_rows(now)))),
            ("list" | "set" | "withdraw", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown member action '{action}'! Use list, set or withdraw."
            ))),
        }
    }

    fn member_set(&self, key: &str, uuid: &str, value: &str) -> Answer {
        if !key.eq_ignore_ascii_case("base_score") {
            return Err(Refusal(format!("Invalid Member Update KEY '{key}'! Use base_score.")));
        }
        let score = value.parse::<i32>().ok().map(i64::from);
        let base_score = score.ok_or_else(|| {
            Refusal(format!(
                "Invalid base_score '{value}'! Use a number from {} to {}.",
                i32::MIN,
                i32::MAX
            ))
        })?;
        self.change(Input::MemberScore {
            uuid: words::name(uuid)?.to_owned(),
            base_score,
        })?;
        Ok(ok())
    }
}
