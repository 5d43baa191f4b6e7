//! The queue log against the events: every stay has one line that it began and one that it ended, in the right order, and nobody else
//! has any.

use crate::ledger::Finding;
use mod_callcenter::engine::{Event, Found, Output, QueueLogEvent, QueueLogLine, Snapshot};
use std::collections::HashMap;

/// The books about the log, of the process that runs.
#[derive(Default)]
pub struct QueueLog {
    /// Callers in a queue by their channel, and whether they talk.
    present: HashMap<String, bool>,
    /// What this step has told, as events and as lines.
    told: Step,
    written: Step,
    finding: Option<String>,
    /// Those who are to be called back when the log begins: they are known by their member.
    kept: Vec<String>,
}

/// How many stays began and ended in a step.
#[derive(Debug, Default, PartialEq, Eq)]
struct Step {
    entries: u64,
    cancelled: u64,
    terminated: u64,
}

impl QueueLog {
    pub fn output(&mut self, output: &Output) {
        match output {
            Output::QueueLog(line) => self.line(line),
            Output::Event(event) => self.event(event),
            _ => {}
        }
    }

    /// Who is to be called back, as a new process finds it.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.kept = snapshot.callbacks.iter().map(|row| row.uuid.clone()).collect();
    }

    /// Who talked before, and still does.
    pub fn adopt(&mut self, found: &Found) {
        let callers = found.talks.iter().map(|talk| talk.member_session_uuid.clone());
        self.present.extend(callers.map(|caller| (caller, true)));
    }

    fn event(&mut self, event: &Event) {
        match (event.action(), event.header("CC-Cause")) {
            ("member-queue-start" | "member-queue-resume", _) => self.told.entries += 1,
            ("member-queue-end", Some("Cancel")) => self.told.cancelled += 1,
            ("member-queue-end", _) => self.told.terminated += 1,
            _ => {}
        }
    }

    fn line(&mut self, line: &QueueLogLine) {
        use QueueLogEvent as Event;
        let before = self.present.get(&line.call).copied();
        let (expected, after) = match line.event {
            Event::QueueStart => {
                let kept = std::mem::take(&mut self.kept).into_iter().map(|member| (member, false));
                return *self = Self {
                    present: kept.collect(),
                    ..Self::default()
                };
            }
            Event::EnterQueue => {
                self.written.entries += 1;
                (None, Some(false))
            }
            Event::Connect => (Some(false), Some(true)),
            Event::CompleteAgent | Event::CompleteCaller | Event::BlindTransfer | Event::AttendedTransfer => {
                self.written.terminated += 1;
                (Some(true), None)
            }
            Event::Abandon | Event::ExitEmpty | Event::ExitWithKey | Event::ExitWithTimeout | Event::Withdraw => {
                self.written.cancelled += 1;
                (Some(false), None)
            }
            _ => return,
        };
        if before != expected {
            let words = |talks: Option<bool>| match talks {
                None => "in no queue",
                Some(false) => "waiting",
                Some(true) => "talking",
            };
            let finding = format!("\"{line}\" is logged of a caller who is {}", words(before));
            self.finding.get_or_insert(finding);
        }
        match after {
            Some(talks) => drop(self.present.insert(line.call.clone(), talks)),
            None => drop(self.present.remove(&line.call)),
        }
    }

    /// The step is over: what was told is in the log, and nothing else is.
    ///
    /// # Errors
    /// What is wrong.
    pub fn settle(&mut self) -> Finding {
        let (told, written) = (std::mem::take(&mut self.told), std::mem::take(&mut self.written));
        match self.finding.take() {
            Some(finding) => Err(finding),
            None if told != written => Err(format!("events tell of {told:?}, the queue log of {written:?}")),
            None => Ok(()),
        }
    }
}
