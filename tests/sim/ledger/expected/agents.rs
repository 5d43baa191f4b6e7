//! Agents: what a command has to leave them in.

use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::AgentState;

impl Ledger {
    /// Whoever resumes, and wants calls, is not put aside any more.
    pub(in crate::ledger) fn has_resumed(&self, name: &str) -> Finding {
        let mut agents = self.rows.agents().iter();
        let idles = agents.find(|row| row.name == name && row.status.wants_calls() && row.state == AgentState::Idle);
        match idles {
            Some(row) => Err(format!("{row:?} has resumed and idles on")),
            None => Ok(()),
        }
    }
}
