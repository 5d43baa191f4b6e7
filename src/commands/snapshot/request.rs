//! What a snapshot is to have in it, as it is asked for.

use crate::commands::json::JsonError;
use crate::engine::{AgentId, OverviewRequest};
use serde_json::Value;
use std::collections::BTreeSet;

/// Members listed of a queue, unless another number is asked for.
const MEMBERS: usize = 100;
/// The same of those who left unanswered.
const LEAVERS: usize = 20;
/// The same of agents.
const AGENTS: usize = 10_000;

/// The parts.
const PARTS: &[&str] = &[
    "queues",
    "members",
    "left",
    "half_hours",
    "histograms",
    "agents",
    "tiers",
    "health",
];
/// What is said of a wrong one.
const PARTS_SAID: &str = "a list of queues, members, left, half_hours, histograms, agents, tiers, health";

/// What is asked for.
pub(super) struct Request {
    pub overview: OverviewRequest,
    pub with_agents: bool,
    pub with_health: bool,
    /// What queues and agents do not have, by name.
    absent: Vec<&'static str>,
}

impl Request {
    /// Reads `data` of a request made on the day that began then. What is not there has its default.
    pub fn read(data: &Value, midnight: i64) -> Result<Self, JsonError> {
        let parts = names(data, "parts", PARTS_SAID)?;
        if let Some(parts) = &parts {
            let is_known = |part: &String| PARTS.contains(&part.as_str());
            if !parts.iter().all(is_known) {
                return Err(JsonError::Wrong("parts", PARTS_SAID));
            }
        }
        let has = |part: &str| parts.as_ref().is_none_or(|parts| parts.contains(part));
        let number = |key, otherwise| Ok::<_, JsonError>(number(data, key)?.unwrap_or(otherwise));
        let limit = |part, limit| if has(part) { limit } else { 0 };
        let queue_parts = ["members", "left", "half_hours", "histograms"];
        let absent = queue_parts.into_iter().chain(["tiers"]).filter(|part| !has(part));
        Ok(Self {
            overview: OverviewRequest {
                midnight,
                queues: names(data, "queues", "a list of queues' names")?,
                with_queues: has("queues") || (parts.is_some() && queue_parts.into_iter().any(has)),
                members: limit("members", number("members", MEMBERS)?),
                leavers: limit("left", number("left", LEAVERS)?),
                with_quarters: has("half_hours"),
                with_histograms: has("histograms"),
                agents: if has("agents") || has("tiers") {
                    number("agents", AGENTS)?
                } else {
                    0
                },
                agents_after: agents_after(data)?,
                with_tiers: has("tiers"),
            },
            with_agents: has("agents") || has("tiers"),
            with_health: has("health"),
            absent: absent.collect(),
        })
    }

    /// A queue or an agent without what was not asked for.
    pub fn filled(&self, mut object: Value) -> Value {
        if let Some(object) = object.as_object_mut() {
            for name in &self.absent {
                object.shift_remove(*name);
            }
        }
        object
    }
}

fn given<'a>(data: &'a Value, key: &str) -> Option<&'a Value> {
    data.get(key).filter(|value| !value.is_null())
}

fn names(data: &Value, key: &'static str, said: &'static str) -> Result<Option<BTreeSet<String>>, JsonError> {
    let wrong = || JsonError::Wrong(key, said);
    let Some(value) = given(data, key) else { return Ok(None) };
    let names = value.as_array().ok_or_else(wrong)?.iter();
    let names = names.map(|name| name.as_str().map(str::to_owned).ok_or_else(wrong));
    names.collect::<Result<_, _>>().map(Some)
}

fn number(data: &Value, key: &'static str) -> Result<Option<usize>, JsonError> {
    let wrong = || JsonError::Wrong(key, "a whole number from 0 on");
    let number = given(data, key)
        .map(|value| value.as_u64().ok_or_else(wrong))
        .transpose()?;
    number
        .map(|number| usize::try_from(number).map_err(|_| wrong()))
        .transpose()
}

fn agents_after(data: &Value) -> Result<Option<AgentId>, JsonError> {
    let wrong = || JsonError::Wrong("agents_after", "the number in agents_next of the reply before");
    let number = given(data, "agents_after").map(|value| value.as_u64().ok_or_else(wrong));
    Ok(number.transpose()?.map(AgentId))
}
