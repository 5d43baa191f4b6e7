//! Who enters a queue and who has to leave it, by the queue's rules, told from rows alone.

use crate::chats::{chats, most};
use crate::demand::{could_ever_serve, serves_by_skill};
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
    let expected = refusal(ledger, config, request);
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

fn refusal(ledger: &Ledger, config: &QueueConfig, request: &JoinRequest) -> Option<CancelReason> {
    let asks = (config.name.as_str(), &request.requirements);
    let preferred = ledger.preferred_by(request);
    let own: Vec<&str> = preferred.names().iter().map(|name| &**name).collect();
    let count = u32::try_from(ledger.count(&config.name)).unwrap_or(u32::MAX);
    let is_empty_so = |absences| is_empty(ledger, asks, (&own, Span::ZERO), absences);
    let is_unstaffed = is_empty_so(Absences::NONE);
    let is_too_long = config.dissuade_queue_size > 0 && count > config.dissuade_queue_size;
    [
        (config.reject_on_no_agents && is_unstaffed, CancelReason::NoAgents),
        (config.join_empty.is_some_and(is_empty_so), CancelReason::JoinEmpty),
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

/// Whether every agent of a queue who could serve a caller of these requirements, who prefers these agents and has waited so long, is
/// absent, beyond doubt.
pub fn is_empty(
    ledger: &Ledger,
    asks: (&str, &CallerRequirements),
    (preferred, waited): (&[&str], Span),
    absences: Absences,
) -> bool {
    let (queue, requirements) = asks;
    let only = only_agents(ledger, queue, preferred);
    let may_serve = |row: &&AgentRow| only.as_ref().is_none_or(|only| only.contains(&row.name.as_str()));
    let absent = |row: &AgentRow| {
        let is_paused = ledger.rows.is_paused(&row.name, queue);
        let more = if is_paused { Absences::PAUSED } else { Absences::NONE };
        absences_of(ledger, queue, row, requirements.media).meets(absences) || more.meets(absences)
    };
    agents_of(ledger, asks, waited).filter(may_serve).all(absent)
}

/// The agents who alone may have a caller that prefers these: those who serve the queue, with `sticky-only`; none where all may.
pub fn only_agents<'a>(ledger: &Ledger, queue: &str, preferred: &[&'a str]) -> Option<Vec<&'a str>> {
    let config = ledger.queues.get(queue).filter(|config| config.sticky_only)?;
    let serves = |name: &&str| {
        let mut tiers = ledger.rows.tiers().iter();
        let is_known = ledger.rows.agents().iter().any(|row| row.name == *name);
        let has_tier = tiers.any(|tier| tier.queue == queue && tier.agent == *name);
        is_known && (has_tier || serves_by_skill(ledger, config, name))
    };
    let only: Vec<&str> = preferred.iter().copied().filter(serves).collect();
    (!only.is_empty()).then_some(only)
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
