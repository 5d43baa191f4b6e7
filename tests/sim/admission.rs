//! Who enters a queue and who has to leave it, by the queue's rules, told from rows alone.

use crate::demand::serves_by_skill;
use crate::ledger::{Finding, Ledger};
use mod_callcenter::core::{
    Absence, Absences, AgentRow, AgentState, AgentStatus, CancelReason, EngineError, QueueConfig, Reply,
};

/// The answer to a caller at the door of a queue, before anything else has happened.
pub fn entry_is_right(ledger: &Ledger, queue: &str, reply: &Result<Reply, EngineError>) -> Finding {
    let (Some(config), Ok(reply)) = (ledger.queues.get(queue), reply) else {
        return Ok(());
    };
    let refused = match reply {
        Reply::Refused { reason, .. } => Some(*reason),
        _ => None,
    };
    let may_be_empty = refused == Some(CancelReason::JoinEmpty) && is_time(config.join_empty);
    let expected = refusal(ledger, config);
    // How long somebody would wait is not told by rows.
    let may_be_dissuaded = config.dissuade_estimated_wait > 0 && parts(config) && expected.is_none();
    if refused == Some(CancelReason::DissuadeEstimatedWait) && may_be_dissuaded {
        return Ok(());
    }
    if refused == expected || (may_be_empty && expected != Some(CancelReason::NoAgents)) {
        return Ok(());
    }
    let count = ledger.count(queue);
    Err(format!(
        "{refused:?} at the door of {config:?} with {count} callers, {expected:?} expected"
    ))
}

fn refusal(ledger: &Ledger, config: &QueueConfig) -> Option<CancelReason> {
    let count = u32::try_from(ledger.count(&config.name)).unwrap_or(u32::MAX);
    let is_empty = config
        .join_empty
        .is_some_and(|absences| is_empty(ledger, &config.name, absences));
    let is_too_long = config.dissuade_queue_size > 0 && count > config.dissuade_queue_size;
    [
        (
            config.reject_on_no_agents && agents_of(ledger, &config.name).next().is_none(),
            CancelReason::NoAgents,
        ),
        (is_empty, CancelReason::JoinEmpty),
        (
            config.max_queue_length > 0 && count >= config.max_queue_length,
            CancelReason::QueueFull,
        ),
        (is_too_long && parts(config), CancelReason::DissuadeQueueSize),
    ]
    .into_iter()
    .find_map(|(holds, reason)| holds.then_some(reason))
}

/// Whether a caller who is dissuaded has to go.
pub fn parts(config: &QueueConfig) -> bool {
    config.dissuade_hangup || config.dissuade_destination.is_some()
}

/// Whether it depends on time whether somebody is absent so: rows do not tell that.
pub fn is_time(absences: Option<Absences>) -> bool {
    let of_time = Absences::NONE.with(Absence::WrapUp).with(Absence::Unavailable);
    absences.is_some_and(|absences| absences.meets(of_time))
}

/// Whether every agent of a queue is absent, beyond doubt.
pub fn is_empty(ledger: &Ledger, queue: &str, absences: Absences) -> bool {
    let absent = |row: &AgentRow| {
        let is_paused = ledger.rows.is_paused(&row.name, queue);
        let more = if is_paused { Absences::PAUSED } else { Absences::NONE };
        absences_of(row).meets(absences) || more.meets(absences)
    };
    agents_of(ledger, queue).all(absent)
}

fn agents_of<'a>(ledger: &'a Ledger, queue: &'a str) -> impl Iterator<Item = &'a AgentRow> {
    let has_tier = move |row: &AgentRow| {
        let mut tiers = ledger.rows.tiers().iter();
        tiers.any(|tier| tier.queue == queue && tier.agent == row.name)
    };
    let by_skill = move |row: &AgentRow| {
        let config = ledger.queues.get(queue);
        config.is_some_and(|config| serves_by_skill(ledger, config, &row.name))
    };
    let rows = ledger.rows.agents().iter();
    rows.filter(move |row| row.status != AgentStatus::LoggedOut && (has_tier(row) || by_skill(row)))
}

fn absences_of(row: &AgentRow) -> Absences {
    let is_paused = row.status == AgentStatus::OnBreak || row.state == AgentState::Idle;
    let is_ringing = matches!(row.state, AgentState::Receiving | AgentState::Reserved);
    let is_in_use = row.state == AgentState::InAQueueCall || row.external_calls_count > 0;
    let all = [
        (is_paused, Absence::Paused),
        (is_ringing, Absence::Ringing),
        (is_in_use, Absence::InUse),
    ];
    let present = all.into_iter().filter(|(holds, _)| *holds);
    present.fold(Absences::NONE, |all, (_, absence)| all.with(absence))
}
