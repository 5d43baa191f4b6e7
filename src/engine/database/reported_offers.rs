//! Offers and talks that boxes report. Where two claim one agent, whom the agent has answered counts before a ring, whom the agent has
//! answered last before others, and of two rings that of the newer term, whose identity is the greater. The other one is taken back.

use crate::engine::border::box_report::{ApplicationReport, OfferCourse, OfferReport, OfferStage, TalkReport};
use crate::engine::border::output::Ring;
use crate::engine::centre::agent::Agent;
use crate::engine::centre::engine::Engine;
use crate::engine::centre::member::{Application, Service};
use crate::engine::centre::offer::{Offer, Stage};
use crate::engine::rows::agent::AgentRow;
use crate::engine::vocabulary::ids::{AgentId, MemberId, OfferId, TierId};
use crate::engine::vocabulary::ring_end::RingEnd;
use crate::engine::vocabulary::time::{Span, Timestamp};
use crate::engine::vocabulary::words::{AgentState, HangupCause, Media, MemberState, Strategy, TierState};
use std::sync::Arc;

/// What an offer weighs against another one of the same agent: when the agent has answered, if that has happened, and its identity. Whether
/// the two are bridged already is no matter: a box that was frozen bridges late whom nobody hears any more.
type Weight = (Option<Timestamp>, OfferId);

impl Engine {
    /// Takes over a talk whose beginning has been told before.
    pub(in crate::engine) fn adopt_reported_talk(
        &mut self,
        now: Timestamp,
        report: &TalkReport,
        application: Option<ApplicationReport>,
    ) {
        let id = report.offer;
        match self.offers.get(&id).map(|offer| offer.stage.clone()) {
            Some(Stage::Bridged { .. }) => return,
            Some(Stage::Connecting { .. }) => {
                // The offer is there and in that stage, so it is not refused.
                let _ = self.offer_bridged(now, id);
                return;
            }
            Some(_) | None => (),
        }
        let answered = self.wall.instant_of(report.talk.course.answered);
        let agent = self.agent_for_adoption(&report.talk.agent);
        let agent = agent.filter(|_| report.talk.media == Media::Audio && !report.talk.course.agent_is_gone);
        let mut talk = report.talk.clone();
        let is_kept = agent.is_none_or(|agent| self.makes_way(now, agent, (Some(answered), id)));
        talk.course.agent_is_gone |= !is_kept;
        self.adopt_talk(now, &talk, Some((id, report.member)));
        if !is_kept {
            self.recall(now, id, agent);
        }
        let runs = application.is_some_and(|told| told != ApplicationReport::HasEnded);
        let member = self.offers.get(&id).map(|offer| offer.member);
        if let Some(member) = member.filter(|_| runs).and_then(|id| self.members.change(&id)) {
            if member.service == Service::By(id) {
                member.application = Application::Runs;
            }
        }
    }

    /// Takes over an offer whose caller has been taken over, as far as it has come. `is_dialled` says that its agent has taken a callback and
    /// waits while the number is dialled.
    pub(in crate::engine) fn adopt_offer(
        &mut self,
        now: Timestamp,
        report: &OfferReport,
        (course, is_dialled): (Option<&OfferCourse>, bool),
    ) {
        let id = report.ring.offer;
        if !self.offers.contains_key(&id) && !self.adopt_ring(now, report, course) {
            return;
        }
        let ringing = self.offers.get(&id).map(|offer| offer.stage.clone());
        match (&report.stage, ringing) {
            (_, Some(Stage::Cancelling(_))) => self.recall(now, id, None),
            (OfferStage::Answered(leg), Some(Stage::Ringing)) if is_dialled => {
                self.note_taken_offer(id, Stage::Calling, (leg, past(now, report.age)));
            }
            (OfferStage::Answered(leg), Some(Stage::Ringing)) => {
                // The offer is there and rings, so it is not refused.
                let _ = self.offer_answered(now, id, leg.clone());
            }
            (OfferStage::Answered(_) | OfferStage::Connecting(_), Some(Stage::Connecting { .. })) => {
                self.connect_anew(id);
            }
            (OfferStage::Connecting(leg), Some(Stage::Ringing)) => {
                self.note_connecting(id, leg, past(now, report.answered.max(report.age)));
                self.connect_anew(id);
            }
            (OfferStage::Bridged(leg), Some(Stage::Ringing)) => {
                self.note_connecting(id, leg, past(now, report.answered.max(report.age)));
                let _ = self.offer_bridged(past(now, report.age), id);
            }
            (OfferStage::Bridged(_), Some(Stage::Connecting { .. })) => {
                let _ = self.offer_bridged(past(now, report.age), id);
            }
            _ => (),
        }
    }

    /// Takes over an offer as a ring; false where it cannot be, and is taken back.
    fn adopt_ring(&mut self, now: Timestamp, report: &OfferReport, course: Option<&OfferCourse>) -> bool {
        let (ring, id) = (&report.ring, report.ring.offer);
        let agent = self.agent_for_adoption(&ring.agent);
        let member = self
            .members
            .of_uuid(&ring.member_uuid)
            .filter(|id| self.may_be_rung_for(*id, ring));
        let tier = self.tier_id_for(ring);
        let (Some(agent), Some(member), Some(tier)) = (agent, member, tier) else {
            self.recall(now, id, agent);
            return false;
        };
        let is_answered = report.stage != OfferStage::Ringing;
        let answered = is_answered.then(|| past(now, report.answered.max(report.age)));
        let is_free = match ring.media {
            Media::Audio => self.makes_way(now, agent, (answered, id)),
            Media::Chat => self
                .agents
                .get(&agent)
                .is_some_and(|agent| agent.chats.offered.is_none()),
        };
        if !is_free {
            self.recall(now, id, Some(agent));
            return false;
        }
        self.insert_ring(now, (report, course), (member, agent, tier));
        // Whoever has answered and went on a break then has the caller all the same.
        if report.stage == OfferStage::Ringing {
            self.stop_unwanted_rings(now, agent);
        }
        true
    }

    fn may_be_rung_for(&self, member: MemberId, ring: &Ring) -> bool {
        self.members.get(&member).is_some_and(|member| {
            // Whoever is to be called back has no channel before somebody is reached.
            let is_there = match ring.calls_back.is_some() && ring.member_session_uuid.is_empty() {
                true => member.is_away(),
                false => member.facts.session_uuid == ring.member_session_uuid && !member.is_away(),
            };
            is_there && member.service == Service::Wanted
        })
    }

    fn tier_id_for(&self, ring: &Ring) -> Option<TierId> {
        let queue = self.queues.get(&self.queues.named(&ring.queue)?)?;
        queue.tiers_by_agent.get(&ring.agent).copied()
    }

    /// What the agent has gives way to this; false where it does not, and this one has to.
    fn makes_way(&mut self, now: Timestamp, id: AgentId, weight: Weight) -> bool {
        let Some(other) = self.agents.get(&id).and_then(|agent| agent.offer) else {
            return true;
        };
        let Some(offer) = self.offers.get(&other) else {
            return true;
        };
        let is_answered = matches!(offer.stage, Stage::Connecting { .. } | Stage::Bridged { .. });
        let known: Weight = (is_answered.then_some(offer.answered), other);
        if known > weight {
            return false;
        }
        match offer.stage {
            Stage::Ringing | Stage::Cancelling(_) | Stage::Calling => {
                self.end_unanswered(now, other, &RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL));
            }
            Stage::Connecting { .. } => {
                // The offer is there and in that stage, so it is not refused.
                let _ = self.bridge_failed(now, other, (true, false), &HangupCause::NONE);
            }
            Stage::Bridged { .. } => self.part_from_talk(other, id),
        }
        self.recall(now, other, Some(id));
        true
    }

    /// The talk is about to be ended, and is from now on that of an agent of its own.
    fn part_from_talk(&mut self, offer: OfferId, id: AgentId) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.forget_offer(offer);
        let (name, agent_type) = (agent.row.name.clone(), agent.row.agent_type.clone());
        let stand_in = AgentId(self.next_id());
        let row = AgentRow::new(name, self.boxes.instance(self.origin.at), agent_type);
        let agent = Agent {
            deleted: true,
            offer: Some(offer),
            ..Agent::from_row(row, &self.wall)
        };
        self.agents.insert_deleted(stand_in, agent);
        let tier = TierId(self.next_id());
        let Some(talk) = self.offers.get_mut(&offer) else {
            return;
        };
        talk.agent = stand_in;
        let was_through = std::mem::replace(&mut talk.tier, tier);
        if self.tiers.get(&was_through).is_some_and(|tier| tier.agent == Some(id)) {
            self.set_tier_state(was_through, TierState::Ready);
        }
    }

    fn insert_ring(
        &mut self,
        now: Timestamp,
        (report, course): (&OfferReport, Option<&OfferCourse>),
        (member, agent, tier): (MemberId, AgentId, TierId),
    ) {
        let (ring, id) = (&report.ring, report.ring.offer);
        let rings_several = self
            .members
            .get(&member)
            .and_then(|member| self.strategy_of(member.queue))
            .is_some_and(Strategy::rings_several);
        let Some(known) = self.members.change(&member) else {
            return;
        };
        // A ring without a course is newer than the stay that its box was sent.
        known.offers_made = known.offers_made.saturating_add(u32::from(course.is_none()));
        let course = course.cloned().unwrap_or(OfferCourse {
            offer: id,
            called: past(now, report.answered.max(report.age)),
            number: known.offers_made,
            rejections_before: known.rejections,
        });
        known.offers.push(id);
        if !rings_several {
            known.row.serving_agent = ring.agent.clone();
            known.row.serving_system = self
                .agents
                .get(&agent)
                .map_or_else(String::new, |agent| agent.row.instance_id.clone());
        }
        let offer = Offer {
            id,
            queue: known.queue,
            member,
            agent,
            tier,
            place: self.tiers.get(&tier).and_then(|tier| tier.free_for(ring.media)),
            stage: Stage::Ringing,
            called: course.called,
            may_ring: ring.timeout,
            answered: course.called,
            bridged: course.called,
            number: course.number,
            rejections_before: course.rejections_before,
            agent_uuid: String::new(),
            facts: Arc::clone(&known.facts),
            suspected: None,
        };
        self.offers.insert(id, offer);
        self.set_member_state(member, MemberState::Trying);
        match ring.media {
            Media::Audio => self.note_ring_adopted(agent, tier, id, course.called),
            Media::Chat => {
                if let Some(agent) = self.agents.change(&agent) {
                    agent.chats.offered = Some(id);
                }
            }
        }
        self.note_state(member);
    }

    fn note_ring_adopted(&mut self, id: AgentId, tier: TierId, offer: OfferId, called: Timestamp) {
        let Some(agent) = self.agents.change(&id) else { return };
        agent.offer = Some(offer);
        agent.row.state = AgentState::Receiving;
        agent.state_since = called;
        agent.last_offered = agent.last_offered.max(called);
        agent.row.last_offered_call = self.wall.secs(agent.last_offered);
        self.take_tiers(id, tier);
    }

    fn note_connecting(&mut self, id: OfferId, agent_uuid: &str, answered: Timestamp) {
        let stage = Stage::Connecting {
            member_left: false,
            leg_ended: None,
        };
        self.note_taken_offer(id, stage, (agent_uuid, answered));
    }

    /// The agent of this offer has the member, as far as that has come.
    fn note_taken_offer(&mut self, id: OfferId, stage: Stage, (agent_uuid, answered): (&str, Timestamp)) {
        let Some(offer) = self.offers.get_mut(&id) else { return };
        offer.stage = stage;
        offer.answered = answered.max(offer.called);
        offer.agent_uuid = agent_uuid.to_owned();
        let (member_id, agent) = (offer.member, offer.agent);
        let agent = self
            .agents
            .get(&agent)
            .map(|agent| (agent.row.name.clone(), agent.row.instance_id.clone()));
        if let Some(member) = self.members.change(&member_id) {
            member.service = Service::By(id);
            member.offers.retain(|other| *other != id);
            (member.row.serving_agent, member.row.serving_system) = agent.unwrap_or_default();
        }
        self.note_state(member_id);
    }

    /// What the channel was told by whoever led before.
    fn note_state(&mut self, id: MemberId) {
        if let Some(member) = self.members.books_of(&id) {
            member.told_state = member.call_state().unwrap_or(member.told_state);
        }
    }
}

fn past(now: Timestamp, age: Span) -> Timestamp {
    Timestamp::from_micros(now.micros().saturating_sub(age.micros()))
}
