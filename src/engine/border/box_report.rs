//! What a box of a cluster has on its channels, as it tells whoever leads: at an election, and whenever it comes back.
//!
//! A box keeps what it was sent ([`Ring`], [`CallBack`], [`Stay`], [`Talk`]) as it was sent, and tells it again. Identities stay: threads of
//! that box wait under them.

use crate::engine::border::callback::CallBack;
use crate::engine::border::caller::JoinRequest;
use crate::engine::border::found::Talk;
use crate::engine::border::output::Ring;
use crate::engine::rows::member::MemberRow;
use crate::engine::vocabulary::ids::{AnnouncementId, MemberId, OfferId};
use crate::engine::vocabulary::leg_state::LegState;
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::CancelReason;
use serde::{Deserialize, Serialize};

/// A caller on its box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallerReport {
    /// As it was asked for.
    pub request: JoinRequest,
    /// The member; none where no answer has come.
    pub member: Option<MemberId>,
    /// The last [`Stay`] that the box was sent.
    pub stay: Option<Stay>,
    /// How long ago it was asked for: counts where there is no stay.
    pub age: Span,
    /// The announcement that plays.
    pub announcement: Option<AnnouncementId>,
    /// How far the queue application is.
    pub application: ApplicationReport,
    /// A call was promised: the caller leaves for that.
    #[serde(default)]
    pub is_promised: bool,
}

/// How far the queue application of a caller's channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplicationReport {
    /// The channel is in it.
    Runs,
    /// It was asked to leave it, by a `Release` or otherwise.
    IsToEnd,
    /// It has left it, because an agent has the caller.
    HasEnded,
}

/// What decides a waiting caller's place and what follows for it, as far as no [`JoinRequest`] says it. For whoever keeps it, it is one
/// thing: [`Engine::stay`](crate::engine::Engine::stay) makes it, a [`CallerReport`] gives it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The member's row.
    pub row: MemberRow,
    /// When the place in line began, on the cluster's clock.
    pub joined: Timestamp,
    /// When it is the member's turn among equals, in parts of a microsecond.
    pub turn: i64,
    /// When this stay began.
    pub entered: Timestamp,
    /// From when limits on waiting count.
    pub limits_from: Timestamp,
    /// How many stays of the member began in the same second before this one.
    pub repetition: u32,
    /// The highest repetition so far.
    pub highest_repetition: u16,
    /// A stay of this member began before an earlier one.
    pub clock_was_set_back: bool,
    /// The channel by which the queue log knows the stay, where another one has taken its place.
    pub logged_call: Option<String>,
    /// The place in line on entering.
    pub entry_place: u32,
    /// Offers of this stay.
    pub offers_made: u32,
    /// Those that agents did not take.
    pub rejections: u32,
    /// The first offer was made in the moment of entering.
    pub offered_at_once: bool,
    /// `ring-progressively`: when one more agent may ring.
    pub ring_more_at: Timestamp,
    /// `retry-delay`: no offer before.
    pub retry_at: Timestamp,
    /// `top-down`: level and position of the agent who was offered the caller last.
    pub last_tried: Option<(i64, i64)>,
    /// Agents who have missed the caller, and whether they had answered.
    pub missed_by: Vec<(String, bool)>,
    /// Whom the caller prefers by now.
    pub preferred: PreferredAgents,
    /// When `max-wait-time` ends the wait; its box sees to that while it is alone.
    #[serde(default)]
    pub waits_until: Option<Timestamp>,
    /// Has heard `dissuade-sound`.
    pub dissuaded: bool,
    /// `dissuade-sound`, while it plays.
    pub dissuasion_playing: Option<AnnouncementId>,
    /// A limit was reached: out as soon as no phone rings.
    pub overdue: Option<CancelReason>,
    /// The place in line that was told last; 0 is none.
    pub told_place: u32,
    /// What was heard of announcements; none where the queue has none.
    pub heard: Option<Box<HeardReport>>,
    /// When the offers under way were made, their numbers and the rejections before each.
    pub offers: Vec<OfferCourse>,
}

/// What a caller has heard of its queue's announcements, by programme where there are four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardReport {
    /// The announcement that plays, which programme it is of, and since when.
    pub playing: Option<(AnnouncementId, usize, Timestamp)>,
    /// From when the next interval of each programme counts.
    pub last: [Timestamp; 4],
    /// What cannot be played.
    pub mute: [bool; 4],
    /// The first position has had its time.
    pub has_begun: bool,
    /// The first time has come for telling of callbacks.
    pub has_offered: bool,
    /// The position that was told, and when.
    pub position: Option<(usize, Timestamp)>,
    /// An estimate has been told.
    pub knows_estimate: bool,
    /// How many of `periodic-announce-sounds` there have been.
    pub periodic: usize,
}

/// What its [`Ring`] does not say of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferCourse {
    /// The offer.
    pub offer: OfferId,
    /// When it was made.
    pub called: Timestamp,
    /// Which offer of the stay it is, counted from 1.
    pub number: u32,
    /// Offers of the stay that agents had not taken before.
    pub rejections_before: u32,
}

/// An offer on the caller's box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReport {
    /// As it was read.
    pub ring: Ring,
    /// How far it is.
    pub stage: OfferStage,
    /// Since when it is that far.
    pub age: Span,
    /// How long ago the agent answered; nothing while the phone rings.
    pub answered: Span,
}

/// How far an offer is on its box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfferStage {
    /// The phone rings, or is about to.
    Ringing,
    /// The agent has answered; no `Connect` has been read. This is the agent's channel.
    Answered(String),
    /// A `Connect` has been read.
    Connecting(String),
    /// Member and agent hear each other.
    Bridged(String),
}

/// A talk on its box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkReport {
    /// The offer it came from.
    pub offer: OfferId,
    /// The member.
    pub member: MemberId,
    /// The talk, as [`Engine::talk`](crate::engine::Engine::talk) has told it.
    pub talk: Talk,
}

/// Somebody who is being called back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptReport {
    /// As it was read.
    pub call: CallBack,
    /// The channel of who has confirmed, and is on the way to the queue; none while it is dialled.
    pub reached: Option<String>,
    /// How long ago it was read.
    pub age: Span,
}

/// A channel that a uuid-standby agent stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingLegReport {
    /// The agent's name; empty where the box knows the channel alone.
    pub agent: String,
    /// The channel.
    pub agent_uuid: String,
    /// What it is doing.
    pub state: LegState,
}
