//! Agents by what they did, against the work there was.

use super::super::chart::{legend, Frame, Mark};
use super::super::words::count;
use super::super::{pair, table, Page};
use super::{slot_mean, slot_names};
use crate::study::Days;
use crate::tally::Times;
use maud::{html, Markup};

/// What agents do: its colour, its name, and how long.
type Part = (&'static str, &'static str, fn(&Times) -> f64);

/// The last of them is no duty.
const PARTS: [Part; 5] = [
    ("talk", "talk", |times| times.talk),
    ("wrap-up", "wrap-up", |times| times.wrap_up),
    ("ring", "ring", |times| times.ring),
    ("free", "free", |times| times.free),
    ("break", "break", |times| times.on_break),
];

/// All agents together, slot by slot.
pub fn section(page: &Page<'_>) -> Markup {
    let (days, names) = (page.days, slot_names(page.days));
    let length = days.first().slots.length.micros() as f64 / 1e6;
    let steps: Vec<Vec<f64>> = (0..names.len())
        .map(|slot| {
            let part = |of: fn(&Times) -> f64| days.mean(|day| day.staff.get(slot).map_or(0.0, of)) / length;
            PARTS.iter().map(|(_, _, of)| part(*of)).collect()
        })
        .collect();
    let work = work_that_came(days, length, names.len());
    let highest = steps
        .iter()
        .map(|step| step.iter().sum::<f64>())
        .chain(work.iter().copied())
        .fold(0.0, f64::max);
    let frame = Frame {
        title: "Agents by what they do, against the work that comes".to_owned(),
        unit: "agents",
        below: "time of day",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: names.clone(),
    };
    let told = |step: usize| {
        let parts = PARTS
            .iter()
            .zip(&steps[step])
            .map(|((_, name, _), value)| format!("{name} {value:.1}"));
        format!(
            "{}: {}; work {:.1}",
            names[step],
            parts.collect::<Vec<_>>().join(", "),
            work[step]
        )
    };
    let colours = PARTS.map(|(colour, _, _)| colour);
    let inside = html! { (frame.stacked_bars(&steps, &colours, told)) (frame.stairs(&work, "bad", false)) };
    let entries = PARTS.map(|(colour, name, _)| (colour, Mark::Area, name));
    let entries: Vec<_> = entries.into_iter().chain([("bad", Mark::Line, "work")]).collect();
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let about = "Columns: how many agents are logged in, by what they do. Red line: the work, which is how many agents would be busy if every caller \
                 who came were served at once. Where it is near the top of who is on duty, callers wait; far below it, agents do.";
    pair(
        "Agents against the work",
        about,
        &chart,
        &numbers(&names, &steps, &work),
    )
}

/// How many agents the callers of each slot would keep busy.
fn work_that_came(days: &Days, length: f64, slots: usize) -> Vec<f64> {
    let busy = days.mean(|day| {
        let team = day.team();
        team.talk + team.wrap_up + team.ring
    });
    let answered = days.mean(|day| day.total.answered as f64).max(1.0);
    (0..slots)
        .map(|slot| slot_mean(days, None, slot, |figures| figures.calls) * busy / answered / length)
        .collect()
}

fn numbers(names: &[String], steps: &[Vec<f64>], work: &[f64]) -> Markup {
    let rows: Vec<Vec<String>> = (0..names.len())
        .map(|slot| {
            let on_duty: f64 = steps[slot][..4].iter().sum();
            let cells = steps[slot].iter().map(|value| format!("{value:.1}"));
            [
                names[slot].clone(),
                format!("{:.1}", work[slot]),
                format!("{on_duty:.1}"),
            ]
            .into_iter()
            .chain(cells)
            .collect()
        })
        .collect();
    let head = ["from", "work", "on duty", "talk", "wrap-up", "ring", "free", "break"];
    table(&head, &rows, false)
}
