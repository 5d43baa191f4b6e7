//! Commands that are given on this box: the leader carries them out, whichever box that is.

use super::questions::Said;
use super::ClusterBox;
use crate::cluster::{Command, Phase};
use crate::commands::{refusal, Answering, BREAK_USAGE, USAGE};
use crate::driver::PATIENCE;
use crate::engine::{EngineError, Input};
use serde_json::{json, Value};
use std::time::Duration;

/// How long a command may take that reads the configuration.
const READS_WITHIN: Duration = Duration::from_secs(10);

/// What a command is refused with that nobody has answered.
const NOBODY_LEADS: &str =
    "No box leads the cluster at this moment! Nothing was done, as far as this box knows. Look, and try again.";

impl ClusterBox {
    fn asks(&self, words: &str, is_json: bool) -> Option<String> {
        let command = Command {
            words: words.to_owned(),
            is_json,
            configuration: None,
        };
        let question = self.life.act(|voice, household| household.ask(voice, command));
        let said = self.shared.questions.wait(question, self.patience_for(words));
        self.shared.questions.close(question);
        match said {
            Some(Said::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn patience_for(&self, words: &str) -> Duration {
        let is_led = matches!(self.phase(), Phase::Following | Phase::Leading);
        let words = words.to_ascii_lowercase();
        let reads = ["load", "check"].iter().any(|word| words.contains(word));
        if is_led && reads {
            READS_WITHIN
        } else {
            PATIENCE
        }
    }

    /// Releases an agent, wherever the talk is. Of one that is here its box is sure.
    fn release(&self, agent_uuid: &str) -> String {
        let is_here = self.life.act(|_, household| household.home.talks_on(agent_uuid));
        let input = Input::AgentBreak {
            agent_uuid: agent_uuid.to_owned(),
        };
        match self.answer_to(&input, self.is_led().then_some(PATIENCE)) {
            Ok(Some(Ok(_))) => "+OK\n".to_owned(),
            Ok(None) if is_here => "+OK\n".to_owned(),
            Ok(None) => refusal(NOBODY_LEADS),
            Ok(Some(Err(EngineError::NoSuchLeg))) => refusal(&format!("Session not found for uuid {agent_uuid}")),
            Ok(Some(Err(error))) | Err(error) => refusal(&error.to_string()),
        }
    }
}

impl Answering for ClusterBox {
    fn config(&self, line: &str) -> String {
        if line.is_empty() {
            return format!("-USAGE: \n{}\n", *USAGE);
        }
        if line.trim().eq_ignore_ascii_case("cluster") {
            return self.status().text();
        }
        self.asks(line, false).unwrap_or_else(|| refusal(NOBODY_LEADS))
    }

    fn break_agent(&self, line: &str) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [target, uuid] if target.eq_ignore_ascii_case("agent") => self.release(uuid),
            _ => refusal(BREAK_USAGE),
        }
    }

    fn json(&self, data: &Value) -> Result<Value, Value> {
        let refused = |text: &str| json!({ "error": text });
        let arguments = data.get("arguments").and_then(Value::as_str);
        if arguments.is_some_and(|arguments| arguments.eq_ignore_ascii_case("cluster")) {
            return Ok(self.status().json());
        }
        let text = self.asks(&data.to_string(), true);
        let text = text.ok_or_else(|| refused(NOBODY_LEADS))?;
        let answer: Value = serde_json::from_str(&text).map_err(|_| refused("The leader's answer is none"))?;
        let is_error = answer
            .as_object()
            .is_some_and(|answer| answer.len() == 1 && answer.contains_key("error"));
        if is_error {
            Err(answer)
        } else {
            Ok(answer)
        }
    }
}
