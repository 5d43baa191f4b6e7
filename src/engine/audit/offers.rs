//! Offer, agent, member and tier know of each other.

use super::Books;
use crate::engine::centre::offer::Offer;
use crate::engine::centre::offer::Stage;
use crate::engine::vocabulary::words::{Media, TierState};

impl Books<'_> {
    /// Offer, agent and member know of each other.
    pub(super) fn check_offers(&self) {
        for (id, offer) in self.engine.offers.iter() {
            let agent = self
                .engine
                .agents
                .get(&offer.agent)
                .expect("the agent of an offer is kept");
            let expected = match (offer.media(), &offer.stage) {
                (Media::Audio, _) => agent.offer == Some(*id),
                (Media::Chat, Stage::Bridged { .. }) => agent.chats.running.contains(id),
                (Media::Chat, _) => agent.chats.offered == Some(*id),
            };
            assert!(expected, "{id} of {agent:?}");
        }
        for agent in self.engine.agents.values() {
            assert!(agent.offers().all(|offer| self.engine.offers.contains_key(&offer)));
        }
        for member in self.engine.members.values() {
            for offer in member.offers.iter().chain(&member.serving()) {
                assert!(self.engine.offers.contains_key(offer));
            }
        }
    }

    /// The tier an offer goes through shows the offer, also when it was made anew meanwhile.
    pub(super) fn check_tiers_of_offers(&self) {
        let calls = |offer: &&Offer| offer.media() == Media::Audio;
        for offer in self.engine.offers.values().filter(calls) {
            let mut tiers = self.engine.tiers.iter();
            let Some((id, tier)) = tiers.find(|(_, tier)| tier.agent == Some(offer.agent) && tier.queue == offer.queue)
            else {
                continue;
            };
            let expected = match offer.stage {
                Stage::Bridged { .. } => TierState::ActiveInbound,
                _ => TierState::Offering,
            };
            assert_eq!((offer.tier, tier.state), (*id, expected), "tier of {offer:?}");
        }
    }
}
