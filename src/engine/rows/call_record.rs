//! The record of an offer that is over, or of a member's stay.

use crate::engine::vocabulary::names::{action, header};
use crate::engine::vocabulary::words::{CallResult, Media, RecordKind};

/// How an offer or a member's stay went. Times are whole seconds since the epoch, lengths whole milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The record's identity; no other record has it.
    pub uuid: String,
    /// The instance that handled the call.
    pub instance_id: String,
    /// What has ended.
    pub kind: RecordKind,
    /// How it ended.
    pub result: CallResult,
    /// The hangup cause of an offer or a talk, or why a member left.
    pub cause: String,
    /// The queue's name.
    pub queue: String,
    /// The agent; empty for a member whom nobody answered.
    pub agent: String,
    /// The agent's leg, if it came to be.
    pub agent_uuid: String,
    /// The member.
    pub member_uuid: String,
    /// The caller's channel.
    pub session_uuid: String,
    /// Caller's number.
    pub caller_number: String,
    /// Caller's name.
    pub caller_name: String,
    /// The number the caller was redirected from, if the channel has one.
    pub dnis: String,
    /// When the offer was made, or the member entered the queue.
    pub received: i64,
    /// When it ended.
    pub ended: i64,
    /// How long the caller had waited: when the offer was made, or when the agent answered or the member left.
    pub wait_ms: i64,
    /// How long the agent's phone rang, until it was answered or stopped. For a member: the phone of the agent who answered.
    pub pickup_ms: i64,
    /// How long member and agent talked.
    pub talk_ms: i64,
    /// Which offer of the stay it was, counted from 1; for a member, how many there were.
    pub offers: i64,
    /// Offers of this stay that agents did not take, before this one; for a member, all of them.
    pub rejections: i64,
    /// What caller and agent exchange.
    pub media: Media,
}

impl CallRecord {
    /// The type OpenSIPS gives such a call: -2 not taken by an agent, -1 ended by a fault, 0 handled by an agent, 1 dropped in
    /// the queue. It has no records of the offer that became the talk (2) and of offers that were withdrawn (3).
    pub fn call_type(&self) -> i64 {
        match (self.kind, self.result) {
            (_, CallResult::Lost) => -1,
            (RecordKind::Member, CallResult::Answered) => 0,
            (RecordKind::Member, _) => 1,
            (RecordKind::Offer, CallResult::Answered) => 2,
            (RecordKind::Offer, CallResult::Withdrawn) => 3,
            (RecordKind::Offer, _) => -2,
        }
    }

    pub(in crate::engine) fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            (header::QUEUE, self.queue.clone()),
            (header::ACTION, action::CDR.to_owned()),
            (header::CDR_UUID, self.uuid.clone()),
            (header::CDR_RECORD, self.kind.to_string()),
            (header::CDR_CALL_TYPE, self.call_type().to_string()),
            (header::CDR_RESULT, self.result.to_string()),
            (header::CDR_CAUSE, self.cause.clone()),
            (header::CDR_INSTANCE, self.instance_id.clone()),
            (header::AGENT, self.agent.clone()),
            (header::AGENT_UUID, self.agent_uuid.clone()),
            (header::MEMBER_UUID, self.member_uuid.clone()),
            (header::MEMBER_SESSION_UUID, self.session_uuid.clone()),
            (header::MEMBER_CID_NAME, self.caller_name.clone()),
            (header::MEMBER_CID_NUMBER, self.caller_number.clone()),
            (header::MEMBER_DNIS, self.dnis.clone()),
            (header::CDR_RECEIVED, self.received.to_string()),
            (header::CDR_ENDED, self.ended.to_string()),
            (header::CDR_WAIT_MS, self.wait_ms.to_string()),
            (header::CDR_PICKUP_MS, self.pickup_ms.to_string()),
            (header::CDR_TALK_MS, self.talk_ms.to_string()),
            (header::CDR_OFFERS, self.offers.to_string()),
            (header::CDR_REJECTIONS, self.rejections.to_string()),
            (header::CDR_MEDIA, self.media.to_string()),
        ]
    }
}

/// The columns of our table of call detail records.
pub const CALL_RECORD_COLUMNS: &[&str] = &[
    "uuid",
    "instance_id",
    "record",
    "call_type",
    "result",
    "cause",
    "queue",
    "agent",
    "agent_uuid",
    "member_uuid",
    "session_uuid",
    "caller_number",
    "caller_name",
    "dnis",
    "received",
    "ended",
    "wait_ms",
    "pickup_ms",
    "talk_ms",
    "offers",
    "rejections",
    "media",
];
