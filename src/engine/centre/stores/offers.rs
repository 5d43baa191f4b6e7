//! The offers under way.

use crate::engine::centre::offer::Offer;
use crate::engine::centre::stores::id_map::IdMap;
use crate::engine::vocabulary::ids::OfferId;
use std::ops::Deref;

/// The offers, each from the choice of the agent to its one end.
#[derive(Debug, Default)]
pub(in crate::engine) struct Offers(IdMap<OfferId, Offer>);

impl Deref for Offers {
    type Target = IdMap<OfferId, Offer>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Offers {
    /// An offer has been made.
    pub fn insert(&mut self, id: OfferId, offer: Offer) {
        self.0.insert(id, offer);
    }

    /// An offer, to be changed; none where it is over: reports from outside may come late.
    pub fn get_mut(&mut self, id: &OfferId) -> Option<&mut Offer> {
        self.0.get_mut(id)
    }

    /// An offer is over.
    pub fn remove(&mut self, id: &OfferId) -> Option<Offer> {
        self.0.remove(id)
    }
}
