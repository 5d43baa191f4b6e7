//! Words, identities, time: what everybody speaks in.

pub(super) mod absences;
pub(super) mod callback_end;
pub(super) mod callback_number;
pub(super) mod caller_number;
pub(super) mod caller_requirements;
pub(super) mod channel_variables;
pub(super) mod dial_string;
pub(super) mod event_names;
pub(super) mod ids;
pub(super) mod keys;
pub(super) mod leg_state;
pub(super) mod level_rules;
pub(super) mod local_time;
pub(super) mod meaning;
pub(crate) mod names;
pub(super) mod number_pattern;
pub(super) mod pause;
pub(super) mod preferred_agents;
pub(super) mod queue_log_names;
pub(super) mod ring_end;
pub(super) mod skills;
pub(super) mod talk_end;
pub(super) mod time;
pub(super) mod why_not;
pub(super) mod words;
