//! Everything that can happen to the engine.

use crate::engine::border::box_report::{AttemptReport, CallerReport, OfferReport, StandingLegReport, TalkReport};
use crate::engine::border::caller::{JoinRequest, MemberExit};
use crate::engine::border::changes_by_others::ChangesByOthers;
use crate::engine::border::found::Found;
use crate::engine::border::reconfiguration::Reconfiguration;
use crate::engine::border::reply::AnnouncementEnd;
use crate::engine::border::setting::{AgentGetKey, AgentSetting, TierSetting};
use crate::engine::border::snapshot::Snapshot;
use crate::engine::configuration::agent::{AgentConfig, TierConfig};
use crate::engine::configuration::parameters::Assignment;
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::callback_end::CallbackEnd;
use crate::engine::vocabulary::ids::{AnnouncementId, CallbackAttemptId, MemberId, OfferId};
use crate::engine::vocabulary::leg_state::LegState;
use crate::engine::vocabulary::local_time::LocalTime;
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::talk_end::TalkEnd;
use crate::engine::vocabulary::time::{Span, WallTime};
use crate::engine::vocabulary::words::{AgentType, HangupCause};
use serde::{Deserialize, Serialize};

/// Something that happened outside, or that somebody asks for.
///
/// In a cluster each box tells the leader what its channels and phones have caused. What is skipped there is asked for by commands, which go
/// to the leader as lines, or is the leader's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "inputs live for one call of the engine; there is never a list of them"
)]
pub enum Input {
    /// The rows a database brought, before anything else happens. What a crash left is reset (agents wait,
    /// members are abandoned); rows of other instances are left alone.
    #[serde(skip)]
    Restore(Snapshot),
    /// What is up already, once rows and configuration have been brought and before anybody can call: talks and standing legs are
    /// taken over; members of whom nothing is up are recorded as lost. Answered with [`Reply::Adopted`](crate::engine::Reply::Adopted).
    #[serde(skip)]
    Adopt(Found),
    /// The instances of all boxes of the cluster, living or not, the own one among them: their rows are ours from now on. One that was
    /// named once stays. Without a cluster this is never told.
    #[serde(skip)]
    Boxes(Vec<String>),
    /// What these boxes have, at any time: it takes the place of what was known of each. Nobody is offered anybody before all of them have
    /// been taken over. Answered with [`Reply::ReportsTaken`](crate::engine::Reply::ReportsTaken).
    #[serde(skip)]
    BoxesReport(Vec<BoxReport>),
    /// A box is given up: its rings and talks are over, its callers are abandoned and may resume their places. When it is back, it reports.
    #[serde(skip)]
    BoxGone {
        /// `cc-instance-id` of the box.
        instance: String,
    },
    /// The module of a box was unloaded in order: as [`Input::BoxGone`], but that its talks count until the next module there reports them,
    /// for a minute at most.
    #[serde(skip)]
    BoxLeft {
        /// `cc-instance-id` of the box.
        instance: String,
    },
    /// FreeSWITCH's clock shows this now: it was set, forward or back. Nobody's deadline moves.
    #[serde(skip)]
    ClockSet(WallTime),
    /// What clocks show where the machine stands, now and later: time zone and summer time. Until it is told, days and times of day are
    /// those of UTC.
    LocalTime(LocalTime),
    /// Others have changed rows in the database: taken over without events, as with stock. Rows that the engine cannot
    /// let go of (of an agent who talks, of a caller who waits) are written again.
    #[serde(skip)]
    RowsChanged(ChangesByOthers),
    /// A queue's configuration: a new queue, or a changed one that keeps its members and figures.
    #[serde(skip)]
    LoadQueue(QueueConfig),
    /// `reload`: a whole configuration. Answered with [`Reply::Reconfigured`](crate::engine::Reply::Reconfigured).
    #[serde(skip)]
    Reconfigure(Box<Reconfiguration>),
    /// `queue add`: a queue of the table `queues`, with defaults.
    #[serde(skip)]
    QueueAdd(String),
    /// `queue del`: a queue of the table `queues` in which nobody waits or talks, its tiers and abandoned places.
    #[serde(skip)]
    QueueDel(String),
    /// `queue set`: one parameter of a loaded queue, for good where the table `queues` has it, otherwise until its configuration
    /// is read again. Its members are under the new rule at once; its figures stay.
    #[serde(skip)]
    QueueSet {
        /// The queue's name.
        queue: String,
        /// What to set.
        setting: Assignment<QueueConfig>,
    },
    /// `queue unload`: members stay, nothing is offered until the queue is loaded again.
    #[serde(skip)]
    UnloadQueue(String),
    /// An `<agent>` of the configuration.
    #[serde(skip)]
    ApplyAgent(AgentConfig),
    /// The same, on somebody's explicit demand: also what was changed since by commands is set back, except for the status.
    #[serde(skip)]
    ReloadAgent(AgentConfig),
    /// A `<tier>` of the configuration.
    #[serde(skip)]
    ApplyTier(TierConfig),
    /// `agent add`.
    #[serde(skip)]
    AgentAdd {
        /// The new agent's name.
        name: String,
        /// How the agent is reached.
        agent_type: AgentType,
    },
    /// `agent del`: a call that runs goes on. Unknown names are no error, as in stock.
    #[serde(skip)]
    AgentDel {
        /// The agent's name.
        name: String,
    },
    /// `agent set`.
    #[serde(skip)]
    AgentSet {
        /// The agent's name.
        name: String,
        /// What to set.
        setting: AgentSetting,
    },
    /// `agent pause`: on a break, with a reason.
    #[serde(skip)]
    AgentPause {
        /// The agent's name.
        name: String,
        /// Why; may be empty.
        reason: String,
    },
    /// `agent resume`: available again, for an agent on a break.
    #[serde(skip)]
    AgentResume {
        /// The agent's name.
        name: String,
    },
    /// `agent get`: stock tells subscribers that somebody asked. `callcenter_track` asks as well.
    AgentGet {
        /// The agent's name.
        name: String,
        /// `status`, `state` or `uuid`.
        key: AgentGetKey,
        /// The key as typed: stock puts it into CC-Action and the header's name.
        typed: String,
    },
    /// The configuration has been read again and no longer names this tier. It goes if it came from there; one that was made at
    /// run time stays, and the answer is [`EngineError::TierNotFound`](crate::engine::EngineError::TierNotFound).
    #[serde(skip)]
    TierNotConfigured {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// `tier add`.
    #[serde(skip)]
    TierAdd(TierConfig),
    /// `tier add ... paused`: the agent takes no callers of the queue until `tier resume`.
    #[serde(skip)]
    TierAddPaused {
        /// The tier.
        tier: TierConfig,
        /// Why; may be empty.
        reason: String,
    },
    /// `tier set`.
    #[serde(skip)]
    TierSet {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
        /// What to set.
        setting: TierSetting,
    },
    /// `tier pause`: no callers of this queue.
    #[serde(skip)]
    TierPause {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
        /// Why; may be empty.
        reason: String,
    },
    /// `tier resume`.
    #[serde(skip)]
    TierResume {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// `tier del`. Unknown tiers are no error, as in stock.
    #[serde(skip)]
    TierDel {
        /// The queue's name.
        queue: String,
        /// The agent's name.
        agent: String,
    },
    /// A caller enters a queue. Answered with [`Reply::Joined`](crate::engine::Reply::Joined), or
    /// [`Reply::Refused`](crate::engine::Reply::Refused) where the queue does not take the caller.
    MemberJoin(JoinRequest),
    /// The caller's channel has left the queue application, for whatever reason. Answered with [`Reply::Left`](crate::engine::Reply::Left).
    MemberExit {
        /// The member.
        member: MemberId,
        /// How it left.
        exit: MemberExit,
    },
    /// The channel of a waiting member has left for good, because its call was joined with another one (an attended transfer): that one is
    /// on the way to the place. It takes it by [`Input::MemberJoin`]. Answered with [`Reply::Left`](crate::engine::Reply::Left).
    MemberHandsOver {
        /// The member.
        member: MemberId,
        /// The channel that is on the way.
        successor: String,
    },
    /// A channel that was on the way to a place has ended.
    SuccessorGone {
        /// The channel.
        session_uuid: String,
    },
    /// A waiting member has pressed `callback-key`, on a box of a cluster that does not lead. Nothing changes by it. Answered with
    /// [`Reply::CallbackOffered`](crate::engine::Reply::CallbackOffered).
    CallbackKey {
        /// The member.
        member: MemberId,
    },
    /// A waiting member asks to be called back on this number, and has confirmed it where that was asked for. Answered with
    /// [`Reply::CalledBack`](crate::engine::Reply::CalledBack): the channel is then to leave the queue application, which is reported as
    /// always and costs no place. Refused with [`EngineError::CallbackRefused`](crate::engine::EngineError::CallbackRefused): the caller
    /// waits on.
    CallbackAsk {
        /// The member.
        member: MemberId,
        /// The number.
        number: String,
    },
    /// `callback add`: somebody who has not called is to be called back. Answered as `CallbackAsk`.
    #[serde(skip)]
    CallbackAdd {
        /// The queue's name.
        queue: String,
        /// The number.
        number: String,
        /// Who it is; may be empty.
        name: String,
        /// The member's uuid.
        new_member_uuid: String,
    },
    /// `callback cancel`: nobody is called back; an attempt that is under way is ended.
    #[serde(skip)]
    CallbackCancel {
        /// The member's uuid.
        uuid: String,
    },
    /// `callback now`: no delay holds any more; dialled as soon as an agent is free for it.
    #[serde(skip)]
    CallbackNow {
        /// The member's uuid.
        uuid: String,
    },
    /// An attempt has ended without the person. [`EngineError::AttemptOver`](crate::engine::EngineError::AttemptOver) means nothing.
    CallbackFailed {
        /// The attempt.
        attempt: CallbackAttemptId,
        /// How.
        end: CallbackEnd,
    },
    /// Somebody has answered and confirmed, and this channel is on the way to the place, which it takes by [`Input::MemberJoin`]; should it
    /// end before that, it is a [`Input::SuccessorGone`]. [`EngineError::AttemptOver`](crate::engine::EngineError::AttemptOver) means:
    /// hang it up.
    CallbackReached {
        /// The attempt.
        attempt: CallbackAttemptId,
        /// The channel.
        session_uuid: String,
    },
    /// An announcement to a waiting member has ended. One that is late, because the member has left meanwhile, means nothing.
    AnnouncementEnded {
        /// The member.
        member: MemberId,
        /// The announcement.
        announcement: AnnouncementId,
        /// How it ended.
        end: AnnouncementEnd,
    },
    /// The agent's leg of an offer is up. [`EngineError::OfferOver`](crate::engine::EngineError::OfferOver) means: hang it up.
    OfferAnswered {
        /// The offer.
        offer: OfferId,
        /// The agent's channel.
        agent_uuid: String,
    },
    /// The agent's leg of an offer could not be had, or is gone before it was answered.
    OfferFailed {
        /// The offer.
        offer: OfferId,
        /// Whose doing it was, and why.
        end: RingEnd,
    },
    /// Member and agent hear each other.
    OfferBridged {
        /// The offer.
        offer: OfferId,
    },
    /// Member and agent could not be bridged.
    BridgeFailed {
        /// The offer.
        offer: OfferId,
        /// Whether the member's channel is still up.
        member_up: bool,
        /// Whether the agent's leg had ended by itself.
        agent_left: bool,
        /// Why the agent's leg ended, if it did.
        cause: HangupCause,
    },
    /// The agent's leg of a bridged offer has ended (or, for uuid-standby, its bridge).
    AgentLegEnded {
        /// The offer.
        offer: OfferId,
        /// Why.
        cause: HangupCause,
        /// Who ended the talk, or what.
        by: TalkEnd,
    },
    /// `callcenter_break agent UUID`: release the agent although the leg stays up.
    AgentBreak {
        /// The agent's channel.
        agent_uuid: String,
    },
    /// `callcenter_track`: the agent has a call outside the queues.
    ExternalCallStarted {
        /// The agent's name.
        agent: String,
    },
    /// A call outside the queues has ended.
    ExternalCallEnded {
        /// The agent's name.
        agent: String,
    },
    /// Of what an [`Inspection`](crate::engine::Inspection) asked for, this is unknown outside. Only what is not found twice in a
    /// row is ended.
    NotFound {
        /// Members whose channel is not in the queue application.
        members: Vec<MemberId>,
        /// Offers nobody works on, and talks whose agent's leg is gone.
        offers: Vec<OfferId>,
    },
    /// What a standing leg is doing from now on. Whoever takes [`Output::LookAtLeg`](crate::engine::Output::LookAtLeg) tells.
    StandingLeg {
        /// The agent's channel.
        agent_uuid: String,
        /// What it is doing.
        state: LegState,
    },
    /// A device has its first call, of whatever kind, or its last one is over.
    DeviceState {
        /// The presence id: `user@domain`.
        device: String,
        /// Whether it has calls.
        in_use: bool,
    },
    /// `member set base_score`: a waiting member takes the place of this score.
    #[serde(skip)]
    MemberScore {
        /// The member's uuid.
        uuid: String,
        /// The score it is to have begun with.
        base_score: i64,
    },
    /// `member withdraw`: a waiting member is let go.
    #[serde(skip)]
    MemberWithdraw {
        /// The member's uuid.
        uuid: String,
        /// Why, in words for the channel (`cc_withdraw_reason`); may be empty.
        note: String,
    },
    /// `dispatch internal`: whether the engine offers calls by itself.
    #[serde(skip)]
    InternalDispatching {
        /// Whether it does from now on.
        on: bool,
    },
    /// `dispatch member`: a waiting member is offered to this agent.
    #[serde(skip)]
    DispatchMember {
        /// The member's uuid.
        uuid: String,
        /// The agent's name.
        agent: String,
    },
    /// `caller forget`: a caller is not known again in any queue.
    #[serde(skip)]
    CallerForget(String),
    /// `stats reset`: figures begin anew.
    #[serde(skip)]
    StatsReset,
    /// Somebody subscribed to a queue's presence, or to a lamp beside it.
    PresenceProbe {
        /// The queue's name, or a lamp's.
        queue: String,
    },
}

/// All that one box has. It takes the place of what was known of that box: what is not in it is over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BoxReport {
    /// `cc-instance-id` of the box.
    pub instance: String,
    /// Callers whose channels have joined, or have asked to and were not answered: the queue application runs, or an offer is under way.
    pub callers: Vec<CallerReport>,
    /// Offers from the ring on, but for talks that are told in [`BoxReport::talks`].
    pub offers: Vec<OfferReport>,
    /// Talks whose [`Talk`](crate::engine::Talk) has reached the box.
    pub talks: Vec<TalkReport>,
    /// Somebody is being called back.
    pub attempts: Vec<AttemptReport>,
    /// Standing legs of uuid-standby agents.
    pub standing: Vec<StandingLegReport>,
    /// Devices that have calls on this box: `user@domain`.
    pub devices_in_use: Vec<String>,
    /// Agents in calls outside the queues, once for each call.
    pub external_calls: Vec<String>,
    /// What has happened and may not be in the rows, the earliest first, and how long ago: done after all else of the report. What is about
    /// something that is over, or was never heard of, means nothing.
    pub since: Vec<(Span, Input)>,
}
