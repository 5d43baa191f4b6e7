//! Whoever answers what is typed on this FreeSWITCH.

use super::reply::{of_text, one_line};
use super::Console;
use serde_json::Value;

/// Takes lines and gives replies.
pub trait Answering: Send + Sync {
    /// Carries out a line of `callcenter_config` and gives its reply.
    fn config(&self, line: &str) -> String;

    /// Carries out a line of `callcenter_break`.
    fn break_agent(&self, line: &str) -> String;

    /// Answers a request of the JSON API; `data` is its member of that name.
    ///
    /// # Errors
    /// With what is to be answered where the request is refused.
    fn json(&self, data: &Value) -> Result<Value, Value>;

    /// As [`Answering::config`], for a line that may be no text at all.
    fn config_bytes(&self, line: &[u8]) -> String {
        of_text(line, |line| self.config(line))
    }

    /// As [`Answering::break_agent`], for a line that may be no text at all.
    fn break_bytes(&self, line: &[u8]) -> String {
        of_text(line, |line| self.break_agent(line))
    }
}

impl Answering for Console {
    fn config(&self, line: &str) -> String {
        Console::config(self, line)
    }

    fn break_agent(&self, line: &str) -> String {
        Console::break_agent(self, line)
    }

    fn json(&self, data: &Value) -> Result<Value, Value> {
        Console::json(self, data).map_err(|error| error.reply())
    }
}

/// A refusal in words, as [`Console::config`] writes it.
pub fn refusal(text: &str) -> String {
    format!("-ERR {}\n", one_line(text, false))
}
