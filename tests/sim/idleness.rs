//! Nobody waits while an agent who may serve is free.

use crate::chats;
use crate::fairness::{is_open_to, wants, wants_an_agent};
use crate::ledger::{Away, Finding, Ledger, Member, Offer, FLOOR};
use crate::preferring;
use mod_callcenter::engine::{AgentRow, AgentState, LegState, Media, Span, Timestamp};

/// Between two steps no member waits for whom an agent is free, unless it waits for another one whom it prefers.
pub fn nobody_waits_for_a_free_agent(ledger: &Ledger, now: Timestamp) -> Finding {
    if ledger.members.is_empty() {
        return Ok(());
    }
    let agents = || ledger.rows.agents().iter();
    let free: Vec<&AgentRow> = agents().filter(|row| is_free(ledger, row, now)).collect();
    let free_to_chat: Vec<&AgentRow> = agents().filter(|row| chats::is_free(ledger, row, now)).collect();
    if free.is_empty() && free_to_chat.is_empty() {
        return Ok(());
    }
    for (uuid, member) in &ledger.members {
        if !wants_an_agent(ledger, uuid, now) && !may_be_called(member) {
            continue;
        }
        let is_spoken_for = preferring::may_be_spoken_for(ledger, uuid, now);
        let candidates = match member.requirements.media {
            Media::Audio => &free,
            Media::Chat => &free_to_chat,
        };
        let mut open = candidates.iter().filter(|agent| {
            if !wants(ledger, uuid, &agent.name, now) {
                return false;
            }
            let usable =
                member.requirements.media == Media::Chat || has_usable_tier(ledger, &member.queue, &agent.name);
            let is_for = !is_spoken_for || preferring::still_prefers(ledger, uuid, &agent.name);
            usable && is_for && is_open_to(ledger, uuid, &agent.name, now)
        });
        let held = match member.requirements.media {
            Media::Audio => held_before(ledger, uuid, member),
            Media::Chat => 0,
        };
        if let Some(agent) = open.nth(held) {
            return Err(format!(
                "{uuid} ({member:?}) waits although {agent:?} is free, and no more than {held} are held"
            ));
        }
    }
    Ok(())
}

fn may_be_called(member: &Member) -> bool {
    let callback = member.callback.as_ref();
    callback.is_some_and(|callback| callback.stage == Away::Pending)
}

/// How many agents at most are held for callbacks and kept from this member: as many as are being dialled on places before it, or by whom
/// agents of their own are wanted. Whoever has phones ringing stands behind; and who is to be called back takes nobody away from an
/// attempt that is under way.
fn held_before(ledger: &Ledger, uuid: &str, member: &Member) -> usize {
    let rank = |uuid: &str, member: &Member| {
        let priority = ledger.queues.get(&member.queue).map_or(0, |config| config.priority);
        ledger
            .places
            .get(uuid)
            .map(|place| (std::cmp::Reverse(priority), *place))
    };
    let takes_agents = !may_be_called(member) && ledger.offers_of_member(uuid).next().is_none();
    let mine = rank(uuid, member).filter(|_| takes_agents);
    let is_held = |(other, member): &(&String, &Member)| {
        let callback = member.callback.as_ref();
        let is_dialled = callback.is_some_and(|callback| matches!(callback.stage, Away::Attempting | Away::Arriving));
        let has_agent = ledger.offers_of_member(other).any(Offer::is_waiting);
        let is_behind = mine.is_some() && rank(other, member) > mine && member.preferred.is_empty();
        is_dialled && !has_agent && !is_behind
    };
    ledger.members.iter().filter(is_held).count()
}

/// A tier that stands for skills has no row; who is free can be reached through it.
fn has_usable_tier(ledger: &Ledger, queue: &str, agent: &str) -> bool {
    let mut tiers = ledger.rows.tiers().iter();
    let tier = tiers.find(|tier| tier.queue == queue && tier.agent == agent);
    tier.is_none_or(|tier| tier.state.is_usable())
}

/// Whether the agent may be offered a call now, beyond doubt: rows carry whole seconds, so a ready time counts from the
/// second after it; and a deadline at this very instant may still be to come.
fn is_free(ledger: &Ledger, row: &AgentRow, now: Timestamp) -> bool {
    let times = ledger.agents.get(&row.name).copied().unwrap_or_default();
    let bridge_end = if times.last_bridge_end.steady_secs() == row.last_bridge_end {
        times.last_bridge_end
    } else {
        Timestamp::from_secs(row.last_bridge_end + 1)
    };
    let never_talked = row.last_bridge_end == 0;
    row.status.wants_calls()
        && ledger.leg_of(row) == LegState::Alone
        && row.state == AgentState::Waiting
        && (never_talked || now > bridge_end + Span::from_secs(row.wrap_up_time))
        && (row.ready_time == 0 || now > Timestamp::from_secs(row.ready_time + 1))
        && now > times.retry_after + FLOOR
}
