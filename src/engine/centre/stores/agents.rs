//! The agents, by identity and by name.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::stores::id_map::IdMap;
use crate::engine::centre::stores::touched::Touched;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::ids::AgentId;
use std::collections::HashMap;
use std::ops::Deref;

/// The agents. One who was deleted in a call has no name any more, and goes when the call is over.
#[derive(Debug, Default)]
pub(in crate::engine) struct Agents {
    all: IdMap<AgentId, Agent>,
    names: HashMap<String, AgentId>,
    touched: Touched<AgentId>,
    /// Whoever was handed out to be changed, since rows were last put out.
    handed_out: Touched<AgentId>,
}

impl Deref for Agents {
    type Target = IdMap<AgentId, Agent>;

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
        self.note(id);
    }

    /// Takes in somebody who is gone already and has a call all the same.
    pub fn insert_deleted(&mut self, id: AgentId, agent: Agent) {
        debug_assert!(agent.deleted, "{id:?} has a name");
        self.all.insert(id, agent);
        self.note(id);
    }

    fn note(&mut self, id: AgentId) {
        self.touched.note(id);
        self.handed_out.note(id);
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
        self.handed_out.note(*id);
        agent
    }

    /// Changes what is kept about an agent and decides nothing: places, counts, what was told. Nobody looks at the agent for that.
    pub fn books_of(&mut self, id: &AgentId) -> Option<&mut Agent> {
        let agent = self.all.get_mut(id);
        debug_assert!(agent.is_some(), "{id:?} is not there");
        self.handed_out.note(*id);
        agent
    }

    /// The books of every agent.
    pub fn all_books(&mut self) -> impl Iterator<Item = &mut Agent> {
        self.all.iter_mut().map(|(id, agent)| {
            self.handed_out.note(*id);
            agent
        })
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

    /// An agent has been placed after the last change: the step's end has nothing to do for that one.
    pub fn note_placed(&mut self, id: AgentId) {
        self.touched.forget_last(id);
    }

    /// Whether nobody has to be looked at.
    pub fn are_settled(&self) -> bool {
        self.touched.is_empty()
    }

    /// Whom the end of the step has to look at.
    pub fn take_touched(&mut self) -> Vec<AgentId> {
        self.touched.take()
    }

    /// The step's end has looked at them.
    pub fn give_back(&mut self, looked_at: Vec<AgentId>) {
        self.touched.give_back(looked_at);
    }

    /// Puts out what is to be saved of the agents: each row once, however often it was changed; then limits. Who was deleted has none.
    pub fn put_out_rows(&mut self, mut put_out: impl FnMut(RowChange)) {
        let mut limits = Vec::new();
        self.handed_out.drain(|id| {
            let Some(agent) = self.all.get_mut(&id).filter(|agent| !agent.deleted) else {
                return;
            };
            if let Some(row) = agent.row.take_news() {
                put_out(RowChange::Agent(row.clone()));
            }
            if let Some(kept) = agent.limits.take_news() {
                limits.push(limits_row(&agent.row.name, kept));
            }
        });
        limits.into_iter().for_each(put_out);
    }
}

/// An agent whose limits are the default has no row of them.
fn limits_row(name: &str, limits: &AgentLimits) -> RowChange {
    let agent = name.to_owned();
    if *limits == AgentLimits::default() {
        return RowChange::AgentLimitsGone(agent);
    }
    RowChange::AgentLimits { agent, limits: *limits }
}
