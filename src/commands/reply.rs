//! Replies as stock writes them.

use crate::config::ConfigError;
use crate::core::EngineError;
use crate::store::SaveError;

/// What stock says to a command with too few words, or too many.
pub(super) const INVALID: &str = "Invalid!";

/// What comes back: the whole text of a reply, or why there is none.
pub(super) type Answer = Result<String, Refusal>;

/// Why a command was refused, or not finished: the text behind `-ERR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(pub String);

impl From<&str> for Refusal {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        Self(error.to_string())
    }
}

impl From<SaveError> for Refusal {
    fn from(error: SaveError) -> Self {
        Self(error.to_string())
    }
}

impl From<ConfigError> for Refusal {
    fn from(error: ConfigError) -> Self {
        Self(error.to_string())
    }
}

/// Success without anything to show.
pub(super) fn ok() -> String {
    "+OK\n".to_owned()
}

/// The text for the one who asked.
pub(super) fn render(answer: Answer) -> String {
    answer.unwrap_or_else(|refusal| format!("-ERR {}\n", refusal.0))
}
