//! Who enters a queue and who has to leave it, by the queue's rules, told from rows alone.

use crate::chats::{chats, most};
use crate::demand::could_ever_serve;
use crate::ledger::{Finding, Ledger};
use mod_callcenter::engine::{
    Absence, Absences, AgentRow, AgentState, AgentStatus, CallerRequirements, CancelReason, EngineError, JoinRequest,
    LegState, Media, QueueConfig, Reply, Span,
};

/// The answer to a caller at the door of a queue, before anything else has happened.
pub fn entry_is_right(ledger: &Ledger, request: &JoinRequest, reply: &Result<Reply, EngineError>) -> Finding {
    let queue = request.queue.as_str();
    let (Some(config), Ok(reply)) = (ledger.queues.get(queue), reply) else {
        return Ok(());
    };
    // Callers who prefer agents may be alone with that.
    if config.sticky_only {
        return Ok(());
    }
    let refused = match reply {
        // Whoever comes to a place that is kept, or is to have one already, passes no door.
        Reply::Joined { member_uuid, .. } | Reply::CalledBack { member_uuid, .. }
            if ledger.members.contains_key(member_uuid) =>
        {
            return Ok(());
        }
        // There are more reasons to call nobody back than rows tell.
        Reply::Refused {
            reason: CancelReason::CallbackRefused,
            ..
        } => None,
        Reply::Refused { reason, .. } => Some(*reason),
        _ => None,
    };
    let may_be_empty = refused == Some(CancelReason::JoinEmpty) && is_time(config.join_empty);
    let expected = refusal(ledger, config, &request.requirements);
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

fn refusal(ledger: &Ledger, config: &QueueConfig, requirements: &CallerRequirements) -> Option<CancelReason> {
    let asks = (config.name.as_str(), requirements);
    let count = u32::try_from(ledger.count(&config.name)).unwrap_or(u32::MAX);
    let is_empty = config
        .join_empty
        .is_some_and(|absences| is_empty(ledger, asks, Span::ZERO, absences));
    let is_too_long = config.dissuade_queue_size > 0 && count > config.dissuade_queue_size;
    [
        (
            config.reject_on_no_agents && agents_of(ledger, asks, Span::ZERO).next().is_none(),
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

/// Whether every agent of a queue who could serve a caller of these requirements, who has waited so long, is absent, beyond doubt.
pub fn is_empty(ledger: &Ledger, asks: (&str, &CallerRequirements), waited: Span, absences: Absences) -> bool {
    let (queue, requirements) = asks;
    let absent = |row: &AgentRow| {
        let is_paused = ledger.rows.is_paused(&row.name, queue);
        let more = if is_paused { Absences::PAUSED } else { Absences::NONE };
        absences_of(ledger, queue, row, requirements.media).meets(absences) || more.meets(absences)
    };
    agents_of(ledger, asks, waited).all(absent)
}

/// The agents who are logged in and could serve such a caller at some time.
pub fn agents_of<'a>(
    ledger: &'a Ledger,
    asks: (&'a str, &'a CallerRequirements),
    waited: Span,
) -> impl Iterator<Item = &'a AgentRow> {
    let logged_in = |row: &&AgentRow| row.status != AgentStatus::LoggedOut && ledger.leg_of(row) != LegState::Gone;
    let rows = ledger.rows.agents().iter().filter(logged_in);
    rows.filter(move |row| could_ever_serve(ledger, asks, &row.name, waited))
}

fn absences_of(ledger: &Ledger, queue: &str, row: &AgentRow, media: Media) -> Absences {
    let is_paused = row.status == AgentStatus::OnBreak || row.state == AgentState::Idle;
    let minds = |config: &QueueConfig| config.skip_agents_with_external_calls;
    let has_other_call = row.external_calls_count > 0 && ledger.queues.get(queue).is_some_and(minds);
    let (is_ringing, is_in_use) = match media {
        Media::Audio => (
            matches!(row.state, AgentState::Receiving | AgentState::Reserved),
            row.state == AgentState::InAQueueCall || has_other_call,
        ),
        Media::Chat => {
            let mut rings = chats(ledger, &row.name).filter(|chat| chat.is_being_offered());
            let running = chats(ledger, &row.name).filter(|chat| !chat.is_being_offered()).count();
            (rings.next().is_some(), running >= most(ledger, &row.name))
        }
    };
    let all = [
        (is_paused, Absence::Paused),
        (is_ringing, Absence::Ringing),
        (is_in_use, Absence::InUse),
    ];
    let present = all.into_iter().filter(|(holds, _)| *holds);
    present.fold(Absences::NONE, |all, (_, absence)| all.with(absence))
}
