//! What whoever stands beside the home asks of it.

use super::Home;
use crate::engine::{LegState, OfferId, OfferStage, Ring, Talk};

impl Home {
    /// The ring of an offer that the agent has answered and that nobody has wanted to be connected yet, and the agent's channel.
    pub fn answered(&self, offer: OfferId) -> Option<(&Ring, &str)> {
        let offered = self.offers.get(offer)?;
        match &offered.stage {
            OfferStage::Answered(agent_uuid) => Some((&offered.ring, agent_uuid)),
            _ => None,
        }
    }

    /// Whether an agent talks on this channel to a caller of this box.
    pub fn talks_on(&self, agent_uuid: &str) -> bool {
        let mut offers = self.offers.values();
        offers.any(|offered| matches!(&offered.stage, OfferStage::Bridged(leg) if leg == agent_uuid))
    }

    /// The talks of this box, as far as their course is known.
    pub fn talks(&self) -> Vec<Talk> {
        let offers = self.offers.values();
        let talks = offers.filter(|offered| matches!(offered.stage, OfferStage::Bridged(_)));
        talks.filter_map(|offered| offered.talk.clone()).collect()
    }

    /// What a standing leg is doing, as far as it was told.
    pub fn leg(&self, agent_uuid: &str) -> Option<LegState> {
        self.standing.get(agent_uuid).copied()
    }
}
