//! How long callers wait.

use super::super::chart::{legend, Frame, Mark};
use super::super::words::{count, percent, NOTHING};
use super::super::{pair, table, Page};
use crate::report::minutes;
use crate::study::STEP_OF_WAITS;
use maud::{html, Markup};

/// Everybody who came into a queue, by the time waited.
pub fn section(page: &Page<'_>) -> Markup {
    let days = page.days;
    let at = |step: usize, of: fn(&(u64, u64)) -> u64| {
        days.mean(|day| day.waits.get(step).map_or(0.0, |waits| of(waits) as f64))
    };
    let all: f64 = (0..241).map(|step| at(step, |waits| waits.0 + waits.1)).sum();
    let mut seen = 0.0;
    let mut last = 0;
    while last < 240 && seen < 0.985 * all {
        seen += at(last, |waits| waits.0 + waits.1);
        last += 1;
    }
    // A few more steps than those in which nearly everybody is, in bars of equal length.
    let wide = last.div_ceil(24).max(1);
    let bars = last.div_ceil(wide).max(6);
    let sum =
        |bar: usize, of: fn(&(u64, u64)) -> u64| (bar * wide..(bar + 1) * wide).map(|step| at(step, of)).sum::<f64>();
    let steps: Vec<Vec<f64>> = (0..bars)
        .map(|bar| vec![sum(bar, |waits| waits.0), sum(bar, |waits| waits.1)])
        .collect();
    let seconds = |bar: usize| STEP_OF_WAITS * (bar * wide) as f64;
    let names: Vec<String> = (0..bars).map(|bar| wait_name(seconds(bar))).collect();
    let frame = Frame {
        title: "How long callers wait".to_owned(),
        unit: "callers a day",
        below: "time waited",
        top: Frame::round_top(
            steps.iter().map(|step| step.iter().sum::<f64>()).fold(0.0, f64::max),
            4.0,
        ),
        write: count,
        steps: names,
    };
    let until = |bar: usize| wait_name(seconds(bar + 1));
    let told = |bar: usize| {
        format!(
            "up to {}: answered {}, without an agent {}",
            until(bar),
            count(steps[bar][0]),
            count(steps[bar][1])
        )
    };
    let mark = page.service_level / STEP_OF_WAITS / wide as f64;
    let inside = html! {
        (frame.stacked_bars(&steps, &["answered", "gave-up"], told))
        @if mark < bars as f64 { (frame.mark(mark, &format!("{} s", count(page.service_level)))) }
    };
    let entries = [
        ("answered", Mark::Area, "answered"),
        ("gave-up", Mark::Area, "without an agent"),
    ];
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let mut so_far = 0.0;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (bar, parts) in steps.iter().enumerate() {
        so_far += parts[0] + parts[1];
        let share = if all > 0.0 {
            percent(so_far / all)
        } else {
            NOTHING.to_owned()
        };
        rows.push(vec![until(bar), count(parts[0]), count(parts[1]), share]);
    }
    let longer = (all - so_far).max(0.0);
    rows.push(vec![
        "longer".to_owned(),
        String::new(),
        String::new(),
        count(longer) + " callers",
    ]);
    let head = ["waited up to", "answered", "without an agent", "of all so far"];
    let about = "Everybody who came into a queue, by the time until an agent answered or the caller left.";
    pair("How long callers wait", about, &chart, &table(&head, &rows, false))
}

fn wait_name(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        minutes(seconds) + " min"
    }
}
