//! A caller at the door of a queue, and one who leaves it.

use crate::engine::vocabulary::caller_requirements::CallerRequirements;
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::Span;
use crate::engine::vocabulary::words::CancelReason;
use serde::{Deserialize, Serialize};

/// A caller at the door of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct JoinRequest {
    /// The queue's name.
    pub queue: String,
    /// The caller's channel.
    pub session_uuid: String,
    /// The member's uuid, unless an abandoned place is resumed.
    pub new_member_uuid: String,
    /// `caller_id_number`.
    pub cid_number: String,
    /// `caller_id_name`.
    pub cid_name: String,
    /// CC-Member-DNIS: the redirected number, if the channel has one.
    pub dnis: Option<String>,
    /// `cc_base_score`.
    pub base_score: i64,
    /// When the channel was answered, epoch seconds.
    pub answered_epoch: i64,
    /// The same as a length of time, up to the joining: on a box of a cluster, whose clock may show something else than the others' do.
    pub answered_ago: Option<Span>,
    /// What the caller asks of an agent, beside what the queue does.
    pub requirements: CallerRequirements,
    /// `cc_preferred_agents`.
    pub preferred: PreferredAgents,
    /// What the queue's `sticky-key` names on the channel; none: the caller's number.
    pub caller_key: Option<String>,
    /// `cc_position_on_entry`: the place in line to begin at; 1 is the first.
    pub position: Option<u32>,
    /// `cc_param`: anything that the agent's leg and events about the call are to carry.
    pub param: Option<String>,
    /// `cc_callback_number`: the caller does not wait on the channel but is to be called back on this number.
    pub callback_number: Option<String>,
}

/// How a caller left the queue application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberExit {
    /// Whether the caller's channel is still up.
    pub channel_up: bool,
    /// The reason, where the application or an earlier [`Release`](crate::engine::Release) knows one.
    pub reason: Option<CancelReason>,
    /// The key the caller left with.
    pub key: Option<char>,
}
