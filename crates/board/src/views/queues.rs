//! Queues and who waits there.

use super::{caller, put, Caller};
use crate::hub::Items;
use crate::settings::{ServiceLevel, Settings, Thresholds};
use crate::snapshot::{AgentCounts, Callback, Figures, HalfHour, Left, Member, Queue, Snapshot};
use serde::Serialize;
use serde_json::json;

/// Estimates are told in steps, so that a tile does not change for a second more or less.
const ESTIMATE_STEP_MS: u64 = 5_000;

/// What a member has in place of an agent's name while nobody's phone rings for it, or those of many.
const WHOEVER: [&str; 3] = ["", "ring-all", "ring-progressively"];

/// A queue at a glance.
#[derive(Serialize)]
struct Tile<'a> {
    name: &'a str,
    title: String,
    place: usize,
    waiting: u64,
    ringing: u64,
    talking: u64,
    oldest: Option<i64>,
    estimate_ms: Option<u64>,
    agents: &'a AgentCounts,
    callbacks: u64,
    calls: u64,
    answered: u64,
    abandoned: u64,
    released: u64,
    refused: u64,
    average_wait_ms: Option<u64>,
    longest_wait_ms: u64,
    average_talk_ms: Option<u64>,
    level: Option<u32>,
    limits: Thresholds,
}

/// The queues that are shown.
fn shown<'a>(settings: &'a Settings, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a Queue> {
    snapshot.queues.iter().filter(|queue| settings.shows_queue(&queue.name))
}

fn tile<'a>(settings: &Settings, queue: &'a Queue, is_from_lists: bool) -> Tile<'a> {
    let (live, today) = (&queue.live, &queue.today);
    Tile {
        name: &queue.name,
        title: settings.queue_title(&queue.name),
        place: settings.place_of(&queue.name),
        waiting: live.waiting,
        ringing: live.ringing_members,
        talking: live.talking,
        oldest: live.oldest_joined_at,
        estimate_ms: live
            .estimated_wait_ms
            .map(|wait| wait.div_ceil(ESTIMATE_STEP_MS) * ESTIMATE_STEP_MS),
        agents: &live.agents,
        callbacks: live.callbacks.all(),
        calls: today.calls,
        answered: today.answered,
        abandoned: today.abandoned,
        released: today.released,
        refused: today.refused,
        average_wait_ms: today.wait_ms.checked_div(today.answered).filter(|_| !is_from_lists),
        longest_wait_ms: today.longest_wait_ms,
        average_talk_ms: today.talk_ms.checked_div(today.talks),
        level: (!is_from_lists)
            .then(|| service_level(settings.service_level, today))
            .flatten(),
        limits: settings.thresholds_of(&queue.name),
    }
}

/// Percent, rounded down: 80 is only shown when it was reached. None where nobody came.
pub fn service_level(of: ServiceLevel, figures: &Figures) -> Option<u32> {
    let answered = figures.answered.saturating_sub(figures.answered_outside_level);
    let left = (figures.abandoned + figures.released).saturating_sub(figures.left_outside_level);
    let (good, all) = match of {
        ServiceLevel::All => (figures.answered_in_time + figures.left_in_time, answered + left),
        ServiceLevel::Answered => (figures.answered_in_time, answered),
    };
    (good * 100)
        .checked_div(all)
        .and_then(|percent| u32::try_from(percent).ok())
}

pub(super) fn tiles(items: &mut Items, settings: &Settings, snapshot: &Snapshot) {
    for queue in shown(settings, snapshot) {
        put(
            items,
            &format!("q:{}", queue.name),
            tile(settings, queue, snapshot.is_from_lists),
        );
    }
}

/// The names of all queues, for whoever looks for one.
pub(super) fn names(items: &mut Items, settings: &Settings, snapshot: &Snapshot) {
    for queue in shown(settings, snapshot) {
        let name = json!({"name": queue.name, "title": settings.queue_title(&queue.name), "place": settings.place_of(&queue.name)});
        put(items, &format!("q:{}", queue.name), name);
    }
}

/// One queue with all there is to say of it.
pub(super) fn one(items: &mut Items, settings: &Settings, snapshot: &Snapshot, name: &str) {
    let Some(queue) = shown(settings, snapshot).find(|queue| queue.name == name) else {
        return;
    };
    put(items, "queue", tile(settings, queue, snapshot.is_from_lists));
    let reasons = json!({
        "strategy": queue.strategy,
        "max_wait_seconds": queue.max_wait_seconds,
        "max_queue_length": queue.max_queue_length,
        "left": queue.today.left_by_reason,
        "refused": queue.today.refused_by_reason,
        "failed": queue.today.offers_failed_by_reason,
        "callbacks": queue.today.callbacks_by_result,
    });
    put(items, "facts", reasons);
    if let Some(half_hours) = &queue.half_hours {
        put(items, "day", Day { half_hours });
    }
    members(items, settings, queue);
    for left in &queue.left {
        put(
            items,
            &format!("l:{}:{}", left.left_at, left.uuid),
            gone(settings, left),
        );
    }
}

#[derive(Serialize)]
struct Day<'a> {
    half_hours: &'a [HalfHour],
}

pub(super) fn all_members(items: &mut Items, settings: &Settings, snapshot: &Snapshot) {
    for queue in shown(settings, snapshot) {
        members(items, settings, queue);
    }
}

fn members(items: &mut Items, settings: &Settings, queue: &Queue) {
    for member in queue.members.iter().filter(|member| member.state != "Answered") {
        put(items, &format!("m:{}", member.uuid), waiting(settings, queue, member));
    }
}

#[derive(Serialize)]
struct Waiting<'a> {
    uuid: &'a str,
    #[serde(flatten)]
    caller: Caller,
    queue: &'a str,
    queue_title: String,
    place: Option<u64>,
    joined: i64,
    state: &'a str,
    agent: Option<String>,
    base_score: i64,
    is_chat: bool,
    requirements: &'a str,
    offers: u64,
    callback: Option<CalledBack<'a>>,
    limits: Thresholds,
}

/// How far the callback of somebody in line is.
#[derive(Serialize)]
struct CalledBack<'a> {
    state: &'a str,
    attempts: u64,
    last_end: &'a str,
    next: Option<i64>,
}

impl<'a> CalledBack<'a> {
    fn of(callback: &'a Callback) -> Self {
        Self {
            state: &callback.state,
            attempts: callback.attempts,
            last_end: &callback.last_end,
            next: callback.next_attempt_at,
        }
    }
}

fn waiting<'a>(settings: &Settings, queue: &'a Queue, member: &'a Member) -> Waiting<'a> {
    let called = member.callback.as_ref().map(|callback| callback.number.as_str());
    // Whoever is to be called on another number than the own one.
    let number = called.filter(|number| !number.is_empty()).unwrap_or(&member.number);
    Waiting {
        uuid: &member.uuid,
        caller: caller(settings, &member.name, number),
        queue: &queue.name,
        queue_title: settings.queue_title(&queue.name),
        place: member.place,
        joined: member.joined_at,
        state: &member.state,
        agent: (!WHOEVER.contains(&member.agent.as_str())).then(|| settings.agent_title(&member.agent)),
        base_score: member.base_score,
        is_chat: member.media == "chat",
        requirements: &member.requirements,
        offers: member.offers,
        callback: member.callback.as_ref().map(CalledBack::of),
        limits: settings.thresholds_of(&queue.name),
    }
}

#[derive(Serialize)]
struct Gone<'a> {
    #[serde(flatten)]
    caller: Caller,
    at: i64,
    waited_ms: u64,
    reason: &'a str,
    by_caller: bool,
}

fn gone<'a>(settings: &Settings, left: &'a Left) -> Gone<'a> {
    Gone {
        caller: caller(settings, &left.name, &left.number),
        at: left.left_at,
        waited_ms: left.waited_ms,
        reason: &left.reason,
        by_caller: left.by_caller,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_level_is_never_rounded_up_to_its_target() {
        let figures = Figures {
            answered: 9,
            answered_in_time: 7,
            abandoned: 1,
            ..Figures::default()
        };
        assert_eq!(service_level(ServiceLevel::Answered, &figures), Some(77));
        assert_eq!(service_level(ServiceLevel::All, &figures), Some(70));
        assert_eq!(service_level(ServiceLevel::All, &Figures::default()), None);
        let some_called_back = Figures {
            answered_outside_level: 2,
            ..figures
        };
        assert_eq!(service_level(ServiceLevel::Answered, &some_called_back), Some(100));
        assert_eq!(service_level(ServiceLevel::All, &some_called_back), Some(87));
    }
}
