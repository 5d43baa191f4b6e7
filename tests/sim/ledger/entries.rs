//! What the books have of a member, an offer, an agent and a queue.

use mod_callcenter::engine::{
    AnnouncementId, CallerRequirements, JoinRequest, Media, MemberRow, PreferredAgents, QueueConfig, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// Calls of a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub answered: u64,
    pub abandoned: u64,
}

/// Kinds of announcements to waiting members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Announced {
    Sound,
    Position,
    Periodic,
    Dissuasion,
}

/// A member in a queue.
#[derive(Debug, Clone)]
pub struct Member {
    pub queue: String,
    pub entered: Timestamp,
    /// member-queue-start or -resume was fired.
    pub started: bool,
    /// The caller has left, or was asked to.
    pub leaving: bool,
    /// The queue application has ended.
    pub exited: bool,
    /// The announcement that plays, and of which kind it is.
    pub announcement: Option<(AnnouncementId, Announced)>,
    /// When the last announcement of each kind ended.
    pub announced: BTreeMap<Announced, Timestamp>,
    /// Has heard `dissuade-sound`.
    pub dissuaded: bool,
    /// ring-progressively: from when on one more agent may ring. ring-all: until when the phones that ring count.
    pub ring_more_at: Timestamp,
    /// `retry-delay`: from when on it may be offered again.
    pub retry_at: Timestamp,
    /// When FreeSWITCH last refused to call an agent for it.
    pub refused: Option<Timestamp>,
    /// Agents who have answered and gone before the bridge: not rung while others are.
    pub dropped_by: BTreeSet<String>,
    /// Agents who have missed the member in this stay: it goes on to others first.
    pub missed_by: BTreeSet<String>,
    /// Agents who have missed it while others might have it as well: they are preferred no more, whatever the queue says later.
    pub preferred_no_more: BTreeSet<String>,
    /// What the caller asks of an agent.
    pub requirements: CallerRequirements,
    /// Whom the caller prefers: who is named on entering, or talked to it last.
    pub preferred: PreferredAgents,
    /// The caller's number.
    pub number: String,
    /// From when on limits count: entering, or coming to the place that was kept.
    pub limits_from: Timestamp,
    /// Where the member is to be called back, or was and has no agent yet.
    pub callback: Option<CallingBack>,
}

/// How far somebody is who is to be called back.
#[derive(Debug, Clone)]
pub struct CallingBack {
    pub stage: Away,
    /// No attempt before.
    pub not_before: Timestamp,
    /// From then on nobody behind it is served before it.
    pub due: Timestamp,
    /// Agents who have given it back, and until when it is others'.
    pub given_back: BTreeMap<String, Timestamp>,
}

/// Where somebody is who is to be called back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// Still in the queue application.
    Leaving,
    /// Waits to be called.
    Pending,
    /// Is being called.
    Attempting,
    /// Has confirmed, and is on the way.
    Arriving,
    /// Is there.
    Here,
}

/// An offer under way.
#[derive(Debug, Clone)]
pub struct Offer {
    pub queue: String,
    pub agent: String,
    pub member: String,
    pub stage: Stage,
    pub cost: Cost,
    pub media: Media,
    /// bridge-agent-start was fired.
    pub started: bool,
    /// The agent was deleted meanwhile: the name may belong to another agent by now.
    pub orphan: bool,
    /// The tier was deleted meanwhile, and none was made in its place.
    pub tier_gone: bool,
    /// How often nothing of it was found outside; twice, and it may be ended without a report.
    pub times_missing: u32,
    /// The member left and came back to its place meanwhile: the offer is for the channel it had before.
    pub earlier_stay: bool,
    /// It is about somebody who is still to be called back.
    pub calls_back: bool,
}

impl Offer {
    /// Whether member and agent are not together yet.
    pub fn is_being_offered(&self) -> bool {
        !matches!(self.stage, Stage::Bridged | Stage::Ending)
    }

    /// Whether the agent has taken a callback, and waits while the number is dialled.
    pub fn is_waiting(&self) -> bool {
        self.calls_back && self.stage == Stage::Answered && !self.started
    }
}

/// What an offer that came to nothing costs its agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cost {
    /// It was taken back.
    #[default]
    Nothing,
    /// It ended without anybody's doing: no offer for a moment.
    Moment,
    /// The agent's side has failed it.
    Miss,
}

/// How far an offer is, as inputs and outputs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ringing,
    Cancelled,
    Failed,
    Answered,
    Bridged,
    Ending,
}

/// Instants finer than rows carry.
#[derive(Debug, Clone, Copy, Default)]
pub struct AgentTimes {
    pub last_bridge_end: Timestamp,
    pub retry_after: Timestamp,
    /// When an offer last failed through the agent's fault.
    pub failed: Option<Timestamp>,
    /// When the wrap-up after the last chat ends.
    pub chat_rest: Timestamp,
    /// Since then it was said when the agent is ready, which ends that wrap-up where it is past by the machine's clock.
    pub chat_rest_may_be_over: bool,
}

/// A place in line; the smaller is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub standing: std::cmp::Reverse<i64>,
    pub joined: Timestamp,
}

impl Place {
    pub(in crate::ledger) fn of(row: &MemberRow, joined: Timestamp) -> Self {
        let standing = std::cmp::Reverse(row.base_score + row.skill_score - row.joined_epoch);
        Self { standing, joined }
    }
}

impl Member {
    /// The agent has missed it, under what its queue says now.
    pub fn note_missed_by(&mut self, agent: &str, queues: &BTreeMap<String, QueueConfig>) {
        self.missed_by.insert(agent.to_owned());
        if !queues.get(&self.queue).is_some_and(|config| config.sticky_only) {
            self.preferred_no_more.insert(agent.to_owned());
        }
    }

    /// Whom it prefers who has not failed it while others might have it as well.
    pub fn still_prefers(&self) -> Vec<&str> {
        let names = self.preferred.names().iter().map(|name| &**name);
        names.filter(|name| !self.preferred_no_more.contains(*name)).collect()
    }

    pub(in crate::ledger) fn of(
        queue: &str,
        entered: Timestamp,
        request: &JoinRequest,
        preferred: PreferredAgents,
    ) -> Self {
        Self {
            queue: queue.to_owned(),
            entered,
            started: false,
            leaving: false,
            exited: false,
            announcement: None,
            announced: BTreeMap::new(),
            dissuaded: false,
            ring_more_at: Timestamp::default(),
            retry_at: Timestamp::default(),
            refused: None,
            dropped_by: BTreeSet::new(),
            missed_by: BTreeSet::new(),
            preferred_no_more: BTreeSet::new(),
            requirements: request.requirements.clone(),
            preferred,
            number: request.cid_number.clone(),
            limits_from: entered,
            callback: None,
        }
    }
}
