//! `cc_preferred_agents`: a list of agents' names.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whom a caller would rather talk to than to others, the most wanted first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PreferredAgents(Vec<Arc<str>>);

/// The longest list: each agent on it costs a look when the caller takes a place.
pub const MOST_PREFERRED: usize = 10;

impl PreferredAgents {
    /// Reads names with commas between them; says whether some are left out because there are too many.
    pub fn parse(text: &str) -> (Self, bool) {
        let mut names: Vec<Arc<str>> = Vec::new();
        let given = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        for name in given {
            if names.iter().any(|known| **known == *name) {
                continue;
            }
            if names.len() == MOST_PREFERRED {
                return (Self(names), true);
            }
            names.push(name.into());
        }
        (Self(names), false)
    }

    /// One agent alone.
    pub fn one(name: &str) -> Self {
        Self(vec![name.into()])
    }

    /// Whether there is no agent on the list.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, the most wanted first.
    pub fn names(&self) -> &[Arc<str>] {
        &self.0
    }

    /// Whether this agent is on the list.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| **known == *name)
    }

    /// Takes an agent off the list.
    pub(in crate::engine) fn without(&mut self, name: &str) {
        self.0.retain(|known| **known != *name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_their_order_once_each() {
        let (agents, is_cut) = PreferredAgents::parse(" b@x, a ,,b@x,c");
        let names: Vec<&str> = agents.names().iter().map(|name| &**name).collect();
        assert_eq!((names, is_cut), (vec!["b@x", "a", "c"], false));
        assert!(PreferredAgents::parse(" , ,").0.is_empty());
    }

    #[test]
    fn a_long_list_is_cut() {
        let text: Vec<String> = (0..=MOST_PREFERRED).map(|number| format!("a{number}")).collect();
        let (agents, is_cut) = PreferredAgents::parse(&text.join(","));
        assert_eq!((agents.names().len(), is_cut), (MOST_PREFERRED, true));
        assert!(!agents.has(&format!("a{MOST_PREFERRED}")));
    }
}
