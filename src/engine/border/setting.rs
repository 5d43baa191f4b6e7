//! What commands can set and ask of an agent, and set of a tier.

use crate::engine::configuration::parameters::find;
use crate::engine::configuration::parameters::Assignment;
use crate::engine::configuration::tables::AGENT_ATTRIBUTES;
use crate::engine::configuration::tables::AGENT_LIMITS;
use crate::engine::rows::agent::AgentRow;
use crate::engine::rows::agent_limits::AgentLimits;
use crate::engine::vocabulary::skills::Skills;
use crate::engine::vocabulary::words::{AgentType, TierState};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What `agent get` can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgentGetKey {
    /// The status.
    Status,
    /// The state.
    State,
    /// The leg's uuid.
    Uuid,
}

/// What `agent set` can set, value as typed where stock checks it against a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentSetting {
    /// `status`.
    Status(String),
    /// `state`.
    State(String),
    /// `state_if_waiting`: `state`, but only for an available agent in state `Waiting`.
    StateIfWaiting(String),
    /// `uuid`.
    Uuid(String),
    /// `contact`.
    Contact(String),
    /// `type`.
    Type(AgentType),
    /// `ready_time`, epoch seconds.
    ReadyTime(i64),
    /// `skills`.
    Skills(Skills),
    /// An attribute that is a value and nothing more: `wrap_up_time`.
    Attribute(Assignment<AgentRow>),
    /// The same, for what stock has no column for: `max_rejected`.
    Limit(Assignment<AgentLimits>),
}

impl AgentSetting {
    /// What is set, as `agent set` calls it.
    pub(in crate::engine) fn key(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Status(_) => "status",
            Self::State(_) => "state",
            Self::StateIfWaiting(_) => "state_if_waiting",
            Self::Uuid(_) => "uuid",
            Self::Contact(_) => "contact",
            Self::Type(_) => "type",
            Self::ReadyTime(_) => "ready_time",
            Self::Skills(_) => "skills",
            Self::Attribute(attribute) => return attribute.key().into(),
            Self::Limit(limit) => return limit.key().into(),
        })
    }

    /// An attribute that is a value and nothing more; none when no such attribute has this name.
    ///
    /// # Errors
    /// In words for the operator when the value is none.
    pub fn attribute(key: &str, value: &str) -> Option<Result<Self, String>> {
        if let Some(limit) = find(AGENT_LIMITS, key) {
            return Some(limit.assign(&AgentLimits::default(), value).map(Self::Limit));
        }
        let attribute = find(AGENT_ATTRIBUTES, key)?;
        let like = AgentRow::new("", "", AgentType::callback());
        Some(attribute.assign(&like, value).map(Self::Attribute))
    }
}

/// What `tier set` can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierSetting {
    /// `state`.
    State(TierState),
    /// `level`.
    Level(i64),
    /// `position`.
    Position(i64),
}
