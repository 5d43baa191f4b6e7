//! The whole call centre under one look, for whoever shows it.

use crate::engine::border::figures::Live;
use crate::engine::border::histogram::{Bounds, Histogram};
use crate::engine::border::tally::{AgentTally, Tally};
use crate::engine::border::views::{Holdings, Repairs};
use crate::engine::rows::agent::AgentRow;
use crate::engine::vocabulary::ids::AgentId;
use crate::engine::vocabulary::pause::Pause;
use crate::engine::vocabulary::time::{Span, WallTime};
use crate::engine::vocabulary::words::{CancelReason, Media, MemberState, TierState};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an overview is to have in it. Copying takes time under the engine's lock: who does not show something does not ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewRequest {
    /// When the day begins that `today` is about: an epoch second at which a quarter of an hour begins.
    pub midnight: i64,
    /// These queues alone; none is all that are loaded.
    pub queues: Option<BTreeSet<String>>,
    /// Whether there are queues at all.
    pub with_queues: bool,
    /// So many of those who wait in each queue, the first in line.
    pub members: usize,
    /// So many of those who left unanswered, the latest first.
    pub leavers: usize,
    /// Whether the day is told by the quarter of an hour as well.
    pub with_quarters: bool,
    /// Whether there are histograms.
    pub with_histograms: bool,
    /// So many agents, in the order they were added.
    pub agents: usize,
    /// Those who come after this one.
    pub agents_after: Option<AgentId>,
    /// Whether agents' tiers are told.
    pub with_tiers: bool,
}

/// The call centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// When it was looked at.
    pub now: WallTime,
    /// `cc-instance-id`.
    pub instance: String,
    /// `cluster-events` = `everywhere`.
    pub events_everywhere: bool,
    /// `service-level-seconds`.
    pub service_level_seconds: u32,
    /// Bounds of the histograms of waits.
    pub wait_bounds: Bounds,
    /// The queues asked for, in the order they were loaded.
    pub queues: Vec<QueueOverview>,
    /// The agents asked for.
    pub agents: Vec<AgentOverview>,
    /// The last of these agents, where there are more after it.
    pub agents_next: Option<AgentId>,
    /// What the watchdog has put right.
    pub repairs: Repairs,
    /// How much is remembered of calls.
    pub holdings: Holdings,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueOverview {
    /// Its name.
    pub name: String,
    /// `strategy`, as written.
    pub strategy: String,
    /// `priority`.
    pub priority: u32,
    /// `max-wait-time`.
    pub max_wait_seconds: u32,
    /// `max-wait-time-with-no-agent`.
    pub max_wait_with_no_agent_seconds: u32,
    /// `max-queue-length`.
    pub max_queue_length: u32,
    /// `wrap-up-time`.
    pub wrap_up_seconds: u32,
    /// `tier-rules-apply`.
    pub tier_rules_apply: bool,
    /// `required-skills`, as written.
    pub required_skills: String,
    /// How things stand.
    pub live: Live,
    /// Talks under way.
    pub talking: u32,
    /// When the one joined who has waited longest.
    pub oldest_joined: Option<WallTime>,
    /// How long a caller would wait who came now.
    pub estimated_wait: Option<Span>,
    /// Its agents.
    pub agents: AgentNumbers,
    /// Who is to be called back.
    pub callbacks: CallbackNumbers,
    /// What was counted since midnight.
    pub today: Tally,
    /// The same by the quarter of an hour: when each began, in epoch seconds.
    pub quarters: Vec<(i64, Tally)>,
    /// What was counted since the start.
    pub total: Tally,
    /// Lengths since the start, if they were asked for.
    pub histograms: Option<Box<Histograms>>,
    /// Who waits, the first in line first.
    pub members: Vec<MemberOverview>,
    /// Who left unanswered, the latest first.
    pub leavers: Vec<LeaverOverview>,
}

/// How many agents of a queue do what. Each who is logged in counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgentNumbers {
    /// All who have a tier.
    pub known: usize,
    /// Those who are logged in: the sum of the following.
    pub logged_in: usize,
    /// Nothing keeps them from a caller.
    pub ready: usize,
    /// A phone rings.
    pub ringing: usize,
    /// In a call.
    pub talking: usize,
    /// In the pause after one.
    pub wrap_up: usize,
    /// On a break, put aside, or paused in the queue.
    pub paused: usize,
    /// In a pause after an offer that was not taken.
    pub unavailable: usize,
}

/// How many callbacks of a queue are how far; each that has not ended counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallbackNumbers {
    /// Nobody is dialled.
    pub pending: usize,
    /// Somebody is being dialled.
    pub attempting: usize,
    /// The person was reached, and waits for an agent.
    pub reached: usize,
}

/// Lengths of time of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histograms {
    /// Waits of those who were answered.
    pub answered_waits: Histogram,
    /// Waits of those who left by themselves.
    pub abandoned_waits: Histogram,
    /// Waits of those whose wait was ended.
    pub released_waits: Histogram,
    /// Talks.
    pub talks: Histogram,
    /// How long phones rang that were answered.
    pub rings: Histogram,
}

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberOverview {
    /// The member's uuid.
    pub uuid: String,
    /// The caller's channel.
    pub session_uuid: String,
    /// Caller's name.
    pub name: String,
    /// Caller's number.
    pub number: String,
    /// When the place in line began.
    pub joined: WallTime,
    /// When this stay began.
    pub entered: WallTime,
    /// The state.
    pub state: MemberState,
    /// The place in line, 1 being the first.
    pub place: usize,
    /// The score, as lists show it.
    pub score: i64,
    /// The score the member brought.
    pub base_score: i64,
    /// What is exchanged.
    pub media: Media,
    /// What the caller asks of an agent, as it is written.
    pub requirements: String,
    /// The agent in whose hands the member is, or the strategy's word where several ring.
    pub agent: String,
    /// Offers made in this stay.
    pub offers: u32,
    /// What there is to know of the callback that the member is; none for somebody on the phone.
    pub callback: Option<Box<CallbackOverview>>,
}

/// A callback of somebody in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackOverview {
    /// `pending`, `attempting` or `reached`, as in the row.
    pub state: &'static str,
    /// The number to be dialled.
    pub number: String,
    /// Attempts made that count.
    pub attempts: i64,
    /// How the last of them ended; empty before.
    pub last_end: String,
    /// While nobody is dialled: no attempt before.
    pub next_attempt: Option<WallTime>,
    /// When it is given up; none is never.
    pub expires: Option<WallTime>,
}

/// Somebody who has left unanswered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaverOverview {
    /// The member's uuid.
    pub uuid: String,
    /// Caller's name.
    pub name: String,
    /// Caller's number.
    pub number: String,
    /// When the stay began.
    pub entered: WallTime,
    /// When it ended.
    pub left: WallTime,
    /// How long it was.
    pub waited: Span,
    /// Why it ended.
    pub reason: CancelReason,
    /// Offers made in this stay.
    pub offers: u32,
    /// What was exchanged.
    pub media: Media,
}

/// What an agent does, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Not logged in, or without the leg to be called on.
    LoggedOut,
    /// On a break.
    Paused,
    /// Put aside, or done with the one call asked for.
    Idle,
    /// The phone rings.
    Ringing,
    /// Talks.
    Talking,
    /// Writes with somebody, and could take a call.
    Chatting,
    /// In the pause after a call.
    WrapUp,
    /// In a pause after an offer that was not taken.
    Held,
    /// Ready for the next caller.
    Ready,
}

impl Doing {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged-out",
            Self::Paused => "paused",
            Self::Idle => "idle",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::Chatting => "chatting",
            Self::WrapUp => "wrap-up",
            Self::Held => "held",
            Self::Ready => "ready",
        }
    }
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentOverview {
    /// The row.
    pub row: AgentRow,
    /// Since when the agent has had its state; none where nobody knows.
    pub state_since: Option<WallTime>,
    /// What the agent does.
    pub doing: Doing,
    /// Since when.
    pub doing_since: Option<WallTime>,
    /// Why the agent is on a break.
    pub pause: Option<Pause>,
    /// When nothing but time keeps the agent from a caller: when that is over.
    pub ready_at: Option<WallTime>,
    /// When the wrap-up ends, while there is one.
    pub wrap_up_until: Option<WallTime>,
    /// Calls, chats and offers under way.
    pub calls: Vec<CallOverview>,
    /// Skills, as they are written.
    pub skills: String,
    /// The phone that the contact calls.
    pub device: Option<String>,
    /// Whether that phone is in use, as far as anybody asks.
    pub device_in_use: bool,
    /// What was counted since midnight.
    pub today: AgentTally,
    /// What was counted since the start.
    pub total: AgentTally,
    /// The agent's tiers, if they were asked for.
    pub tiers: Vec<TierOverview>,
}

/// An offer of an agent under way, the talk that it becomes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOverview {
    /// The queue's name.
    pub queue: String,
    /// The member's uuid.
    pub member_uuid: String,
    /// The caller's channel.
    pub session_uuid: String,
    /// The agent's channel; empty until it has answered.
    pub agent_uuid: String,
    /// Caller's name.
    pub name: String,
    /// Caller's number.
    pub number: String,
    /// What is exchanged.
    pub media: Media,
    /// How far it has come.
    pub stage: &'static str,
    /// When the phone began to ring.
    pub called: Option<WallTime>,
    /// When the agent answered.
    pub answered: Option<WallTime>,
    /// When the two heard each other.
    pub bridged: Option<WallTime>,
}

/// A tier of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierOverview {
    /// The queue's name, which is shared: there may be a hundred thousand tiers.
    pub queue: Arc<str>,
    /// The level.
    pub level: i64,
    /// The position.
    pub position: i64,
    /// The state.
    pub state: TierState,
    /// Why the agent is paused in this queue.
    pub pause: Option<Pause>,
}
