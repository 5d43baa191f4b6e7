//! Which box a member, an offer, a channel or a callback belongs to, as the leader learns it from what boxes tell and from what the engine
//! wants.

mod addressees;

use crate::cluster::marks::{holds, Mark};
use crate::engine::{
    BoxReport, CallbackAttemptId, EngineError, Input, LateAnswer, MemberId, OfferId, OfferStage, Output, Reply, Ring,
};
use std::collections::{BTreeMap, BTreeSet};

pub use addressees::Addressed;

/// What a channel is known for. Once nothing of it is left, the channel is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// It waits, or has the member's place.
    Member(MemberId),
    /// A phone rings for it, or it talks.
    Offer(OfferId),
    /// It was called back, and is on the way to its place.
    Attempt(CallbackAttemptId),
}

#[derive(Debug)]
struct Channel {
    /// `cc-instance-id` of its box.
    at: String,
    parts: BTreeSet<Part>,
}

/// What the leader knows of who is where.
#[derive(Debug, Default)]
pub struct Whereabouts {
    /// The leader's own box.
    leader: String,
    /// Boxes that can be told something.
    here: BTreeSet<String>,
    channels: BTreeMap<String, Channel>,
    by_part: BTreeMap<Part, String>,
    /// Where a callback was asked for, by the member's uuid.
    callbacks: BTreeMap<String, String>,
    /// Where somebody is being called back.
    attempts: BTreeMap<CallbackAttemptId, String>,
    /// Channels of agents who have answered, and for which offer.
    agent_legs: BTreeMap<String, OfferId>,
    /// The same the other way round.
    answered: BTreeMap<OfferId, String>,
    /// Channels that agents stand on.
    legs: BTreeMap<String, String>,
    /// Which boxes want to know the presence of what.
    lamps: BTreeMap<String, BTreeSet<String>>,
}

impl Whereabouts {
    /// Of an engine that begins on this box.
    pub fn new(leader: &str) -> Self {
        Self {
            leader: leader.to_owned(),
            ..Self::default()
        }
    }

    /// The members whose places may have changed by these outputs and this input: their boxes tell of them again.
    pub fn concerned<'a>(
        &'a self,
        input: Option<&'a Input>,
        outputs: impl Iterator<Item = &'a Output>,
    ) -> BTreeSet<MemberId> {
        let of_input = input.and_then(|input| match input {
            Input::MemberJoin(request) => Some(request.session_uuid.as_str()),
            Input::OfferFailed { offer, .. } | Input::BridgeFailed { offer, .. } => self.channel_of_offer(*offer),
            _ => None,
        });
        let of_outputs = outputs.filter_map(|output| match output {
            Output::Ring(ring) => Some(ring.member_session_uuid.as_str()),
            Output::CancelRing { offer, .. } => self.channel_of_offer(*offer),
            Output::Announce(announce) => Some(announce.session_uuid.as_str()),
            Output::Variables { session_uuid, .. } | Output::Hold { session_uuid, .. } => Some(session_uuid.as_str()),
            _ => None,
        });
        let channels: BTreeSet<&str> = of_input.into_iter().chain(of_outputs).collect();
        let known = channels.into_iter().filter_map(|channel| self.channels.get(channel));
        let parts = known.flat_map(|channel| channel.parts.iter());
        let members = parts.filter_map(|part| match part {
            Part::Member(member) => Some(*member),
            Part::Offer(_) | Part::Attempt(_) => None,
        });
        members.collect()
    }

    /// The box of a waiting member.
    pub fn box_of_member(&self, member: MemberId) -> Option<&str> {
        self.box_of(Part::Member(member))
    }

    /// The box of an offer's member.
    pub fn box_of_offer(&self, offer: OfferId) -> Option<&str> {
        self.box_of(Part::Offer(offer))
    }

    fn channel_of_offer(&self, offer: OfferId) -> Option<&str> {
        self.by_part.get(&Part::Offer(offer)).map(String::as_str)
    }

    /// The boxes that can be told something.
    pub fn here(&self) -> impl Iterator<Item = &str> {
        self.here.iter().map(String::as_str)
    }

    /// What begins by what a box has told, and the engine has answered: to be said before what follows from it is addressed.
    pub fn begins(&mut self, from: &str, input: &Input, answer: &Result<Reply, EngineError>) {
        match (input, answer) {
            (Input::MemberJoin(request), Ok(Reply::Joined { member, .. })) => {
                self.note(from, &request.session_uuid, Part::Member(*member));
            }
            (Input::MemberJoin(_) | Input::CallbackAsk { .. }, Ok(Reply::CalledBack { member_uuid, .. })) => {
                self.callbacks.insert(member_uuid.clone(), from.to_owned());
            }
            (Input::MemberHandsOver { member, successor }, Ok(_)) => self.note(from, successor, Part::Member(*member)),
            (Input::CallbackReached { attempt, session_uuid }, Ok(_)) => {
                self.note(from, session_uuid, Part::Attempt(*attempt));
            }
            (Input::OfferAnswered { offer, agent_uuid }, _) => self.note_leg(*offer, agent_uuid),
            (Input::StandingLeg { agent_uuid, .. }, _) => {
                self.legs.insert(agent_uuid.clone(), from.to_owned());
            }
            (Input::PresenceProbe { queue }, _) => {
                self.lamps.entry(queue.clone()).or_default().insert(from.to_owned());
            }
            _ => (),
        }
    }

    /// What ends by it: to be said once what follows from it is addressed, for events that it has caused have to find their way.
    pub fn ends(&mut self, input: &Input) {
        match input {
            Input::MemberExit { member, .. } => self.forget(Part::Member(*member)),
            Input::MemberJoin(request) => {
                self.forget_attempt_of(&request.session_uuid);
            }
            Input::CallbackFailed { attempt, .. } => self.forget_attempt(*attempt),
            Input::SuccessorGone { session_uuid } => self.forget_channel(session_uuid),
            Input::OfferFailed { offer, .. }
            | Input::BridgeFailed { offer, .. }
            | Input::AgentLegEnded { offer, .. } => self.forget(Part::Offer(*offer)),
            _ => (),
        }
    }

    /// A box has told what it has: nothing else of it is known from now on. To be said before what follows from it is addressed.
    pub fn report(&mut self, has: &BoxReport, lamps: &[String]) {
        let from = has.instance.as_str();
        self.lose(from);
        self.here.insert(from.to_owned());
        for caller in &has.callers {
            if let Some(member) = caller.member {
                self.note(from, &caller.request.session_uuid, Part::Member(member));
            }
        }
        for offer in &has.offers {
            self.note(from, channel_of(&offer.ring), Part::Offer(offer.ring.offer));
            if let OfferStage::Answered(leg) | OfferStage::Connecting(leg) | OfferStage::Bridged(leg) = &offer.stage {
                self.note_leg(offer.ring.offer, leg);
            }
            if offer.ring.calls_back.is_some() {
                self.callbacks.insert(offer.ring.member_uuid.clone(), from.to_owned());
            }
        }
        for talk in &has.talks {
            self.note(from, &talk.talk.member_session_uuid, Part::Offer(talk.offer));
            self.note_leg(talk.offer, &talk.talk.agent_uuid);
        }
        for attempt in &has.attempts {
            self.attempts.insert(attempt.call.attempt, from.to_owned());
            self.callbacks.insert(attempt.call.member_uuid.clone(), from.to_owned());
            if let Some(channel) = &attempt.reached {
                self.note(from, channel, Part::Attempt(attempt.call.attempt));
            }
        }
        for leg in &has.standing {
            self.legs.insert(leg.agent_uuid.clone(), from.to_owned());
        }
        for lamp in lamps {
            self.lamps.entry(lamp.clone()).or_default().insert(from.to_owned());
        }
        // Of callers without an answer the channel is known before the member is.
        for caller in has.callers.iter().filter(|caller| caller.member.is_none()) {
            let channel = Channel {
                at: from.to_owned(),
                parts: BTreeSet::new(),
            };
            self.channels
                .entry(caller.request.session_uuid.clone())
                .or_insert(channel);
        }
    }

    /// Callers who were reported without an answer have one.
    pub fn late_answers(&mut self, answers: &[LateAnswer]) {
        for late in answers {
            match &late.answer {
                Ok(Reply::Joined { member, .. }) => {
                    self.note(&late.instance, &late.session_uuid, Part::Member(*member));
                }
                Ok(Reply::CalledBack { member_uuid, .. }) => {
                    self.callbacks.insert(member_uuid.clone(), late.instance.clone());
                }
                _ => self.forget_idle(&late.session_uuid),
            }
        }
    }

    /// Nothing of this box is up any more. Its channels stay known until what follows from it is addressed: that is the leader's to tell.
    pub fn give_up(&mut self, instance: &str) {
        if holds(Mark::WhoIsGoneIsToldNothing) {
            self.here.remove(instance);
        }
    }

    /// Forgets what was on a box.
    pub fn lose(&mut self, instance: &str) {
        self.channels.retain(|_, channel| channel.at != instance);
        let channels = &self.channels;
        self.by_part.retain(|_, channel| channels.contains_key(channel));
        let by_part = &self.by_part;
        self.answered
            .retain(|offer, _| by_part.contains_key(&Part::Offer(*offer)));
        self.agent_legs
            .retain(|_, offer| by_part.contains_key(&Part::Offer(*offer)));
        self.attempts.retain(|_, at| at != instance);
        self.legs.retain(|_, at| at != instance);
        self.lamps.retain(|_, boxes| {
            boxes.remove(instance);
            !boxes.is_empty()
        });
    }

    /// The engine wants this: offers and attempts are known by it.
    fn learn(&mut self, output: &Output) {
        match output {
            Output::Ring(ring) if ring.calls_back.is_some() => {
                let at = self.box_of_callback(&ring.member_uuid);
                self.note(&at, channel_of(ring), Part::Offer(ring.offer));
            }
            Output::Ring(ring) => {
                if let Some(channel) = self.channels.get_mut(&ring.member_session_uuid) {
                    channel.parts.insert(Part::Offer(ring.offer));
                    self.by_part
                        .insert(Part::Offer(ring.offer), ring.member_session_uuid.clone());
                }
            }
            Output::CallBack(call) => {
                let at = self.box_of_callback(&call.member_uuid);
                self.attempts.insert(call.attempt, at);
            }
            _ => (),
        }
    }

    /// Where somebody is called back: on the box that was asked for it, if that is here.
    fn box_of_callback(&self, member_uuid: &str) -> String {
        let asked = self.callbacks.get(member_uuid).filter(|at| self.here.contains(*at));
        asked.unwrap_or(&self.leader).clone()
    }

    fn note(&mut self, at: &str, channel: &str, part: Part) {
        if let Some(old) = self.by_part.insert(part, channel.to_owned()) {
            if old != channel {
                self.take_part(&old, part);
            }
        }
        let known = self.channels.entry(channel.to_owned()).or_insert_with(|| Channel {
            at: at.to_owned(),
            parts: BTreeSet::new(),
        });
        known.at = at.to_owned();
        known.parts.insert(part);
    }

    /// The agent of this offer has answered on this channel, which is where the caller's is.
    fn note_leg(&mut self, offer: OfferId, leg: &str) {
        if self.by_part.contains_key(&Part::Offer(offer)) {
            self.forget_leg(offer);
            self.agent_legs.insert(leg.to_owned(), offer);
            self.answered.insert(offer, leg.to_owned());
        }
    }

    fn forget_leg(&mut self, offer: OfferId) {
        if let Some(leg) = self.answered.remove(&offer) {
            // A leg that stands may have been given to the next caller.
            if self.agent_legs.get(&leg) == Some(&offer) {
                self.agent_legs.remove(&leg);
            }
        }
    }

    fn forget(&mut self, part: Part) {
        if let Part::Offer(offer) = part {
            self.forget_leg(offer);
        }
        if let Some(channel) = self.by_part.remove(&part) {
            self.take_part(&channel, part);
        }
    }

    fn take_part(&mut self, channel: &str, part: Part) {
        if let Some(known) = self.channels.get_mut(channel) {
            known.parts.remove(&part);
        }
        self.forget_idle(channel);
    }

    fn forget_idle(&mut self, channel: &str) {
        if self.channels.get(channel).is_some_and(|known| known.parts.is_empty()) {
            self.channels.remove(channel);
        }
    }

    fn forget_channel(&mut self, channel: &str) {
        let parts = self.channels.remove(channel).map(|known| known.parts);
        for part in parts.into_iter().flatten() {
            self.by_part.remove(&part);
            match part {
                Part::Attempt(attempt) => drop(self.attempts.remove(&attempt)),
                Part::Offer(offer) => self.forget_leg(offer),
                Part::Member(_) => (),
            }
        }
    }

    /// Whoever was called back has taken its place.
    fn forget_attempt_of(&mut self, channel: &str) {
        let parts = self.channels.get(channel).map(|known| known.parts.clone());
        for part in parts.into_iter().flatten() {
            if let Part::Attempt(attempt) = part {
                self.forget_attempt(attempt);
            }
        }
    }

    fn forget_attempt(&mut self, attempt: CallbackAttemptId) {
        self.attempts.remove(&attempt);
        self.forget(Part::Attempt(attempt));
    }

    fn box_of(&self, part: Part) -> Option<&str> {
        self.box_of_caller(self.by_part.get(&part)?)
    }

    fn box_of_caller(&self, channel: &str) -> Option<&str> {
        self.channels.get(channel).map(|known| known.at.as_str())
    }

    /// The box of a caller's channel, or of the leg of an agent who has answered.
    fn box_of_channel(&self, channel: &str) -> Option<&str> {
        let of_leg = || self.box_of_offer(*self.agent_legs.get(channel)?);
        self.box_of_caller(channel).or_else(of_leg)
    }
}

/// The channel that a phone rings for. Whoever is to be called back has none: the member stands for it.
fn channel_of(ring: &Ring) -> &str {
    match ring.calls_back {
        Some(_) => &ring.member_uuid,
        None => &ring.member_session_uuid,
    }
}

#[cfg(test)]
mod tests;
