//! Who waited over time.

use super::super::chart::{legend, Frame, Mark};
use super::super::words::count;
use super::super::{pair, table, Page};
use super::slot_names;
use crate::study::Days;
use maud::{html, Markup};

/// How many stood in line, in all queues together.
pub fn section(page: &Page<'_>) -> Markup {
    let (days, names) = (page.days, slot_names(page.days));
    let first = days.first();
    let per_slot = usize::try_from(first.slots.length.micros() / first.line_slots.length.micros().max(1)).unwrap_or(1);
    let parts = names.len() * per_slot;
    let at = |days: &Days, part: usize| days.mean(|day| day.line.get(part).map_or(0.0, |waiting| waiting.0));
    let values: Vec<f64> = (0..parts).map(|part| at(days, part)).collect();
    let most: Vec<f64> = (0..names.len())
        .map(|slot| most_waiting(days, slot, per_slot))
        .collect();
    let highest = values.iter().chain(&most).copied().fold(0.0, f64::max);
    let frame = Frame {
        title: "Callers who wait, over the day".to_owned(),
        unit: "callers waiting",
        below: "time of day",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: names.clone(),
    };
    let most_name = if days.0.len() > 1 {
        "most at once (average of the days)"
    } else {
        "most at once"
    };
    let entries = [
        ("accent", Mark::Area, "waiting on average"),
        ("gave-up", Mark::Line, most_name),
    ];
    let inside = html! { (frame.area(&values, per_slot, "accent")) (frame.stairs(&most, "gave-up", false)) };
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let rows: Vec<Vec<String>> = (0..names.len())
        .map(|slot| {
            let mean = values[slot * per_slot..(slot + 1) * per_slot].iter().sum::<f64>() / per_slot as f64;
            vec![
                names[slot].clone(),
                format!("{mean:.2}"),
                count(most[slot]),
                count(worst_waiting(days, slot, per_slot)),
            ]
        })
        .collect();
    let head = ["from", "waiting on average", "most at once", "worst day"];
    let about = "How many callers stood in line, in all queues together.";
    pair("Who waits", about, &chart, &table(&head, &rows, false))
}

fn most_on(day: &crate::study::DayFigures, slot: usize, per_slot: usize) -> f64 {
    let parts = day.line.iter().skip(slot * per_slot).take(per_slot);
    parts.map(|waiting| waiting.1).fold(0.0, f64::max)
}

fn most_waiting(days: &Days, slot: usize, per_slot: usize) -> f64 {
    days.mean(|day| most_on(day, slot, per_slot))
}

fn worst_waiting(days: &Days, slot: usize, per_slot: usize) -> f64 {
    days.0
        .iter()
        .map(|day| most_on(day, slot, per_slot))
        .fold(0.0, f64::max)
}
