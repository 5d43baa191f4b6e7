//! What has happened on the box, and what it tells of all it has.

use super::{Caller, Home, Offered, Past};
use crate::cluster::messages::{Ended, Report};
use crate::cluster::time::BoxTime;
use crate::engine::{
    ApplicationReport, AttemptReport, BoxReport, CallbackAttemptId, CallerReport, Input, JoinRequest, LegState,
    MemberId, OfferId, OfferReport, OfferStage, Span, StandingLegReport, TalkReport,
};

impl Home {
    /// Something has happened, and is told under this number; `question` where somebody waits for the answer.
    pub fn happens(&mut self, now: BoxTime, number: u64, question: Option<u64>, input: &Input) {
        if is_told_again(input) && !self.leg_is_to_be_bridged(input) {
            let (caller, offered) = self.before(input);
            let past = Past {
                number,
                at: now,
                input: input.clone(),
                caller,
                offered,
            };
            self.past.push_back(past);
        }
        self.note_caller(now, question, input);
        self.note_callback(input);
        self.note_offer(now, question, input);
        self.note_phone(input);
    }

    /// The caller and the offer that this is about, as they are before.
    fn before(&mut self, input: &Input) -> (Option<Caller>, Option<Offered>) {
        match input {
            Input::MemberExit { member, .. }
            | Input::MemberHandsOver { member, .. }
            | Input::CallbackAsk { member, .. } => (self.callers.of_member(*member).cloned(), None),
            Input::OfferFailed { offer, .. }
            | Input::BridgeFailed { offer, .. }
            | Input::AgentLegEnded { offer, .. } => {
                let offered = self.offers.get(*offer).cloned();
                let channel = offered
                    .as_ref()
                    .map(|offered| offered.ring.member_session_uuid.as_str());
                let caller = channel.and_then(|channel| self.joined_caller(channel));
                (caller.cloned(), offered)
            }
            _ => (None, None),
        }
    }

    fn note_caller(&mut self, now: BoxTime, question: Option<u64>, input: &Input) {
        match input {
            Input::MemberJoin(request) => self.joins(now, question, request),
            Input::MemberExit { member, .. } => self.leaves(*member),
            Input::MemberHandsOver { member, .. } => self.hands_over(*member),
            Input::AnnouncementEnded {
                member, announcement, ..
            } => {
                if let Some(caller) = self.callers.of_member_mut(*member) {
                    caller.announcement.take_if(|plays| *plays == *announcement);
                }
            }
            _ => (),
        }
    }

    fn note_callback(&mut self, input: &Input) {
        match input {
            Input::CallbackFailed { attempt, .. } => drop(self.attempts.remove(attempt)),
            Input::CallbackReached { attempt, session_uuid } => self.reaches(*attempt, session_uuid),
            Input::SuccessorGone { session_uuid } => {
                let is_gone = |reached: &Option<String>| reached.as_ref() == Some(session_uuid);
                self.attempts.retain(|_, attempted| !is_gone(&attempted.reached));
            }
            _ => (),
        }
    }

    /// The leg of an agent who has answered and is not bridged yet has ended: the bridge, which is wanted or taken back in any case, fails,
    /// and that is the end of the offer.
    fn leg_is_to_be_bridged(&self, input: &Input) -> bool {
        let Input::AgentLegEnded { offer, .. } = input else {
            return false;
        };
        let stage = self.offers.get(*offer).map(|offered| &offered.stage);
        matches!(stage, Some(OfferStage::Answered(_) | OfferStage::Connecting(_)))
    }

    fn note_offer(&mut self, now: BoxTime, question: Option<u64>, input: &Input) {
        match input {
            input if self.leg_is_to_be_bridged(input) => (),
            Input::OfferAnswered { offer, agent_uuid } => {
                self.set_stage(now, *offer, OfferStage::Answered(agent_uuid.clone()));
                self.offers.ask(*offer, question);
                if let Some(offered) = self.offers.get_mut(*offer) {
                    offered.answered = Some(now);
                }
            }
            Input::OfferBridged { offer } => self.bridges(now, *offer),
            Input::OfferFailed { offer, .. }
            | Input::BridgeFailed { offer, .. }
            | Input::AgentLegEnded { offer, .. } => self.end_offer(*offer),
            Input::AgentBreak { agent_uuid } => {
                let is_released = |stage: &OfferStage| matches!(stage, OfferStage::Bridged(leg) if leg == agent_uuid);
                let released = self.offers.values().filter(|offered| is_released(&offered.stage));
                let released: Vec<OfferId> = released.map(|offered| offered.ring.offer).collect();
                for offer in released {
                    self.end_offer(offer);
                }
            }
            _ => (),
        }
    }

    fn note_phone(&mut self, input: &Input) {
        match input {
            Input::ExternalCallStarted { agent } => *self.external_calls.entry(agent.clone()).or_default() += 1,
            Input::ExternalCallEnded { agent } => {
                if let Some(calls) = self.external_calls.get_mut(agent) {
                    *calls = calls.saturating_sub(1);
                }
            }
            Input::StandingLeg { agent_uuid, state } => {
                if *state == LegState::Gone {
                    self.standing.remove(agent_uuid);
                } else {
                    self.standing.insert(agent_uuid.clone(), *state);
                }
            }
            Input::DeviceState { device, in_use } => {
                if *in_use {
                    self.devices_in_use.insert(device.clone());
                } else {
                    self.devices_in_use.remove(device);
                }
            }
            Input::PresenceProbe { queue } => drop(self.lamps.insert(queue.clone())),
            _ => (),
        }
    }

    fn joins(&mut self, now: BoxTime, question: Option<u64>, request: &JoinRequest) {
        // Whoever was called back is on the phone now.
        let is_here = |reached: &Option<String>| reached.as_ref() == Some(&request.session_uuid);
        self.attempts.retain(|_, attempted| !is_here(&attempted.reached));
        let caller = Caller {
            request: request.clone(),
            question,
            asked: now,
            member: None,
            stay: None,
            announcement: None,
            application: ApplicationReport::Runs,
            is_promised: false,
            left: None,
        };
        self.callers.insert(caller);
    }

    fn leaves(&mut self, member: MemberId) {
        let Some(caller) = self.callers.of_member_mut(member) else {
            return;
        };
        caller.application = ApplicationReport::HasEnded;
        caller.announcement = None;
        let channel = caller.request.session_uuid.clone();
        self.forget_served(&channel);
    }

    fn hands_over(&mut self, member: MemberId) {
        if let Some(drawn) = self.callers.drawn_for(member).map(str::to_owned) {
            self.callers.remove(&drawn);
        }
    }

    fn reaches(&mut self, attempt: CallbackAttemptId, channel: &str) {
        if let Some(attempted) = self.attempts.get_mut(&attempt) {
            attempted.reached = Some(channel.to_owned());
        }
    }

    fn bridges(&mut self, now: BoxTime, offer: OfferId) {
        let stage = self.offers.get(offer).map(|offered| offered.stage.clone());
        if let Some(OfferStage::Answered(leg) | OfferStage::Connecting(leg)) = stage {
            self.set_stage(now, offer, OfferStage::Bridged(leg));
        }
    }

    fn set_stage(&mut self, now: BoxTime, offer: OfferId, stage: OfferStage) {
        if let Some(offered) = self.offers.get_mut(offer) {
            offered.stage = stage;
            offered.since = now;
        }
    }

    /// All that the box has. What has happened up to the message `acknowledged` is in the rows, as far as anybody knows.
    pub fn report(&mut self, now: BoxTime, acknowledged: u64) -> Report {
        self.acknowledge(now, acknowledged);
        let has = BoxReport {
            instance: self.instance.clone(),
            callers: self.callers.values().map(|caller| caller.report(now)).collect(),
            offers: self
                .offers
                .values()
                .filter_map(|offered| self.untold(offered, now))
                .collect(),
            talks: self
                .offers
                .values()
                .filter_map(|offered| self.told_talk(offered))
                .collect(),
            attempts: self.each_attempt(now),
            standing: self.each_leg(),
            devices_in_use: self.devices_in_use.iter().cloned().collect(),
            external_calls: self.each_external_call(),
            since: Vec::new(),
        };
        let ended = self.past.iter().map(|past| self.ended(past, now)).collect();
        let lamps = self.lamps.iter().cloned().collect();
        Report { has, ended, lamps }
    }

    fn ended(&self, past: &Past, now: BoxTime) -> Ended {
        let offered = past.offered.as_ref();
        let caller = past.caller.as_ref();
        let talk = offered.and_then(|offered| talk_of(offered, caller?.member?));
        let offer = offered.filter(|_| talk.is_none()).map(|offered| offered.report(now));
        Ended {
            number: past.number,
            age: age(now, past.at),
            input: past.input.clone(),
            caller: caller.map(|caller| caller.report(now)),
            offer,
            talk,
        }
    }

    fn each_attempt(&self, now: BoxTime) -> Vec<AttemptReport> {
        let attempts = self.attempts.values().map(|attempted| AttemptReport {
            call: attempted.call.clone(),
            reached: attempted.reached.clone(),
            age: age(now, attempted.read),
        });
        attempts.collect()
    }

    fn each_leg(&self) -> Vec<StandingLegReport> {
        let legs = self.standing.iter().map(|(leg, state)| StandingLegReport {
            agent: self.agent_on(leg),
            agent_uuid: leg.clone(),
            state: *state,
        });
        legs.collect()
    }

    /// Who stands on a channel, as far as an offer has said it.
    fn agent_on(&self, leg: &str) -> String {
        let mut rings = self.offers.values().map(|offered| &offered.ring);
        rings
            .find(|ring| ring.agent_uuid == leg)
            .map(|ring| ring.agent.clone())
            .unwrap_or_default()
    }

    fn each_external_call(&self) -> Vec<String> {
        let calls = self.external_calls.iter();
        calls
            .flat_map(|(agent, calls)| (0..*calls).map(|_| agent.clone()))
            .collect()
    }

    /// The caller of this channel whose joining was answered.
    fn joined_caller(&self, channel: &str) -> Option<&Caller> {
        let mut callers = self.callers.of_channel(channel).map(|(_, caller)| caller);
        callers.find(|caller| caller.member.is_some())
    }

    /// A talk whose course is known.
    pub(super) fn told_talk(&self, offered: &Offered) -> Option<TalkReport> {
        talk_of(offered, self.joined_caller(&offered.ring.member_session_uuid)?.member?)
    }

    /// Any other offer.
    fn untold(&self, offered: &Offered, now: BoxTime) -> Option<OfferReport> {
        self.told_talk(offered).is_none().then(|| offered.report(now))
    }
}

fn talk_of(offered: &Offered, member: MemberId) -> Option<TalkReport> {
    let is_bridged = matches!(offered.stage, OfferStage::Bridged(_));
    let talk = offered.talk.clone().filter(|_| is_bridged)?;
    let offer = offered.ring.offer;
    Some(TalkReport { offer, member, talk })
}

impl Offered {
    fn report(&self, now: BoxTime) -> OfferReport {
        OfferReport {
            ring: self.ring.clone(),
            stage: self.stage.clone(),
            age: age(now, self.since),
            answered: self.answered.map_or(Span::ZERO, |at| age(now, at)),
        }
    }
}

impl Caller {
    fn report(&self, now: BoxTime) -> CallerReport {
        CallerReport {
            request: self.request.clone(),
            member: self.member,
            stay: self.stay.clone(),
            age: age(now, self.asked),
            announcement: self.announcement,
            application: self.application,
            is_promised: self.is_promised,
        }
    }
}

fn age(now: BoxTime, at: BoxTime) -> Span {
    now.since(at).max(Span::ZERO)
}

/// Whether it is told again in a report: what is over leaves no other trace.
fn is_told_again(input: &Input) -> bool {
    matches!(
        input,
        Input::MemberExit { .. }
            | Input::MemberHandsOver { .. }
            | Input::SuccessorGone { .. }
            | Input::CallbackAsk { .. }
            | Input::CallbackFailed { .. }
            | Input::CallbackReached { .. }
            | Input::OfferFailed { .. }
            | Input::BridgeFailed { .. }
            | Input::AgentLegEnded { .. }
            | Input::AgentBreak { .. }
    )
}
