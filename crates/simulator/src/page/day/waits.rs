//! How long callers wait.

use super::super::chart::{legend, Frame, Mark};
use super::super::words::{count, percent, NOTHING};
use super::super::{pair, table, Page};
use crate::report::minutes;
use crate::study::{Days, STEP_OF_WAITS};
use maud::{html, Markup};

/// Waits in bars of equal length.
struct Bars {
    /// How many steps of waits are in each.
    wide: usize,
    /// How many a day were answered after such a wait, and how many left without an agent.
    bars: Vec<Vec<f64>>,
    /// How many came into a queue.
    all: f64,
}

impl Bars {
    /// As many bars as nearly everybody's waits need, 24 at most and six at least.
    fn of(days: &Days) -> Self {
        let at = |step: usize, of: fn(&(u64, u64)) -> u64| {
            days.mean(|day| day.waits.get(step).map_or(0.0, |waits| of(waits) as f64))
        };
        let steps = days.first().waits.len();
        let all: f64 = (0..steps).map(|step| at(step, |waits| waits.0 + waits.1)).sum();
        let (mut seen, mut last) = (0.0, 0);
        while last + 1 < steps && seen < 0.985 * all {
            seen += at(last, |waits| waits.0 + waits.1);
            last += 1;
        }
        let wide = last.div_ceil(24).max(1);
        let sum = |bar: usize, of: fn(&(u64, u64)) -> u64| {
            (bar * wide..(bar + 1) * wide).map(|step| at(step, of)).sum::<f64>()
        };
        let bars = (0..last.div_ceil(wide).max(6))
            .map(|bar| vec![sum(bar, |waits| waits.0), sum(bar, |waits| waits.1)])
            .collect();
        Self { wide, bars, all }
    }

    /// After how long a wait a bar begins.
    fn begins(&self, bar: usize) -> String {
        wait_name(STEP_OF_WAITS * (bar * self.wide) as f64)
    }
}

/// Everybody who came into a queue, by the time waited.
pub fn section(page: &Page<'_>) -> Markup {
    let waits = Bars::of(page.days);
    let bars = &waits.bars;
    let highest = bars.iter().map(|bar| bar.iter().sum::<f64>()).fold(0.0, f64::max);
    let frame = Frame {
        title: "How long callers wait".to_owned(),
        unit: "callers a day",
        below: "time waited",
        top: Frame::round_top(highest, 4.0),
        write: count,
        steps: (0..bars.len()).map(|bar| waits.begins(bar)).collect(),
    };
    let told = |bar: usize| {
        format!(
            "up to {}: answered {}, without an agent {}",
            waits.begins(bar + 1),
            count(bars[bar][0]),
            count(bars[bar][1])
        )
    };
    let mark = page.service_level / STEP_OF_WAITS / waits.wide as f64;
    let inside = html! {
        (frame.stacked_bars(bars, &["answered", "gave-up"], told))
        @if mark < bars.len() as f64 { (frame.mark(mark, &format!("{} s", count(page.service_level)))) }
    };
    let entries = [
        ("answered", Mark::Area, "answered"),
        ("gave-up", Mark::Area, "without an agent"),
    ];
    let chart = html! { (legend(&entries)) (frame.draw(&inside)) };
    let about = "Everybody who came into a queue, by the time until an agent answered or the caller left.";
    pair("How long callers wait", about, &chart, &numbers(&waits))
}

fn numbers(waits: &Bars) -> Markup {
    let mut so_far = 0.0;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (bar, parts) in waits.bars.iter().enumerate() {
        so_far += parts[0] + parts[1];
        let share = if waits.all > 0.0 {
            percent(so_far / waits.all)
        } else {
            NOTHING.to_owned()
        };
        rows.push(vec![waits.begins(bar + 1), count(parts[0]), count(parts[1]), share]);
    }
    let longer = (waits.all - so_far).max(0.0);
    rows.push(vec![
        "longer".to_owned(),
        String::new(),
        String::new(),
        count(longer) + " callers",
    ]);
    let head = ["waited up to", "answered", "without an agent", "of all so far"];
    table(&head, &rows, false)
}

fn wait_name(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        minutes(seconds) + " min"
    }
}
