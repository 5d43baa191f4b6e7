//! What subscribers are told.

use crate::engine::border::blf_key::BlfKey;
use crate::engine::vocabulary::names::{header, known};
use serde::{Deserialize, Deserializer, Serialize};

/// A `CUSTOM callcenter::info` event: CC-Action and its headers, in stock's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Headers in order, CC-Action among them.
    #[serde(deserialize_with = "known_headers")]
    pub headers: Vec<(&'static str, String)>,
    /// The channel whose data goes before the headers, where stock sends it.
    pub channel: Option<String>,
}

/// The headers of a message whose names are known here: a box of the next release may have others.
fn known_headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(&'static str, String)>, D::Error> {
    let headers: Vec<(String, String)> = Vec::deserialize(deserializer)?;
    let known = headers
        .into_iter()
        .filter_map(|(name, value)| Some((known(header::ALL, &name)?, value)));
    Ok(known.collect())
}

impl Event {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The event's CC-Action.
    pub fn action(&self) -> &str {
        self.header(header::ACTION).unwrap_or_default()
    }
}

/// What BLF keys are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    /// A queue (stock).
    Queue {
        /// The queue's name.
        queue: String,
        /// Members in state `Waiting`.
        waiting: usize,
    },
    /// Something else about a queue.
    BlfKey {
        /// The queue's name.
        queue: String,
        /// What it is about.
        lamp: BlfKey,
        /// Nobody is free; the agent is paused.
        is_lit: bool,
    },
}

/// How an event calls the limit of failed offers that an agent has reached.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct LimitWords {
    /// CC-Action.
    pub action: &'static str,
    /// The header with the limit.
    pub count: &'static str,
    /// The header with the status that the agent gets.
    pub status: &'static str,
}
