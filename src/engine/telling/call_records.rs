//! Call detail records: one for each offer that has ended, and one for each stay of a member that has ended.
//!
//! A record is known by an identity that follows from the member, the second its stay began and the number of the offer, so
//! that the same end that is written twice, even by two processes, is one record. What ends with the process has no other end:
//! a stay that was under way then is recorded as lost when its row is found.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Brought, MemberFacts};
use crate::engine::centre::offer::Offer;
use crate::engine::marks::{holds, Mark};
use crate::engine::rows::call_record::CallRecord;
use crate::engine::rows::member::{stay_began, MemberRow};
use crate::engine::vocabulary::ids::MemberId;
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{CallResult, CancelReason, HangupCause, RecordKind};
use std::sync::Arc;

impl Engine {
    /// An offer that was not answered is over: counts it for its member, if an agent did not take it.
    pub(in crate::engine) fn record_unanswered(&mut self, now: Timestamp, offer: &Offer, end: &RingEnd) {
        if end.is_agents() || !holds(Mark::WithdrawnIsNotRejected) {
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
        let is_agents = agent_left && member_up && !offer.has_lost_member();
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
        let result = if offer.has_lost_member() {
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

    /// A member has left unanswered; without a reason, it has gone with its box.
    pub(in crate::engine) fn record_abandoned(&mut self, now: Timestamp, id: MemberId, reason: Option<CancelReason>) {
        let Some(member) = self.members.get(&id) else { return };
        let record = CallRecord {
            result: reason.map_or(CallResult::Lost, |_| CallResult::Abandoned),
            cause: reason.map(|reason| reason.to_string()).unwrap_or_default(),
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
            instance_id: row.instance_id.clone(),
            ..self.record_of_stay(now, &row.queue, &facts)
        };
        self.keep_record(record);
    }

    /// A rejection counts for the stay that the offer was of.
    fn count_rejection(&mut self, offer: &Offer) {
        let Some(member) = self.members.books_of(&offer.member) else {
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
        self.count_result(now, offer, result);
        if !self.settings.keeps_call_records() {
            return;
        }
        let (Some(queue), Some(agent)) = (self.queues.get(&offer.queue), self.agents.get(&offer.agent)) else {
            return;
        };
        let record = CallRecord {
            uuid: self.name_of_offer(offer),
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

    /// What no other offer is called. In a cluster whoever leads next may not know how many offers a stay has had, and the offer's own
    /// identity is that of every leader.
    fn name_of_offer(&self, offer: &Offer) -> String {
        let stay = offer.facts.stay();
        match self.boxes.are_several() {
            true => format!("{stay}.o{}", offer.id),
            false => format!("{stay}.o{}", offer.number),
        }
    }

    /// What all records of a stay have in common.
    fn record_of_stay(&self, now: Timestamp, queue: &str, facts: &MemberFacts) -> CallRecord {
        CallRecord {
            uuid: facts.stay(),
            instance_id: self.instance_of(facts).to_owned(),
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

    /// The instance of a caller's box; the own one where the caller is gone.
    fn instance_of(&self, facts: &MemberFacts) -> &str {
        let member = self
            .boxes
            .are_several()
            .then(|| self.members.of_uuid(&facts.uuid))
            .flatten();
        let member = member.and_then(|id| self.members.get(&id));
        member.map_or(&self.settings.instance_id, |member| &member.row.instance_id)
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
        RingEnd::Withdrawn(_) | RingEnd::CallerGone | RingEnd::GivenBack | RingEnd::Refused(..) => {
            CallResult::Withdrawn
        }
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
