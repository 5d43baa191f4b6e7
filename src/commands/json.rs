//! The JSON API `callcenter_config`: lists as arrays of objects.

use super::cluster::NO_CLUSTER;
use super::reply::Refusal;
use super::table::{self, Listed, Value as Cell};
use super::Console;
use crate::config::ConfigError;
use crate::engine::AgentFilter;
use serde_json::{json, Map, Value};

/// Why a JSON request was refused. FreeSWITCH answers the request with a failure and [`JsonError::reply`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The request has no `data.arguments`.
    #[error("Missing data attribute: arguments")]
    MissingArguments,
    /// The list asked for is that of one queue, and `data.queue_name` does not say which.
    #[error("Missing data attribute: queue_name")]
    MissingQueueName,
    /// What the command is about is missing in `data`.
    #[error("Missing data attribute: {0}")]
    Missing(&'static str),
    /// The command was refused, for this reason.
    #[error("{0}")]
    Refused(String),
    /// A value in `data` is not what it has to be.
    #[error("Wrong data attribute {0}: give {1}")]
    Wrong(&'static str, &'static str),
    /// The configuration cannot be read.
    #[error(transparent)]
    Configuration(#[from] ConfigError),
    /// There is no such list.
    #[error("Unknown arguments: {0}")]
    UnknownArguments(String),
}

impl JsonError {
    /// The reply that tells the trouble.
    pub fn reply(&self) -> Value {
        json!({ "error": self.to_string() })
    }
}

impl Console {
    /// Answers a request; `data` is its member of that name.
    ///
    /// # Errors
    /// When the request asks for no list that is known.
    pub fn json(&self, data: &Value) -> Result<Value, JsonError> {
        let text = |key: &str| data.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let arguments = text("arguments").ok_or(JsonError::MissingArguments)?;
        let queue = || text("queue_name").ok_or(JsonError::MissingQueueName);
        let of = |key| text(key).ok_or(JsonError::Missing(key));
        let refused = |refusal: Refusal| JsonError::Refused(refusal.0);
        let driver = &self.driver;
        Ok(match arguments.to_ascii_lowercase().as_str() {
            "agent list" => rows(&driver.view(|engine, _| engine.agent_rows())),
            "tier list" => rows(&driver.view(|engine, _| engine.tier_listings())),
            "member list" => rows(&driver.view(|engine, now| engine.all_member_rows(now))),
            "queue list" => rows(&driver.view(|engine, _| engine.queues())),
            "pause list" => rows(&driver.view(|engine, _| engine.pauses())),
            "caller get" => {
                let caller = of("caller")?;
                rows(&driver.view(|engine, _| engine.remembered(caller)))
            }
            "callback list" => rows(&driver.view(|engine, _| engine.callbacks(text("queue_name")))),
            "callback expired" => rows(&driver.view(|engine, _| engine.unkept_callbacks(text("queue_name")))),
            "callback add" => {
                let added = self.add_callback(of("queue_name")?, of("number")?, text("name").unwrap_or_default());
                json!({ "member_uuid": added.map_err(refused)? })
            }
            "callback cancel" | "callback now" => {
                let action = arguments.rsplit(' ').next().unwrap_or_default();
                self.callback(action, &[of("member_uuid")?]).map_err(refused)?;
                json!({})
            }
            "call list" => rows(&driver.view(|engine, now| engine.calls(now))),
            "stats" => object(&self.centre_statistics()),
            "stats queue" => rows(&driver.view(|engine, _| engine.queue_statistics(text("queue_name")))),
            "stats agent" => rows(&driver.view(|engine, _| engine.agent_statistics(text("agent_name")))),
            list @ ("queue list agents" | "queue list members" | "queue list tiers") => {
                self.list_of_queue(list, queue()?)
            }
            "dispatch internal" => {
                self.by_text(&["internal", text("value").unwrap_or_default()])?;
                json!({ "internal": self.internal_dispatching() })
            }
            "dispatch member" => {
                self.by_text(&["member", of("member_uuid")?, of("agent_name")?])?;
                json!({})
            }
            "dispatch why" => {
                let why = self
                    .why_not_offered(of("member_uuid")?, of("agent_name")?)
                    .map_err(refused)?;
                json!({ "may_be_offered": why.may_be_offered, "reason": why.reason })
            }
            "snapshot" => self.snapshot(data)?,
            "cluster" => return Err(JsonError::Refused(NO_CLUSTER.to_owned())),
            "check" => rows(&self.findings()?),
            "reload" => rows(&self.reconfigure().map_err(refused)?),
            _ => return Err(JsonError::UnknownArguments(arguments.to_owned())),
        })
    }

    /// Who serves a queue, or waits in it.
    fn list_of_queue(&self, list: &str, queue: &str) -> Value {
        let driver = &self.driver;
        match list {
            "queue list agents" => {
                rows(&driver.view(|engine, _| engine.queue_agent_rows(queue, &AgentFilter::default())))
            }
            "queue list members" => rows(&driver.view(|engine, now| engine.member_rows(Some(queue), now))),
            _ => rows(&driver.view(|engine, _| engine.queue_tier_listings(queue))),
        }
    }

    /// Carries out a `dispatch` command whose empty words are not there.
    fn by_text(&self, words: &[&str]) -> Result<(), JsonError> {
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        let (action, arguments) = words.split_first().ok_or(JsonError::MissingArguments)?;
        let answer = self.dispatch(action, arguments);
        answer.map(drop).map_err(|refusal| JsonError::Refused(refusal.0))
    }
}

fn rows<R: Listed>(rows: &[R]) -> Value {
    let has_more = rows.iter().any(R::has_more);
    Value::Array(rows.iter().map(|row| with_more(row, has_more)).collect())
}

fn object<R: Listed>(row: &R) -> Value {
    with_more(row, false)
}

fn with_more<R: Listed>(row: &R, has_more: bool) -> Value {
    let values = table::cells(row, has_more).into_iter().map(|value| match value {
        Cell::Text(text) => Value::from(text),
        Cell::Digits(number) => Value::from(number.to_string()),
        Cell::Number(number) => Value::from(number),
    });
    let names = table::columns::<R>(has_more).into_iter().map(str::to_owned);
    Value::Object(names.zip(values).collect::<Map<_, _>>())
}
