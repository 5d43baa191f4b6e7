//! What rings for a member is taken back, and the member looks for somebody again.

use crate::engine::border::output::Output;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Service;
use crate::engine::centre::offer::Stage;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, QueueId};
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{HangupCause, MemberState};

/// How long the end of a cancelled ring may take before the agent is given back all the same.
const CANCEL_PATIENCE: Span = Span::from_secs(10);

impl Engine {
    /// Stops an offer that rings, or whose agent waits for somebody who is called back. It is over when its end is reported, for until
    /// then the agent's phone is taken.
    pub(in crate::engine) fn cancel_offer(&mut self, now: Timestamp, id: OfferId, cause: HangupCause) {
        let Some(offer) = self.offers.get_mut(&id) else { return };
        if matches!(offer.stage, Stage::Ringing | Stage::Calling) {
            offer.stage = Stage::Cancelling(cause.clone());
            self.timers.set(Timer::CancelOverdue(id), now + CANCEL_PATIENCE);
            if !holds(Mark::OffersAreCancelledOnce) {
                let cause = cause.clone();
                self.outputs.push_back(Output::CancelRing { offer: id, cause });
            }
            self.outputs.push_back(Output::CancelRing { offer: id, cause });
        }
    }

    /// Takes an offer off a member's list; a member whom nobody else serves waits again.
    pub(in crate::engine) fn return_member(&mut self, member_id: MemberId, offer: OfferId) {
        let nobody = self.nobody_serves(member_id);
        let Some(member) = self.members.change(&member_id) else {
            return;
        };
        member.offers.retain(|other| *other != offer);
        if member.service == Service::By(offer) {
            member.service = Service::Wanted;
        }
        // Its queue may have become empty while it was offered.
        self.aftermath.staffing.insert(member.queue);
        let is_served = member.serving().is_some() || !member.offers.is_empty();
        self.tell_state(member_id);
        let Some(member) = self.members.change(&member_id) else {
            return;
        };
        if is_served || member.row.state != MemberState::Trying {
            return;
        }
        member.row.serving_agent = nobody.to_owned();
        member.row.serving_system = String::new();
        if nobody.is_empty() {
            self.set_member_state(member_id, MemberState::Waiting);
        }
    }

    /// Stops those of an agent's offers that ring. Their callers go on to others.
    pub(in crate::engine) fn stop_rings(&mut self, now: Timestamp, offers: impl IntoIterator<Item = OfferId>) {
        for offer in offers {
            self.withdraw_offer(now, offer, HangupCause::ORIGINATOR_CANCEL);
        }
    }

    /// Stops an offer that rings, and lets its member go on to the next agent.
    pub(in crate::engine) fn withdraw_offer(&mut self, now: Timestamp, id: OfferId, cause: HangupCause) {
        let Some(member_id) = self.offers.get(&id).map(|offer| offer.member) else {
            return;
        };
        let Some(member) = self.members.change(&member_id) else {
            return;
        };
        if member.offers.contains(&id) {
            self.return_member(member_id, id);
            self.cancel_offer(now, id, cause);
            self.release_overdue(member_id);
        }
    }

    /// Agents whose last tier in a queue has gone are not rung for its callers any more.
    pub(in crate::engine) fn stop_rings_of_who_left(&mut self, now: Timestamp) {
        while let Some((queue, id)) = self.aftermath.left_queues.pop_first() {
            let tiers = self.queues.get(&queue).map(|queue| &queue.tiers_by_agent);
            let agent = self.agents.get(&id);
            let serves = |agent: &Agent| tiers.is_some_and(|tiers| tiers.contains_key(&agent.row.name));
            if agent.is_some_and(|agent| agent.deleted || !serves(agent)) {
                self.stop_rings_in_queue(now, queue, id);
            }
        }
    }

    pub(in crate::engine) fn stop_rings_in_queue(&mut self, now: Timestamp, queue: QueueId, agent: AgentId) {
        let offers = self.agents.get(&agent).into_iter().flat_map(Agent::offers);
        let is_of_queue = |offer: &OfferId| self.offers.get(offer).is_some_and(|offer| offer.queue == queue);
        let offers: Vec<OfferId> = offers.filter(is_of_queue).collect();
        for offer in offers {
            self.withdraw_offer(now, offer, HangupCause::ORIGINATOR_CANCEL);
        }
    }

    /// Stops the phones that ring for a member who is not to be offered any more.
    pub(in crate::engine) fn stop_rings_of(&mut self, now: Timestamp, id: MemberId) {
        let ringing = self.members.get(&id).map(|member| member.offers.clone());
        for offer in ringing.unwrap_or_default() {
            self.return_member(id, offer);
            self.cancel_offer(now, offer, HangupCause::ORIGINATOR_CANCEL);
        }
        self.release_overdue(id);
    }
}
