//! The type of an agent.

use super::unknown;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

words!(
    /// How an agent is reached.
    AgentKind {
        /// A new leg is originated to the agent's contact for each offer.
        Callback = "callback",
        /// The agent's own leg is up already and is bridged.
        UuidStandby = "uuid-standby",
    }
);

/// An agent's type as it was written: stock keeps the spelling (`Callback` or `callback`) in rows and events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentType {
    kind: AgentKind,
    text: String,
}

impl std::fmt::Display for AgentType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AgentType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AgentType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| unknown("AgentType", &text))
    }
}

impl AgentType {
    /// Recognises a type in any case and keeps its spelling.
    pub fn parse(text: &str) -> Option<Self> {
        AgentKind::parse(text).map(|kind| Self {
            kind,
            text: text.to_owned(),
        })
    }

    /// What an agent is unless something else is said: `callback`.
    pub fn callback() -> Self {
        let kind = AgentKind::Callback;
        Self {
            kind,
            text: kind.as_str().to_owned(),
        }
    }

    /// How the agent is reached.
    pub fn kind(&self) -> AgentKind {
        self.kind
    }

    /// The type as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
