//! What a reader has to know first.

use super::verdict::{days_that_reach_it, Verdict};
use super::words::{clock, count, goal, percent, plus_minus_what, value};
use super::Page;
use crate::study::{
    occupancy, DayFigures, Days, Metric, Unit, ABANDONMENT, AVERAGE_WAIT, CALLS, LEFT_OVER, REFUSED, SENT_AWAY,
    SERVICE_LEVEL,
};
use crate::tally::QueueFigures;
use maud::{html, Markup};

/// The head of the page: title, figures, and what they say. Where there is a what-if, it is what the head is about.
pub fn header(page: &Page<'_>) -> Markup {
    html! {
        header {
            @match &page.what_if {
                None => { h1 { (page.title) } p { (page.about) } }
                Some((label, _)) => { h1 { "What if: " (label) } p { (page.title) ". " (page.about) } }
            }
        }
        div class="lead" {
            @for sentence in sentences(page) { p { (sentence) } }
            @for sentence in super::staff::sentences(page) { p { (sentence) } }
        }
        (tiles(page))
    }
}

fn tiles(page: &Page<'_>) -> Markup {
    let days = page.what_if.as_ref().map_or(page.days, |(_, other)| other);
    let level = days.total(&SERVICE_LEVEL);
    let verdict = Verdict::of(&level, page.target).map_or("plain", Verdict::class);
    let within = format!("answered in time ({} s)", count(page.service_level));
    let target = format!("of all calls; target {}", goal(page.target));
    let of = |metric: &Metric| (metric.unit, metric.of);
    html! {
        div class="tiles" {
            (tile(page, &within, of(&SERVICE_LEVEL), verdict, &target))
            (tile(page, "calls a day", of(&CALLS), "", ""))
            (tile(page, "gave up", of(&ABANDONMENT), "", "of all calls"))
            (tile(page, "sent away or refused", (Unit::Share, |total| ((total.refused + total.released) as f64, total.over() as f64)), "", "of all calls"))
            (tile(page, "average wait", of(&AVERAGE_WAIT), "", "of those who were answered"))
            (tile_of(page, "busy", Unit::Share, &|day| occupancy(&day.team()), ("", "agents: talk and wrap-up, of the time on duty")))
        }
    }
}

type Figure = fn(&QueueFigures) -> (f64, f64);

fn tile(page: &Page<'_>, name: &str, (unit, of): (Unit, Figure), class: &str, more: &str) -> Markup {
    tile_of(page, name, unit, &|day| of(&day.total), (class, more))
}

/// A figure; in a what-if it is that of the changed day, above the one as it is.
fn tile_of(
    page: &Page<'_>,
    name: &str,
    unit: Unit,
    of: &dyn Fn(&DayFigures) -> (f64, f64),
    (class, more): (&str, &str),
) -> Markup {
    let as_it_is = page.days.estimate(of);
    let estimate = page.what_if.as_ref().map_or(as_it_is, |(_, other)| other.estimate(of));
    html! {
        div class="tile" {
            div class="name" { (name) }
            div class=(format!("value {class}")) {
                (value(unit, &estimate))
                @if let Some(band) = plus_minus_what(unit, &estimate) { " " span class="band" { (band) } }
            }
            @if page.what_if.is_some() { div class="more" { "as it is: " (value(unit, &as_it_is)) } }
            div class="more" { (more) }
        }
    }
}

/// What the figures say, in a few sentences.
fn sentences(page: &Page<'_>) -> Vec<String> {
    let mut told: Vec<String> = super::compare::sentence(page).into_iter().collect();
    let days = page.days;
    let level = days.total(&SERVICE_LEVEL);
    let (Some(verdict), Some(share)) = (Verdict::of(&level, page.target), level.value) else {
        return vec!["Nobody called.".to_owned()];
    };
    let who = if page.what_if.is_some() {
        "As it is,"
    } else if page.check.is_some() {
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
    let changed = page.what_if.as_ref().map(|(_, other)| *other);
    told.extend(days_that_reach_it(days, changed, page.target));
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
            &SENT_AWAY,
            "are sent away because a limit of the queue is reached, such as max-wait-time",
        ),
        (&REFUSED, "are refused"),
        (&LEFT_OVER, "are left over at the end"),
    ] {
        let share = days.estimate(|day| ((metric.of)(&day.total).0, day.total.over() as f64));
        let share = share.value.unwrap_or_default();
        if share >= 0.0005 {
            parts.push(format!("{} {said}", percent(share)));
        }
    }
    format!("{}.", parts.join(", "))
}

/// Slots in which callers come and nobody is on duty.
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
        "Nobody is on duty in {} of the {} parts of the day between {when}, each of {}, and {} callers come in them; of all others {} are \
         answered in time.",
        empty.len(),
        end + 1 - begin,
        minutes_of(first.slots.length.secs()),
        count(callers.round()),
        share.value.map_or_else(String::new, percent),
    ))
}

fn minutes_of(seconds: i64) -> String {
    format!("{} minutes", seconds / 60)
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
        "Most of those who wait too long come from {} to {}: of {} calls {} are answered in time.",
        clock(first.slots.begins(slot)),
        clock(first.slots.begins(slot + 1)),
        count(days.mean(|day| calls_in(day, slot)).round()),
        percent(level),
    ))
}
