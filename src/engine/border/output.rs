//! Everything the engine can ask of the world. An adapter does what an output says and decides nothing.

use crate::engine::border::callback::{CallBack, CallsBack};
use crate::engine::border::event::{Event, Presence};
use crate::engine::border::hold::{Hold, Parting};
use crate::engine::border::queue_log_line::QueueLogLine;
use crate::engine::border::row_change::RowChange;
use crate::engine::vocabulary::ids::{AnnouncementId, CallbackAttemptId, MemberId, OfferId};
use crate::engine::vocabulary::names::{known, variable};
use crate::engine::vocabulary::words::{AgentKind, AgentType, CancelReason, HangupCause, Media};
use serde::{Deserialize, Deserializer, Serialize};

/// Something to be done outside, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// Ring an agent. Answered by [`Input::OfferAnswered`](crate::engine::Input::OfferAnswered) or
    /// [`Input::OfferFailed`](crate::engine::Input::OfferFailed).
    Ring(Ring),
    /// Stop an offer at whatever stage it is: an originate that has not begun, a ringing phone, an announcement
    /// to the agent. The offer's end is reported as without a cancel, by `OfferFailed` or `BridgeFailed`.
    CancelRing {
        /// The offer.
        offer: OfferId,
        /// The cause the agent's leg ends with.
        cause: HangupCause,
    },
    /// Bridge member and agent. Answered by [`Input::OfferBridged`](crate::engine::Input::OfferBridged) or
    /// [`Input::BridgeFailed`](crate::engine::Input::BridgeFailed).
    Connect(Connect),
    /// Call somebody back. Answered by [`Input::CallbackReached`](crate::engine::Input::CallbackReached) or
    /// [`Input::CallbackFailed`](crate::engine::Input::CallbackFailed).
    CallBack(Box<CallBack>),
    /// End an attempt to call somebody back at whatever stage it is. It is over already: what is reported of it is refused with
    /// [`EngineError::AttemptOver`](crate::engine::EngineError::AttemptOver).
    CancelCallBack(CallbackAttemptId),
    /// Let a waiting member go: the queue application ends and reports it.
    Release(Release),
    /// Play something to a waiting member. Answered by
    /// [`Input::AnnouncementEnded`](crate::engine::Input::AnnouncementEnded), unless the member leaves; until then there is no other
    /// announcement to this member.
    Announce(Announce),
    /// A waiting member hears something else from now on, or may leave in another way.
    Hold {
        /// The caller's channel.
        session_uuid: String,
        /// How it waits from now on.
        hold: Hold,
    },
    /// Set variables of a channel.
    Variables {
        /// The channel.
        session_uuid: String,
        /// What to set, in order.
        #[serde(deserialize_with = "known_variables")]
        changes: Vec<VariableChange>,
    },
    /// Tell subscribers.
    Event(Event),
    /// Tell BLF keys.
    Presence(Presence),
    /// Write to the database.
    #[serde(skip)]
    Row(RowChange),
    /// Write into the queue log.
    QueueLog(Box<QueueLogLine>),
    /// Tell the operator.
    Notice(Notice),
    /// Look up what is under way. Answered by [`Input::NotFound`](crate::engine::Input::NotFound), or not at all when everything
    /// is there.
    Inspect(Inspection),
    /// Look at a channel that an agent stands on, or is to stand on. Answered by
    /// [`Input::StandingLeg`](crate::engine::Input::StandingLeg), now and whenever the channel does something else.
    LookAtLeg(String),
}

/// An agent to be rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// The offer.
    pub offer: OfferId,
    /// The queue's name.
    pub queue: String,
    /// The agent's name.
    pub agent: String,
    /// How the agent is reached.
    pub agent_type: AgentType,
    /// The dial string of a callback agent; `${...}` is expanded on the member's channel.
    pub contact: String,
    /// The standing leg of a uuid-standby agent.
    pub agent_uuid: String,
    /// The member's uuid.
    pub member_uuid: String,
    /// The caller's channel.
    pub member_session_uuid: String,
    /// Caller's name.
    pub cid_name: String,
    /// `cid-name-prefix` of the queue; empty where there is none.
    pub cid_name_prefix: String,
    /// Caller's number.
    pub cid_number: String,
    /// `cc_param` of the caller's channel, for the agent's; empty where there is none.
    pub param: String,
    /// `cc-export-vars` of the queue: names of the caller's variables that go to the agent's leg; empty where there are none.
    pub export_vars: String,
    /// Whether a call or a chat is to be set up.
    pub media: Media,
    /// When the member joined, epoch seconds.
    pub joined_epoch: i64,
    /// Seconds the phone may ring.
    pub timeout: u32,
    /// Whoever is to be called back once this agent has taken it: there is no caller's channel yet. None for a caller who waits.
    pub calls_back: Option<Box<CallsBack>>,
}

/// A member and an agent to be bridged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    /// The offer.
    pub offer: OfferId,
    /// What the two are to exchange: neither hears anything before a chat.
    pub media: Media,
    /// How the agent was reached: a callback leg is hung up when the bridge fails.
    pub agent_kind: AgentKind,
    /// The caller's channel.
    pub member_session_uuid: String,
    /// The agent's channel.
    pub agent_uuid: String,
    /// Where to record, before expansion.
    pub record_template: Option<String>,
    /// Seconds of silence the agent hears first.
    pub delay: u32,
    /// What the agent hears then: anything FreeSWITCH plays.
    pub sounds: Vec<String>,
}

/// A member to be let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The member.
    pub member: MemberId,
    /// The caller's channel.
    pub session_uuid: String,
    /// Why.
    pub reason: CancelReason,
    /// What comes after the queue application; none: whatever the dialplan says.
    pub parting: Option<Parting>,
}

/// Something to be played to a waiting member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announce {
    /// The announcement.
    pub announcement: AnnouncementId,
    /// The member.
    pub member: MemberId,
    /// The caller's channel.
    pub session_uuid: String,
    /// What to play, one after the other: anything FreeSWITCH plays.
    pub sounds: Vec<String>,
}

/// A channel variable to be set, or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariableChange {
    /// The variable's name.
    pub name: &'static str,
    /// The value; none removes the variable.
    pub value: Option<String>,
}

/// The variables of a message whose names are known here: a box of the next release may have others.
fn known_variables<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<VariableChange>, D::Error> {
    #[derive(Deserialize)]
    struct Said {
        name: String,
        value: Option<String>,
    }
    let changes: Vec<Said> = Vec::deserialize(deserializer)?;
    let known = changes.into_iter().filter_map(|said| {
        Some(VariableChange {
            name: known(variable::ALL, &said.name)?,
            value: said.value,
        })
    });
    Ok(known.collect())
}

/// What the engine believes to be under way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Inspection {
    /// Offers from the ring to the bridge: somebody works on each.
    pub ringing: Vec<OfferId>,
    /// Offers whose member and agent talk: the agent's leg is there.
    pub talking: Vec<OfferId>,
    /// Members and their channels, which are in the queue application.
    pub waiting: Vec<(MemberId, String)>,
}

/// Words for the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How loud.
    pub level: NoticeLevel,
    /// The channel it is about.
    pub session_uuid: Option<String>,
    /// The text, without a line end.
    pub text: String,
}

/// How loud a [`Notice`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeLevel {
    /// For whoever follows calls closely.
    Debug,
    /// For the record.
    Info,
    /// Something is odd.
    Warning,
    /// Something is wrong.
    Error,
}
