//! `callcenter_config callback ...`: who is to be called back.

use super::reply::{ok, Answer, Refusal, INVALID};
use super::{list, phrase, words, Console};
use crate::engine::{Input, Reply, LONGEST_NAME};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// How many words the actions take.
const MOST_WORDS: &[(&str, usize)] = &[("add", 3), ("list", 1), ("expired", 1), ("cancel", 1), ("now", 1)];

impl Console {
    /// Carries out an action on callbacks, which are known by their member's uuid.
    pub(super) fn callback(&self, action: &str, arguments: &[&str]) -> Answer {
        let action = action.to_ascii_lowercase();
        let arguments = match action.as_str() {
            "add" => phrase::join(arguments, 2, |_| true),
            _ => phrase::join(arguments, arguments.len(), |_| false),
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        words::at_most(MOST_WORDS, &action, &arguments)?;
        let uuid = |uuid: &str| words::name(uuid).map(str::to_owned);
        match (action.as_str(), arguments.as_slice()) {
            ("add", [queue, number, name @ ..]) => {
                let member = self.add_callback(queue, number, &name.concat())?;
                Ok(format!("+OK {member}\n"))
            }
            ("list", queue) => {
                let queue = queue.first().copied();
                Ok(list::rows(&self.driver.view(|engine, _| engine.callbacks(queue))))
            }
            ("expired", queue) => {
                let queue = queue.first().copied();
                Ok(list::rows(
                    &self.driver.view(|engine, _| engine.unkept_callbacks(queue)),
                ))
            }
            ("cancel", [member]) => {
                self.change(Input::CallbackCancel { uuid: uuid(member)? })?;
                Ok(ok())
            }
            ("now", [member]) => {
                self.change(Input::CallbackNow { uuid: uuid(member)? })?;
                Ok(ok())
            }
            ("add" | "cancel" | "now", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown callback action '{action}'! Use add, list, expired, cancel or now."
            ))),
        }
    }

    /// Somebody is to be called back who has not called; the member's uuid.
    pub(super) fn add_callback(&self, queue: &str, number: &str, name: &str) -> Result<String, Refusal> {
        let reply = self.change(Input::CallbackAdd {
            queue: words::name(queue)?.to_owned(),
            number: number.to_owned(),
            name: words::no_longer_than(LONGEST_NAME, "name", name)?.to_owned(),
            new_member_uuid: new_uuid(),
        })?;
        match reply {
            Reply::CalledBack { member_uuid, .. } => Ok(member_uuid),
            _ => Err(INVALID.into()),
        }
    }
}

/// A uuid by chance. The keys of the standard library's hashes are random ones of the system.
fn new_uuid() -> String {
    let chance = || RandomState::new().build_hasher().finish();
    let (high, low) = (chance(), chance());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_look_like_uuids_and_differ() {
        let (one, other) = (new_uuid(), new_uuid());
        assert_ne!(one, other);
        for uuid in [one, other] {
            let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
            assert!(
                uuid.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit()),
                "{uuid}"
            );
        }
    }
}
