//! Two call centres with the same callers, side by side.

use super::verdict::Verdict;
use super::words::{count, distance, value, NOTHING};
use super::Page;
use crate::study::{occupancy, DayFigures, Days, Difference, Unit, Wish, METRICS, SERVICE_LEVEL};
use maud::{html, Markup};

/// What a difference means for whoever decides.
pub fn verdict(difference: &Difference, wish: Wish) -> (&'static str, &'static str) {
    let change = difference.estimate.value.unwrap_or_default();
    if difference.is_same {
        return ("plain", "exactly the same");
    }
    if difference.estimate.half.is_none() {
        return ("plain", "one day: chance cannot be told apart");
    }
    if difference.is_within_noise() {
        return ("plain", "within the noise");
    }
    match wish {
        Wish::Neither => ("plain", "different"),
        Wish::More if change > 0.0 => ("good", "better"),
        Wish::Less if change < 0.0 => ("good", "better"),
        Wish::More | Wish::Less => ("bad", "worse"),
    }
}

/// What the change does, in a sentence.
pub fn sentence(page: &Page<'_>) -> Option<String> {
    let (label, other) = page.what_if.as_ref()?;
    let of = |day: &DayFigures| (SERVICE_LEVEL.of)(&day.total);
    let difference = page.days.differs(other, of);
    let (was, is) = (page.days.estimate(of), other.estimate(of));
    if difference.is_same {
        return Some(format!(
            "With the change ({label}) exactly as many callers are answered in time as without: {}.",
            value(Unit::Share, &was)
        ));
    }
    let change = difference.estimate.value?;
    let size = format!("{} points", distance(Unit::Share, change.abs()));
    let band = difference
        .estimate
        .half
        .map_or_else(String::new, |half| format!(" (±\u{a0}{})", distance(Unit::Share, half)));
    let said = match (verdict(&difference, Wish::More).1, change > 0.0) {
        (said @ ("better" | "worse"), true) => format!("{size}{band} more, which is {said}"),
        (said @ ("better" | "worse"), false) => format!("{size}{band} less, which is {said}"),
        (said, _) => format!("{size}{band} apart: {said}"),
    };
    let target = Verdict::of(&is, page.target)?.said(is.value?, page.target);
    Some(format!(
        "With the change ({label}) {} of the callers are answered within {} seconds, and {} as it is: {said}. With the change {target}.",
        value(Unit::Share, &is),
        count(page.service_level),
        value(Unit::Share, &was),
    ))
}

/// Where the comparison is over, and the day without the change begins.
pub fn as_it_is(page: &Page<'_>) -> Markup {
    html! {
        @if page.what_if.is_some() {
            section {
                h2 { "The day as it is" }
                p class="about" { "Charts and tables from here on are of the day without the change; where a dashed red line is drawn, it is the day with it." }
            }
        }
    }
}

/// The comparison, where there is one.
pub fn section(page: &Page<'_>) -> Markup {
    let Some((label, other)) = &page.what_if else {
        return html! {};
    };
    let queues: Vec<&String> = page.days.first().queues.keys().collect();
    html! {
        section {
            h2 { "As it is, and with the change: " (label) }
            p class="about" {
                "The same callers on both sides: they come at the same instants, talk as long and are as patient. So what differs is due to the change \
                 alone. The true difference lies, with 95 % certainty, no farther than ± from the one that is shown; within the noise means that it may \
                 as well be none. Whoever was not served may call again, which is one call more."
            }
            (table_of(page.days, other, None))
            @if queues.len() > 1 {
                @for queue in queues {
                    p class="about" style="margin-top:18px" { "In " strong { (queue) } }
                    (table_of(page.days, other, Some(queue)))
                }
            }
        }
    }
}

fn table_of(days: &Days, other: &Days, queue: Option<&str>) -> Markup {
    let metrics = METRICS.iter().filter(|metric| {
        let is_any = |days: &Days| days.estimate(|day| of(day, queue, metric.of)).value.unwrap_or_default() != 0.0;
        metric.unit != Unit::Count || is_any(days) || is_any(other)
    });
    html! {
        div class="wide" {
            table {
                thead { tr {
                    th { "a day's" } th { "as it is" } th { "changed" } th { "difference" } th { "±" } th class="text" { "verdict" }
                } }
                tbody {
                    @for metric in metrics {
                        (row(metric.name, (metric.unit, metric.wish), (days, other), &|day| of(day, queue, metric.of)))
                    }
                    @if queue.is_none() {
                        (row("busy", (Unit::Share, Wish::Neither), (days, other), &|day| occupancy(&day.team())))
                        (row("hours on duty, of all agents", (Unit::Count, Wish::Neither), (days, other), &|day| (day.team().on_duty() / 3600.0, 1.0)))
                    }
                }
            }
        }
    }
}

fn of(day: &DayFigures, queue: Option<&str>, metric: fn(&crate::tally::QueueFigures) -> (f64, f64)) -> (f64, f64) {
    match queue {
        None => metric(&day.total),
        Some(queue) => day.queues.get(queue).map_or((0.0, 0.0), |queue| metric(&queue.total)),
    }
}

fn row(
    name: &str,
    (unit, wish): (Unit, Wish),
    (days, other): (&Days, &Days),
    of: &dyn Fn(&DayFigures) -> (f64, f64),
) -> Markup {
    let difference = days.differs(other, of);
    let (class, said) = verdict(&difference, wish);
    let estimate = difference.estimate;
    let change = estimate.value.map_or_else(
        || NOTHING.to_owned(),
        |change| {
            let sign = if change > 0.0 { "+" } else { "" };
            let points = if unit == Unit::Share {
                "\u{a0}points"
            } else if unit == Unit::Seconds {
                "\u{a0}s"
            } else {
                ""
            };
            format!("{sign}{}{points}", distance(unit, change))
        },
    );
    html! {
        tr {
            td { (name) }
            td { (value(unit, &days.estimate(of))) }
            td { (value(unit, &other.estimate(of))) }
            td class=(class) { (change) }
            td { (estimate.half.map_or_else(|| NOTHING.to_owned(), |half| distance(unit, half))) }
            td class=(format!("text {class}")) { (said) }
        }
    }
}
