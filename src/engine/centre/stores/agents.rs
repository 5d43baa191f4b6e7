//! The agents, by identity and by name.

use crate::engine::centre::agent::Agent;
use crate::engine::centre::stores::touched::Touched;
use crate::engine::vocabulary::ids::AgentId;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;

/// The agents. One who was deleted in a call has no name any more, and goes when the call is over.
#[derive(Debug, Default)]
pub(in crate::engine) struct Agents {
    all: BTreeMap<AgentId, Agent>,
    names: HashMap<String, AgentId>,
    touched: Touched<AgentId>,
}

impl Deref for Agents {
    type Target = BTreeMap<AgentId, Agent>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl Agents {
    /// The agent of this name.
    pub fn named(&self, name: &str) -> Option<AgentId> {
        self.names.get(name).copied()
    }

    /// Takes an agent in under the name of its row.
    pub fn insert(&mut self, id: AgentId, agent: Agent) {
        debug_assert!(!agent.deleted, "{id:?} comes without a name");
        self.names.insert(agent.row.name.clone(), id);
        self.all.insert(id, agent);
        self.touched.note(id);
    }

    /// Takes in somebody who is gone already and has a call all the same.
    pub fn insert_deleted(&mut self, id: AgentId, agent: Agent) {
        debug_assert!(agent.deleted, "{id:?} has a name");
        self.all.insert(id, agent);
        self.touched.note(id);
    }

    /// An agent: one whose identity is kept anywhere is there, until the end of the step in which it went at least.
    pub fn get(&self, id: &AgentId) -> Option<&Agent> {
        let agent = self.all.get(id);
        debug_assert!(agent.is_some(), "{id:?} is not there");
        agent
    }

    /// Changes an agent, who is looked at again before the step ends: takes another place, and whoever waits for it.
    pub fn change(&mut self, id: &AgentId) -> Option<&mut Agent> {
        let agent = self.all.get_mut(id);
        debug_assert!(agent.is_some(), "{id:?} is not there");
        self.touched.note(*id);
        agent
    }

    /// Changes what is kept about an agent and decides nothing: places, counts, what was told. Nobody looks at the agent for that.
    pub fn books_of(&mut self, id: &AgentId) -> Option<&mut Agent> {
        let agent = self.all.get_mut(id);
        debug_assert!(agent.is_some(), "{id:?} is not there");
        agent
    }

    /// The books of every agent.
    pub fn all_books(&mut self) -> impl Iterator<Item = (&AgentId, &mut Agent)> {
        self.all.iter_mut()
    }

    /// The agent's name is free from now on, and the agent counts as gone. Who has a call stays until that is over.
    pub fn delete(&mut self, name: &str) -> Option<AgentId> {
        let id = self.names.remove(name)?;
        if let Some(agent) = self.change(&id) {
            agent.deleted = true;
        }
        Some(id)
    }

    /// Nothing is left of an agent who was deleted.
    pub fn forget(&mut self, id: &AgentId) {
        let gone = self.all.remove(id);
        debug_assert!(gone.is_some_and(|agent| agent.deleted), "{id:?} was not deleted");
    }

    /// Has an agent looked at before the step ends: something beside the agent has changed that decides what the agent may have.
    pub fn touch(&mut self, id: AgentId) {
        self.touched.note(id);
    }

    /// Whether nobody has to be looked at.
    pub fn are_settled(&self) -> bool {
        self.touched.is_empty()
    }

    /// Whom the end of the step has to look at.
    pub fn take_touched(&mut self) -> Vec<AgentId> {
        self.touched.take()
    }
}
