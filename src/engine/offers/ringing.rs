//! From the ring to the answer, or to the end of an offer that nobody answers.

use crate::engine::border::error::EngineError;
use crate::engine::border::reply::Reply;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::Service;
use crate::engine::centre::offer::Stage;
use crate::engine::centre::timers::Timer;
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId};
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{AgentState, HangupCause};

impl Engine {
    /// The agent's leg is up. Whoever answers first gets the member; everybody else who rings loses.
    pub(in crate::engine) fn offer_answered(
        &mut self,
        now: Timestamp,
        id: OfferId,
        agent_uuid: String,
    ) -> Result<Reply, EngineError> {
        let offer = self.offers.get_mut(&id).ok_or(EngineError::OfferOver)?;
        match offer.stage.clone() {
            Stage::Ringing => (),
            Stage::Cancelling(cause) => {
                self.end_unanswered(now, id, &RingEnd::Withdrawn(cause));
                let is_refused = holds(Mark::LateAnswersAreRefused);
                return if is_refused {
                    Err(EngineError::OfferOver)
                } else {
                    Ok(Reply::Done)
                };
            }
            Stage::Calling | Stage::Connecting { .. } | Stage::Bridged { .. } => return Err(EngineError::OfferOver),
        }
        self.refusals.of_mut(self.origin.at).end();
        let member = offer.member;
        if self.members.get(&member).is_some_and(|member| member.is_away()) {
            return self.take_callback(now, id, agent_uuid);
        }
        let Some(offer) = self.offers.get_mut(&id) else {
            return Err(EngineError::OfferOver);
        };
        offer.stage = Stage::Connecting {
            member_left: false,
            leg_ended: None,
        };
        offer.answered = now;
        offer.agent_uuid = agent_uuid;
        let (member_id, agent_id) = (offer.member, offer.agent);
        self.give_member(now, member_id, agent_id, id);
        self.begin_connecting(id);
        Ok(Reply::Done)
    }

    /// Gives a member to the agent who answered, and stops the others.
    pub(in crate::engine) fn give_member(
        &mut self,
        now: Timestamp,
        member_id: MemberId,
        agent_id: AgentId,
        offer: OfferId,
    ) {
        let Some(member) = self.members.change(&member_id) else {
            return;
        };
        member.row.save();
        if let Some(agent) = self.agents.get(&agent_id) {
            member.row.serving_agent = agent.row.name.clone();
            member.row.serving_system = agent.row.instance_id.clone();
        }
        member.service = Service::By(offer);
        member.offers.retain(|other| *other != offer);
        let losers = std::mem::take(&mut member.offers);
        for loser in losers {
            if holds(Mark::LosersStopRinging) {
                self.cancel_offer(now, loser, HangupCause::LOSE_RACE);
            }
        }
    }

    /// Nobody has reported the end of a cancelled ring.
    pub(in crate::engine) fn give_up_cancelled(&mut self, now: Timestamp, id: OfferId) {
        self.end_recall(id);
        if let Some(Stage::Cancelling(cause)) = self.offers.get(&id).map(|offer| offer.stage.clone()) {
            self.note_lost(id);
            self.end_unanswered(now, id, &RingEnd::Withdrawn(cause));
        }
    }

    /// The agent's leg could not be had.
    pub(in crate::engine) fn offer_failed(
        &mut self,
        now: Timestamp,
        id: OfferId,
        end: RingEnd,
    ) -> Result<Reply, EngineError> {
        match self.offers.get(&id).map(|offer| offer.stage.clone()) {
            Some(Stage::Ringing) => {
                self.note_uncalled(now, id, &end);
                self.end_unanswered(now, id, &end);
            }
            Some(Stage::Calling) => {
                self.note_withdrawn(now, id, &end);
                self.lose_waiting_agent(now, id, &end);
            }
            Some(Stage::Cancelling(cause)) => self.end_unanswered(now, id, &RingEnd::Withdrawn(cause)),
            Some(Stage::Connecting { .. } | Stage::Bridged { .. }) | None => return Err(EngineError::OfferOver),
        }
        Ok(Reply::Done)
    }

    /// An agent who waited for somebody was taken away by neither this engine nor its own doing, and might be so again at once.
    fn note_withdrawn(&mut self, now: Timestamp, id: OfferId, end: &RingEnd) {
        let agent = self.offers.get(&id).map(|offer| offer.agent);
        if let (Some(agent), RingEnd::Withdrawn(_)) = (agent, end) {
            self.hold_back(now, agent);
        }
    }

    /// What else follows from a ring that has ended although neither this engine nor the agent's side ended it.
    fn note_uncalled(&mut self, now: Timestamp, id: OfferId, end: &RingEnd) {
        let Some(offer) = self.offers.get(&id) else { return };
        let (member, agent) = (offer.member, offer.agent);
        match end {
            RingEnd::NotTaken(_) => self.refusals.of_mut(self.origin.at).end(),
            RingEnd::NoStandingLeg => (),
            // Its stay is about to be reported over.
            RingEnd::CallerGone => {
                if let Some(member) = self.members.change(&member) {
                    member.ask_out();
                }
            }
            RingEnd::Refused(refusal, cause) => self.tell_refusal(now, agent, *refusal, cause),
            RingEnd::Withdrawn(_) | RingEnd::GivenBack => self.hold_back(now, agent),
        }
    }

    /// Ends an offer that was not answered: counts it, gives the agent its pause, and the member the next agent.
    pub(in crate::engine) fn end_unanswered(&mut self, now: Timestamp, id: OfferId, end: &RingEnd) {
        self.timers.clear(Timer::CancelOverdue(id));
        let Some(offer) = self.offers.remove(&id) else { return };
        let member_id = offer.member;
        self.return_member(member_id, id);
        if end.is_agents() {
            self.note_retry(now, member_id);
            self.note_missed(&offer);
        }
        if *end == RingEnd::GivenBack {
            self.note_given_back(now, &offer);
        }
        let tier_state = self.count_missed(now, &offer, end);
        if holds(Mark::FailedOffersAreTold) {
            self.fire_bridge_fail(&offer, now, &end.cause());
        }
        self.record_unanswered(now, &offer, end);
        self.log_unanswered(now, &offer, end);
        self.free_agent(now, id, &offer, tier_state, AgentState::Waiting);
        self.release_overdue(member_id);
        self.expire_if_over(now, member_id);
        self.aftermath.not_taken.insert(member_id);
    }

    /// `retry-delay`: a member whose agent did not take it waits before the next offer.
    fn note_retry(&mut self, now: Timestamp, id: MemberId) {
        let Some(member) = self.members.change(&id) else {
            return;
        };
        let config = self.queues.get(&member.queue).and_then(|queue| queue.config.as_ref());
        let delay = config.map_or(0, |config| config.retry_delay);
        if delay > 0 {
            member.retry_at = now + Span::from_secs(i64::from(delay));
        }
    }
}
