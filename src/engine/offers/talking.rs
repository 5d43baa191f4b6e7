//! From the bridge to the end of a talk.

use crate::engine::border::error::EngineError;
use crate::engine::border::output::Output;
use crate::engine::border::reply::Reply;
use crate::engine::centre::answer::Answer;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Application, Service};
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::marks::{holds, Mark};
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, TierId};
use crate::engine::vocabulary::names::variable;
use crate::engine::vocabulary::preferred_agents::PreferredAgents;
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::talk_end::TalkEnd;
use crate::engine::vocabulary::time::Timestamp;
use crate::engine::vocabulary::words::{
    AgentKind, AgentState, AgentStatus, CallState, CallbackResult, CancelReason, HangupCause, Media, MemberState,
    TierState,
};
use std::sync::Arc;

impl Engine {
    /// Member and agent hear each other.
    pub(in crate::engine) fn offer_bridged(&mut self, now: Timestamp, id: OfferId) -> Result<Reply, EngineError> {
        let offer = self.offers.get_mut(&id).ok_or(EngineError::OfferOver)?;
        let Stage::Connecting { member_left, leg_ended } = &mut offer.stage else {
            return Err(EngineError::OfferOver);
        };
        let (member_left, leg_ended) = (*member_left, leg_ended.take());
        offer.stage = Stage::Bridged { member_left };
        offer.bridged = now;
        let (member_id, agent_id, tier_id) = (offer.member, offer.agent, offer.tier);
        let (session_uuid, agent_uuid) = (offer.facts.session_uuid.clone(), offer.agent_uuid.clone());
        let answer = offer.answer();
        let answer = self.answer_of(answer, member_id);
        if member_left && holds(Mark::WhoLeftIsNotBridged) {
            // The member left the queue in the very moment of the bridge: nobody may keep the two together.
            self.outputs.push_back(Output::CancelRing {
                offer: id,
                cause: HangupCause::ORIGINATOR_CANCEL,
            });
        } else {
            self.note_bridged_member(now, member_id, agent_id, &session_uuid);
            self.log_connected(now, id);
            self.note_who_talks(now, id);
            self.count_answer(now, &answer);
        }
        self.set_variables(&agent_uuid, vec![(variable::AGENT_BRIDGED, Some("true".to_owned()))]);
        match answer.media {
            Media::Audio => self.note_call_begun(now, agent_id, tier_id, agent_uuid),
            Media::Chat => self.note_chat_begun(agent_id, id),
        }
        if !member_left && self.members.get(&member_id).is_some_and(|member| member.has_exited()) {
            self.count_answered(member_id);
        }
        if let Some((cause, by)) = leg_ended {
            self.end_bridged(now, id, &cause, &by);
        }
        Ok(Reply::Done)
    }

    /// The same with what the member adds to it.
    fn answer_of(&self, answer: Answer, id: MemberId) -> Answer {
        let member = self.members.get(&id);
        let agent = self.agents.get(&answer.agent);
        let preferred = member.and_then(|member| member.preferred.as_deref());
        let is_preferred = |preferred: &PreferredAgents| agent.is_some_and(|agent| preferred.has(&agent.row.name));
        Answer {
            outside_level: member.is_some_and(|member| self.is_outside_level(member)),
            by_preferred: preferred.is_some_and(is_preferred),
            ..answer
        }
    }

    fn note_who_talks(&mut self, now: Timestamp, id: OfferId) {
        let Some(offer) = self.offers.get(&id) else { return };
        let (queue, facts) = (offer.queue, Arc::clone(&offer.facts));
        if let Some(agent) = self.agents.get(&offer.agent).map(|agent| agent.row.name.clone()) {
            self.note_acquaintance(now, queue, &facts, &agent);
        }
    }

    fn note_call_begun(&mut self, now: Timestamp, agent_id: AgentId, tier_id: TierId, agent_uuid: String) {
        self.note_bridged_agent(now, agent_id, agent_uuid);
        // The tier may have lost its agent meanwhile, or got another.
        if self
            .tiers
            .get(&tier_id)
            .is_some_and(|tier| tier.agent == Some(agent_id))
        {
            self.set_tier_state(tier_id, TierState::ActiveInbound);
        }
        self.set_agent_state(now, agent_id, AgentState::InAQueueCall);
    }

    fn note_bridged_member(&mut self, now: Timestamp, member_id: MemberId, agent_id: AgentId, session_uuid: &str) {
        self.clear_limits(member_id);
        self.end_callback(now, member_id, CallbackResult::Answered);
        let agent_name = self
            .agents
            .get(&agent_id)
            .map(|agent| agent.row.name.clone())
            .unwrap_or_default();
        self.set_variables(
            session_uuid,
            vec![
                (variable::AGENT_BRIDGED, Some("true".to_owned())),
                (variable::AGENT, Some(agent_name)),
                (variable::QUEUE_ANSWERED_EPOCH, Some(self.wall.secs(now).to_string())),
                (variable::STATE, Some(CallState::ToAgent.to_string())),
            ],
        );
        if let Some(member) = self.members.change(&member_id) {
            member.told_state = CallState::ToAgent;
            member.row.bridge_epoch = self.wall.secs(now);
        }
        self.note_step(now, member_id);
        self.set_member_state(member_id, MemberState::Answered);
    }

    fn note_bridged_agent(&mut self, now: Timestamp, id: AgentId, agent_uuid: String) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.bridge_start = now;
        agent.row.uuid = agent_uuid;
        agent.row.last_bridge_start = self.wall.secs(now);
        agent.row.calls_answered = agent.row.calls_answered.saturating_add(1);
        self.renew_leg(now, id);
        self.forget_failures(id);
    }

    /// Member and agent could not be bridged.
    pub(in crate::engine) fn bridge_failed(
        &mut self,
        now: Timestamp,
        id: OfferId,
        (member_up, agent_left): (bool, bool),
        cause: &HangupCause,
    ) -> Result<Reply, EngineError> {
        if !self.offers.get(&id).is_some_and(Offer::is_connecting) {
            return Err(EngineError::OfferOver);
        }
        let offer = self.offers.remove(&id).ok_or(EngineError::OfferOver)?;
        let member_id = offer.member;
        self.fire_bridge_end(&offer, now, false, cause);
        self.record_unbridged(now, &offer, (member_up, agent_left), cause);
        if member_up && !offer.has_lost_member() {
            self.hold_back(now, offer.agent);
            if agent_left {
                self.log_dumped(now, &offer);
                self.note_dropped(&offer);
                self.count_dropped(now, &offer);
            }
        }
        self.free_agent(now, id, &offer, TierState::Ready, AgentState::Waiting);
        if !offer.has_lost_member() {
            self.return_unbridged_member(now, member_id, id, member_up);
        }
        Ok(Reply::Done)
    }

    /// A member whose agent vanished waits on, unless its channel is down or the application has ended.
    fn return_unbridged_member(&mut self, now: Timestamp, member_id: MemberId, offer: OfferId, member_up: bool) {
        self.return_member(member_id, offer);
        let Some(member) = self.members.change(&member_id) else {
            return;
        };
        if member.has_exited() {
            let reason = if member_up {
                CancelReason::BreakOut
            } else {
                CancelReason::None
            };
            self.log_leaving(now, member_id, reason, None);
            self.abandon(now, member_id, reason);
            return;
        }
        if !member_up {
            member.ask_out();
        }
        self.release_overdue(member_id);
    }

    /// The agent's leg has ended: the call is over.
    pub(in crate::engine) fn agent_leg_ended(
        &mut self,
        now: Timestamp,
        id: OfferId,
        cause: HangupCause,
        by: TalkEnd,
    ) -> Result<Reply, EngineError> {
        let offer = self.offers.get_mut(&id).ok_or(EngineError::OfferOver)?;
        match &mut offer.stage {
            Stage::Ringing => self.end_unanswered(now, id, &RingEnd::NotTaken(cause)),
            Stage::Calling => self.lose_waiting_agent(now, id, &RingEnd::NotTaken(cause)),
            Stage::Cancelling(cause) => {
                let cause = cause.clone();
                self.end_unanswered(now, id, &RingEnd::Withdrawn(cause));
            }
            Stage::Connecting { leg_ended, .. } => *leg_ended = Some((cause, by)),
            Stage::Bridged { .. } => self.end_bridged(now, id, &cause, &by),
        }
        Ok(Reply::Done)
    }

    /// `callcenter_break`: the agent is released although the leg stays up.
    pub(in crate::engine) fn break_agent(&mut self, now: Timestamp, agent_uuid: &str) -> Result<Reply, EngineError> {
        let id = self.offer_on_leg(agent_uuid).ok_or(EngineError::NoSuchLeg)?;
        if self.offers.get(&id).is_some_and(Offer::is_calling) {
            // Nothing else ends the waiting of an agent who has taken a callback: there is no bridge whose end would.
            let cause = HangupCause::ORIGINATOR_CANCEL;
            self.outputs.push_back(Output::CancelRing { offer: id, cause });
        }
        // The leg has not ended; stock tells the cause of the originate, which succeeded.
        self.agent_leg_ended(now, id, HangupCause::named("SUCCESS"), TalkEnd::Agent)
    }

    /// The offer whose agent is on this channel: talks, or is about to.
    pub fn offer_on_leg(&self, agent_uuid: &str) -> Option<OfferId> {
        let is_it = |offer: &Offer| {
            offer.agent_uuid == agent_uuid && (offer.is_calling() || offer.is_connecting() || offer.is_bridged())
        };
        let mut offers = self.offers.iter();
        offers.find(|(_, offer)| is_it(offer)).map(|(id, _)| *id)
    }

    /// Ends an offer whose member and agent have talked.
    fn end_bridged(&mut self, now: Timestamp, id: OfferId, cause: &HangupCause, by: &TalkEnd) {
        let Some(offer) = self.offers.remove(&id) else { return };
        self.fire_bridge_end(&offer, now, true, cause);
        self.record_talk(now, &offer, cause);
        if !holds(Mark::TalksAreRecordedOnce) {
            self.record_talk(now, &offer, cause);
        }
        if !offer.has_lost_member() {
            let ended = vec![(variable::QUEUE_TERMINATED_EPOCH, Some(self.wall.secs(now).to_string()))];
            self.set_variables(&offer.facts.session_uuid, ended);
            self.fire_member_terminated(&offer, now, cause);
            self.record_served_member(now, &offer, cause);
            self.log_talk_ended(now, &offer, by);
            self.end_served_member(offer.member);
            self.count_talk(now, &offer);
        }
        match offer.media() {
            Media::Audio => {
                self.note_talk_ended(now, offer.agent);
                self.wrap_up(now, offer.agent, offer.queue);
            }
            Media::Chat => self.note_chat_ended(now, &offer),
        }
        let on_demand =
            self.agents.get(&offer.agent).map(|agent| agent.row.status) == Some(AgentStatus::AvailableOnDemand);
        let state = if on_demand {
            AgentState::Idle
        } else {
            AgentState::Waiting
        };
        self.free_agent(now, id, &offer, TierState::Ready, state);
    }

    /// The box of a talk is given up: its agent is free, and how it ends nobody knows.
    pub(in crate::engine) fn lose_talk(&mut self, now: Timestamp, id: OfferId) {
        let Some(offer) = self.offers.remove(&id) else { return };
        self.fire_bridge_end(&offer, now, true, &HangupCause::NONE);
        if !offer.has_lost_member() {
            if let Some(member) = self.members.change(&offer.member) {
                member.application = Application::HasEnded;
                let row = member.row.clone();
                self.record_lost(now, &row);
            }
            self.end_served_member(offer.member);
        }
        match offer.media() {
            Media::Audio => {
                self.note_talk_ended(now, offer.agent);
                self.wrap_up(now, offer.agent, offer.queue);
            }
            Media::Chat => self.note_chat_ended(now, &offer),
        }
        self.free_agent(now, id, &offer, TierState::Ready, AgentState::Waiting);
    }

    /// The row of a member who has talked goes; the member stays until its application has ended too.
    fn end_served_member(&mut self, id: MemberId) {
        self.remove_row(id);
        let Some(member) = self.members.change(&id) else {
            return;
        };
        member.service = Service::Over;
        member.row.state = MemberState::Answered;
        if member.has_exited() {
            self.members.forget(id);
        }
    }

    fn note_talk_ended(&mut self, now: Timestamp, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        if agent.row.agent_type.kind() == AgentKind::Callback {
            agent.row.uuid = String::new();
        }
        agent.last_bridge_end = now;
        agent.row.last_bridge_end = self.wall.secs(now);
        agent.row.talk_time = agent
            .row
            .talk_time
            .saturating_add(now.steady_secs().saturating_sub(agent.bridge_start.steady_secs()));
    }

    /// Gives an agent back: tiers and state.
    pub(in crate::engine) fn free_agent(
        &mut self,
        now: Timestamp,
        id: OfferId,
        offer: &Offer,
        tier_state: TierState,
        state: AgentState,
    ) {
        let Some(agent) = self.agents.change(&offer.agent) else {
            return;
        };
        agent.forget_offer(id);
        if agent.deleted {
            return;
        }
        match offer.media() {
            Media::Audio => self.free_from_call(now, offer, tier_state, state),
            // Whoever wants one caller at a time has had one.
            Media::Chat if state == AgentState::Idle && agent.offer.is_none() && agent.row.state != state => {
                self.set_agent_state(now, offer.agent, state);
            }
            Media::Chat => (),
        }
    }

    fn free_from_call(&mut self, now: Timestamp, offer: &Offer, tier_state: TierState, state: AgentState) {
        let Some(agent) = self.agents.change(&offer.agent) else {
            return;
        };
        let idle = std::mem::take(&mut agent.idle_after_call);
        self.give_tiers_back(offer.agent, offer.tier, tier_state);
        self.set_agent_state(now, offer.agent, if idle { AgentState::Idle } else { state });
    }
}
