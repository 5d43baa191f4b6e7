//! Whoever follows the events knows every agent's state and status: no change is kept from them.

use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{Event, Output, RowChange};
use std::collections::HashMap;

/// What the present step has told and written.
#[derive(Default)]
pub struct Told {
    states: HashMap<String, String>,
    statuses: HashMap<String, String>,
    rows: Vec<RowChange>,
    /// What others write, and what a new process finds, is taken over without events.
    silent: bool,
}

impl Told {
    /// A step begins.
    pub fn begin(&mut self, silent: bool) {
        *self = Self {
            silent,
            ..Self::default()
        };
    }

    pub fn output(&mut self, output: &Output) {
        match output {
            Output::Event(event) => self.event(event),
            Output::Row(change @ RowChange::Agent(_)) => self.rows.push(change.clone()),
            _ => {}
        }
    }

    fn event(&mut self, event: &Event) {
        let agent = event.header("CC-Agent").unwrap_or_default();
        match event.action() {
            "agent-state-change" => note(&mut self.states, agent, event.header("CC-Agent-State")),
            "agent-status-change" => note(&mut self.statuses, agent, event.header("CC-Agent-Status")),
            _ => {}
        }
    }

    /// Before the ledger takes the step's rows: each agent whose state or status is another now was told of.
    pub fn every_change_was_told(&self, ledger: &Ledger) -> Finding {
        if self.silent {
            return Ok(());
        }
        for change in &self.rows {
            let RowChange::Agent(row) = change else { continue };
            let Some(before) = ledger.rows.agents().iter().find(|before| before.name == row.name) else {
                continue;
            };
            let told =
                |words: &HashMap<String, String>, word: &str| words.get(&row.name).is_some_and(|told| told == word);
            if row.state != before.state && !told(&self.states, row.state.as_str()) {
                return Err(format!("nobody was told that {row:?} was {} before", before.state));
            }
            if row.status != before.status && !told(&self.statuses, row.status.as_str()) {
                return Err(format!("nobody was told that {row:?} was {} before", before.status));
            }
        }
        Ok(())
    }
}

fn note(words: &mut HashMap<String, String>, agent: &str, word: Option<&str>) {
    words.insert(agent.to_owned(), word.unwrap_or_default().to_owned());
}
