//! A real day beside the one that was played from its records.

use super::chart::{legend, Frame, Mark};
use super::day::{length_of_slots, slot_mean, slot_names};
use super::words::{count, figure, percent, NOTHING};
use super::{pair, table, Page};
use crate::replay::Check;
use crate::study::{Unit, AVERAGE_WAIT, SERVICE_LEVEL};
use crate::tally::QueueFigures;
use maud::{html, Markup};

/// The check, where there is a real day.
pub fn section(page: &Page<'_>) -> Markup {
    let Some(check) = page.check else { return html! {} };
    let (days, names) = (page.days, slot_names(page.days));
    let real: Vec<Option<f64>> = (0..names.len()).map(|slot| check.slot(slot).service_level()).collect();
    let played: Vec<Option<f64>> = (0..names.len())
        .map(|slot| days.slot(slot, &SERVICE_LEVEL).value)
        .collect();
    let frame = Frame::in_time("Callers answered in time, real and played", names.clone());
    let inside = html! { (frame.line(&real, "ink", false)) (frame.line(&played, "accent", true)) };
    let entries = [("ink", Mark::Line, "real"), ("accent", Mark::Dashes, "played")];
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let about = format!(
        "Real is the day of the records; played are the same callers and agents in the simulation. In each {} of the day the share answered in \
         time is off by {} points on average; where it is near, what if can be believed.",
        length_of_slots(page),
        check.error(days).map_or_else(|| NOTHING.to_owned(), |error| format!("{:.1}", error * 100.0)),
    );
    html! {
        (pair("The real day, and the day as it was played", &about, &chart, &numbers(page, check, &names)))
        (broken(page))
    }
}

fn numbers(page: &Page<'_>, check: &Check, names: &[String]) -> Markup {
    let days = page.days;
    let of_slot = |(slot, name): (usize, &String)| {
        let answered = slot_mean(days, None, slot, |figures| figures.answered);
        let (level, wait) = (days.slot(slot, &SERVICE_LEVEL), days.slot(slot, &AVERAGE_WAIT));
        row(name, &check.slot(slot), (answered, level.value, wait.value))
    };
    let mut rows: Vec<Vec<String>> = names.iter().enumerate().map(of_slot).collect();
    let answered = days.mean(|day| day.total.answered as f64);
    let (level, wait) = (days.total(&SERVICE_LEVEL), days.total(&AVERAGE_WAIT));
    rows.push(row("all day", &check.total, (answered, level.value, wait.value)));
    let head = [
        "from",
        "calls",
        "answered: real",
        "answered: played",
        "in time: real",
        "in time: played",
        "error, points",
        "average wait: real",
        "average wait: played",
    ];
    table(&head, &rows, true)
}

/// What was, beside how many were answered on the played day, how many of all in time, and after which wait.
fn row(name: &str, was: &QueueFigures, (answered, level, wait): (f64, Option<f64>, Option<f64>)) -> Vec<String> {
    let nothing = || NOTHING.to_owned();
    let share = |value: Option<f64>| value.map_or_else(nothing, percent);
    let seconds = |value: Option<f64>| value.map_or_else(nothing, |value| figure(Unit::Seconds, value));
    let error = was.service_level().zip(level);
    vec![
        name.to_owned(),
        count(was.calls as f64),
        count(was.answered as f64),
        count(answered),
        share(was.service_level()),
        share(level),
        error.map_or_else(nothing, |(was, is)| format!("{:+.1}", (is - was) * 100.0)),
        seconds(was.average_wait()),
        seconds(wait),
    ]
}

/// What was in the records, and what could not be used.
fn broken(page: &Page<'_>) -> Markup {
    let Some(check) = page.check else { return html! {} };
    html! {
        p class="about" style="margin-top:10px" { (check.counts) }
        @if !check.broken.is_empty() {
            ul class="notes about" {
                @for said in check.broken.iter().take(20) { li { (said) } }
                @if check.broken.len() > 20 { li { "and " (check.broken.len() - 20) " more" } }
            }
        }
    }
}

/// How long callers wait before they give up, as far as the records tell.
pub fn patience(page: &Page<'_>) -> Markup {
    let Some(check) = page.check.filter(|check| check.patience.len() > 1) else {
        return html! {};
    };
    let end = check.patience.last().map_or(1.0, |(seconds, _)| seconds.max(1.0));
    let bars = 24;
    let at = |bar: usize| {
        let until = end * bar as f64 / bars as f64;
        let passed = check.patience.iter().take_while(|(seconds, _)| *seconds <= until);
        passed.last().map_or(1.0, |(_, left)| *left)
    };
    let values: Vec<f64> = (0..bars).map(at).collect();
    let names: Vec<String> = (0..bars)
        .map(|bar| format!("{:.0} s", end * bar as f64 / bars as f64))
        .collect();
    let frame = Frame {
        title: "Callers who would still wait".to_owned(),
        unit: "of all callers would still wait, %",
        below: "after this wait",
        top: 1.0,
        write: |value| format!("{:.0} %", value * 100.0),
        steps: names.clone(),
    };
    let inside = frame.stairs(&values, "accent", false);
    let chart = frame.draw(&inside);
    let rows: Vec<Vec<String>> = names
        .into_iter()
        .zip(&values)
        .map(|(name, left)| vec![name, percent(*left)])
        .collect();
    let about = "After Kaplan and Meier: those who were answered would have waited longer than they had to, and count as long as they waited.";
    pair(
        "How patient callers are",
        about,
        &chart,
        &table(&["after", "still wait"], &rows, false),
    )
}
