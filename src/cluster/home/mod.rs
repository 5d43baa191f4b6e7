//! What a box knows of its own channels: who has joined, what rings, what is answered, what talks, and what has ended and may not be in the
//! rows.
//!
//! It is the authority on them, and what it tells a new leader. It changes under the lock that draws the numbers of messages, and a ring is
//! in it before it is dialled. It decides what of the outputs that arrive is carried out still, and does nothing itself: what is to be done
//! it says as a [`Deed`].

mod callers;
mod left_talks;
mod looks;
mod offers;
mod reading;
mod telling;

use crate::cluster::marks::{holds, Mark};
use crate::cluster::time::BoxTime;
use crate::engine::{
    ApplicationReport, CallBack, CallbackAttemptId, EngineError, HangupCause, Input, LegState, MemberId, OfferId,
    OfferStage, Output, Reply, Span,
};
use callers::{Caller, Callers};
use offers::{Offered, Offers};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How long what has ended is told again although it is in the rows: a failover may have lost the last commits.
pub const TOLD_AGAIN: Span = Span::from_secs(60);

/// What is to be done on the box.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "deeds are done as soon as they are said; there is never a long list of them"
)]
pub enum Deed {
    /// The switch is to carry this out.
    CarryOut(Output),
    /// A talk that counts no more: the agent's channel is hung up, which is told as its end.
    EndTalk {
        /// The offer.
        offer: OfferId,
        /// The agent's channel.
        agent_uuid: String,
        /// The cause it ends with.
        cause: HangupCause,
    },
    /// Whoever waits for the answer to this question has it.
    Answer {
        /// The number of the question.
        question: u64,
        /// What the engine says.
        answer: Result<Reply, EngineError>,
    },
    /// Whoever has given this command has its answer.
    Reply {
        /// The number of the question.
        question: u64,
        /// What is to be read.
        text: String,
    },
    /// The leader is to be told this at once: nothing was done that could tell it.
    Tell(Input),
}

/// Somebody who is being called back.
#[derive(Debug, Clone)]
struct Attempted {
    call: CallBack,
    read: BoxTime,
    reached: Option<String>,
}

/// Something that has happened and may not be in the rows.
#[derive(Debug, Clone)]
struct Past {
    /// The number of its message.
    number: u64,
    at: BoxTime,
    input: Input,
    /// What was there before, where something has ended.
    caller: Option<Caller>,
    offered: Option<Offered>,
}

/// What a box has.
#[derive(Debug)]
pub struct Home {
    instance: String,
    callers: Callers,
    offers: Offers,
    attempts: BTreeMap<CallbackAttemptId, Attempted>,
    standing: BTreeMap<String, LegState>,
    devices_in_use: BTreeSet<String>,
    external_calls: BTreeMap<String, u32>,
    lamps: BTreeSet<String>,
    past: VecDeque<Past>,
    /// The number of the last question.
    questions: u64,
}

impl Home {
    /// Of a box on which nothing is up.
    pub fn new(instance: &str) -> Self {
        Self {
            instance: instance.to_owned(),
            callers: Callers::default(),
            offers: Offers::default(),
            attempts: BTreeMap::new(),
            standing: BTreeMap::new(),
            devices_in_use: BTreeSet::new(),
            external_calls: BTreeMap::new(),
            lamps: BTreeSet::new(),
            past: VecDeque::new(),
            questions: 0,
        }
    }

    /// How many callers are here who wait or talk, and how many phones ring or talk for somebody.
    pub fn counts(&self) -> (usize, usize) {
        let here = self.callers.values().filter(|caller| caller.left.is_none());
        (here.count(), self.offers.values().count())
    }

    /// A number for a question that somebody waits for.
    pub fn question(&mut self) -> u64 {
        self.questions += 1;
        self.questions
    }

    /// Whether the phone of this offer is to be dialled, or rings.
    pub fn rings(&self, offer: OfferId) -> bool {
        let stage = self.offers.get(offer).map(|offered| &offered.stage);
        matches!(stage, Some(OfferStage::Ringing))
    }

    /// Whether caller and agent of this offer are to be joined.
    pub fn connects(&self, offer: OfferId) -> bool {
        let stage = self.offers.get(offer).map(|offered| &offered.stage);
        matches!(stage, Some(OfferStage::Connecting(_)))
    }

    /// The member that this joining has become, by the uuid that was drawn for it.
    pub fn member(&self, drawn: &str) -> Option<MemberId> {
        self.callers.get(drawn)?.member
    }

    /// What was said up to the message `acknowledged` is in the rows: what has ended that long ago, and more than a minute, is forgotten.
    pub fn acknowledge(&mut self, now: BoxTime, acknowledged: u64) {
        let is_over = |past: &Past| {
            let is_known = past.number <= acknowledged || !holds(Mark::EndsAreToldUntilTheyAreKnown);
            is_known && now.since(past.at) >= TOLD_AGAIN
        };
        while self.past.front().is_some_and(is_over) {
            self.past.pop_front();
        }
    }

    /// The callers of a channel who have left for an agent, and whose talk is over.
    fn forget_served(&mut self, channel: &str) {
        if self.offers.has_channel(channel) {
            return;
        }
        let of_channel = self.callers.of_channel(channel);
        let over = of_channel.filter(|(_, caller)| caller.application == ApplicationReport::HasEnded);
        let over: Vec<String> = over.map(|(drawn, _)| drawn.to_owned()).collect();
        for drawn in over {
            self.callers.remove(&drawn);
        }
    }

    /// An offer is over.
    fn end_offer(&mut self, offer: OfferId) {
        if let Some(offered) = self.offers.remove(offer) {
            self.forget_served(&offered.ring.member_session_uuid);
        }
    }

    /// Nobody may count on this box any more. What rings stops, and so does what is answered and not bridged: its callers wait on. Talks
    /// stay.
    pub fn let_go(&mut self) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let unbridged = self
            .offers
            .values()
            .filter(|offered| !matches!(offered.stage, OfferStage::Bridged(_)));
        let unbridged: Vec<OfferId> = unbridged.map(|offered| offered.ring.offer).collect();
        for offer in unbridged {
            deeds.extend(self.answered_late(offer));
            deeds.push(Deed::CarryOut(Output::CancelRing {
                offer,
                cause: HangupCause::ORIGINATOR_CANCEL,
            }));
        }
        let dialled = self
            .attempts
            .iter()
            .filter(|(_, attempted)| attempted.reached.is_none());
        let cancels = dialled.map(|(attempt, _)| Deed::CarryOut(Output::CancelCallBack(*attempt)));
        deeds.extend(cancels);
        deeds
    }

    /// A thread that waits for what the engine says to the agent's answer goes on: what is to become of it, it is told now.
    fn answered_late(&mut self, offer: OfferId) -> Option<Deed> {
        let question = self.offers.take_question(offer)?;
        Some(Deed::Answer {
            question,
            answer: Ok(Reply::Done),
        })
    }
}

#[cfg(test)]
mod tests;
