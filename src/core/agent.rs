//! An agent, and the rules for when one may be offered a call.

use super::agent_limits::AgentLimits;
use super::chats::Chats;
use super::ids::{OfferId, TierId};
use super::pause::Pause;
use super::presence::Absences;
use super::row::AgentRow;
use super::skills::Skills;
use super::statistics::AgentCounts;
use super::time::{Span, Timestamp};
use super::words::{AgentReport, AgentState, AgentStatus};

/// An agent with what rows cannot carry: instants finer than a second, the offer under way.
#[derive(Debug)]
pub(super) struct Agent {
    pub row: AgentRow,
    /// What stock's row has no columns for.
    pub limits: AgentLimits,
    /// Tiers in the order they were made.
    pub tiers: Vec<TierId>,
    /// The call, or the offer of one.
    pub offer: Option<OfferId>,
    /// The agent may stand in the orders of those who are free for calls.
    pub is_placed: bool,
    /// What goes on beside it.
    pub chats: Chats,
    /// Deleted while a call runs: gone for everybody, kept until the call is over.
    pub deleted: bool,
    /// Asked to be idle while a call runs: takes effect after it.
    pub idle_after_call: bool,
    /// The status last taken from the configuration, so that a reload does not undo what the agent chose since.
    pub configured_status: Option<AgentStatus>,
    pub last_bridge_end: Timestamp,
    pub last_offered: Timestamp,
    pub not_before: Timestamp,
    /// The same without the wrap-up of a call, which keeps nobody from chats.
    pub paused_until: Timestamp,
    /// The floor between two offers after a failure.
    pub retry_after: Timestamp,
    pub bridge_start: Timestamp,
    pub skills: Skills,
    /// What the contact calls.
    pub device: Option<String>,
    /// The leg a uuid-standby agent stands on.
    pub leg: Option<String>,
    /// Somebody outside the queues talks with that leg.
    pub leg_is_taken: bool,
    /// Why the agent is on a break, where somebody has said so.
    pub pause: Option<Pause>,
    /// `max-wrap-up-time` of the queue of the last call, seconds.
    pub longest_wrap_up: Option<i64>,
    /// When the wrap-up after the last call ends that is not the agent's own.
    pub rest_of_queue: Timestamp,
    /// The last offer found no registered phone.
    pub unreachable: bool,
    pub counts: AgentCounts,
    /// When the agent logged in; for who was logged in at the start, when the status last changed.
    pub logged_in_at: Timestamp,
    /// How its queues count it, as far as all do so.
    pub counted: Option<Absences>,
    /// What was last reported of it.
    pub reported: AgentReport,
}

impl Agent {
    /// An agent as its row tells.
    pub fn from_row(row: AgentRow) -> Self {
        Self {
            limits: AgentLimits::default(),
            tiers: Vec::new(),
            offer: None,
            is_placed: false,
            chats: Chats::default(),
            deleted: false,
            idle_after_call: false,
            configured_status: None,
            last_bridge_end: Timestamp::from_secs(row.last_bridge_end),
            last_offered: Timestamp::from_secs(row.last_offered_call),
            not_before: Timestamp::from_secs(row.ready_time),
            paused_until: Timestamp::from_secs(row.ready_time),
            retry_after: Timestamp::default(),
            bridge_start: Timestamp::from_secs(row.last_bridge_start),
            skills: Skills::default(),
            device: None,
            leg: None,
            leg_is_taken: false,
            pause: None,
            longest_wrap_up: None,
            rest_of_queue: Timestamp::default(),
            unreachable: false,
            counts: AgentCounts::default(),
            logged_in_at: Timestamp::from_secs(row.last_status_change),
            counted: None,
            reported: AgentReport::Offline,
            row,
        }
    }

    /// From when on the agent may be offered a call, if nothing changes; none while something else than time
    /// keeps the agent from it.
    pub fn ready_at(&self, instance_id: &str) -> Option<Timestamp> {
        let wants_calls = self.row.status.wants_calls() && self.row.state == AgentState::Waiting;
        let is_kept = self.offer.is_some() || self.leg_is_taken || self.deleted;
        if !wants_calls || is_kept || self.row.instance_id != instance_id {
            return None;
        }
        Some(self.wrapped_up().max(self.not_before).max(self.retry_after))
    }

    /// No offers of any kind before.
    pub fn pause_until(&mut self, at: Timestamp) {
        self.not_before = at;
        self.paused_until = at;
    }

    /// When the wrap-up after the last call ends, as far as it is the agent's own.
    fn wrapped_up(&self) -> Timestamp {
        let wrap_up = self.row.wrap_up_time;
        let wrap_up = self.longest_wrap_up.map_or(wrap_up, |longest| wrap_up.min(longest));
        self.last_bridge_end + Span::from_secs(wrap_up)
    }

    /// When the wrap-up after the last call ends, whoever asks for it.
    pub fn rests_until(&self) -> Timestamp {
        self.wrapped_up().max(self.rest_of_queue)
    }
}
