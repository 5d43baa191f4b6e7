//! Threads that wait for what the leader says.

use crate::engine::{EngineError, Reply};
use parking_lot::{Condvar, Mutex};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What the leader has said.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// What the engine says to something that has happened.
    Answer(Result<Reply, EngineError>),
    /// What whoever gave a command is to read.
    Text(String),
}

/// The questions that somebody waits for, by number; with what was said, until it is taken.
#[derive(Default)]
pub(super) struct Questions {
    open: Mutex<BTreeMap<u64, Option<Said>>>,
    said: Condvar,
}

impl Questions {
    /// Somebody will wait for this.
    pub fn ask(&self, question: u64) {
        self.open.lock().insert(question, None);
    }

    /// It is answered. What nobody waits for any more comes back.
    pub fn say(&self, question: u64, said: Said) -> Option<Said> {
        match self.open.lock().get_mut(&question) {
            Some(open) => {
                *open = Some(said);
                self.said.notify_all();
                None
            }
            None => Some(said),
        }
    }

    /// Whether the answer is there.
    pub fn is_answered(&self, question: u64) -> bool {
        matches!(self.open.lock().get(&question), Some(Some(_)))
    }

    /// Takes the answer, if it is there in time. The question stays open otherwise.
    pub fn wait(&self, question: u64, patience: Duration) -> Option<Said> {
        let deadline = Instant::now() + patience;
        let mut open = self.open.lock();
        loop {
            if let Some(Some(_)) = open.get(&question) {
                return open.remove(&question).flatten();
            }
            if self.said.wait_until(&mut open, deadline).timed_out() {
                let is_there = matches!(open.get(&question), Some(Some(_)));
                return is_there.then(|| open.remove(&question).flatten()).flatten();
            }
        }
    }

    /// Nobody waits any more; what was said in the last moment.
    pub fn close(&self, question: u64) -> Option<Said> {
        self.open.lock().remove(&question).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_once_and_one_that_nobody_waits_for_is_forgotten() {
        let questions = Questions::default();
        questions.ask(1);
        assert_eq!(questions.wait(1, Duration::ZERO), None);
        questions.say(1, Said::Text("+OK".to_owned()));
        assert!(questions.is_answered(1));
        assert_eq!(questions.wait(1, Duration::ZERO), Some(Said::Text("+OK".to_owned())));
        assert_eq!(questions.wait(1, Duration::ZERO), None);
        questions.ask(2);
        questions.close(2);
        let late = Said::Answer(Ok(Reply::Done));
        assert_eq!(questions.say(2, late.clone()), Some(late));
        assert!(!questions.is_answered(2));
    }

    #[test]
    fn whoever_waits_is_woken() {
        let questions = Questions::default();
        questions.ask(1);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| questions.wait(1, Duration::from_secs(20)));
            questions.say(1, Said::Answer(Ok(Reply::Done)));
            let said = waits.join().expect("no panic");
            assert_eq!(said, Some(Said::Answer(Ok(Reply::Done))));
        });
    }
}
