//! `callcenter_config snapshot`: everything under one look, for whoever shows it.
//!
//! Instants end in `_at` and are milliseconds since the epoch, lengths end in `_ms`, what is configured in seconds in `_seconds`.

mod request;

use super::json::JsonError;
use super::local_day::LocalDay;
use super::reply::{Answer, Refusal};
use super::Console;
use crate::driver::{Health, Seen};
use crate::engine::{
    AgentNumbers, AgentOverview, AgentTally, Bounds, CallOverview, CallbackCounts, CallbackNumbers, CallbackOverview,
    CallbackResult, Histogram, Histograms, LeaverOverview, MemberOverview, Overview, Pause, QueueOverview, Span, Tally,
    TierOverview, WallTime,
};
use request::Request;
use serde_json::{json, Map, Value};
use std::time::Duration;

/// Which form it has: the number changes when something goes away or means something else.
const SCHEMA: u32 = 1;

/// Seconds of half an hour.
const HALF_HOUR: i64 = 1_800;

impl Console {
    /// Everything, as text.
    pub(super) fn snapshot_as_text(&self) -> Answer {
        let snapshot = self.snapshot(&Value::Null);
        let snapshot = snapshot.map_err(|error| Refusal(error.to_string()))?;
        Ok(format!("{snapshot}\n"))
    }

    /// What is asked for in `data`.
    pub(super) fn snapshot(&self, data: &Value) -> Result<Value, JsonError> {
        let day = LocalDay::of(self.driver.wall());
        let request = Request::read(data, day.began)?;
        let seen = self.driver.see(|engine, now| engine.overview(now, &request.overview));
        let mut snapshot = self.frame(&seen, day);
        let overview = seen.value;
        if request.overview.with_histograms {
            snapshot.insert("histogram_bounds".to_owned(), bounds(&overview.wait_bounds));
        }
        if request.overview.with_queues {
            let queues = overview.queues.iter();
            let queues = queues.map(|queue| request.filled(queue_json(queue, day.began)));
            snapshot.insert("queues".to_owned(), queues.collect());
        }
        if request.with_agents {
            let agents = overview.agents.iter();
            let agents = agents.map(|agent| request.filled(agent_json(agent)));
            snapshot.insert("agents".to_owned(), agents.collect());
            snapshot.insert("agents_next".to_owned(), overview.agents_next.map(|id| id.0).into());
        }
        if request.with_health {
            let health = health_json(&self.driver.health(), &overview, seen.locked);
            snapshot.insert("health".to_owned(), health);
        }
        Ok(Value::Object(snapshot))
    }

    /// What is there whatever was asked for.
    fn frame(&self, seen: &Seen<Overview>, day: LocalDay) -> Map<String, Value> {
        let led = seen.mark.led.as_ref();
        // Whoever leads a cluster begins to count when it begins to lead.
        let counts_since = led.map_or(self.loaded, |led| led.since);
        let frame = json!({
            "schema": SCHEMA,
            "sequence": seen.mark.sequence,
            "now_at": seen.value.now.millis(),
            "instance": seen.value.instance,
            "module": { "version": env!("CARGO_PKG_VERSION"), "loaded_at": counts_since.millis() },
            "service_level_seconds": seen.value.service_level_seconds,
            "today": {
                "since_at": millis(day.began),
                "counted_since_at": counts_since.millis().max(millis(day.began)),
                "utc_offset_seconds": day.offset,
            },
        });
        let mut frame = match frame {
            Value::Object(frame) => frame,
            _ => Map::new(),
        };
        if let Some(led) = led {
            frame.insert("election".to_owned(), led.election.as_str().into());
            frame.insert("events_everywhere".to_owned(), seen.value.events_everywhere.into());
        }
        frame
    }
}

fn millis(seconds: i64) -> i64 {
    seconds.saturating_mul(1_000)
}

fn at(at: Option<WallTime>) -> Value {
    at.map(WallTime::millis).into()
}

/// An epoch second of a row; 0 is never.
fn at_second(second: i64) -> Value {
    (second > 0).then(|| millis(second)).into()
}

fn bounds(waits: &Bounds) -> Value {
    let seconds = |bounds: &Bounds| bounds.seconds().collect::<Vec<_>>();
    json!({
        "wait": seconds(waits),
        "talk": seconds(&Bounds::of_talks()),
        "ring": seconds(&Bounds::of_rings()),
    })
}

fn queue_json(queue: &QueueOverview, midnight: i64) -> Value {
    let live = &queue.live;
    json!({
        "name": queue.name,
        "strategy": queue.strategy,
        "priority": queue.priority,
        "max_wait_seconds": queue.max_wait_seconds,
        "max_wait_with_no_agent_seconds": queue.max_wait_with_no_agent_seconds,
        "max_queue_length": queue.max_queue_length,
        "wrap_up_seconds": queue.wrap_up_seconds,
        "tier_rules_apply": queue.tier_rules_apply,
        "required_skills": queue.required_skills,
        "live": {
            "waiting": live.on_hold,
            "waiting_chats": live.chats_on_hold,
            "ringing_members": live.on_hold.saturating_sub(live.queued),
            "talking": queue.talking,
            "oldest_joined_at": at(queue.oldest_joined),
            "estimated_wait_ms": queue.estimated_wait.map(Span::millis),
            "agents": numbers_json(&queue.agents, live.free_agents),
            "callbacks": callback_numbers_json(&queue.callbacks),
        },
        "today": whole_tally(&queue.today),
        "half_hours": half_hours(&queue.quarters, midnight),
        "total": whole_tally(&queue.total),
        "histograms": queue.histograms.as_deref().map(histograms_json),
        "members": queue.members.iter().map(member_json).collect::<Vec<_>>(),
        "left": queue.leavers.iter().map(leaver_json).collect::<Vec<_>>(),
    })
}

fn numbers_json(numbers: &AgentNumbers, free: u64) -> Value {
    json!({
        "known": numbers.known,
        "logged_in": numbers.logged_in,
        "free": free,
        "ready": numbers.ready,
        "ringing": numbers.ringing,
        "talking": numbers.talking,
        "wrap_up": numbers.wrap_up,
        "paused": numbers.paused,
        "unavailable": numbers.unavailable,
    })
}

fn callback_numbers_json(numbers: &CallbackNumbers) -> Value {
    json!({ "pending": numbers.pending, "attempting": numbers.attempting, "reached": numbers.reached })
}

/// What every stretch of time tells.
fn tally_json(tally: &Tally) -> Map<String, Value> {
    let counts = [
        ("calls", i64::from(tally.calls)),
        ("answered", i64::from(tally.answered)),
        ("answered_in_time", i64::from(tally.answered_in_time)),
        ("abandoned", i64::from(tally.abandoned())),
        ("released", i64::from(tally.released())),
        ("left_in_time", i64::from(tally.left_in_time)),
        ("refused", i64::from(tally.refused())),
        ("wait_ms", tally.wait.millis()),
        ("longest_wait_ms", tally.longest_wait.millis()),
        ("left_wait_ms", tally.left_wait.millis()),
        ("talks", i64::from(tally.talks)),
        ("talk_ms", tally.talk.millis()),
        ("answered_outside_level", i64::from(tally.answered_outside_level)),
        ("left_outside_level", i64::from(tally.left_outside_level)),
    ];
    counts
        .map(|(name, count)| (name.to_owned(), count.into()))
        .into_iter()
        .collect()
}

/// The same with everything by its reason.
fn whole_tally(tally: &Tally) -> Value {
    let mut told = tally_json(tally);
    let (refused, left): (Vec<_>, Vec<_>) = tally.reasons().partition(|(reason, _)| reason.is_refusal());
    let named = |reasons: Vec<(crate::engine::CancelReason, u32)>| -> Map<String, Value> {
        reasons
            .into_iter()
            .map(|(reason, count)| (reason.to_string(), count.into()))
            .collect()
    };
    let failed = tally
        .failures()
        .map(|(result, count)| (result.to_string(), count.into()));
    told.extend(callbacks_json(&tally.callbacks));
    told.insert("answered_chats".to_owned(), tally.answered_chats.into());
    told.insert("offers".to_owned(), tally.offers.into());
    told.insert("left_by_reason".to_owned(), named(left).into());
    told.insert("refused_by_reason".to_owned(), named(refused).into());
    let failed: Map<String, Value> = failed.collect();
    told.insert("offers_failed_by_reason".to_owned(), failed.into());
    Value::Object(told)
}

/// What has come of callbacks.
fn callbacks_json(counts: &CallbackCounts) -> [(String, Value); 5] {
    let results = [
        (CallbackResult::Answered, counts.answered),
        (CallbackResult::TakenLive, counts.taken_live),
        (CallbackResult::Left, counts.left),
        (CallbackResult::Cancelled, counts.cancelled),
        (CallbackResult::Declined, counts.declined),
        (CallbackResult::Expired, counts.expired),
    ];
    let named = results.into_iter().filter(|(_, count)| *count > 0);
    let named: Map<String, Value> = named
        .map(|(result, count)| (result.to_string(), count.into()))
        .collect();
    [
        ("callbacks_requested", counts.requested.into()),
        ("callback_attempts", counts.attempts.into()),
        ("callbacks_reached", counts.reached.into()),
        ("callbacks_given_back", counts.given_back.into()),
        ("callbacks_by_result", named.into()),
    ]
    .map(|(name, count)| (name.to_owned(), count))
}

/// Half hours of the day in which something happened.
fn half_hours(quarters: &[(i64, Tally)], midnight: i64) -> Value {
    use crate::engine::Adds;
    let half = |began: i64| midnight + (began - midnight).div_euclid(HALF_HOUR) * HALF_HOUR;
    let mut halves: Vec<(i64, Tally)> = Vec::new();
    for (began, tally) in quarters {
        match halves.last_mut().filter(|(last, _)| *last == half(*began)) {
            Some((_, sum)) => sum.add(tally),
            None => halves.push((half(*began), *tally)),
        }
    }
    let told = halves.iter().map(|(began, tally)| {
        let mut told = tally_json(tally);
        told.insert("at".to_owned(), millis(*began).into());
        Value::Object(told)
    });
    told.collect()
}

fn histograms_json(histograms: &Histograms) -> Value {
    json!({
        "wait": {
            "answered": histogram_json(&histograms.answered_waits),
            "abandoned": histogram_json(&histograms.abandoned_waits),
            "released": histogram_json(&histograms.released_waits),
        },
        "talk": histogram_json(&histograms.talks),
        "ring": histogram_json(&histograms.rings),
    })
}

fn histogram_json(histogram: &Histogram) -> Value {
    json!({ "counts": histogram.counts(), "count": histogram.count(), "sum_ms": histogram.sum().millis() })
}

fn member_json(member: &MemberOverview) -> Value {
    json!({
        "uuid": member.uuid,
        "session_uuid": member.session_uuid,
        "name": member.name,
        "number": member.number,
        "joined_at": member.joined.millis(),
        "entered_at": member.entered.millis(),
        "state": member.state.as_str(),
        "place": member.place,
        "score": member.score,
        "base_score": member.base_score,
        "media": member.media.as_str(),
        "requirements": member.requirements,
        "agent": member.agent,
        "offers": member.offers,
        "callback": member.callback.as_deref().map(callback_json),
    })
}

fn callback_json(callback: &CallbackOverview) -> Value {
    json!({
        "state": callback.state,
        "number": callback.number,
        "attempts": callback.attempts,
        "last_end": callback.last_end,
        "next_attempt_at": at(callback.next_attempt),
        "expires_at": at(callback.expires),
    })
}

fn leaver_json(leaver: &LeaverOverview) -> Value {
    json!({
        "uuid": leaver.uuid,
        "name": leaver.name,
        "number": leaver.number,
        "entered_at": leaver.entered.millis(),
        "left_at": leaver.left.millis(),
        "waited_ms": leaver.waited.millis(),
        "reason": leaver.reason.as_str(),
        "by_caller": leaver.reason.is_callers_own(),
        "offers": leaver.offers,
        "media": leaver.media.as_str(),
    })
}

fn agent_json(agent: &AgentOverview) -> Value {
    let row = &agent.row;
    json!({
        "name": row.name,
        "instance": row.instance_id,
        "type": row.agent_type.as_str(),
        "status": row.status.as_str(),
        "status_since_at": at_second(row.last_status_change),
        "state": row.state.as_str(),
        "state_since_at": at(agent.state_since),
        "doing": agent.doing.as_str(),
        "doing_since_at": at(agent.doing_since),
        "pause": pause_json(agent.pause.as_ref()),
        "ready_at": at(agent.ready_at),
        "wrap_up_until_at": at(agent.wrap_up_until),
        "calls": agent.calls.iter().map(call_json).collect::<Vec<_>>(),
        "external_calls": row.external_calls_count,
        "no_answer_count": row.no_answer_count,
        "skills": agent.skills,
        "device": agent.device,
        "device_in_use": agent.device_in_use,
        "today": agent_tally_json(&agent.today),
        "total": agent_tally_json(&agent.total),
        "tiers": agent.tiers.iter().map(tier_json).collect::<Vec<_>>(),
    })
}

fn agent_tally_json(tally: &AgentTally) -> Value {
    json!({
        "offers": tally.offers,
        "answered": tally.answered,
        "answered_chats": tally.answered_chats,
        "missed": tally.missed,
        "talk_ms": tally.talk.millis(),
    })
}

fn call_json(call: &CallOverview) -> Value {
    json!({
        "queue": call.queue,
        "member_uuid": call.member_uuid,
        "session_uuid": call.session_uuid,
        "agent_uuid": call.agent_uuid,
        "name": call.name,
        "number": call.number,
        "media": call.media.as_str(),
        "stage": call.stage,
        "called_at": at(call.called),
        "answered_at": at(call.answered),
        "bridged_at": at(call.bridged),
    })
}

fn tier_json(tier: &TierOverview) -> Value {
    json!({
        "queue": &*tier.queue,
        "level": tier.level,
        "position": tier.position,
        "state": tier.state.as_str(),
        "pause": pause_json(tier.pause.as_ref()),
    })
}

fn pause_json(pause: Option<&Pause>) -> Value {
    pause.map_or(
        Value::Null,
        |pause| json!({ "reason": pause.reason, "since_at": at_second(pause.since) }),
    )
}

/// Milliseconds, to the microsecond.
fn in_millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn health_json(health: &Health, overview: &Overview, locked: Duration) -> Value {
    let (bounds, counts): (Vec<f64>, Vec<u64>) = health.engine.counts().unzip();
    let (repairs, holdings) = (overview.repairs, overview.holdings);
    json!({
        "watchdog": {
            "lost_offers": repairs.lost_offers,
            "endless_offers": repairs.endless_offers,
            "lost_members": repairs.lost_members,
        },
        "journal": {
            "unsaved": health.journal.unsaved,
            "lag_ms": u64::try_from(health.journal.lag.as_millis()).unwrap_or(u64::MAX),
            "trouble": health.journal.trouble,
        },
        "engine": {
            "inputs": health.engine.inputs,
            "seconds": health.engine.total.as_secs_f64(),
            "longest_ms": in_millis(health.engine.longest),
            "bounds_seconds": bounds,
            "counts": counts,
        },
        "holdings": { "members": holdings.members, "offers": holdings.offers, "deadlines": holdings.deadlines },
        "outbox": health.outputs_waiting,
        "snapshot_lock_ms": in_millis(locked),
    })
}
