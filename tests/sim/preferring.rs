//! Agents whom callers prefer: a workload that uses them, and what holds of callers who wait for such an agent.
//!
//! `SIM_SEED=N cargo test --test sim preferring` plays one day.

use crate::days::{asked_or, day};
use crate::demand::level_beyond_doubt;
use crate::ledger::{Finding, Ledger, Member};
use crate::mutants;
use crate::watch;
use callcenter_simulator::{Dice, Plan};
use mod_callcenter::engine::{
    AgentKind, AgentRow, AgentState, AgentStatus, Media, PreferredAgents, QueueConfig, Ring, Span, Timestamp,
};
use std::sync::Arc;

/// So many days have passed every mark about agents whom callers prefer.
const DAYS: u64 = 60;

/// The day with callers who prefer agents, some because they have talked to one before.
pub fn with_preferred(mut plan: Plan) -> Plan {
    let mut dice = Dice::new(plan.seed, "preferred");
    for queue in &mut plan.queues {
        queue.sticky_wait = u32::try_from(dice.between(0, 2) * dice.between(0, 60)).unwrap_or(0);
        queue.sticky_days = u32::from(dice.chance(0.6));
        queue.sticky_only = dice.chance(0.15);
    }
    let names: Vec<String> = plan.agents.iter().map(|agent| agent.name.clone()).collect();
    for traffic in &mut plan.traffic {
        traffic.preferred = (0..dice.between(0, 4))
            .map(|_| random_list(&names, &mut dice))
            .collect();
        traffic.numbers = dice.between(5, 80);
    }
    plan
}

/// Some of the agents, and now and then somebody who is none.
fn random_list(names: &[String], dice: &mut Dice) -> PreferredAgents {
    let picked: Vec<&str> = (0..dice.between(0, 3))
        .map(|_| match dice.chance(0.1) {
            true => "nobody",
            false => dice.pick(names).map_or("nobody", String::as_str),
        })
        .collect();
    PreferredAgents::parse(&picked.join(",")).0
}

/// How long a caller of this queue waits for an agent whom it prefers, and so long it may be passed over.
pub fn patience(config: &QueueConfig) -> Span {
    Span::from_secs(i64::from(config.sticky_wait))
}

/// Whether the member prefers this agent.
pub fn prefers(ledger: &Ledger, uuid: &str, agent: &str) -> bool {
    ledger
        .members
        .get(uuid)
        .is_some_and(|member| member.preferred.has(agent))
}

/// Whether the member prefers this agent, who has not failed it yet.
pub fn still_prefers(ledger: &Ledger, uuid: &str, agent: &str) -> bool {
    let is_missed = |member: &Member| member.missed_by.contains(agent);
    prefers(ledger, uuid, agent) && !ledger.members.get(uuid).is_some_and(is_missed)
}

/// Whether the member may be waiting for somebody whom it prefers, so that others are not for it.
pub fn may_be_spoken_for(ledger: &Ledger, uuid: &str, now: Timestamp) -> bool {
    let (Some(member), Some(place)) = (ledger.members.get(uuid), ledger.places.get(uuid)) else {
        return false;
    };
    let Some(config) = ledger.queues.get(&member.queue) else {
        return false;
    };
    let is_rung = ledger
        .offers_of_member(uuid)
        .any(|offer| member.preferred.has(&offer.agent));
    if is_rung {
        return true;
    }
    let may_wait = config.sticky_only || now.since(place.joined) <= patience(config);
    let may_be_awaited = |name: &Arc<str>| config.sticky_only || may_be_there(ledger, &member.queue, name);
    may_wait && member.preferred.names().iter().any(may_be_awaited)
}

/// Whether an agent may be one of a queue who is logged in and not on a break.
fn may_be_there(ledger: &Ledger, queue: &str, name: &str) -> bool {
    let row = ledger.rows.agents().iter().find(|row| row.name == name);
    let away = [AgentStatus::LoggedOut, AgentStatus::OnBreak];
    row.is_some_and(|row| !away.contains(&row.status)) && !ledger.rows.is_paused(name, queue)
}

/// A member who was given to somebody it does not prefer, and whom it seemed to be waiting for.
struct Suspect {
    member: String,
    agent: String,
    awaited: String,
}

/// Who waits for an agent is not given to another.
#[derive(Default)]
pub struct Preferring {
    suspects: Vec<Suspect>,
}

impl Preferring {
    /// Somebody is rung. What the rows say may be about to change in this step.
    pub fn ring(&mut self, ledger: &Ledger, now: Timestamp, ring: &Ring) {
        if prefers(ledger, &ring.member_uuid, &ring.agent) {
            return;
        }
        if let Some(awaited) = awaited(ledger, &ring.member_uuid, now) {
            self.suspects.push(Suspect {
                member: ring.member_uuid.clone(),
                agent: ring.agent.clone(),
                awaited,
            });
        }
    }

    /// The step is over, and the rows are the state of things.
    pub fn settle(&mut self, ledger: &Ledger, now: Timestamp) -> Finding {
        for suspect in std::mem::take(&mut self.suspects) {
            let member = ledger.members.get(&suspect.member);
            let still = member.is_some_and(|member| {
                let config = ledger.queues.get(&member.queue);
                config.is_some_and(|config| config.sticky_only) || is_surely_there(ledger, member, &suspect.awaited)
            });
            if still && awaited(ledger, &suspect.member, now).as_ref() == Some(&suspect.awaited) {
                let Suspect { member, agent, awaited } = suspect;
                return Err(format!(
                    "{member} is offered to {agent} although it waits for {awaited}"
                ));
            }
        }
        Ok(())
    }
}

/// For whom a member waits beyond doubt.
fn awaited(ledger: &Ledger, uuid: &str, now: Timestamp) -> Option<String> {
    let (member, place) = (ledger.members.get(uuid)?, ledger.places.get(uuid)?);
    let config = ledger.queues.get(&member.queue)?;
    let waited = now.since(place.joined);
    let is_missed = |name: &str| {
        member.preferred_no_more.contains(name) || (member.missed_by.contains(name) && !config.sticky_only)
    };
    let is_awaited = |name: &&Arc<str>| {
        let name: &str = name;
        if is_missed(name) {
            return false;
        }
        if config.sticky_only {
            let mut tiers = ledger.rows.tiers().iter();
            return ledger.rows.agents().iter().any(|row| row.name == name)
                && tiers.any(|tier| tier.queue == member.queue && tier.agent == name);
        }
        let level = level_beyond_doubt(ledger, member, name, waited);
        let opens_at_once = !config.tier_rules_apply || config.strategy().weighs_levels();
        let is_open = level.is_some_and(|level| level <= 0 || opens_at_once);
        waited < patience(config) && is_open && is_surely_there(ledger, member, name)
    };
    member
        .preferred
        .names()
        .iter()
        .find(is_awaited)
        .map(|name| name.to_string())
}

fn is_surely_there(ledger: &Ledger, member: &Member, name: &str) -> bool {
    let row = ledger.rows.agents().iter().find(|row| row.name == name);
    let takes = |row: &AgentRow| match member.requirements.media {
        Media::Audio => true,
        Media::Chat => ledger.rows.limits(&row.name).max_chats > 0,
    };
    row.is_some_and(|row| {
        row.status == AgentStatus::Available
            && row.state != AgentState::Idle
            && row.agent_type.kind() == AgentKind::Callback
            && takes(row)
            && !ledger.rows.is_paused(name, &member.queue)
    })
}

#[test]
fn callers_prefer_agents_on_ordinary_days() {
    mutants::break_as_told();
    for seed in asked_or(0..DAYS) {
        watch::check(&with_preferred(day(seed))).unwrap_or_else(|finding| panic!("day {seed}: {finding}"));
    }
}
