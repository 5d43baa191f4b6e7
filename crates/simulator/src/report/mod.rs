//! How a day's figures are shown: tables for people, JSON for programs.

mod study;

use super::scenario::MIDNIGHT;
use super::tally::{AgentFigures, QueueFigures, Tally};
use mod_callcenter::engine::{Span, Timestamp};
use serde_json::{json, Value};
pub use study::{json_of_study, text_of_study, Study};

/// The tables of queues and agents.
pub fn tables(tally: &Tally, now: Timestamp) -> String {
    let reasons = reason_table(tally);
    format!("{}\n{reasons}{}", queue_table(tally), agent_table(tally, now))
}

/// The same figures as JSON: waits and times in seconds, shares from 0 to 1, null where there is nothing to divide by.
pub fn json(tally: &Tally, now: Timestamp, seed: u64) -> Value {
    let queues: Vec<Value> = tally
        .queues()
        .iter()
        .map(|(name, figures)| queue_json(name, figures))
        .collect();
    let agents: Vec<Value> = tally
        .agents(now)
        .iter()
        .map(|(name, figures)| agent_json(name, figures))
        .collect();
    json!({
        "seed": seed,
        "ended": time_of_day(now),
        "service_level_seconds": seconds(tally.service_level()),
        "queues": queues,
        "total": queue_json("total", &tally.total()),
        "without_an_agent": without_an_agent_json(tally),
        "agents": agents,
    })
}

fn without_an_agent_json(tally: &Tally) -> Value {
    let counts = tally.without_an_agent().into_iter();
    let rows = counts.map(|((queue, outcome), callers)| {
        json!({ "queue": queue, "what": outcome.what(), "why": outcome.why(), "callers": callers })
    });
    rows.collect()
}

/// One line for a moment of the day.
pub fn status_line(tally: &Tally, now: Timestamp) -> String {
    let total = tally.total();
    let (without_call, talking) = tally.without_call_and_talking();
    format!(
        "{}  calls {}  waiting {}  answered {}  gave up {}  sent away {}  refused {}  service level {}  agents: {without_call} without a call, {talking} talking",
        time_of_day(now),
        total.calls,
        total.waiting,
        total.answered,
        total.abandoned,
        total.released,
        total.refused,
        percent(total.service_level()),
    )
}

/// The time of day, and the day if it is not the first.
pub fn time_of_day(now: Timestamp) -> String {
    let since = now.since(MIDNIGHT).secs();
    let (day, second) = (since.div_euclid(86_400), since.rem_euclid(86_400));
    let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if day == 0 {
        clock
    } else {
        format!("day {} {clock}", day + 1)
    }
}

/// The same in hours and minutes, where there are no seconds.
pub fn clock(at: Timestamp) -> String {
    let text = time_of_day(at);
    text.strip_suffix(":00").map_or_else(|| text.clone(), str::to_owned)
}

fn queue_table(tally: &Tally) -> String {
    let level = format!("in {} s", tally.service_level().secs());
    let head = [
        "queue",
        "calls",
        "answered",
        &level,
        "avg wait",
        "longest",
        "gave up",
        "share",
        "sent away",
        "refused",
        "left over",
    ];
    let mut rows: Vec<Vec<String>> = tally
        .queues()
        .iter()
        .map(|(name, figures)| queue_row(name, figures))
        .collect();
    if rows.len() > 1 {
        rows.push(queue_row("all queues", &tally.total()));
    }
    table(&head, &rows, "No caller has come yet.")
}

fn queue_row(name: &str, figures: &QueueFigures) -> Vec<String> {
    vec![
        name.to_owned(),
        figures.calls.to_string(),
        figures.answered.to_string(),
        percent(figures.service_level()),
        figures.average_wait().map_or_else(dash, minutes),
        minutes(seconds(figures.longest_wait)),
        figures.abandoned.to_string(),
        percent(figures.abandonment()),
        figures.released.to_string(),
        figures.refused.to_string(),
        figures.stayed.to_string(),
    ]
}

/// Why callers left without an agent, or were not let in; nothing where each was answered.
fn reason_table(tally: &Tally) -> String {
    let counts = tally.without_an_agent();
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|((queue, outcome), callers)| {
            vec![
                queue.clone(),
                outcome.what().to_owned(),
                callers.to_string(),
                outcome.why().to_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    table(&["without an agent", "what", "callers", "why"], &rows, "") + "\n"
}

fn agent_table(tally: &Tally, now: Timestamp) -> String {
    let head = ["agent", "offers", "calls", "talked", "on duty", "occupancy"];
    let row = |name: &String, figures: &AgentFigures| {
        vec![
            name.clone(),
            figures.offers.to_string(),
            figures.calls.to_string(),
            minutes(figures.times.talk),
            minutes(figures.times.on_duty()),
            percent(figures.times.occupancy()),
        ]
    };
    let rows: Vec<Vec<String>> = tally
        .agents(now)
        .iter()
        .map(|(name, figures)| row(name, figures))
        .collect();
    table(&head, &rows, "There are no agents.")
}

/// Columns as wide as they need to be: names to the left, figures to the right.
fn table(head: &[&str], rows: &[Vec<String>], nothing: &str) -> String {
    if rows.is_empty() {
        return format!("{nothing}\n");
    }
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells
            .chain(head.get(column).map(|cell| cell.chars().count()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.zip(&widths).enumerate() {
            if column == 0 {
                line.push_str(&format!("{cell:<width$}"));
            } else {
                line.push_str(&format!("  {cell:>width$}"));
            }
        }
        line + "\n"
    };
    let rule: String = widths
        .iter()
        .map(|width| "-".repeat(*width))
        .collect::<Vec<_>>()
        .join("  ")
        + "\n";
    let body: String = rows
        .iter()
        .map(|row| line(&mut row.iter().map(String::as_str)))
        .collect();
    line(&mut head.iter().copied()) + &rule + &body
}

fn queue_json(name: &str, figures: &QueueFigures) -> Value {
    json!({
        "name": name,
        "calls": figures.calls,
        "answered": figures.answered,
        "answered_in_time": figures.answered_in_time,
        "service_level": figures.service_level(),
        "average_wait": figures.average_wait(),
        "longest_wait": seconds(figures.longest_wait),
        "abandoned": figures.abandoned,
        "abandonment": figures.abandonment(),
        "released": figures.released,
        "refused": figures.refused,
        "left_over": figures.stayed,
    })
}

fn agent_json(name: &str, figures: &AgentFigures) -> Value {
    json!({
        "name": name,
        "offers": figures.offers,
        "calls": figures.calls,
        "talk_time": figures.times.talk,
        "ring_time": figures.times.ring,
        "wrap_up_time": figures.times.wrap_up,
        "free_time": figures.times.free,
        "break_time": figures.times.on_break,
        "time_on_duty": figures.times.on_duty(),
        "occupancy": figures.times.occupancy(),
    })
}

fn seconds(span: Span) -> f64 {
    span.micros() as f64 / 1e6
}

/// A time as minutes and seconds, or hours, minutes and seconds.
pub fn minutes(seconds: f64) -> String {
    let whole = seconds.round() as i64;
    if whole >= 3600 {
        format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
    } else {
        format!("{}:{:02}", whole / 60, whole % 60)
    }
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(dash, |share| format!("{:.1} %", share * 100.0))
}

fn dash() -> String {
    "-".to_owned()
}
