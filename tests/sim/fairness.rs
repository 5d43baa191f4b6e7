//! The highest score first, among equals who waited longest; in ring-all whoever has the fewest phones; and tier rules that are kept.

use crate::demand::level_beyond_doubt;
use crate::ledger::{Away, Finding, Ledger, Member, Stage};
use crate::preferring;
use mod_callcenter::engine::{QueueConfig, Ring, Span, Strategy, Timestamp};

/// Somebody who was passed over, as the rows were before the step: it may have closed this member to the agent.
struct Suspect {
    member: String,
    agent: String,
    finding: String,
}

/// The best member first.
#[derive(Default)]
pub struct Fairness {
    suspects: Vec<Suspect>,
}

impl Fairness {
    /// Somebody is rung. What the rows say may be about to change in this step.
    pub fn ring(&mut self, ledger: &Ledger, now: Timestamp, ring: &Ring) -> Finding {
        self.suspects.extend(passed_over(ledger, now, ring)?);
        Ok(())
    }

    /// The step is over, and the rows are the state of things.
    pub fn settle(&mut self, ledger: &Ledger, now: Timestamp) -> Finding {
        let mut suspects = std::mem::take(&mut self.suspects).into_iter();
        match suspects.find(|suspect| is_open_to(ledger, &suspect.member, &suspect.agent, now)) {
            Some(suspect) => Err(suspect.finding),
            None => Ok(()),
        }
    }
}

/// Whoever stands before the member of this ring and could be served by its agent, but for whom it has passed over for a caller of its own.
fn passed_over(ledger: &Ledger, now: Timestamp, ring: &Ring) -> Result<Option<Suspect>, String> {
    let Some(chosen) = ledger.places.get(&ring.member_uuid) else {
        return Err(format!("member {} is offered and has no row", ring.member_uuid));
    };
    let priority = |queue: &str| std::cmp::Reverse(ledger.queues.get(queue).map_or(0, |config| config.priority));
    for (uuid, member) in &ledger.members {
        let place = ledger.places.get(uuid);
        let better = place.is_some_and(|place| {
            let most = most_phones(ledger, uuid, now);
            let least = least_phones(ledger, &ring.member_uuid, now);
            (priority(&member.queue), most, place) < (priority(&ring.queue), least, chosen)
        });
        // Whoever is free for one medium may not be for the other.
        let better = better && member.requirements.media == ring.media;
        let better = better && !may_be_passed_over(ledger, uuid, now, ring);
        if better && wants(ledger, uuid, &ring.agent, now) && is_open_to(ledger, uuid, &ring.agent, now) {
            let finding = format!(
                "agent {} is offered {} although {uuid} ({member:?}, {:?}) stands before it ({chosen:?})",
                ring.agent, ring.member_uuid, ledger.places[uuid]
            );
            let (member, agent) = (uuid.clone(), ring.agent.clone());
            return Ok(Some(Suspect { member, agent, finding }));
        }
    }
    Ok(None)
}

/// Whether a member who stands before another may be passed over for it: because it waits for others whom it prefers, or because the agent
/// is preferred by who stands behind, and it has not waited long.
fn may_be_passed_over(ledger: &Ledger, uuid: &str, now: Timestamp, ring: &Ring) -> bool {
    let (Some(member), Some(place)) = (ledger.members.get(uuid), ledger.places.get(uuid)) else {
        return false;
    };
    if preferring::still_prefers(ledger, uuid, &ring.agent) {
        return false;
    }
    let config = |queue: &str| ledger.queues.get(queue);
    let priority = |queue: &str| config(queue).map_or(0, |config| config.priority);
    let patience = config(&member.queue).map_or(Span::ZERO, preferring::patience);
    let is_own = preferring::prefers(ledger, &ring.member_uuid, &ring.agent);
    let is_patient = now.since(place.joined) <= patience && priority(&member.queue) <= priority(&ring.queue);
    is_own && is_patient || preferring::may_be_spoken_for(ledger, uuid, now)
}

/// How many phones count for a member of a ring-all queue, at most: what is being cancelled may or may not.
fn most_phones(ledger: &Ledger, uuid: &str, now: Timestamp) -> usize {
    let still_counts = |member: &&Member| now <= member.ring_more_at && rings_all(ledger, member);
    let member = ledger.members.get(uuid).filter(still_counts);
    member.map_or(0, |_| ledger.offers_of_member(uuid).count())
}

/// How many phones count for a member of a ring-all queue, at least.
fn least_phones(ledger: &Ledger, uuid: &str, now: Timestamp) -> usize {
    let counts = |member: &&Member| now < member.ring_more_at && rings_all(ledger, member);
    let member = ledger.members.get(uuid).filter(counts);
    let offers = ledger.offers_of_member(uuid);
    member.map_or(0, |_| offers.filter(|offer| offer.stage == Stage::Ringing).count())
}

fn rings_all(ledger: &Ledger, member: &Member) -> bool {
    let config = ledger.queues.get(&member.queue);
    config.is_some_and(|config| config.strategy() == Strategy::RingAll)
}

/// Whether a member is for this agent now, beyond doubt: on the phone, or to be called back.
pub fn wants(ledger: &Ledger, uuid: &str, agent: &str, now: Timestamp) -> bool {
    wants_an_agent(ledger, uuid, now) || wants_a_call(ledger, uuid, agent, now)
}

/// Whether a member is to be called back now, and may be so by this agent, beyond doubt.
fn wants_a_call(ledger: &Ledger, uuid: &str, agent: &str, now: Timestamp) -> bool {
    let Some(member) = ledger.members.get(uuid) else {
        return false;
    };
    let is_due = member.callback.as_ref().is_some_and(|callback| {
        let is_given_back = callback.given_back.get(agent).is_some_and(|until| now <= *until);
        callback.stage == Away::Pending && now > callback.due && !is_given_back
    });
    let config = ledger.queues.get(&member.queue);
    let is_dialled = config.is_some_and(|config| config.callbacks.dial.is_some());
    let is_rung = ledger.offers_of_member(uuid).next().is_some();
    is_due && is_dialled && !is_rung && now > member.retry_at && !ledger.may_pause(now)
}

/// Whether a member may be offered (again) now, beyond doubt.
pub fn wants_an_agent(ledger: &Ledger, uuid: &str, now: Timestamp) -> bool {
    let Some(member) = ledger.members.get(uuid) else {
        return false;
    };
    let Some(config) = ledger.queues.get(&member.queue) else {
        return false;
    };
    if member.leaving || !member.started || ledger.may_be_overdue(member, now) || ledger.may_pause(now) {
        return false;
    }
    let mut offers = ledger.offers_of_member(uuid);
    match config.strategy() {
        Strategy::RingAll => !offers.any(|offer| offer.started),
        Strategy::RingProgressively => offers.all(|offer| !offer.started && now > member.ring_more_at),
        _ => now > member.retry_at && offers.all(|offer| matches!(offer.stage, Stage::Cancelled | Stage::Failed)),
    }
}

/// Whether tiers and tier rules open a member to an agent, beyond doubt.
pub fn is_open_to(ledger: &Ledger, uuid: &str, agent: &str, now: Timestamp) -> bool {
    let Some(member) = ledger.members.get(uuid) else {
        return false;
    };
    let Some(config) = ledger.queues.get(&member.queue) else {
        return false;
    };
    let Some(row) = ledger.rows.agents().iter().find(|row| row.name == agent) else {
        return false;
    };
    if config.skip_agents_with_external_calls && row.external_calls_count > 0 {
        return false;
    }
    if ledger.rows.is_paused(agent, &member.queue) {
        return false;
    }
    if member.dropped_by.contains(agent) && ledger.offers_of_member(uuid).next().is_some() {
        return false;
    }
    let Some(place) = ledger.places.get(uuid) else {
        return false;
    };
    // A deadline at this very instant may still be to come.
    let waited = now.since(place.joined);
    let Some(level) = level_beyond_doubt(ledger, member, agent, waited) else {
        return false;
    };
    let is_open_at_once = !config.tier_rules_apply || level <= 0 || config.strategy().weighs_levels();
    is_open_at_once || waited > Span::from_secs(wait_for(config, level))
}

/// Seconds a member must have waited before agents of this level may serve it.
fn wait_for(config: &QueueConfig, level: i64) -> i64 {
    let factor = if config.tier_rule_wait_multiply_level { level } else { 1 };
    i64::from(config.tier_rule_wait_second) * factor
}
