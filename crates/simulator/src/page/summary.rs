//! What a reader has to know first, and what the words mean.

use super::verdict::{days_that_reach_it, Verdict};
use super::words::{clock, count, percent, plus_minus_what, value};
use super::Page;
use crate::study::{
    occupancy, Days, Estimate, Metric, Unit, ABANDONMENT, AVERAGE_WAIT, CALLS, LEFT_OVER, LET_GO, REFUSED,
    SERVICE_LEVEL,
};
use maud::{html, Markup};

/// The head of the page: title, figures, and what they say.
pub fn header(page: &Page<'_>) -> Markup {
    html! {
        header {
            h1 { (page.title) }
            p { (page.about) }
        }
        div class="lead" { @for sentence in sentences(page) { p { (sentence) } } }
        (tiles(page))
    }
}

fn tiles(page: &Page<'_>) -> Markup {
    let days = page.days;
    let level = days.total(&SERVICE_LEVEL);
    let verdict = Verdict::of(&level, page.target).map_or("plain", Verdict::class);
    let within = format!("answered in {} s", count(page.service_level));
    let target = format!("target {}", percent(page.target));
    let busy = days.estimate(|day| occupancy(&day.team()));
    let turned = days.estimate(|day| {
        let total = &day.total;
        ((total.refused + total.released) as f64, total.over() as f64)
    });
    html! {
        div class="tiles" {
            (tile(&within, &level, Unit::Share, verdict, &target))
            (tile("calls a day", &days.total(&CALLS), Unit::Count, "", ""))
            (tile("gave up", &days.total(&ABANDONMENT), Unit::Share, "", "of all callers"))
            (tile("let go or refused", &turned, Unit::Share, "", "of all callers"))
            (tile("average wait", &days.total(&AVERAGE_WAIT), Unit::Seconds, "", "of those who were answered"))
            (tile("agents busy", &busy, Unit::Share, "", "talk and wrap-up, of the time on duty"))
        }
    }
}

fn tile(name: &str, estimate: &Estimate, unit: Unit, class: &str, more: &str) -> Markup {
    html! {
        div class="tile" {
            div class="name" { (name) }
            div class=(format!("value {class}")) {
                (value(unit, estimate))
                @if let Some(band) = plus_minus_what(unit, estimate) { " " span class="band" { (band) } }
            }
            div class="more" { (more) }
        }
    }
}

/// What the figures say, in a few sentences.
pub fn sentences(page: &Page<'_>) -> Vec<String> {
    let days = page.days;
    let mut told = Vec::new();
    let level = days.total(&SERVICE_LEVEL);
    let (Some(verdict), Some(share)) = (Verdict::of(&level, page.target), level.value) else {
        return vec!["Nobody called.".to_owned()];
    };
    let who = if page.check.is_some() {
        "When the day is played again,"
    } else if days.0.len() > 1 {
        "On an average day"
    } else {
        "On this day"
    };
    told.push(format!(
        "{who} {} calls come in. {} of them are answered within {} seconds: {}. {}",
        mean(days, &CALLS),
        percent(share),
        count(page.service_level),
        verdict.said(share, page.target),
        losses(days),
    ));
    told.extend(days_that_reach_it(days, page.target));
    told.extend(unattended(days));
    told.extend(worst(page));
    told
}

fn mean(days: &Days, metric: &Metric) -> String {
    days.total(metric)
        .value
        .map_or_else(String::new, |value| count(value.round()))
}

fn losses(days: &Days) -> String {
    let gave_up = days.total(&ABANDONMENT).value.unwrap_or_default();
    let mut parts = vec![format!("{} give up waiting", percent(gave_up))];
    for (metric, said) in [
        (
            &LET_GO,
            "are let go because a limit of the queue is reached, such as its longest wait",
        ),
        (&REFUSED, "are refused at the door"),
        (&LEFT_OVER, "still wait at the end"),
    ] {
        let share = days.estimate(|day| ((metric.of)(&day.total).0, day.total.over() as f64));
        let share = share.value.unwrap_or_default();
        if share >= 0.0005 {
            parts.push(format!("{} {said}", percent(share)));
        }
    }
    format!("{}.", parts.join(", "))
}

/// Slots in which callers come and nobody is at work.
fn unattended(days: &Days) -> Option<String> {
    let first = days.first();
    let empty: Vec<usize> = (0..first.staff.len())
        .filter(|slot| {
            let duty = days.mean(|day| day.staff.get(*slot).map_or(0.0, |times| times.on_duty()));
            duty < 1.0 && days.mean(|day| calls_in(day, *slot)) > 0.0
        })
        .collect();
    let (begin, end) = (*empty.first()?, *empty.last()?);
    let callers: f64 = empty.iter().map(|slot| days.mean(|day| calls_in(day, *slot))).sum();
    let when = format!(
        "{} and {}",
        clock(first.slots.begins(begin)),
        clock(first.slots.begins(end + 1))
    );
    let share = days.estimate(|day| {
        let inside: (u64, u64) = empty
            .iter()
            .filter_map(|slot| day.by_slot.get(*slot))
            .fold((0, 0), |sum, slot| (sum.0 + slot.answered_in_time, sum.1 + slot.over()));
        let total = &day.total;
        (
            (total.answered_in_time - inside.0) as f64,
            (total.over() - inside.1) as f64,
        )
    });
    Some(format!(
        "Between {when} nobody is at work in {} of the day's {} stretches of {} minutes, and {} callers come in them; of all others {} are \
         answered in time.",
        empty.len(),
        first.staff.len(),
        first.slots.length.secs() / 60,
        count(callers.round()),
        share.value.map_or_else(String::new, percent),
    ))
}

fn calls_in(day: &crate::study::DayFigures, slot: usize) -> f64 {
    day.by_slot.get(slot).map_or(0.0, |figures| figures.calls as f64)
}

/// The slot in which most callers were not answered in time.
fn worst(page: &Page<'_>) -> Option<String> {
    let days = page.days;
    let late = |slot: usize| {
        days.mean(|day| {
            let figures = day.by_slot.get(slot).copied().unwrap_or_default();
            figures.over() as f64 - figures.answered_in_time as f64
        })
    };
    let first = days.first();
    let slots = 0..first.by_slot.len();
    let slot = slots.max_by(|a, b| late(*a).total_cmp(&late(*b)))?;
    let level = days.slot(slot, &SERVICE_LEVEL).value?;
    if late(slot) < 0.5 {
        return None;
    }
    Some(format!(
        "More callers than at any other time wait too long from {} to {}: of {} calls {} are answered in time.",
        clock(first.slots.begins(slot)),
        clock(first.slots.begins(slot + 1)),
        count(days.mean(|day| calls_in(day, slot)).round()),
        percent(level),
    ))
}

/// What the words mean, and how it was made.
pub fn footer(page: &Page<'_>) -> Markup {
    let in_time = format!(
        "of all callers, those included who were refused or gave up, the share that an agent answered within {} seconds",
        count(page.service_level)
    );
    html! {
        section {
            h2 { "What the words mean" }
            dl {
                dt { "answered in time" } dd { (in_time) }
                dt { "gave up" } dd { "hung up or pressed an exit key before an agent answered" }
                dt { "let go" } dd { "a limit of the queue ended the wait, such as max-wait-time" }
                dt { "refused" } dd { "was not let into the queue, such as by max-queue-length" }
                dt { "average wait" } dd { "of the callers who were answered, until the answer" }
                dt { "left over" } dd { "still waited four hours after the doors had shut" }
                dt { "on duty" } dd { "logged in and not on a break" }
                dt { "busy" } dd { "talking or wrapping up, as a share of the time on duty" }
                dt { "offers" } dd { "how often the agent's phone rang for a caller, or was tried; a call is one that was answered" }
                dt { "wrap-up" } dd { "the pause after a call, or after one that was not taken, in which nothing is offered" }
                @if page.days.0.len() > 1 {
                    dt { "± and bands" } dd {
                        "where the true average lies with 95 % certainty, as far as chance goes: "
                        (page.days.0.len()) " days were played that differ by chance alone"
                    }
                }
            }
        }
        @if !page.notes.is_empty() {
            section {
                h2 { "What to keep in mind" }
                ul class="notes" { @for note in &page.notes { li { (note) } } }
            }
        }
        footer {
            "Made by callcenter-sim, which serves simulated callers with the very engine of mod_callcenter. Again with: "
            code { (page.command) }
        }
    }
}
