//! Call detail records: one for each offer that has ended, and one for each stay of a member that has ended.
//!
//! A record is known by an identity that follows from the member, the second its stay began and the number of the offer, so
//! that the same end that is written twice, even by two processes, is one record. What ends with the process has no other end:
//! a stay that was under way then is recorded as lost when its row is found.

use crate::engine::border::output::RowChange;
use crate::engine::centre::member::{stay_began, Brought, MemberFacts};
use crate::engine::centre::offer::Offer;
use crate::engine::doors::Engine;
use crate::engine::rows::agent::MemberRow;
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallResult, CancelReason, HangupCause, Media, RecordKind};
use std::sync::Arc;

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

    fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("CC-Queue", self.queue.clone()),
            ("CC-Action", "cdr".to_owned()),
            ("CC-CDR-UUID", self.uuid.clone()),
            ("CC-CDR-Record", self.kind.to_string()),
            ("CC-CDR-Call-Type", self.call_type().to_string()),
            ("CC-CDR-Result", self.result.to_string()),
            ("CC-CDR-Cause", self.cause.clone()),
            ("CC-CDR-Instance", self.instance_id.clone()),
            ("CC-Agent", self.agent.clone()),
            ("CC-Agent-UUID", self.agent_uuid.clone()),
            ("CC-Member-UUID", self.member_uuid.clone()),
            ("CC-Member-Session-UUID", self.session_uuid.clone()),
            ("CC-Member-CID-Name", self.caller_name.clone()),
            ("CC-Member-CID-Number", self.caller_number.clone()),
            ("CC-Member-DNIS", self.dnis.clone()),
            ("CC-CDR-Received", self.received.to_string()),
            ("CC-CDR-Ended", self.ended.to_string()),
            ("CC-CDR-Wait-MS", self.wait_ms.to_string()),
            ("CC-CDR-Pickup-MS", self.pickup_ms.to_string()),
            ("CC-CDR-Talk-MS", self.talk_ms.to_string()),
            ("CC-CDR-Offers", self.offers.to_string()),
            ("CC-CDR-Rejections", self.rejections.to_string()),
            ("CC-CDR-Media", self.media.to_string()),
        ]
    }
}

impl Engine {
    /// An offer that was not answered is over: counts it for its member, if an agent did not take it.
    pub(in crate::engine) fn record_unanswered(&mut self, now: Timestamp, offer: &Offer, end: &RingEnd) {
        if end.is_agents() {
            self.count_rejection(offer);
        }
        let pickup_ms = millis(now, offer.called);
        self.record_offer(now, offer, result_of_ring(end), &end.cause(), (pickup_ms, 0));
    }

    /// An answered offer whose bridge did not come about is over, because the caller was gone, because the agent was, or for neither
    /// of these reasons.
    pub(in crate::engine) fn record_unbridged(
        &mut self,
        now: Timestamp,
        offer: &Offer,
        (member_up, agent_left): (bool, bool),
        cause: &HangupCause,
    ) {
        let is_agents = agent_left && member_up && !offer.member_left;
        let result = if is_agents {
            self.count_rejection(offer);
            CallResult::Failed
        } else {
            CallResult::Withdrawn
        };
        let pickup_ms = millis(offer.answered, offer.called);
        self.record_offer(now, offer, result, cause, (pickup_ms, 0));
    }

    /// A talk is over, and with it the offer.
    pub(in crate::engine) fn record_talk(&mut self, now: Timestamp, offer: &Offer, cause: &HangupCause) {
        let result = if offer.member_left {
            CallResult::Withdrawn
        } else {
            CallResult::Answered
        };
        let lengths = (millis(offer.answered, offer.called), millis(now, offer.bridged));
        self.record_offer(now, offer, result, cause, lengths);
    }

    /// The member whose talk is over has left with it.
    pub(in crate::engine) fn record_served_member(&mut self, now: Timestamp, offer: &Offer, cause: &HangupCause) {
        let Some(agent) = self.agents.get(&offer.agent) else {
            return;
        };
        let Some(member) = self.members.get(&offer.member) else {
            return;
        };
        let record = CallRecord {
            result: CallResult::Answered,
            cause: cause.to_string(),
            agent: agent.row.name.clone(),
            agent_uuid: offer.agent_uuid.clone(),
            wait_ms: millis(offer.answered, offer.facts.entered),
            pickup_ms: millis(offer.answered, offer.called),
            talk_ms: millis(now, offer.bridged),
            offers: i64::from(member.offers_made),
            rejections: i64::from(member.rejections),
            ..self.record_of_stay(now, &member.row.queue, &offer.facts)
        };
        self.keep_record(record);
    }

    /// A member has left unanswered.
    pub(in crate::engine) fn record_abandoned(&mut self, now: Timestamp, id: MemberId, reason: CancelReason) {
        let Some(member) = self.members.get(&id) else { return };
        let record = CallRecord {
            result: CallResult::Abandoned,
            cause: reason.to_string(),
            wait_ms: millis(now, member.facts.entered),
            offers: i64::from(member.offers_made),
            rejections: i64::from(member.rejections),
            ..self.record_of_stay(now, &member.row.queue, &member.facts)
        };
        self.keep_record(record);
    }

    /// A stay that was under way when the process ended before this one. What is not in its row is not known.
    pub(in crate::engine) fn record_lost(&mut self, now: Timestamp, row: &MemberRow) {
        let began = self.wall.instant(stay_began(row));
        let waited = if row.bridge_epoch > 0 {
            row.bridge_epoch.saturating_sub(stay_began(row))
        } else {
            0
        };
        let facts = MemberFacts::of(row, Brought::default(), began, 0);
        let record = CallRecord {
            result: CallResult::Lost,
            agent: row.serving_agent.clone(),
            wait_ms: waited.max(0).saturating_mul(1000),
            ..self.record_of_stay(now, &row.queue, &facts)
        };
        self.keep_record(record);
    }

    /// A rejection counts for the stay that the offer was of.
    fn count_rejection(&mut self, offer: &Offer) {
        let Some(member) = self.members.get_mut(&offer.member) else {
            return;
        };
        if Arc::ptr_eq(&member.facts, &offer.facts) {
            member.rejections += 1;
        }
    }

    fn record_offer(
        &mut self,
        now: Timestamp,
        offer: &Offer,
        result: CallResult,
        cause: &HangupCause,
        (pickup_ms, talk_ms): (i64, i64),
    ) {
        let (Some(queue), Some(agent)) = (self.queues.get(&offer.queue), self.agents.get(&offer.agent)) else {
            return;
        };
        let record = CallRecord {
            uuid: format!("{}.o{}", offer.facts.stay(), offer.number),
            kind: RecordKind::Offer,
            result,
            cause: cause.to_string(),
            agent: agent.row.name.clone(),
            agent_uuid: offer.agent_uuid.clone(),
            received: self.wall.secs(offer.called),
            wait_ms: millis(offer.called, offer.facts.entered),
            pickup_ms,
            talk_ms,
            offers: i64::from(offer.number),
            rejections: i64::from(offer.rejections_before),
            ..self.record_of_stay(now, &queue.name, &offer.facts)
        };
        self.keep_record(record);
    }

    /// What all records of a stay have in common.
    fn record_of_stay(&self, now: Timestamp, queue: &str, facts: &MemberFacts) -> CallRecord {
        CallRecord {
            uuid: facts.stay(),
            instance_id: self.settings.instance_id.clone(),
            kind: RecordKind::Member,
            result: CallResult::Lost,
            cause: String::new(),
            queue: queue.to_owned(),
            agent: String::new(),
            agent_uuid: String::new(),
            member_uuid: facts.uuid.clone(),
            session_uuid: facts.session_uuid.clone(),
            caller_number: facts.cid_number.clone(),
            caller_name: facts.cid_name.clone(),
            dnis: facts.dnis().unwrap_or_default().to_owned(),
            received: facts.entered_epoch,
            ended: self.wall.secs(now),
            wait_ms: 0,
            pickup_ms: 0,
            talk_ms: 0,
            offers: 0,
            rejections: 0,
            media: facts.media,
        }
    }

    fn keep_record(&mut self, record: CallRecord) {
        if self.settings.keeps_call_records() {
            self.fire(record.headers());
            self.changed.others.push(RowChange::CallRecord(Box::new(record)));
        }
    }
}

fn result_of_ring(end: &RingEnd) -> CallResult {
    match end {
        // Nobody's fault.
        RingEnd::Withdrawn(_) | RingEnd::CallerGone | RingEnd::Refused(..) => CallResult::Withdrawn,
        RingEnd::NoStandingLeg => CallResult::Failed,
        RingEnd::NotTaken(cause) => result_by_cause(cause),
    }
}

fn result_by_cause(cause: &HangupCause) -> CallResult {
    match cause.as_str() {
        "CALL_REJECTED" => CallResult::Rejected,
        "USER_BUSY" | "NORMAL_CIRCUIT_CONGESTION" => CallResult::Busy,
        "NO_ANSWER" | "NO_USER_RESPONSE" | "ALLOTTED_TIMEOUT" => CallResult::NoAnswer,
        _ => CallResult::Failed,
    }
}

/// Never negative: the machine's clock may have been set back.
fn millis(later: Timestamp, earlier: Timestamp) -> i64 {
    later.since(earlier).micros().max(0) / 1000
}
