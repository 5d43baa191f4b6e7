//! Replies as stock writes them.

use crate::config::ConfigError;
use crate::engine::EngineError;
use crate::store::SaveError;
use std::borrow::Cow;

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

/// A value that stock does not have. An empty one is an empty line: FreeSWITCH tells a client of the event socket that has got nothing
/// at all that there was an error.
pub(super) fn value(value: String) -> String {
    if value.is_empty() {
        return "\n".to_owned();
    }
    value
}

/// The text for the one who asked. A refusal is one line, whatever it quotes.
pub(super) fn render(answer: Answer) -> String {
    answer.unwrap_or_else(|refusal| format!("-ERR {}\n", one_line(&refusal.0, false)))
}

/// The reply to a line, which must be text: everything the module keeps and shows is.
pub(super) fn of_text(line: &[u8], reply: impl FnOnce(&str) -> String) -> String {
    match std::str::from_utf8(line) {
        Ok(line) => reply(line),
        Err(error) => format!(
            "-ERR The command is not UTF-8 at byte {}! Write names and values in UTF-8.\n",
            error.valid_up_to() + 1
        ),
    }
}

/// A text without anything that some client takes for the end of a line; with `in_row` also without what ends a field.
pub(super) fn one_line(text: &str, in_row: bool) -> Cow<'_, str> {
    let ends = |character: char| {
        matches!(character, '\u{2028}' | '\u{2029}')
            || (character.is_control() && character != '\t')
            || (in_row && character == '|')
    };
    if text.contains(ends) {
        Cow::Owned(text.replace(ends, " "))
    } else {
        Cow::Borrowed(text)
    }
}
