//! States follow from offers, rows and figures equal views, and at the end all is over.

use crate::ledger::{Figures, Finding, Ledger, Stage};
use callcenter_simulator::Scene;
use mod_callcenter::engine::{AgentRow, AgentState, Holdings, MemberListing, MemberState, TierRow, TierState};
use std::collections::BTreeMap;

/// Agents, tiers and members are in the state their offers put them in.
pub fn states_follow_offers(ledger: &Ledger) -> Finding {
    for row in ledger.rows.agents() {
        let offer = ledger.call_of_agent(&row.name);
        let right = match offer.map(|offer| offer.stage) {
            None => matches!(row.state, AgentState::Waiting | AgentState::Idle),
            Some(Stage::Bridged) => row.state == AgentState::InAQueueCall,
            Some(_) => row.state == AgentState::Receiving,
        };
        if !right {
            return Err(format!("agent {} is {} with offer {offer:?}", row.name, row.state));
        }
        let rung = ledger
            .offers_of_agent(&row.name)
            .find(|offer| offer.stage == Stage::Ringing);
        if let Some(offer) = rung.filter(|_| !row.status.wants_calls()) {
            return Err(format!("agent {} is {} and rung: {offer:?}", row.name, row.status));
        }
        let rings = offer.filter(|offer| offer.stage == Stage::Ringing);
        if rings.is_some_and(|offer| ledger.rows.is_paused(&row.name, &offer.queue)) {
            return Err(format!("agent {} is paused and rung: {offer:?}", row.name));
        }
    }
    for row in ledger.rows.tiers() {
        let call = ledger.call_of_agent(&row.agent);
        let offer = call.filter(|offer| offer.queue == row.queue && !offer.tier_gone);
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
    scores_are_right(&members, scene)?;
    nothing_lies_ahead(ledger, scene)
}

/// What has happened lies behind, even when the machine's clock was set back between two runs.
fn nothing_lies_ahead(ledger: &Ledger, scene: &Scene<'_>) -> Finding {
    let now = scene.now.steady_secs();
    let agent = ledger.rows.agents().iter().find(|row| {
        let happened = [
            row.last_bridge_start,
            row.last_bridge_end,
            row.last_offered_call,
            row.last_status_change,
        ];
        happened.into_iter().any(|at| at > now)
    });
    let member = ledger
        .rows
        .members()
        .iter()
        .find(|row| row.joined_epoch.max(row.abandoned_epoch) > now);
    match (agent, member) {
        (None, None) => Ok(()),
        ahead => Err(format!("{ahead:?} is ahead of {now}")),
    }
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
        let score = scene.now.steady_secs() - row.joined_epoch + row.base_score + row.skill_score;
        if listing.score != score {
            return Err(format!("{listing:?} should have the score {score}"));
        }
    }
    match members.windows(2).find(|pair| pair[0].score < pair[1].score) {
        Some(pair) => Err(format!("members are not listed by score: {pair:?}")),
        None => Ok(()),
    }
}

/// Calls answered and abandoned are those of counting them.
pub fn figures_are_right(ledger: &Ledger, scene: &Scene<'_>) -> Finding {
    for queue in scene.driver.view(|engine, _| engine.queues()) {
        let shown = Figures {
            answered: queue.calls_answered,
            abandoned: queue.calls_abandoned,
        };
        let counted = ledger.figures.get(&queue.config.name);
        if counted.is_some_and(|counted| shown != *counted) {
            return Err(format!("{} shows {shown:?} and had {counted:?}", queue.config.name));
        }
    }
    Ok(())
}

/// All callers have gone: so have members, offers, channels and deadlines, and every agent is free.
pub fn everything_is_over(ledger: &Ledger, scene: &Scene<'_>) -> Finding {
    if !ledger.members.is_empty() || !ledger.offers.is_empty() || !ledger.rows.members().is_empty() {
        let rows = ledger.rows.members();
        return Err(format!("left over: {:?} {:?} {rows:?}", ledger.members, ledger.offers));
    }
    if !scene.legs.is_empty() || !scene.callers.is_empty() {
        return Err(format!("left over: {:?} {:?}", scene.legs, scene.callers));
    }
    let holdings = scene.driver.view(|engine, _| engine.holdings());
    if holdings != Holdings::default() {
        return Err(format!("the engine still holds {holdings:?}"));
    }
    rows_equal_views(ledger, scene)?;
    let is_free = |row: &&AgentRow| matches!(row.state, AgentState::Waiting | AgentState::Idle);
    if let Some(agent) = ledger.rows.agents().iter().find(|row| !is_free(row)) {
        return Err(format!("at the end of the day there is {agent:?}"));
    }
    // Who is paused in a queue is on standby there for all who know states alone.
    let is_right = |tier: &&TierRow| match ledger.rows.is_paused(&tier.agent, &tier.queue) {
        true => tier.state == TierState::Standby,
        false => tier.state.is_usable(),
    };
    match ledger.rows.tiers().iter().find(|tier| !is_right(tier)) {
        Some(tier) => Err(format!("at the end of the day there is {tier:?}")),
        None => Ok(()),
    }
}
