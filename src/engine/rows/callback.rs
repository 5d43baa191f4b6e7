//! A callback that was asked for and has not ended.

/// A row of `callbacks`: what is kept of a callback beside the member's row. All of it is what a restart needs to call the person back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallbackRow {
    /// The member's uuid, the row's key.
    pub uuid: String,
    /// The queue's name.
    pub queue: String,
    /// The instance that calls back.
    pub instance_id: String,
    /// The number to be dialled.
    pub number: String,
    /// Who is to be called back.
    pub name: String,
    /// When it was asked for, epoch seconds.
    pub requested_epoch: i64,
    /// `pending`, `attempting` or `reached`.
    pub state: String,
    /// Attempts made that count.
    pub attempts: i64,
    /// How the last of them ended; empty before.
    pub last_end: String,
    /// No attempt before, epoch seconds.
    pub next_attempt_epoch: i64,
    /// When it is given up, epoch seconds; 0 is never.
    pub expires_epoch: i64,
    /// When the place in line began, epoch seconds.
    pub joined_epoch: i64,
    /// The score the member began with.
    pub base_score: i64,
    /// `cc_required_skills`.
    pub required_skills: String,
    /// `cc_max_level`, `cc_min_level` and `cc_raise_level`, with colons between them.
    pub levels: String,
    /// `cc_preferred_agents`.
    pub preferred_agents: String,
    /// `cc_param`.
    pub param: String,
}

/// The columns of the table `callbacks`, which the list shows.
pub const CALLBACK_COLUMNS: &[&str] = &[
    "uuid",
    "queue",
    "instance_id",
    "number",
    "name",
    "requested_epoch",
    "state",
    "attempts",
    "last_end",
    "next_attempt_epoch",
    "expires_epoch",
    "joined_epoch",
    "base_score",
    "required_skills",
    "levels",
    "preferred_agents",
    "param",
];
