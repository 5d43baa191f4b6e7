//! No channel is left without the one it talks to, and no phone rings or is up for an offer that is over.

use crate::ledger::{Finding, Ledger, Stage};
use callcenter_simulator::{self, Leg, Scene};
use mod_callcenter::engine::OfferId;

/// Every leg belongs to a live offer, and every talk has two ends.
pub fn every_leg_has_its_offer(ledger: &Ledger, scene: &Scene<'_>) -> Finding {
    for (id, leg) in scene.legs {
        let stage = ledger.offers.get(id).map(|offer| offer.stage);
        let right = match leg.stage {
            callcenter_simulator::Stage::Ringing => stage == Some(Stage::Ringing),
            // The report of the answer may be lost.
            callcenter_simulator::Stage::Answered => {
                matches!(stage, Some(Stage::Ringing | Stage::Answered)) || ledger.broken.contains(id)
            }
            callcenter_simulator::Stage::Vanished => true,
            callcenter_simulator::Stage::Bridged => {
                matches!(stage, Some(Stage::Ringing | Stage::Answered | Stage::Bridged)) || ledger.broken.contains(id)
            }
        };
        if !right {
            return Err(format!("offer {id} is {stage:?}, and has the leg {leg:?}"));
        }
        has_its_caller(*id, leg, scene)?;
    }
    match scene.callers.values().find(|caller| talks_to_nobody(caller, scene)) {
        Some(caller) => Err(format!("{caller:?} talks to nobody")),
        None => Ok(()),
    }
}

fn has_its_caller(id: OfferId, leg: &Leg, scene: &Scene<'_>) -> Finding {
    let caller = leg.caller.and_then(|caller| scene.callers.get(&caller));
    if leg.stage != callcenter_simulator::Stage::Bridged || caller.is_some_and(|caller| caller.bridged == Some(id)) {
        return Ok(());
    }
    Err(format!("{leg:?} of offer {id} is bridged to {caller:?}"))
}

fn talks_to_nobody(caller: &callcenter_simulator::Caller, scene: &Scene<'_>) -> bool {
    let leg = caller.bridged.map(|offer| scene.legs.get(&offer));
    leg.is_some_and(|leg| leg.is_none_or(|leg| leg.stage != callcenter_simulator::Stage::Bridged))
}
