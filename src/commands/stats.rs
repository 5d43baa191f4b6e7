//! `callcenter_config stats ...`: figures of queues, agents and the module itself.

use super::reply::{ok, Answer, Refusal, INVALID};
use super::table::{Listed, Value};
use super::{list, words, Console};
use crate::engine::{
    AgentStatistics, CentreStatistics, Counts, EngineError, Input, Live, QueueStatistics, Repairs, Span,
};

impl Console {
    /// Shows figures, or has them begin anew.
    pub(super) fn stats(&self, what: &[&str]) -> Answer {
        match what {
            [] => Ok(list::rows(&[self.centre_statistics()])),
            [what, names @ ..] => self.stats_of(what, names),
        }
    }

    fn stats_of(&self, what: &str, names: &[&str]) -> Answer {
        let view = |name: Option<&str>| self.driver.view(|engine, _| engine.queue_statistics(name));
        let view_agents = |name: Option<&str>| self.driver.view(|engine, _| engine.agent_statistics(name));
        match (what.to_ascii_lowercase().as_str(), names) {
            ("watchdog", []) => Ok(list::rows(&[self.driver.view(|engine, _| engine.repairs())])),
            ("queue", []) => Ok(list::rows(&view(None))),
            ("queue", [name]) => found(view(Some(words::name(name)?)), EngineError::QueueNotFound),
            ("agent", []) => Ok(list::rows(&view_agents(None))),
            ("agent", [name]) => found(view_agents(Some(words::name(name)?)), EngineError::AgentNotFound),
            ("reset", []) => {
                self.change(Input::StatsReset)?;
                Ok(ok())
            }
            ("watchdog" | "queue" | "agent" | "reset", _) => Err(INVALID.into()),
            _ => Err(Refusal(format!(
                "Unknown figures '{what}'! Use queue, agent, reset or watchdog."
            ))),
        }
    }

    /// The figures of the whole call centre.
    pub(super) fn centre_statistics(&self) -> CentreStatistics {
        self.driver.view(|engine, now| engine.centre_statistics(now))
    }
}

fn found<R: Listed>(rows: Vec<R>, otherwise: EngineError) -> Answer {
    if rows.is_empty() {
        return Err(otherwise.into());
    }
    Ok(list::rows(&rows))
}

impl Listed for Repairs {
    const COLUMNS: &'static [&'static str] = &["lost_offers", "endless_offers", "lost_members"];

    fn values(&self) -> Vec<Value<'_>> {
        [self.lost_offers, self.endless_offers, self.lost_members]
            .map(Value::Number)
            .to_vec()
    }
}

/// The columns of [`figures`], with others before and after them.
macro_rules! with_figures {
    ([$($before:literal),*], [$($after:literal),*]) => {
        &[
            $($before,)*
            "calls",
            "refused",
            "distributed",
            "answered",
            "abandoned",
            "released",
            "on_hold",
            "queued",
            "agents",
            "free_agents",
            "load",
            "average_wait_ms",
            "average_talk_ms",
            "service_level",
            "service_level_2",
            "paused_agents",
            $($after,)*
            "answered_chats",
            "chats_on_hold",
            "callbacks",
            "callbacks_requested",
            "callback_attempts",
            "callbacks_reached",
            "callbacks_answered",
            "callbacks_taken_live",
            "callbacks_left",
            "callbacks_cancelled",
            "callbacks_declined",
            "callbacks_expired",
            "callbacks_given_back",
        ]
    };
}

/// What queues and the call centre have in common.
fn figures(counts: &Counts, live: &Live) -> Vec<Value<'static>> {
    [
        counts.calls,
        counts.refused,
        counts.distributed,
        counts.answered,
        counts.abandoned,
        counts.released,
        live.on_hold,
        live.queued,
        live.agents,
        live.free_agents,
        live.load(),
        counts.wait.average_ms(),
        counts.talk.average_ms(),
        counts.service_level(),
        counts.service_level_2(),
        live.paused_agents,
    ]
    .map(Value::Number)
    .to_vec()
}

/// Which of them are about chats and callbacks: columns are only ever added behind the others.
fn later_figures(counts: &Counts, live: &Live) -> [Value<'static>; 13] {
    let callbacks = &counts.callbacks;
    [
        counts.answered_chats,
        live.chats_on_hold,
        live.callbacks,
        callbacks.requested,
        callbacks.attempts,
        callbacks.reached,
        callbacks.answered,
        callbacks.taken_live,
        callbacks.left,
        callbacks.cancelled,
        callbacks.declined,
        callbacks.expired,
        callbacks.given_back,
    ]
    .map(Value::Number)
}

impl Listed for CentreStatistics {
    const COLUMNS: &'static [&'static str] = with_figures!([], []);

    fn values(&self) -> Vec<Value<'_>> {
        let mut values = figures(&self.counts, &self.live);
        values.extend(later_figures(&self.counts, &self.live));
        values
    }
}

impl Listed for QueueStatistics {
    const COLUMNS: &'static [&'static str] = with_figures!(["name"], ["estimated_wait_ms", "opensips_wait_ms"]);

    fn values(&self) -> Vec<Value<'_>> {
        let mut values = vec![self.name.as_str().into()];
        values.extend(figures(&self.counts, &self.live));
        values.extend([self.estimated_wait, self.opensips_wait].map(milliseconds));
        values.extend(later_figures(&self.counts, &self.live));
        values
    }
}

impl Listed for AgentStatistics {
    const COLUMNS: &'static [&'static str] = &[
        "name",
        "distributed",
        "answered",
        "abandoned",
        "average_talk_ms",
        "answered_chats",
        "chats",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        let counts = &self.counts;
        let figures = [
            counts.distributed,
            counts.answered,
            counts.abandoned,
            counts.talk.average_ms(),
            counts.answered_chats,
            self.chats,
        ];
        let mut values = vec![self.name.as_str().into()];
        values.extend(figures.map(Value::Number));
        values
    }
}

/// Empty where nothing can be said.
fn milliseconds(span: Option<Span>) -> Value<'static> {
    match span {
        Some(span) => Value::Number(u64::try_from(span.micros() / 1000).unwrap_or(0)),
        None => Value::Text(""),
    }
}
