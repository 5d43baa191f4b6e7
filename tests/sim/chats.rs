//! Chats beside calls: never more than `max-chats`, each medium's own wrap-up, and the queue's policy.

use crate::demand::level_beyond_doubt;
use crate::fairness::is_open_to;
use crate::ledger::{Finding, Ledger, Offer, FLOOR};
use crate::preferring;
use mod_callcenter::engine::{
    AgentKind, AgentRow, AgentState, ChatDispatch, Media, QueueConfig, Ring, Span, Strategy, Timestamp,
};

/// How many chats an agent takes at once.
pub fn most(ledger: &Ledger, agent: &str) -> usize {
    usize::try_from(ledger.rows.limits(agent).max_chats).unwrap_or(0)
}

pub fn chats<'a>(ledger: &'a Ledger, agent: &'a str) -> impl Iterator<Item = &'a Offer> {
    ledger.offers_of_agent(agent).filter(|offer| offer.media == Media::Chat)
}

/// After a step in which the agent was rung for a chat: as many were allowed before it, or are now.
pub fn are_not_too_many(ledger: &Ledger, agent: &str, before: usize) -> Finding {
    let (found, most) = (chats(ledger, agent).count(), most(ledger, agent).max(before));
    if found <= most {
        return Ok(());
    }
    Err(format!("{agent} has {found} chats, and takes {most}"))
}

/// The pause after a chat that ends now.
pub fn wrap_up(ledger: &Ledger, offer: &Offer) -> Span {
    let own = ledger.rows.limits(&offer.agent).chat_wrap_up_time;
    let config = ledger.queues.get(&offer.queue);
    let of_queue = |get: fn(&QueueConfig) -> u32| config.map_or(0, |config| i64::from(get(config)));
    let pause = if own > 0 {
        own
    } else {
        of_queue(|config| config.wrap_up_time)
    };
    let longest = of_queue(|config| config.max_wrap_up_time);
    Span::from_secs(if longest > 0 { pause.min(longest) } else { pause })
}

/// Whether an agent may be offered a chat now, beyond doubt.
pub fn is_free(ledger: &Ledger, row: &AgentRow, now: Timestamp) -> bool {
    let times = ledger.agents.get(&row.name).copied().unwrap_or_default();
    let is_at_work = match ledger.call_of_agent(&row.name) {
        Some(_) => !ledger.commanded.contains(&row.name),
        None => row.state == AgentState::Waiting,
    };
    is_at_work
        && !ledger.gone.contains(&row.name)
        && row.status.wants_calls()
        && row.agent_type.kind() == AgentKind::Callback
        && chats(ledger, &row.name).count() < most(ledger, &row.name)
        && !chats(ledger, &row.name).any(Offer::is_being_offered)
        && now > times.chat_rest
        && (row.ready_time == 0 || now > Timestamp::from_secs(row.ready_time + 1))
        // A pause between chats outlasts a restart.
        && now > Timestamp::from_secs(ledger.rows.limits(&row.name).chat_ready_time + 1)
        && now > times.retry_after + FLOOR
}

/// The wrap-up after the last chat is over, and nobody stands before the agent by the queue's policy.
pub fn is_offered_rightly(ledger: &Ledger, now: Timestamp, ring: &Ring) -> Finding {
    let times = ledger.agents.get(&ring.agent).copied().unwrap_or_default();
    if now < times.chat_rest && !times.chat_rest_may_be_over {
        return Err(format!(
            "{} is rung for a chat before {:?}",
            ring.agent, times.chat_rest
        ));
    }
    let (Some(member), Some(place)) = (
        ledger.members.get(&ring.member_uuid),
        ledger.places.get(&ring.member_uuid),
    ) else {
        return Ok(());
    };
    let Some(config) = ledger.queues.get(&ring.queue) else {
        return Ok(());
    };
    // Whom a caller prefers it gets first, whoever has how many.
    if preferring::prefers(ledger, &ring.member_uuid, &ring.agent) {
        return Ok(());
    }
    // top-down goes on behind the agent who was tried last, whoever has how many.
    if config.strategy() == Strategy::TopDown {
        return Ok(());
    }
    let level = |agent: &str| {
        let level = level_beyond_doubt(ledger, member, agent, now.since(place.joined));
        level.map(|level| if config.strategy().weighs_levels() { 0 } else { level })
    };
    let rank = |agent: &str| {
        let chats = chats(ledger, agent).count();
        let chats = i64::try_from(chats).unwrap_or(i64::MAX);
        match config.chat_dispatch_policy {
            ChatDispatch::Balancing => chats,
            ChatDispatch::FullLoad => -chats,
        }
    };
    let (own_level, own_rank) = (level(&ring.agent), rank(&ring.agent));
    let before = ledger.rows.agents().iter().find(|row| {
        row.name != ring.agent
            && !member.missed_by.contains(&row.name)
            && is_free(ledger, row, now)
            && own_level.is_some()
            && level(&row.name) == own_level
            && is_open_to(ledger, &ring.member_uuid, &row.name, now)
            && rank(&row.name) < own_rank
    });
    match before {
        None => Ok(()),
        Some(row) => Err(format!(
            "{} with {} chats is rung by {} although {} has {}",
            ring.agent,
            chats(ledger, &ring.agent).count(),
            config.chat_dispatch_policy,
            row.name,
            chats(ledger, &row.name).count()
        )),
    }
}
