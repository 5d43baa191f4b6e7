//! States follow from offers, rows equal views, phones ring for offers that live, and at the end all is over.

use crate::ledger::{Finding, Ledger, Stage};
use mod_callcenter::core::{AgentRow, AgentState, MemberListing, MemberState, TierState};
use mod_callcenter::sim::{self, Scene};
use std::collections::BTreeMap;

/// Agents, tiers and members are in the state their offers put them in.
pub fn states_follow_offers(ledger: &Ledger) -> Finding {
    for row in ledger.rows.agents() {
        let offer = ledger.offers_of_agent(&row.name).next();
        let right = match offer.map(|offer| offer.stage) {
            None => matches!(row.state, AgentState::Waiting | AgentState::Idle),
            Some(Stage::Bridged) => row.state == AgentState::InAQueueCall,
            Some(_) => row.state == AgentState::Receiving,
        };
        if !right {
            return Err(format!("agent {} is {} with offer {offer:?}", row.name, row.state));
        }
    }
    for row in ledger.rows.tiers() {
        let mut offers = ledger.offers_of_agent(&row.agent);
        let offer = offers.find(|offer| offer.queue == row.queue && !offer.tier_gone);
        let right = match offer.map(|offer| offer.stage) {
            None => !matches!(row.state, TierState::Offering | TierState::ActiveInbound),
            Some(Stage::Bridged) => row.state == TierState::ActiveInbound,
            Some(_) => row.state == TierState::Offering,
        };
        if !right {
            return Err(format!("tier {row:?} with offer {offer:?}"));
        }
    }
    members_follow_offers(ledger)
}

fn members_follow_offers(ledger: &Ledger) -> Finding {
    for row in ledger.rows.members() {
        let Some(member) = ledger.members.get(&row.uuid) else {
            if row.state == MemberState::Abandoned {
                continue;
            }
            return Err(format!("member {row:?} is in no queue"));
        };
        let has = |stage| ledger.offers_of_member(&row.uuid).any(|offer| offer.stage == stage);
        let right = match row.state {
            MemberState::Waiting => !has(Stage::Ringing) && !has(Stage::Answered) && !has(Stage::Bridged),
            MemberState::Trying => has(Stage::Ringing) || has(Stage::Answered) || marked_as_several(&row.serving_agent),
            MemberState::Answered => has(Stage::Bridged),
            MemberState::Abandoned => false,
        };
        if !right {
            let offers: Vec<_> = ledger.offers_of_member(&row.uuid).collect();
            return Err(format!("member {row:?} ({member:?}) with offers {offers:?}"));
        }
    }
    Ok(())
}

fn marked_as_several(serving_agent: &str) -> bool {
    matches!(serving_agent, "ring-all" | "ring-progressively")
}

/// No phone rings for an offer that is over or was cancelled.
pub fn phones_ring_for_live_offers(ledger: &Ledger, scene: &Scene<'_>) -> Finding {
    for (id, leg) in scene.legs.iter().filter(|(_, leg)| leg.stage == sim::Stage::Ringing) {
        match ledger.offers.get(id).map(|offer| offer.stage) {
            Some(Stage::Ringing) => {}
            other => {
                return Err(format!(
                    "a phone of {} rings for offer {id}, which is {other:?}",
                    leg.agent
                ))
            }
        }
    }
    Ok(())
}

/// The rows the journal was given are the rows the engine shows.
pub fn rows_equal_views(ledger: &Ledger, scene: &Scene<'_>) -> Finding {
    let (agents, tiers, members) = scene
        .driver
        .view(|engine, now| (engine.agent_rows(), engine.tier_rows(), engine.all_member_rows(now)));
    let known: BTreeMap<&str, &AgentRow> = ledger
        .rows
        .agents()
        .iter()
        .map(|row| (row.name.as_str(), row))
        .collect();
    let shown: BTreeMap<&str, &AgentRow> = agents.iter().map(|row| (row.name.as_str(), row)).collect();
    same("agents", &known, &shown)?;
    let known: BTreeMap<_, _> = ledger
        .rows
        .tiers()
        .iter()
        .map(|row| ((&row.queue, &row.agent), row))
        .collect();
    let shown: BTreeMap<_, _> = tiers.iter().map(|row| ((&row.queue, &row.agent), row)).collect();
    same("tiers", &known, &shown)?;
    let known: BTreeMap<_, _> = ledger.rows.members().iter().map(|row| (&row.uuid, row)).collect();
    let shown: BTreeMap<_, _> = members
        .iter()
        .map(|listing| (&listing.row.uuid, &listing.row))
        .collect();
    same("members", &known, &shown)?;
    scores_are_right(&members, scene)
}

fn same<K: Ord + std::fmt::Debug, R: PartialEq + std::fmt::Debug>(
    what: &str,
    rows: &BTreeMap<K, &R>,
    views: &BTreeMap<K, &R>,
) -> Finding {
    if rows == views {
        return Ok(());
    }
    let differs = rows
        .keys()
        .chain(views.keys())
        .find(|key| rows.get(key) != views.get(key));
    let shown = differs.map(|key| (rows.get(key), views.get(key)));
    Err(format!("{what} {differs:?}: row and view differ: {shown:?}"))
}

fn scores_are_right(members: &[MemberListing], scene: &Scene<'_>) -> Finding {
    for listing in members {
        let row = &listing.row;
        let score = scene.now.secs() - row.joined_epoch + row.base_score + row.skill_score;
        if listing.score != score {
            return Err(format!("{listing:?} should have the score {score}"));
        }
    }
    match members.windows(2).find(|pair| pair[0].score < pair[1].score) {
        Some(pair) => Err(format!("members are not listed by score: {pair:?}")),
        None => Ok(()),
    }
}

/// All callers have gone: so have members and offers, and every agent is free.
pub fn everything_is_over(ledger: &Ledger) -> Finding {
    if !ledger.members.is_empty() || !ledger.offers.is_empty() || !ledger.rows.members().is_empty() {
        let rows = ledger.rows.members();
        return Err(format!("left over: {:?} {:?} {rows:?}", ledger.members, ledger.offers));
    }
    let tier = ledger.rows.tiers().iter().find(|tier| !tier.state.is_usable());
    match tier {
        Some(tier) => Err(format!("at the end of the day there is {tier:?}")),
        None => Ok(()),
    }
}
