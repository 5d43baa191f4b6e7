//! Between the engine's rows and what a database cell holds.

use super::schema::{Table, AGENTS, AGENT_LIMITS, AGENT_SKILLS, CONFIGURED, CONFIGURED_TIERS, MEMBERS, PAUSES, TIERS};
use crate::engine::{
    AgentLimits, AgentRow, AgentState, AgentStatus, AgentType, MemberRow, MemberState, Pause, TierRow, TierState,
};
use std::borrow::Cow;
use std::fmt::Display;
use std::hash::Hash;

/// The value of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A number.
    Number(i64),
}

impl Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Text(text) => write!(f, "\"{text}\""),
            Cell::Number(number) => write!(f, "{number}"),
        }
    }
}

/// What was read from one cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Another number.
    Real(f64),
    /// Text.
    Text(Cow<'a, str>),
}

/// A row that has a table.
pub(super) trait Record: Clone + PartialEq {
    /// What the row is known by.
    type Key: Eq + Hash + Clone;
    /// The columns of the key.
    const KEY_COLUMNS: &'static [&'static str];
    /// Whether a row that somebody else has deleted stays deleted; otherwise the next write brings it back.
    const OTHERS_MAY_DELETE: bool;

    /// The row's table.
    fn table() -> &'static Table;
    /// The row's key.
    fn key(&self) -> Self::Key;
    /// A key's cells, in the order of [`Record::KEY_COLUMNS`].
    fn key_cells(key: &Self::Key) -> Vec<Cell<'_>>;
    /// The row's cells, in the order of the table's columns.
    fn cells(&self) -> Vec<Cell<'_>>;
    /// The row the cells mean; none when it has no key. A word that is not known leaves what it was `before`.
    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self>;
}

/// The cells of a row that is read, one after the other. Whatever a cell holds, a value comes out of it.
pub(super) struct Cells<'row> {
    values: std::slice::Iter<'row, Value<'row>>,
    remarks: Vec<String>,
}

impl<'row> Cells<'row> {
    /// The cells of a row, in the order of the table's columns.
    pub fn new(values: &'row [Value<'row>]) -> Self {
        Self {
            values: values.iter(),
            remarks: Vec::new(),
        }
    }

    /// Words that were not known, and what they were taken for.
    pub fn remarks(self) -> Vec<String> {
        self.remarks
    }

    /// The next cell as text; none when nothing is in it.
    pub fn filled(&mut self) -> Option<String> {
        match self.values.as_slice().first() {
            Some(Value::Null) => {
                self.values.next();
                None
            }
            _ => Some(self.text()),
        }
    }

    /// Adds something odd about the row.
    pub fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    pub(super) fn text(&mut self) -> String {
        match self.values.next() {
            None | Some(Value::Null) => String::new(),
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Real(number)) => number.to_string(),
            Some(Value::Text(text)) => text.clone().into_owned(),
        }
    }

    fn number(&mut self) -> i64 {
        match self.values.next() {
            None | Some(Value::Null) => 0,
            Some(Value::Integer(number)) => *number,
            Some(Value::Real(number)) => *number as i64,
            Some(Value::Text(text)) => text.trim().parse().unwrap_or_default(),
        }
    }

    fn word<W: Display>(&mut self, what: &str, parse: impl Fn(&str) -> Option<W>, fallback: W) -> W {
        let text = self.text();
        parse(&text).unwrap_or_else(|| {
            self.remarks.push(format!(
                "{what} \"{text}\" is not known and is taken for \"{fallback}\""
            ));
            fallback
        })
    }
}

impl Record for AgentRow {
    type Key = String;
    const KEY_COLUMNS: &'static [&'static str] = &["name"];
    const OTHERS_MAY_DELETE: bool = true;

    fn table() -> &'static Table {
        &AGENTS
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn key_cells(key: &String) -> Vec<Cell<'_>> {
        vec![Cell::Text(key)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.name),
            Cell::Text(&self.instance_id),
            Cell::Text(&self.uuid),
            Cell::Text(self.agent_type.as_str()),
            Cell::Text(&self.contact),
            Cell::Text(self.status.as_str()),
            Cell::Text(self.state.as_str()),
            Cell::Number(self.max_no_answer),
            Cell::Number(self.wrap_up_time),
            Cell::Number(self.reject_delay_time),
            Cell::Number(self.busy_delay_time),
            Cell::Number(self.no_answer_delay_time),
            Cell::Number(self.last_bridge_start),
            Cell::Number(self.last_bridge_end),
            Cell::Number(self.last_offered_call),
            Cell::Number(self.last_status_change),
            Cell::Number(self.no_answer_count),
            Cell::Number(self.calls_answered),
            Cell::Number(self.talk_time),
            Cell::Number(self.ready_time),
            Cell::Number(self.external_calls_count),
        ]
    }

    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self> {
        let row = Self {
            name: cells.text(),
            instance_id: cells.text(),
            uuid: cells.text(),
            agent_type: agent_type(cells, before),
            contact: cells.text(),
            status: cells.word(
                "agent status",
                AgentStatus::parse,
                before.map_or(AgentStatus::LoggedOut, |row| row.status),
            ),
            state: cells.word(
                "agent state",
                AgentState::parse,
                before.map_or(AgentState::Waiting, |row| row.state),
            ),
            max_no_answer: cells.number(),
            wrap_up_time: cells.number(),
            reject_delay_time: cells.number(),
            busy_delay_time: cells.number(),
            no_answer_delay_time: cells.number(),
            last_bridge_start: cells.number(),
            last_bridge_end: cells.number(),
            last_offered_call: cells.number(),
            last_status_change: cells.number(),
            no_answer_count: cells.number(),
            calls_answered: cells.number(),
            talk_time: cells.number(),
            ready_time: cells.number(),
            external_calls_count: cells.number(),
        };
        (!row.name.is_empty()).then_some(row)
    }
}

fn agent_type(cells: &mut Cells<'_>, before: Option<&AgentRow>) -> AgentType {
    let fallback = before.map_or_else(AgentType::callback, |row| row.agent_type.clone());
    cells.word("agent type", AgentType::parse, fallback)
}

impl Record for TierRow {
    type Key = (String, String);
    const KEY_COLUMNS: &'static [&'static str] = &["queue", "agent"];
    const OTHERS_MAY_DELETE: bool = true;

    fn table() -> &'static Table {
        &TIERS
    }

    fn key(&self) -> (String, String) {
        (self.queue.clone(), self.agent.clone())
    }

    fn key_cells(key: &(String, String)) -> Vec<Cell<'_>> {
        vec![Cell::Text(&key.0), Cell::Text(&key.1)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.queue),
            Cell::Text(&self.agent),
            Cell::Text(self.state.as_str()),
            Cell::Number(self.level),
            Cell::Number(self.position),
        ]
    }

    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self> {
        let row = Self {
            queue: cells.text(),
            agent: cells.text(),
            state: cells.word(
                "tier state",
                TierState::parse,
                before.map_or(TierState::Ready, |row| row.state),
            ),
            level: cells.number(),
            position: cells.number(),
        };
        (!row.queue.is_empty() && !row.agent.is_empty()).then_some(row)
    }
}

impl Record for MemberRow {
    type Key = String;
    const KEY_COLUMNS: &'static [&'static str] = &["uuid"];
    const OTHERS_MAY_DELETE: bool = false;

    fn table() -> &'static Table {
        &MEMBERS
    }

    fn key(&self) -> String {
        self.uuid.clone()
    }

    fn key_cells(key: &String) -> Vec<Cell<'_>> {
        vec![Cell::Text(key)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.queue),
            Cell::Text(&self.instance_id),
            Cell::Text(&self.uuid),
            Cell::Text(&self.session_uuid),
            Cell::Text(&self.cid_number),
            Cell::Text(&self.cid_name),
            Cell::Number(self.system_epoch),
            Cell::Number(self.joined_epoch),
            Cell::Number(self.rejoined_epoch),
            Cell::Number(self.bridge_epoch),
            Cell::Number(self.abandoned_epoch),
            Cell::Number(self.base_score),
            Cell::Number(self.skill_score),
            Cell::Text(&self.serving_agent),
            Cell::Text(&self.serving_system),
            Cell::Text(self.state.as_str()),
        ]
    }

    fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self> {
        let row = Self {
            queue: cells.text(),
            instance_id: cells.text(),
            uuid: cells.text(),
            session_uuid: cells.text(),
            cid_number: cells.text(),
            cid_name: cells.text(),
            system_epoch: cells.number(),
            joined_epoch: cells.number(),
            rejoined_epoch: cells.number(),
            bridge_epoch: cells.number(),
            abandoned_epoch: cells.number(),
            base_score: cells.number(),
            skill_score: cells.number(),
            serving_agent: cells.text(),
            serving_system: cells.text(),
            state: cells.word(
                "member state",
                MemberState::parse,
                before.map_or(MemberState::Waiting, |row| row.state),
            ),
        };
        (!row.uuid.is_empty()).then_some(row)
    }
}

/// What the configuration said of an agent when it was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Configured {
    /// The agent's name.
    pub agent: String,
    /// The setting.
    pub setting: String,
    /// Its value.
    pub value: String,
}

impl Record for Configured {
    type Key = (String, String);
    const KEY_COLUMNS: &'static [&'static str] = &["agent", "setting"];
    const OTHERS_MAY_DELETE: bool = false;

    fn table() -> &'static Table {
        &CONFIGURED
    }

    fn key(&self) -> (String, String) {
        (self.agent.clone(), self.setting.clone())
    }

    fn key_cells(key: &(String, String)) -> Vec<Cell<'_>> {
        vec![Cell::Text(&key.0), Cell::Text(&key.1)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.agent),
            Cell::Text(&self.setting),
            Cell::Text(&self.value),
        ]
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Option<Self> {
        let row = Self {
            agent: cells.text(),
            setting: cells.text(),
            value: cells.text(),
        };
        (!row.agent.is_empty() && !row.setting.is_empty()).then_some(row)
    }
}

/// What an agent can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AgentSkills {
    /// The agent's name.
    pub agent: String,
    /// The skills as they are written.
    pub skills: String,
}

impl Record for AgentSkills {
    type Key = String;
    const KEY_COLUMNS: &'static [&'static str] = &["agent"];
    const OTHERS_MAY_DELETE: bool = false;

    fn table() -> &'static Table {
        &AGENT_SKILLS
    }

    fn key(&self) -> String {
        self.agent.clone()
    }

    fn key_cells(key: &String) -> Vec<Cell<'_>> {
        vec![Cell::Text(key)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![Cell::Text(&self.agent), Cell::Text(&self.skills)]
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Option<Self> {
        let row = Self {
            agent: cells.text(),
            skills: cells.text(),
        };
        (!row.agent.is_empty()).then_some(row)
    }
}

/// A tier that the configuration named when it was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConfiguredTier {
    /// The queue's name.
    pub queue: String,
    /// The agent's name.
    pub agent: String,
}

impl Record for ConfiguredTier {
    type Key = (String, String);
    const KEY_COLUMNS: &'static [&'static str] = &["queue", "agent"];
    const OTHERS_MAY_DELETE: bool = false;

    fn table() -> &'static Table {
        &CONFIGURED_TIERS
    }

    fn key(&self) -> (String, String) {
        (self.queue.clone(), self.agent.clone())
    }

    fn key_cells(key: &(String, String)) -> Vec<Cell<'_>> {
        vec![Cell::Text(&key.0), Cell::Text(&key.1)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![Cell::Text(&self.queue), Cell::Text(&self.agent)]
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Option<Self> {
        let row = Self {
            queue: cells.text(),
            agent: cells.text(),
        };
        (!row.queue.is_empty() && !row.agent.is_empty()).then_some(row)
    }
}

/// What an agent has beyond stock's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LimitsRow {
    /// The agent's name.
    pub agent: String,
    /// The limits.
    pub limits: AgentLimits,
}

impl Record for LimitsRow {
    type Key = String;
    const KEY_COLUMNS: &'static [&'static str] = &["agent"];
    const OTHERS_MAY_DELETE: bool = false;

    fn table() -> &'static Table {
        &AGENT_LIMITS
    }

    fn key(&self) -> String {
        self.agent.clone()
    }

    fn key_cells(key: &String) -> Vec<Cell<'_>> {
        vec![Cell::Text(key)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.agent),
            Cell::Number(self.limits.not_registered_delay_time),
            Cell::Number(self.limits.max_rejected),
            Cell::Number(self.limits.max_busy),
            Cell::Number(self.limits.max_not_registered),
            Cell::Number(self.limits.rejected_count),
            Cell::Number(self.limits.busy_count),
            Cell::Number(self.limits.not_registered_count),
            Cell::Number(self.limits.max_chats),
            Cell::Number(self.limits.chat_wrap_up_time),
            Cell::Number(self.limits.longest_wrap_up),
            Cell::Number(self.limits.chat_ready_time),
        ]
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Option<Self> {
        let row = Self {
            agent: cells.text(),
            limits: AgentLimits {
                not_registered_delay_time: cells.number(),
                max_rejected: cells.number(),
                max_busy: cells.number(),
                max_not_registered: cells.number(),
                rejected_count: cells.number(),
                busy_count: cells.number(),
                not_registered_count: cells.number(),
                max_chats: cells.number(),
                chat_wrap_up_time: cells.number(),
                longest_wrap_up: cells.number(),
                chat_ready_time: cells.number(),
            },
        };
        (!row.agent.is_empty()).then_some(row)
    }
}

/// An agent's pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PauseRow {
    /// The agent's name.
    pub agent: String,
    /// The queue's name; empty for a break.
    pub queue: String,
    /// The pause.
    pub pause: Pause,
}

impl PauseRow {
    /// The queue; none for a break.
    pub fn in_queue(&self) -> Option<String> {
        Some(self.queue.clone()).filter(|queue| !queue.is_empty())
    }
}

impl Record for PauseRow {
    type Key = (String, String);
    const KEY_COLUMNS: &'static [&'static str] = &["agent", "queue"];
    const OTHERS_MAY_DELETE: bool = false;

    fn table() -> &'static Table {
        &PAUSES
    }

    fn key(&self) -> (String, String) {
        (self.agent.clone(), self.queue.clone())
    }

    fn key_cells(key: &(String, String)) -> Vec<Cell<'_>> {
        vec![Cell::Text(&key.0), Cell::Text(&key.1)]
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::Text(&self.agent),
            Cell::Text(&self.queue),
            Cell::Text(&self.pause.reason),
            Cell::Number(self.pause.since),
        ]
    }

    fn read(cells: &mut Cells<'_>, _before: Option<&Self>) -> Option<Self> {
        let row = Self {
            agent: cells.text(),
            queue: cells.text(),
            pause: Pause {
                reason: cells.text(),
                since: cells.number(),
            },
        };
        (!row.agent.is_empty()).then_some(row)
    }
}
