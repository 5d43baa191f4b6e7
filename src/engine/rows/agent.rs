//! An agent's row, with stock's columns.

use crate::engine::vocabulary::words::{AgentState, AgentStatus, AgentType};

/// How many characters stock's tables have room for in a name, a uuid or an instance.
pub const LONGEST_NAME: usize = 255;

/// The columns of stock's table `agents`.
pub const AGENT_COLUMNS: &[&str] = &[
    "name",
    "instance_id",
    "uuid",
    "type",
    "contact",
    "status",
    "state",
    "max_no_answer",
    "wrap_up_time",
    "reject_delay_time",
    "busy_delay_time",
    "no_answer_delay_time",
    "last_bridge_start",
    "last_bridge_end",
    "last_offered_call",
    "last_status_change",
    "no_answer_count",
    "calls_answered",
    "talk_time",
    "ready_time",
    "external_calls_count",
];

/// How many characters stock's tables have room for in an agent's contact.
pub const LONGEST_CONTACT: usize = 1024;

/// A row of `agents`, columns in stock's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// The agent's name, the row's key.
    pub name: String,
    /// The instance that owns the agent.
    pub instance_id: String,
    /// The agent's leg: of the running call, or the standing leg of a uuid-standby agent.
    pub uuid: String,
    /// How the agent is reached.
    pub agent_type: AgentType,
    /// The dial string of a callback agent.
    pub contact: String,
    /// Declared status.
    pub status: AgentStatus,
    /// Present state.
    pub state: AgentState,
    /// Unanswered offers in a row before the status is taken away; 0 is never.
    pub max_no_answer: i64,
    /// Seconds between a call's end and the next offer.
    pub wrap_up_time: i64,
    /// Seconds without offers after a rejected one.
    pub reject_delay_time: i64,
    /// Seconds without offers after a busy one.
    pub busy_delay_time: i64,
    /// Seconds without offers after an unanswered one.
    pub no_answer_delay_time: i64,
    /// When the last call was bridged.
    pub last_bridge_start: i64,
    /// When the last call ended.
    pub last_bridge_end: i64,
    /// When the last offer was made.
    pub last_offered_call: i64,
    /// When the status last changed.
    pub last_status_change: i64,
    /// Unanswered offers in a row.
    pub no_answer_count: i64,
    /// Calls answered since the agent became available.
    pub calls_answered: i64,
    /// Seconds talked since the agent became available.
    pub talk_time: i64,
    /// No offers before this instant.
    pub ready_time: i64,
    /// Calls of the agent outside the queues (`callcenter_track`).
    pub external_calls_count: i64,
}

/// The epoch second in which an agent with this row got its state, as far as the row tells; 0 where it does not.
pub(in crate::engine) fn state_began(row: &AgentRow) -> i64 {
    match row.state {
        AgentState::Waiting => row.last_bridge_end.max(row.last_status_change),
        AgentState::Receiving => row.last_offered_call,
        AgentState::InAQueueCall => row.last_bridge_start,
        AgentState::Idle | AgentState::Reserved => row.last_status_change,
    }
}

impl AgentRow {
    /// An agent as `agent add` makes one (stock: logged out, waiting, everything else empty).
    pub fn new(name: impl Into<String>, instance_id: impl Into<String>, agent_type: AgentType) -> Self {
        Self {
            name: name.into(),
            instance_id: instance_id.into(),
            uuid: String::new(),
            agent_type,
            contact: String::new(),
            status: AgentStatus::LoggedOut,
            state: AgentState::Waiting,
            max_no_answer: 0,
            wrap_up_time: 0,
            reject_delay_time: 0,
            busy_delay_time: 0,
            no_answer_delay_time: 0,
            last_bridge_start: 0,
            last_bridge_end: 0,
            last_offered_call: 0,
            last_status_change: 0,
            no_answer_count: 0,
            calls_answered: 0,
            talk_time: 0,
            ready_time: 0,
            external_calls_count: 0,
        }
    }
}
