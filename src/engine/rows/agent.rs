//! Rows of stock's three tables, and the columns of call detail records: what lists print and the database keeps. Times are whole seconds since the epoch.

use crate::engine::vocabulary::words::{AgentState, AgentStatus, AgentType, MemberState, TierState};

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

/// The columns of stock's table `tiers`.
pub const TIER_COLUMNS: &[&str] = &["queue", "agent", "state", "level", "position"];

/// The columns of stock's table `members`.
pub const MEMBER_COLUMNS: &[&str] = &[
    "queue",
    "instance_id",
    "uuid",
    "session_uuid",
    "cid_number",
    "cid_name",
    "system_epoch",
    "joined_epoch",
    "rejoined_epoch",
    "bridge_epoch",
    "abandoned_epoch",
    "base_score",
    "skill_score",
    "serving_agent",
    "serving_system",
    "state",
];

/// The columns of our table of call detail records.
pub const CALL_RECORD_COLUMNS: &[&str] = &[
    "uuid",
    "instance_id",
    "record",
    "call_type",
    "result",
    "cause",
    "queue",
    "agent",
    "agent_uuid",
    "member_uuid",
    "session_uuid",
    "caller_number",
    "caller_name",
    "dnis",
    "received",
    "ended",
    "wait_ms",
    "pickup_ms",
    "talk_ms",
    "offers",
    "rejections",
    "media",
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

/// A row of `members`, columns in stock's order (`score` is computed when listed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The queue's name.
    pub queue: String,
    /// The instance whose channel the member is.
    pub instance_id: String,
    /// The member's own uuid, the row's key.
    pub uuid: String,
    /// The caller's channel; empty once abandoned.
    pub session_uuid: String,
    /// Caller's number.
    pub cid_number: String,
    /// Caller's name.
    pub cid_name: String,
    /// When the channel was answered.
    pub system_epoch: i64,
    /// When the member joined.
    pub joined_epoch: i64,
    /// When an abandoned member came back.
    pub rejoined_epoch: i64,
    /// When the member was bridged.
    pub bridge_epoch: i64,
    /// When the member left without an answer.
    pub abandoned_epoch: i64,
    /// Score the member started with.
    pub base_score: i64,
    /// Score for skills (0 in stock).
    pub skill_score: i64,
    /// The agent who serves the member, or the strategy's name when several ring.
    pub serving_agent: String,
    /// The instance of that agent.
    pub serving_system: String,
    /// Present state.
    pub state: MemberState,
}

impl MemberRow {
    /// The score lists show: seconds waited plus base and skill score.
    pub(in crate::engine) fn score(&self, waited: i64) -> i64 {
        waited.saturating_add(self.base_score).saturating_add(self.skill_score)
    }
}

/// A row of `tiers`, columns in stock's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierRow {
    /// The queue's name.
    pub queue: String,
    /// The agent's name.
    pub agent: String,
    /// Present state.
    pub state: TierState,
    /// Level: lower is tried first.
    pub level: i64,
    /// Position within the level.
    pub position: i64,
}
