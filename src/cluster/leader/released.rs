//! Talks that were ended by a command on another box: what was decided counts over what a box has not heard yet.

use crate::cluster::tables::{FactChange, Facts};
use crate::engine::{ApplicationReport, BoxReport, Input, OfferId, OfferStage};
use std::collections::BTreeMap;

/// What the name of such a fact begins with; the offer follows.
const NAME: &str = "released/";

/// Talks that are over, each with its box, until that box knows. Whoever leads next has to know them, too: the message to the box may be lost
/// with the leader, and then the box reports a talk of which the rows say nothing.
#[derive(Debug, Default)]
pub(super) struct Released(BTreeMap<OfferId, String>);

impl Released {
    /// Those that were released before.
    pub fn of(facts: &Facts) -> Self {
        let released = facts.iter().filter_map(|(name, at)| {
            let offer = name.strip_prefix(NAME)?.parse().ok()?;
            Some((OfferId(offer), at.clone()))
        });
        Self(released.collect())
    }

    /// A talk of this box is over.
    pub fn note(&mut self, offer: OfferId, at: &str) -> FactChange {
        self.0.insert(offer, at.to_owned());
        FactChange {
            name: name_of(offer),
            says: Some(at.to_owned()),
        }
    }

    /// A box tells this: of which talks it knows by now.
    pub fn hear(&mut self, from: &str, input: &Input) -> Vec<FactChange> {
        let offers = match input {
            Input::NotFound { offers, .. } => offers.as_slice(),
            Input::OfferFailed { offer, .. }
            | Input::BridgeFailed { offer, .. }
            | Input::AgentLegEnded { offer, .. } => std::slice::from_ref(offer),
            _ => return Vec::new(),
        };
        let its = offers
            .iter()
            .filter(|offer| self.0.get(offer).is_some_and(|at| at == from));
        let its: Vec<OfferId> = its.copied().collect();
        its.into_iter().map(|offer| self.forget(offer)).collect()
    }

    /// Takes them out of what a box tells that it has: those that it is to be told again. Of others it knows.
    pub fn take_out(&mut self, has: &mut BoxReport) -> (Vec<OfferId>, Vec<FactChange>) {
        let its = self.0.iter().filter(|(_, at)| **at == has.instance);
        let its: Vec<OfferId> = its.map(|(offer, _)| *offer).collect();
        let (unheard, known): (Vec<OfferId>, Vec<OfferId>) = its.into_iter().partition(|offer| take(has, *offer));
        let over = known.into_iter().map(|offer| self.forget(offer)).collect();
        (unheard, over)
    }

    fn forget(&mut self, offer: OfferId) -> FactChange {
        self.0.remove(&offer);
        FactChange {
            name: name_of(offer),
            says: None,
        }
    }
}

fn name_of(offer: OfferId) -> String {
    format!("{NAME}{offer}")
}

/// Takes a talk out of a report, with its caller; whether it was there.
fn take(has: &mut BoxReport, offer: OfferId) -> bool {
    if let Some(at) = has.talks.iter().position(|talk| talk.offer == offer) {
        let talk = has.talks.remove(at);
        has.callers.retain(|caller| caller.member != Some(talk.member));
        return true;
    }
    // One whose course the box has not been told.
    let talks = |stage: &OfferStage| matches!(stage, OfferStage::Bridged(_));
    let at = has
        .offers
        .iter()
        .position(|known| known.ring.offer == offer && talks(&known.stage));
    let Some(at) = at else { return false };
    let channel = has.offers.remove(at).ring.member_session_uuid;
    has.callers.retain(|caller| {
        let has_left = caller.application == ApplicationReport::HasEnded;
        !has_left || caller.request.session_uuid != channel
    });
    true
}
