//! Why a leg ended.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Why a leg ended, by FreeSWITCH's name for the cause (`USER_BUSY`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HangupCause(Cow<'static, str>);

impl HangupCause {
    /// Nothing is known of the cause.
    pub const NONE: HangupCause = HangupCause(Cow::Borrowed("NONE"));
    /// A normal end.
    pub const NORMAL_CLEARING: HangupCause = HangupCause(Cow::Borrowed("NORMAL_CLEARING"));
    /// The offer was withdrawn.
    pub const ORIGINATOR_CANCEL: HangupCause = HangupCause(Cow::Borrowed("ORIGINATOR_CANCEL"));
    /// Another agent was faster.
    pub const LOSE_RACE: HangupCause = HangupCause(Cow::Borrowed("LOSE_RACE"));
    /// The agent's phone is busy.
    pub const USER_BUSY: HangupCause = HangupCause(Cow::Borrowed("USER_BUSY"));
    /// Congestion on the way to the agent; stock treats it as busy.
    pub const NORMAL_CIRCUIT_CONGESTION: HangupCause = HangupCause(Cow::Borrowed("NORMAL_CIRCUIT_CONGESTION"));
    /// The agent rejected the call.
    pub const CALL_REJECTED: HangupCause = HangupCause(Cow::Borrowed("CALL_REJECTED"));
    /// The agent's phone is not registered.
    pub const USER_NOT_REGISTERED: HangupCause = HangupCause(Cow::Borrowed("USER_NOT_REGISTERED"));
    /// The agent did not answer.
    pub const NO_ANSWER: HangupCause = HangupCause(Cow::Borrowed("NO_ANSWER"));
    /// The originate ran into its time limit.
    pub const ALLOTTED_TIMEOUT: HangupCause = HangupCause(Cow::Borrowed("ALLOTTED_TIMEOUT"));
    /// Something on the way is broken.
    pub const DESTINATION_OUT_OF_ORDER: HangupCause = HangupCause(Cow::Borrowed("DESTINATION_OUT_OF_ORDER"));

    /// The cause FreeSWITCH calls `name`.
    pub fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self(name.into())
    }

    /// FreeSWITCH's name for the cause.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for HangupCause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
