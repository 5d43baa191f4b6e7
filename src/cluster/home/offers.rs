//! The offers of a box, and what is known of each by which it is found.

use crate::cluster::time::BoxTime;
use crate::engine::{OfferId, OfferStage, Ring, Talk};
use std::collections::{BTreeMap, BTreeSet};

/// An offer, from the `Ring` that was read to the end that was told.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    pub ring: Ring,
    pub stage: OfferStage,
    /// Since when it is that far.
    pub since: BoxTime,
    /// When the agent answered.
    pub answered: Option<BoxTime>,
    /// The question that the answer was, while a thread waits for what the engine says to it.
    pub question: Option<u64>,
    pub talk: Option<Talk>,
}

/// All of them, each found by whatever names it.
#[derive(Debug, Default)]
pub(super) struct Offers {
    all: BTreeMap<OfferId, Offered>,
    by_channel: BTreeMap<String, BTreeSet<OfferId>>,
    by_question: BTreeMap<u64, OfferId>,
}

impl Offers {
    pub fn insert(&mut self, offered: Offered) {
        let offer = offered.ring.offer;
        let channel = self
            .by_channel
            .entry(offered.ring.member_session_uuid.clone())
            .or_default();
        channel.insert(offer);
        self.all.insert(offer, offered);
    }

    pub fn remove(&mut self, offer: OfferId) -> Option<Offered> {
        let offered = self.all.remove(&offer)?;
        if let Some(question) = offered.question {
            self.by_question.remove(&question);
        }
        self.leave_channel(offer, &offered.ring.member_session_uuid);
        Some(offered)
    }

    fn leave_channel(&mut self, offer: OfferId, channel: &str) {
        if let Some(others) = self.by_channel.get_mut(channel) {
            others.remove(&offer);
            if others.is_empty() {
                self.by_channel.remove(channel);
            }
        }
    }

    /// The offer's member is on this channel from now on.
    pub fn move_to(&mut self, offer: OfferId, channel: &str) {
        let Some(offered) = self.all.get_mut(&offer) else {
            return;
        };
        let before = std::mem::replace(&mut offered.ring.member_session_uuid, channel.to_owned());
        self.leave_channel(offer, &before);
        self.by_channel.entry(channel.to_owned()).or_default().insert(offer);
    }

    /// The agent's answer is this question.
    pub fn ask(&mut self, offer: OfferId, question: Option<u64>) {
        self.take_question(offer);
        if let (Some(offered), Some(question)) = (self.all.get_mut(&offer), question) {
            offered.question = Some(question);
            self.by_question.insert(question, offer);
        }
    }

    /// The question that the agent's answer was: from now on nobody waits for what is said to it.
    pub fn take_question(&mut self, offer: OfferId) -> Option<u64> {
        let question = self.all.get_mut(&offer)?.question.take()?;
        self.by_question.remove(&question);
        Some(question)
    }

    pub fn of_question(&self, question: u64) -> Option<OfferId> {
        self.by_question.get(&question).copied()
    }

    pub fn get(&self, offer: OfferId) -> Option<&Offered> {
        self.all.get(&offer)
    }

    /// For a change of anything but what it is found by.
    pub fn get_mut(&mut self, offer: OfferId) -> Option<&mut Offered> {
        self.all.get_mut(&offer)
    }

    /// Whether an offer is made to the caller of this channel.
    pub fn has_channel(&self, channel: &str) -> bool {
        self.by_channel.contains_key(channel)
    }

    pub fn values(&self) -> impl Iterator<Item = &Offered> {
        self.all.values()
    }
}
