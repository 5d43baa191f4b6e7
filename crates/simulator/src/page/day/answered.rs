//! Who was answered in time, against the target.

use super::super::chart::{legend, Frame, Mark};
use super::super::words::{count, goal, value, NOTHING};
use super::super::{pair, table, Page};
use super::{slot_names, title_of};
use crate::study::{occupancy, Unit, AVERAGE_WAIT, SERVICE_LEVEL};
use maud::{html, Markup};

/// The share of a queue's callers, or of all, slot by slot.
pub fn section(page: &Page<'_>, queue: Option<&str>) -> Markup {
    let (days, names) = (page.days, slot_names(page.days));
    let estimates: Vec<_> = (0..names.len())
        .map(|slot| days.slot_of(queue, slot, &SERVICE_LEVEL))
        .collect();
    let frame = Frame::in_time("Callers answered in time, against the target", names.clone());
    let values: Vec<Option<f64>> = estimates.iter().map(|estimate| estimate.value).collect();
    let band: Vec<_> = estimates.iter().map(crate::study::Estimate::band).collect();
    let other = page.what_if.as_ref().map(|(label, other)| {
        let values: Vec<_> = (0..names.len())
            .map(|slot| other.slot_of(queue, slot, &SERVICE_LEVEL).value)
            .collect();
        (label, values)
    });
    let target = format!("target: {}", goal(page.target));
    let mut entries = vec![
        ("accent", Mark::Line, "answered in time"),
        ("target", Mark::Dashes, target.as_str()),
    ];
    if band.iter().any(Option::is_some) {
        entries.push(("band", Mark::Area, "where it lies with 95 % certainty"));
    }
    if let Some((label, _)) = &other {
        entries.push(("other", Mark::Dashes, label.as_str()));
    }
    let inside = html! {
        (frame.band(&band))
        (frame.level(page.target))
        @if let Some((_, values)) = &other { (frame.line(values, "other", true)) }
        (frame.line(&values, "accent", false))
    };
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let about = format!(
        "Share of the callers whom an agent answered within {} seconds; those who gave up or were refused count as not answered.",
        count(page.service_level)
    );
    pair(
        &title_of("Answered in time", queue, page),
        &about,
        &chart,
        &numbers(page, queue, &names),
    )
}

fn numbers(page: &Page<'_>, queue: Option<&str>, names: &[String]) -> Markup {
    let days = page.days;
    let head = ["from", "answered in time", "±", "average wait"];
    let head: Vec<&str> = head.into_iter().chain(queue.is_none().then_some("busy")).collect();
    let row = |slot: usize| {
        let level = days.slot_of(queue, slot, &SERVICE_LEVEL);
        let busy = days.estimate(|day| day.staff.get(slot).map_or((0.0, 0.0), occupancy));
        let mut cells = vec![
            names[slot].clone(),
            value(Unit::Share, &level),
            level
                .half
                .map_or_else(|| NOTHING.to_owned(), |half| format!("{:.1}", half * 100.0)),
            value(Unit::Seconds, &days.slot_of(queue, slot, &AVERAGE_WAIT)),
        ];
        // Agents of several queues are busy in all of them at once.
        cells.extend(queue.is_none().then(|| value(Unit::Share, &busy)));
        cells
    };
    let rows: Vec<Vec<String>> = (0..names.len()).map(row).collect();
    table(&head, &rows, false)
}
