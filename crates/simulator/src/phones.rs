//! What agents' legs do: ring, fail, are answered, vanish, are bridged, end, and report late.

use super::caller::Caller;
use super::dice::Dice;
use super::leg::{Leg, Stage};
use super::observer::Observer;
use super::plan::Phone;
use super::world::{Happening, World};
use super::CallerId;
use mod_callcenter::engine::{
    AgentKind, AgentSetting, Connect, EngineError, HangupCause, Input, Inspection, LegState, OfferId, Refusal, Ring,
    RingEnd, Span, TalkEnd,
};

/// Share of the agents who hang up before the bridge that do so before their answer is reported.
const BEFORE_THE_REPORT: f64 = 0.2;

impl World {
    pub(super) fn ring(&mut self, ring: Ring) {
        if self.closing {
            return;
        }
        let caller = CallerId::of_session(&ring.member_session_uuid);
        if caller.is_none() && ring.calls_back.is_none() {
            return;
        }
        let standing = ring.agent_type.kind() == AgentKind::UuidStandby;
        let agent_uuid = if standing {
            ring.agent_uuid.clone()
        } else {
            // Legs outlive the module that numbered the offers.
            format!("agent-leg-{}-{}", self.restarts, ring.offer)
        };
        let (after, failure) = if standing {
            self.standing_fate(&ring)
        } else if let Some(fate) = caller.and_then(|caller| self.fate_in_store(caller, &ring)) {
            (fate.after, fate.failure.map(RingEnd::NotTaken))
        } else {
            self.callback_fate(&ring)
        };
        let latency = self.latency();
        self.ambush(&ring.agent);
        let leg = Leg {
            caller,
            agent: ring.agent,
            agent_uuid,
            standing,
            stage: Stage::Ringing,
        };
        self.legs.insert(ring.offer, leg);
        self.schedule(self.now() + after + latency, Happening::RingEnds(ring.offer, failure));
    }

    fn callback_fate(&mut self, ring: &Ring) -> (Span, Option<RingEnd>) {
        let refuses = self.plan.network.refuses;
        if self.happens(refuses) {
            let refusal = self.noise.pick(&Refusal::ALL).copied().unwrap_or(Refusal::Fault);
            let end = RingEnd::Refused(refusal, HangupCause::DESTINATION_OUT_OF_ORDER);
            return (Span::ZERO, Some(end));
        }
        let seed = self.plan.seed;
        let dice = self
            .rings
            .entry(ring.agent.clone())
            .or_insert_with_key(|agent| Dice::new(seed, &format!("phone {agent}")));
        let fate = match self.plan.phones.get(&ring.agent) {
            Some(phone) => phone.fate(ring.timeout, dice),
            None => Phone::default().fate(ring.timeout, dice),
        };
        (fate.after, fate.failure.map(RingEnd::NotTaken))
    }

    fn standing_fate(&self, ring: &Ring) -> (Span, Option<RingEnd>) {
        let is_up = self
            .standing
            .get(&ring.agent)
            .is_some_and(|leg| *leg == ring.agent_uuid);
        (Span::ZERO, (!is_up).then_some(RingEnd::NoStandingLeg))
    }

    /// The engine asks what is still there.
    pub(super) fn look_up(&mut self, inspection: &Inspection) {
        let under_way = inspection.ringing.iter().chain(&inspection.talking);
        let offers: Vec<_> = under_way
            .filter(|offer| !self.legs.contains_key(offer))
            .copied()
            .collect();
        let is_gone = |session_uuid: &str| {
            let caller = CallerId::of_session(session_uuid).and_then(|id| self.callers.get(&id));
            caller.is_none_or(|caller| !caller.in_queue)
        };
        let waiting = inspection.waiting.iter();
        let members: Vec<_> = waiting.filter(|(_, uuid)| is_gone(uuid)).map(|(id, _)| *id).collect();
        if !offers.is_empty() || !members.is_empty() {
            self.plan_soon(Happening::Reports(Box::new(Input::NotFound { members, offers })));
        }
    }

    /// A ring ends, or the waiting of an agent who has taken a callback and has hung up.
    pub(super) fn ring_ends(&mut self, offer: OfferId, failure: Option<RingEnd>, observer: &mut dyn Observer) {
        let is_open = |leg: &&Leg| leg.stage == Stage::Ringing || leg.stage == Stage::Vanished && leg.caller.is_none();
        let Some(leg) = self.legs.get(&offer).filter(is_open) else {
            return;
        };
        let (agent, agent_uuid) = (leg.agent.clone(), leg.agent_uuid.clone());
        let is_lost = self.happens(self.plan.network.lost_results);
        match failure {
            // Nobody may be told, or it rings on for ever.
            Some(_) if is_lost && self.noise.chance(0.2) => (),
            Some(_) if is_lost => drop(self.legs.remove(&offer)),
            Some(end) => {
                self.legs.remove(&offer);
                let _ = self.submit(Input::OfferFailed { offer, end }, observer);
            }
            // The leg is up, and only a cancel ends it.
            None if is_lost => self.advance_leg(offer, Stage::Answered),
            None => self.answers(offer, &agent, agent_uuid, observer),
        }
    }

    fn advance_leg(&mut self, offer: OfferId, stage: Stage) {
        if let Some(leg) = self.legs.get_mut(&offer) {
            leg.stage = stage;
        }
    }

    fn answers(&mut self, offer: OfferId, agent: &str, agent_uuid: String, observer: &mut dyn Observer) {
        if self.gives_back(offer, observer) {
            return;
        }
        self.advance_leg(offer, Stage::Answered);
        let vanishes = self.plan.phones.get(agent).map_or(0.0, |phone| phone.vanishes);
        if self.happens(vanishes * BEFORE_THE_REPORT) {
            // The leg's end overtakes the answer's report.
            self.vanishes(offer);
            self.tell_agent_hung_up(offer, observer);
        }
        let reply = self.submit(Input::OfferAnswered { offer, agent_uuid }, observer);
        if reply.is_err() {
            // Nobody wants this leg: it is hung up.
            self.legs.remove(&offer);
            return;
        }
        if self.noise.chance(vanishes) {
            self.plan_soon(Happening::Vanishes(offer));
        }
    }

    fn tell_agent_hung_up(&mut self, offer: OfferId, observer: &mut dyn Observer) {
        let ended = Input::AgentLegEnded {
            offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        };
        // Whether the engine still knows the offer is for it to say.
        let _ = self.submit(ended, observer);
    }

    pub(super) fn vanishes(&mut self, offer: OfferId) {
        let is_answered = |leg: &&mut Leg| leg.stage == Stage::Answered;
        let Some(leg) = self.legs.get_mut(&offer).filter(is_answered) else {
            return;
        };
        leg.stage = Stage::Vanished;
        if leg.caller.is_none() {
            let end = RingEnd::NotTaken(HangupCause::NORMAL_CLEARING);
            self.plan_soon(Happening::RingEnds(offer, Some(end)));
        }
    }

    /// An agent who has answered hangs up. The leg's own end may be reported before the bridge is found to be impossible.
    pub(super) fn hangs_up_before_bridge(&mut self, offer: OfferId, observer: &mut dyn Observer) {
        let has_caller = |leg: &Leg| leg.stage == Stage::Answered && leg.caller.is_some();
        let is_answered = self.legs.get(&offer).is_some_and(has_caller);
        self.vanishes(offer);
        if is_answered && self.noise.chance(0.5) {
            self.tell_agent_hung_up(offer, observer);
        }
    }

    /// Whatever the leg is doing, it is no longer wanted: it goes at once, and its end is reported after a while. An answer
    /// may have been on its way, and a report may be lost.
    pub(super) fn cancel(&mut self, offer: OfferId) {
        let Some(leg) = self.legs.remove(&offer) else {
            return;
        };
        self.ambush(&leg.agent);
        let report = match leg.stage {
            Stage::Ringing => {
                if self.noise.chance(self.plan.network.lost_reports) {
                    return;
                }
                self.end_of_cancelled_ring(offer, leg.agent_uuid)
            }
            Stage::Answered | Stage::Vanished if leg.caller.is_none() => Input::OfferFailed {
                offer,
                end: RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL),
            },
            Stage::Answered | Stage::Vanished => {
                let member_up = self.caller_of(&leg).is_some_and(|caller| caller.channel_up);
                Input::BridgeFailed {
                    offer,
                    member_up,
                    agent_left: leg.stage == Stage::Vanished,
                    cause: HangupCause::ORIGINATOR_CANCEL,
                }
            }
            Stage::Bridged => {
                self.unbridge_caller(leg.caller);
                Input::AgentLegEnded {
                    offer,
                    cause: HangupCause::ORIGINATOR_CANCEL,
                    by: TalkEnd::Agent,
                }
            }
        };
        self.plan_soon(Happening::Reports(Box::new(report)));
    }

    fn end_of_cancelled_ring(&mut self, offer: OfferId, agent_uuid: String) -> Input {
        if self.noise.chance(self.plan.network.late_answers) {
            Input::OfferAnswered { offer, agent_uuid }
        } else {
            Input::OfferFailed {
                offer,
                end: RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL),
            }
        }
    }

    /// Agent and caller are to hear each other; an agent who has waited learns only now whom.
    pub(super) fn connect(&mut self, connect: &Connect) {
        let offer = connect.offer;
        if let Some(leg) = self.legs.get_mut(&offer) {
            leg.caller = leg
                .caller
                .or_else(|| CallerId::of_session(&connect.member_session_uuid));
            let agent = leg.agent.clone();
            self.ambush(&agent);
        }
        self.plan_soon(Happening::Bridges(offer));
    }

    pub(super) fn bridges(&mut self, offer: OfferId, observer: &mut dyn Observer) {
        let Some(leg) = self.legs.get(&offer) else {
            return;
        };
        let (id, vanished) = (leg.caller, leg.stage == Stage::Vanished);
        let caller = self.caller_of(leg);
        let member_up = caller.is_some_and(|caller| caller.channel_up);
        let stays = |id: &CallerId| {
            let caller = self.callers.get(id);
            caller.is_some_and(|caller| caller.in_queue && !caller.has_turned_away())
        };
        let Some(id) = id.filter(stays).filter(|_| !vanished) else {
            self.legs.remove(&offer);
            let cause = if vanished {
                HangupCause::NORMAL_CLEARING
            } else {
                HangupCause::ORIGINATOR_CANCEL
            };
            if self.happens(self.plan.network.lost_results) {
                return;
            }
            let report = Input::BridgeFailed {
                offer,
                member_up,
                agent_left: vanished,
                cause,
            };
            let _ = self.submit(report, observer);
            return;
        };
        self.bridge(offer, id);
    }

    fn caller_of(&self, leg: &Leg) -> Option<&Caller> {
        self.callers.get(&leg.caller?)
    }

    /// Bridging ends the caller's queue application. The two reports come in either order.
    fn bridge(&mut self, offer: OfferId, id: CallerId) {
        let agents_talk = self.agents_talk(offer);
        let Some(talk) = self.callers.get_mut(&id).map(|caller| {
            caller.bridged = Some(offer);
            caller.agent_ends |= agents_talk.is_some_and(|talk| talk < caller.talk);
            agents_talk.map_or(caller.talk, |talk| talk.min(caller.talk))
        }) else {
            return;
        };
        self.advance_leg(offer, Stage::Bridged);
        if !self.happens(self.plan.network.lost_results) {
            self.plan_soon(Happening::Reports(Box::new(Input::OfferBridged { offer })));
        }
        self.plan_soon(Happening::ReportsExit(id));
        self.schedule(self.now() + talk, Happening::TalkEnds(offer));
    }

    /// How long the agent stays, if the agent's phone says so.
    fn agents_talk(&mut self, offer: OfferId) -> Option<Span> {
        let agent = self.legs.get(&offer).map(|leg| leg.agent.clone())?;
        let talk = self.plan.phones.get(&agent)?.talk.as_ref()?;
        let dice = self.rings.get_mut(&agent)?;
        Some(talk.roll(dice))
    }

    pub(super) fn talk_ends(&mut self, offer: OfferId) {
        let Some(leg) = self.legs.get(&offer) else {
            return;
        };
        if let Some(caller) = leg.caller.and_then(|id| self.callers.get_mut(&id)) {
            if !caller.agent_ends {
                caller.channel_up = false;
            }
        }
        self.plan_soon(Happening::LegEnds(offer, HangupCause::NORMAL_CLEARING));
    }

    pub(super) fn leg_ends(&mut self, offer: OfferId, cause: HangupCause, observer: &mut dyn Observer) {
        let Some(leg) = self.legs.remove(&offer) else {
            return;
        };
        let is_caller_up = self.caller_of(&leg).is_some_and(|caller| caller.channel_up);
        let by = if is_caller_up { TalkEnd::Agent } else { TalkEnd::Caller };
        self.unbridge_caller(leg.caller);
        if !self.happens(self.plan.network.lost_results) {
            let _ = self.submit(Input::AgentLegEnded { offer, cause, by }, observer);
        }
    }

    fn unbridge_caller(&mut self, id: Option<CallerId>) {
        let Some(id) = id else { return };
        if let Some(caller) = self.callers.get_mut(&id) {
            caller.bridged = None;
        }
        self.forget_if_gone(id);
    }

    pub(super) fn break_agent(&mut self, agent: &str, observer: &mut dyn Observer) {
        let agent_uuid = self
            .legs
            .values()
            .find(|leg| leg.agent == agent && leg.stage != Stage::Ringing)
            .map_or_else(|| "no-such-leg".to_owned(), |leg| leg.agent_uuid.clone());
        let _: Result<_, EngineError> = self.submit(Input::AgentBreak { agent_uuid }, observer);
    }

    pub(super) fn standby_up(&mut self, agent: String, observer: &mut dyn Observer) {
        let uuid = format!("standing-leg-{}-{}", agent, self.now().micros());
        self.standing.insert(agent.clone(), uuid.clone());
        let _ = self.submit(
            Input::AgentSet {
                name: agent,
                setting: AgentSetting::Uuid(uuid),
            },
            observer,
        );
    }

    /// The engine asks for a leg; it is told how things stand by then.
    pub(super) fn look_at_leg(&mut self, agent_uuid: String) {
        self.plan_soon(Happening::TellsOfLeg(agent_uuid));
    }

    pub(super) fn tell_of_leg(&mut self, agent_uuid: String, observer: &mut dyn Observer) {
        let is_up = self.standing.values().any(|leg| *leg == agent_uuid);
        let state = if is_up { LegState::Alone } else { LegState::Gone };
        let _ = self.submit(Input::StandingLeg { agent_uuid, state }, observer);
    }

    /// The engine hears of it after a while, in which it may choose the agent; then the offer finds out.
    pub(super) fn standby_down(&mut self, agent: &str) {
        if let Some(leg) = self.standing.remove(agent) {
            self.look_at_leg(leg);
        }
        let offers: Vec<(OfferId, Stage)> = self
            .legs
            .iter()
            .filter(|(_, leg)| leg.standing && leg.agent == agent)
            .map(|(offer, leg)| (*offer, leg.stage))
            .collect();
        for (offer, stage) in offers {
            match stage {
                Stage::Bridged => self.plan_soon(Happening::LegEnds(offer, HangupCause::NORMAL_CLEARING)),
                _ => self.vanishes(offer),
            }
        }
    }
}
