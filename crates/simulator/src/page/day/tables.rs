//! Tables of who was not served, of the queues and of the agents.

use super::super::words::{count, percent, plus_minus, value};
use super::super::{table, Page};
use crate::report::minutes;
use crate::study::{
    occupancy, Unit, ABANDONMENT, ANSWERED, AVERAGE_WAIT, CALLS, GAVE_UP, LEFT_OVER, LONGEST_WAIT, REFUSED, SENT_AWAY,
    SERVICE_LEVEL,
};
use crate::tally::AgentFigures;
use maud::{html, Markup};

/// Rows of the table of agents, at most.
const MOST_AGENTS: usize = 400;

/// Why callers were not served.
pub fn unserved(page: &Page<'_>) -> Markup {
    let days = page.days;
    let mut keys: Vec<_> = days.0.iter().flat_map(|day| day.unserved.keys().cloned()).collect();
    keys.sort();
    keys.dedup();
    if keys.is_empty() {
        return html! {};
    }
    let calls = |queue: &str| days.queue(queue, &CALLS).value.unwrap_or_default();
    html! {
        section {
            h2 { "Why callers were not served" }
            p class="about" { "Calls a day without an agent, and the reason as the module gives it." }
            div class="wide" {
                table {
                    thead { tr {
                        th { "queue" } th class="text" { "the caller" } th class="text" { "why" } th { "calls a day" } th { "of the queue's calls" }
                    } }
                    tbody {
                        @for (queue, outcome) in &keys {
                            @let number = days.mean(|day| day.unserved.get(&(queue.clone(), *outcome)).copied().unwrap_or(0) as f64);
                            tr {
                                td { (queue) } td class="text" { (outcome.what()) } td class="text" { (outcome.why()) }
                                td { (count(number)) } td { (percent(number / calls(queue).max(1e-9))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A table of the queues.
pub fn queues(page: &Page<'_>) -> Markup {
    let days = page.days;
    let names: Vec<&String> = days.first().queues.keys().collect();
    let cell = |queue: Option<&str>, metric: &crate::study::Metric| {
        let estimate = queue.map_or_else(|| days.total(metric), |queue| days.queue(queue, metric));
        html! { td { (value(metric.unit, &estimate)) @if let Some(band) = plus_minus(metric.unit, &estimate) { " " span class="pm" { (band) } } } }
    };
    let shown = [
        &CALLS,
        &ANSWERED,
        &SERVICE_LEVEL,
        &AVERAGE_WAIT,
        &LONGEST_WAIT,
        &GAVE_UP,
        &ABANDONMENT,
        &SENT_AWAY,
        &REFUSED,
        &LEFT_OVER,
    ];
    let shown: Vec<_> = shown
        .into_iter()
        .filter(|metric| {
            metric.unit != Unit::Count || days.total(metric).value.unwrap_or_default() > 0.0 || metric.key == "calls"
        })
        .collect();
    html! {
        section {
            h2 { "Queues" }
            p class="about" { "A day's figures for each queue." }
            div class="wide" {
                table {
                    thead { tr { th { "queue" } @for metric in &shown { th { (metric.name) } } } }
                    tbody {
                        @for name in &names { tr { td { (name) } @for metric in &shown { (cell(Some(name.as_str()), metric)) } } }
                        @if names.len() > 1 { tr class="sum" { td { "all queues" } @for metric in &shown { (cell(None, metric)) } } }
                    }
                }
            }
        }
    }
}

/// A table of the agents.
pub fn agents(page: &Page<'_>) -> Markup {
    let days = page.days;
    let names: Vec<&String> = days.first().agents.keys().collect();
    let mean = |name: &str, of: fn(&AgentFigures) -> f64| days.mean(|day| day.agents.get(name).map_or(0.0, of));
    let row = |name: &str| {
        let busy = days.estimate(|day| day.agents.get(name).map_or((0.0, 0.0), |agent| occupancy(&agent.times)));
        vec![
            name.to_owned(),
            count(mean(name, |agent| agent.offers as f64)),
            count(mean(name, |agent| agent.calls as f64)),
            minutes(mean(name, |agent| agent.times.talk)),
            minutes(mean(name, |agent| agent.times.wrap_up)),
            minutes(mean(name, |agent| agent.times.ring)),
            minutes(mean(name, |agent| agent.times.free)),
            minutes(mean(name, |agent| agent.times.on_break)),
            minutes(mean(name, |agent| agent.times.on_duty())),
            value(Unit::Share, &busy),
        ]
    };
    let rows: Vec<Vec<String>> = names.iter().take(MOST_AGENTS).map(|name| row(name)).collect();
    let head = [
        "agent", "offers", "calls", "talk", "wrap-up", "ring", "free", "break", "on duty", "busy",
    ];
    let hidden = names.len().saturating_sub(MOST_AGENTS);
    html! {
        section {
            h2 { "Agents" }
            p class="about" { "A day's figures for each agent; times in hours, minutes and seconds, or in minutes and seconds." }
            div class="wide" { (table(&head, &rows, false)) }
            @if hidden > 0 { p class="about" { "And " (hidden) " agents more; --json has all of them." } }
        }
    }
}
