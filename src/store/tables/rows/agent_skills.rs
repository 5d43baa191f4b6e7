//! `agents_skills`, ours: what agents can do.

use crate::store::tables::record::{Cell, CellValue, Cells, Record};
use crate::store::tables::table::{Table, Whose, LONG_TEXT, TEXT};
use std::borrow::Cow;

/// What an agent can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct AgentSkills {
    /// The agent's name.
    pub agent: String,
    /// The skills as they are written.
    pub skills: String,
}

table! {
    /// Our own: what agents can do.
    AGENT_SKILLS: AgentSkills in "agents_skills", Ours,
    key(agent), filled(agent), essential "agent", others_write: false,
    { agent: TEXT, skills: LONG_TEXT, }
}
