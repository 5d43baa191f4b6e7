//! The columns of each list, in stock's order, and what stands in them.

use crate::engine::{
    AgentRow, CallListing, CallbackRow, CallerRow, MemberListing, PauseListing, QueueListing, TierListing,
    UnkeptCallback, AGENT_COLUMNS, CALLBACK_COLUMNS, TIER_COLUMNS,
};

/// What stands in one place of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Text. The columns of database rows are all text, as stock has them from SQL.
    Text(&'a str),
    /// A number of a database row: JSON shows it as text, too.
    Digits(i64),
    /// A number: JSON shows it as one.
    Number(u64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Digits(number)
    }
}

/// Something that is shown as a row.
pub(super) trait Listed {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Columns behind them, for a list with a row that has something to show there: where nothing of ours is used, lists are stock's.
    const MORE: &'static [&'static str] = &[];

    /// The values, in the order of the columns.
    fn values(&self) -> Vec<Value<'_>>;

    /// Whether there is something to show in the columns behind.
    fn has_more(&self) -> bool {
        false
    }

    /// The values of the columns behind.
    fn more(&self) -> Vec<Value<'_>> {
        Vec::new()
    }
}

/// The names of a list's columns.
pub(super) fn columns<R: Listed>(has_more: bool) -> Vec<&'static str> {
    let more = if has_more { R::MORE } else { &[] };
    R::COLUMNS.iter().chain(more).copied().collect()
}

/// A row's values, in the order of [`columns`].
pub(super) fn cells<R: Listed>(row: &R, has_more: bool) -> Vec<Value<'_>> {
    let mut values = row.values();
    if has_more {
        values.extend(row.more());
    }
    values
}

impl Listed for AgentRow {
    const COLUMNS: &'static [&'static str] = AGENT_COLUMNS;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.name.as_str().into(),
            self.instance_id.as_str().into(),
            self.uuid.as_str().into(),
            self.agent_type.as_str().into(),
            self.contact.as_str().into(),
            self.status.as_str().into(),
            self.state.as_str().into(),
            self.max_no_answer.into(),
            self.wrap_up_time.into(),
            self.reject_delay_time.into(),
            self.busy_delay_time.into(),
            self.no_answer_delay_time.into(),
            self.last_bridge_start.into(),
            self.last_bridge_end.into(),
            self.last_offered_call.into(),
            self.last_status_change.into(),
            self.no_answer_count.into(),
            self.calls_answered.into(),
            self.talk_time.into(),
            self.ready_time.into(),
            self.external_calls_count.into(),
        ]
    }
}

impl Listed for TierListing {
    const COLUMNS: &'static [&'static str] = TIER_COLUMNS;
    const MORE: &'static [&'static str] = &["paused", "pause_reason", "paused_epoch"];

    fn values(&self) -> Vec<Value<'_>> {
        let row = &self.row;
        vec![
            row.queue.as_str().into(),
            row.agent.as_str().into(),
            row.state.as_str().into(),
            row.level.into(),
            row.position.into(),
        ]
    }

    fn has_more(&self) -> bool {
        self.pause.is_some()
    }

    fn more(&self) -> Vec<Value<'_>> {
        let pause = self.pause.as_ref();
        vec![
            flag(pause.is_some()),
            pause.map_or("", |pause| pause.reason.as_str()).into(),
            pause.map_or(0, |pause| pause.since).into(),
        ]
    }
}

impl Listed for PauseListing {
    const COLUMNS: &'static [&'static str] = &["agent", "queue", "reason", "paused_epoch"];

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.agent.as_str().into(),
            self.queue.as_deref().unwrap_or_default().into(),
            self.pause.reason.as_str().into(),
            self.pause.since.into(),
        ]
    }
}

impl Listed for CallerRow {
    const COLUMNS: &'static [&'static str] = &["queue", "caller", "agent", "last_talk_epoch"];

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.queue.as_str().into(),
            self.caller.as_str().into(),
            self.agent.as_str().into(),
            self.last_talk_epoch.into(),
        ]
    }
}

impl Listed for UnkeptCallback {
    const COLUMNS: &'static [&'static str] = &[
        "uuid",
        "queue",
        "number",
        "name",
        "joined_epoch",
        "requested_epoch",
        "attempts",
        "last_end",
        "result",
        "ended_epoch",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.uuid.as_str().into(),
            self.queue.as_str().into(),
            self.number.as_str().into(),
            self.name.as_str().into(),
            self.joined_epoch.into(),
            self.requested_epoch.into(),
            self.attempts.into(),
            self.last_end.as_str().into(),
            self.result.as_str().into(),
            self.ended_epoch.into(),
        ]
    }
}

impl Listed for CallbackRow {
    const COLUMNS: &'static [&'static str] = CALLBACK_COLUMNS;

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.uuid.as_str().into(),
            self.queue.as_str().into(),
            self.instance_id.as_str().into(),
            self.number.as_str().into(),
            self.name.as_str().into(),
            self.requested_epoch.into(),
            self.state.as_str().into(),
            self.attempts.into(),
            self.last_end.as_str().into(),
            self.next_attempt_epoch.into(),
            self.expires_epoch.into(),
            self.joined_epoch.into(),
            self.base_score.into(),
            self.required_skills.as_str().into(),
            self.levels.as_str().into(),
            self.preferred_agents.as_str().into(),
            self.param.as_str().into(),
        ]
    }
}

impl Listed for MemberListing {
    const COLUMNS: &'static [&'static str] = &[
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
        "score",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        let row = &self.row;
        vec![
            row.queue.as_str().into(),
            row.instance_id.as_str().into(),
            row.uuid.as_str().into(),
            row.session_uuid.as_str().into(),
            row.cid_number.as_str().into(),
            row.cid_name.as_str().into(),
            row.system_epoch.into(),
            row.joined_epoch.into(),
            row.rejoined_epoch.into(),
            row.bridge_epoch.into(),
            row.abandoned_epoch.into(),
            row.base_score.into(),
            row.skill_score.into(),
            row.serving_agent.as_str().into(),
            row.serving_system.as_str().into(),
            row.state.as_str().into(),
            self.score.into(),
        ]
    }
}

impl Listed for CallListing {
    const COLUMNS: &'static [&'static str] = &[
        "uuid",
        "session_uuid",
        "queue",
        "cid_number",
        "cid_name",
        "state",
        "agent",
        "duration",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        let row = &self.row;
        vec![
            row.uuid.as_str().into(),
            row.session_uuid.as_str().into(),
            row.queue.as_str().into(),
            row.cid_number.as_str().into(),
            row.cid_name.as_str().into(),
            self.state.as_str().into(),
            row.serving_agent.as_str().into(),
            self.duration.into(),
        ]
    }
}

impl Listed for QueueListing {
    const COLUMNS: &'static [&'static str] = &[
        "name",
        "strategy",
        "moh_sound",
        "time_base_score",
        "tier_rules_apply",
        "tier_rule_wait_second",
        "tier_rule_wait_multiply_level",
        "tier_rule_no_agent_no_wait",
        "discard_abandoned_after",
        "abandoned_resume_allowed",
        "max_wait_time",
        "max_wait_time_with_no_agent",
        "max_wait_time_with_no_agent_time_reached",
        "record_template",
        "calls_answered",
        "calls_abandoned",
        "ring_progressively_delay",
        "skip_agents_with_external_calls",
        "agent_no_answer_status",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        let queue = &self.config;
        vec![
            queue.name.as_str().into(),
            queue.strategy.as_str().into(),
            queue.moh_sound.as_deref().unwrap_or_default().into(),
            queue.time_base_score.as_str().into(),
            flag(queue.tier_rules_apply),
            Value::Number(queue.tier_rule_wait_second.into()),
            flag(queue.tier_rule_wait_multiply_level),
            flag(queue.tier_rule_no_agent_no_wait),
            Value::Number(queue.discard_abandoned_after.into()),
            flag(queue.abandoned_resume_allowed),
            Value::Number(queue.max_wait_time.into()),
            Value::Number(queue.max_wait_time_with_no_agent.into()),
            Value::Number(queue.max_wait_time_with_no_agent_time_reached.into()),
            queue.record_template.as_deref().unwrap_or_default().into(),
            Value::Number(self.calls_answered),
            Value::Number(self.calls_abandoned),
            Value::Number(queue.ring_progressively_delay.into()),
            flag(queue.skip_agents_with_external_calls),
            queue.agent_no_answer_status.as_str().into(),
        ]
    }
}

fn flag(flag: bool) -> Value<'static> {
    if flag { "true" } else { "false" }.into()
}
