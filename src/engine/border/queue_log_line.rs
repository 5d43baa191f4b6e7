//! A line of the queue log, as Asterisk writes it.

use crate::engine::vocabulary::time::WallTime;
use crate::engine::vocabulary::words::QueueLogEvent;
use serde::{Deserialize, Serialize};

/// A line of the queue log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLogLine {
    /// When it happened, epoch seconds.
    pub at: i64,
    /// The caller's channel; empty where it is about none.
    pub call: String,
    /// The queue's name; empty where it is about none.
    pub queue: String,
    /// The agent's name; empty where it is about none.
    pub agent: String,
    /// What happened.
    pub event: QueueLogEvent,
    /// What the event tells, in Asterisk's order.
    pub data: Vec<String>,
}

impl QueueLogLine {
    /// A line about the log itself.
    pub fn of_the_log(at: WallTime, event: QueueLogEvent) -> Self {
        Self {
            at: at.secs(),
            call: String::new(),
            queue: String::new(),
            agent: String::new(),
            event,
            data: Vec::new(),
        }
    }
}

/// The line as it stands in the file, without its end. Nothing in a column can pass for the end of a column or line.
impl std::fmt::Display for QueueLogLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.at)?;
        for column in [&self.call, &self.queue, &self.agent] {
            let column = if column.is_empty() { "NONE" } else { column };
            write!(f, "|{}", Cell(column))?;
        }
        write!(f, "|{}|", self.event)?;
        for (index, column) in self.data.iter().enumerate() {
            let separator = if index > 0 { "|" } else { "" };
            write!(f, "{separator}{}", Cell(column))?;
        }
        Ok(())
    }
}

/// A column's text.
struct Cell<'a>(&'a str);

impl std::fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        let is_harmless = |character: char| character != '|' && !character.is_control();
        self.0
            .chars()
            .try_for_each(|character| f.write_char(if is_harmless(character) { character } else { '_' }))
    }
}
