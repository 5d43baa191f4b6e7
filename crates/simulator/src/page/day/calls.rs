//! Calls by the slot, by what became of them.

use super::super::chart::{legend, Frame, Mark};
use super::super::words::count;
use super::super::{pair, table, Page};
use super::{length_of_slots, slot_mean, slot_names, title_of};
use crate::tally::QueueFigures;
use maud::{html, Markup};

/// What becomes of callers: its colour, its name, and how many there are of it.
type Part = (&'static str, &'static str, fn(&QueueFigures) -> u64);

const PARTS: [Part; 5] = [
    ("answered", "answered", |slot| slot.answered),
    ("gave-up", "gave up", |slot| slot.abandoned),
    ("sent-away", "sent away", |slot| slot.released),
    ("refused", "refused", |slot| slot.refused),
    ("left-over", "left over", |slot| slot.stayed),
];

/// Calls of a queue, or of all of them.
pub fn section(page: &Page<'_>, queue: Option<&str>) -> Markup {
    let (days, names) = (page.days, slot_names(page.days));
    let steps: Vec<Vec<f64>> = (0..names.len())
        .map(|slot| {
            PARTS
                .iter()
                .map(|(_, _, of)| slot_mean(days, queue, slot, *of))
                .collect()
        })
        .collect();
    let is_there = |part: usize| steps.iter().any(|step: &Vec<f64>| step[part] > 0.0);
    let highest = steps.iter().map(|step| step.iter().sum::<f64>()).fold(0.0, f64::max);
    let frame = Frame {
        title: format!("Calls by the {} by what became of them", length_of_slots(page)),
        unit: "calls",
        below: "when they came",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: names.clone(),
    };
    let colours = PARTS.map(|(colour, _, _)| colour);
    let told = |step: usize| {
        let parts = PARTS.iter().enumerate().filter(|(part, _)| steps[step][*part] > 0.0);
        let parts: Vec<String> = parts
            .map(|(part, (_, name, _))| format!("{name} {}", count(steps[step][part])))
            .collect();
        format!("{}: {}", names[step], parts.join(", "))
    };
    let entries: Vec<_> = (0..PARTS.len())
        .filter(|part| is_there(*part))
        .map(|part| (PARTS[part].0, Mark::Area, PARTS[part].1))
        .collect();
    let chart = html! { (legend(&entries)) (frame.draw(&frame.stacked_bars(&steps, &colours, told))) };
    let about = "Each caller counts when it came, whatever happened later.";
    pair(&title_of("Calls", queue, page), about, &chart, &numbers(&names, &steps))
}

fn numbers(names: &[String], steps: &[Vec<f64>]) -> Markup {
    let shown: Vec<usize> = (0..PARTS.len())
        .filter(|part| *part == 0 || steps.iter().any(|step| step[*part] > 0.0))
        .collect();
    let head: Vec<&str> = ["from", "calls"]
        .into_iter()
        .chain(shown.iter().map(|part| PARTS[*part].1))
        .collect();
    let rows: Vec<Vec<String>> = names
        .iter()
        .zip(steps)
        .map(|(name, parts)| {
            let cells = shown.iter().map(|part| count(parts[*part]));
            [name.clone(), count(parts.iter().sum())]
                .into_iter()
                .chain(cells)
                .collect()
        })
        .collect();
    table(&head, &rows, false)
}
