//! The day itself: calls, service, who waited, who worked. Each chart and each table is in a file of its own.

mod answered;
mod calls;
mod line;
mod staff;
mod tables;
mod waits;

use super::words::clock;
use super::Page;
use crate::study::{Days, CALLS};
use crate::tally::QueueFigures;
use maud::{html, Markup};

/// Queues with charts of their own, at most: the file is to be small enough for an e-mail.
const MOST_QUEUES: usize = 8;

/// All of it, from the calls to the agents.
pub fn sections(page: &Page<'_>) -> Markup {
    let queues = queues_with_calls(page.days);
    let shown = if queues.len() > 1 {
        queues.len().min(MOST_QUEUES)
    } else {
        0
    };
    html! {
        (calls::section(page, None))
        (answered::section(page, None))
        @for queue in &queues[..shown] {
            (calls::section(page, Some(queue)))
            (answered::section(page, Some(queue)))
        }
        @if shown > 0 && queues.len() > shown {
            p class="about" { "And " (queues.len() - shown) " queues more, of which fewer calls came; the table of the queues has all of them." }
        }
        (line::section(page))
        (staff::section(page))
        (waits::section(page))
        (tables::unserved(page))
        (tables::queues(page))
        (tables::agents(page))
    }
}

/// The queues in which callers came, those of most callers first.
fn queues_with_calls(days: &Days) -> Vec<&str> {
    let calls = |queue: &str| days.queue(queue, &CALLS).value.unwrap_or_default();
    let queues = days.first().queues.keys().map(String::as_str);
    let mut queues: Vec<&str> = queues.filter(|queue| calls(queue) > 0.0).collect();
    queues.sort_by(|a, b| calls(b).total_cmp(&calls(a)));
    queues
}

/// The names of the slots.
pub fn slot_names(days: &Days) -> Vec<String> {
    let first = days.first();
    (0..first.by_slot.len())
        .map(|slot| clock(first.slots.begins(slot)))
        .collect()
}

/// Something of a slot's figures, as the mean of all days.
pub fn slot_mean(days: &Days, queue: Option<&str>, slot: usize, of: fn(&QueueFigures) -> u64) -> f64 {
    days.mean(|day| day.slots_of(queue).get(slot).map_or(0.0, |figures| of(figures) as f64))
}

/// How long a slot is, as people say it.
pub fn length_of_slots(page: &Page<'_>) -> String {
    match page.days.first().slots.length.secs() {
        1800 => "half hour".to_owned(),
        seconds => format!("{} minutes", seconds / 60),
    }
}

/// The title of a chart of a queue, or of all of them.
fn title_of(what: &str, queue: Option<&str>, page: &Page<'_>) -> String {
    match queue {
        Some(queue) => format!("{what}: {queue}"),
        None if page.days.first().queues.len() > 1 => format!("{what}: all queues"),
        None => what.to_owned(),
    }
}
