//! Charts as SVG: a frame with axes, and what is drawn into it.

use maud::{html, Markup};
use std::fmt::Write as _;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 270.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 40.0;
/// Labels on an axis, at most.
const MOST_LABELS: usize = 9;

/// The frame of a chart: steps from left to right, values from below to above.
pub struct Frame {
    /// What the chart shows, for whoever does not see it.
    pub title: String,
    /// What stands at the left axis, with its unit.
    pub unit: &'static str,
    /// What stands below.
    pub below: &'static str,
    /// What each step is called.
    pub steps: Vec<String>,
    /// The highest value.
    pub top: f64,
    /// How a value is written at the axis.
    pub write: fn(f64) -> String,
}

impl Frame {
    /// The frame of how many callers were answered in time, of those who came in each half hour.
    pub fn in_time(title: &str, steps: Vec<String>) -> Self {
        Self {
            title: title.to_owned(),
            unit: "answered in time, % of all callers",
            below: "when they came",
            steps,
            top: 1.0,
            write: |value| format!("{:.0} %", value * 100.0),
        }
    }

    /// A frame whose highest value is the next round one, and at least `least`.
    pub fn round_top(highest: f64, least: f64) -> f64 {
        let highest = highest.max(least).max(1e-9);
        // Of few people there are no halves.
        let few = [4.0, 8.0, 12.0].into_iter().find(|top| least >= 4.0 && *top >= highest);
        if let Some(top) = few {
            return top;
        }
        let power = 10f64.powf(highest.log10().floor());
        // A quarter of each has one digit behind the point at most: so it stands at the axis.
        let steps = [1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0];
        let found = steps.iter().map(|step| step * power).find(|top| *top >= highest * 1.02);
        found.unwrap_or(power * 12.0)
    }

    fn step_width(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.steps.len().max(1) as f64
    }

    /// Where a step begins; parts of steps are parts of the way.
    pub fn x(&self, step: f64) -> f64 {
        LEFT + self.step_width() * step
    }

    /// How high a value stands.
    pub fn y(&self, value: f64) -> f64 {
        let height = HEIGHT - TOP - BOTTOM;
        TOP + height * (1.0 - (value / self.top).clamp(0.0, 1.0))
    }

    /// The chart, with what is drawn into the frame.
    pub fn draw(&self, inside: &Markup) -> Markup {
        let lines: Vec<f64> = (0..=4).map(|line| self.top * f64::from(line) / 4.0).collect();
        let every = self.steps.len().div_ceil(MOST_LABELS).max(1);
        let (right, floor) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        html! {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(self.title) {
                text class="strong" x="0" y="13" { (self.unit) }
                @for line in &lines {
                    line x1=(LEFT) x2=(right) y1=(short(self.y(*line))) y2=(short(self.y(*line))) stroke="var(--grid)" {}
                    text x=(LEFT - 7.0) y=(short(self.y(*line) + 4.0)) text-anchor="end" { ((self.write)(*line)) }
                }
                (inside)
                line x1=(LEFT) x2=(right) y1=(floor) y2=(floor) stroke="var(--soft)" {}
                @for (step, name) in self.steps.iter().enumerate().step_by(every) {
                    line x1=(short(self.x(step as f64))) x2=(short(self.x(step as f64))) y1=(floor) y2=(floor + 4.0) stroke="var(--soft)" {}
                    text x=(short(self.x(step as f64))) y=(floor + 17.0) text-anchor="middle" { (name) }
                }
                text x=((LEFT + right) / 2.0) y=(HEIGHT - 6.0) text-anchor="middle" { (self.below) }
            }
        }
    }

    /// Bars on top of one another: for each step the parts from below, each with a colour.
    pub fn stacked_bars(&self, steps: &[Vec<f64>], colours: &[&str], told: impl Fn(usize) -> String) -> Markup {
        let gap = (self.step_width() * 0.14).min(5.0);
        html! {
            @for (step, parts) in steps.iter().enumerate() {
                g {
                    title { (told(step)) }
                    @for (part, (low, high)) in stack(parts).into_iter().enumerate() {
                        @if high > low {
                            rect x=(short(self.x(step as f64) + gap / 2.0)) y=(short(self.y(high)))
                                width=(short(self.step_width() - gap)) height=(short(self.y(low) - self.y(high)))
                                fill=(colour(colours[part])) {}
                        }
                    }
                }
            }
        }
    }

    /// A line through the middle of the steps, with a gap where there is no value.
    pub fn line(&self, values: &[Option<f64>], colour_name: &str, dashed: bool) -> Markup {
        let mut path = String::new();
        let mut is_open = false;
        for (step, value) in values.iter().enumerate() {
            if let Some(value) = value {
                let command = if is_open { 'L' } else { 'M' };
                let _ = write!(
                    path,
                    "{command}{} {} ",
                    short(self.x(step as f64 + 0.5)),
                    short(self.y(*value))
                );
            }
            is_open = value.is_some();
        }
        let dashes = if dashed { "6 4" } else { "none" };
        html! {
            path d=(path) fill="none" stroke=(colour(colour_name)) stroke-width="2.4" stroke-dasharray=(dashes) stroke-linejoin="round" {}
            @for (step, value) in values.iter().enumerate() {
                @if let Some(value) = value {
                    circle cx=(short(self.x(step as f64 + 0.5))) cy=(short(self.y(*value))) r="2.6" fill=(colour(colour_name)) {
                        title { (self.steps.get(step).map_or("", String::as_str)) ": " ((self.write)(*value)) }
                    }
                }
            }
        }
    }

    /// A line that keeps its value over the whole of each step.
    pub fn stairs(&self, values: &[f64], colour_name: &str, dashed: bool) -> Markup {
        let mut path = String::new();
        for (step, value) in values.iter().enumerate() {
            let command = if step == 0 { 'M' } else { 'L' };
            let y = short(self.y(*value));
            let _ = write!(
                path,
                "{command}{} {y} H{} ",
                short(self.x(step as f64)),
                short(self.x(step as f64 + 1.0))
            );
        }
        let dashes = if dashed { "6 4" } else { "none" };
        html! { path d=(path) fill="none" stroke=(colour(colour_name)) stroke-width="2.4" stroke-dasharray=(dashes) {} }
    }

    /// The band between two lines, as far as there is one.
    pub fn band(&self, band: &[Option<(f64, f64)>]) -> Markup {
        html! {
            @for (step, bounds) in band.iter().enumerate() {
                @if let Some((low, high)) = bounds {
                    rect x=(short(self.x(step as f64 + 0.18))) width=(short(self.step_width() * 0.64)) y=(short(self.y(*high)))
                        height=(short((self.y(*low) - self.y(*high)).max(1.0))) fill="var(--band)" {}
                }
            }
        }
    }

    /// A filled stretch below a line of values, several to a step.
    pub fn area(&self, values: &[f64], per_step: usize, colour_name: &str) -> Markup {
        let mut path = format!("M{} {} ", short(self.x(0.0)), short(self.y(0.0)));
        for (index, value) in values.iter().enumerate() {
            let at = |part: usize| short(self.x(part as f64 / per_step as f64));
            let _ = write!(
                path,
                "L{} {y} H{} ",
                at(index),
                at(index + 1),
                y = short(self.y(*value))
            );
        }
        let end = short(self.x(values.len() as f64 / per_step as f64));
        let _ = write!(path, "L{end} {} Z", short(self.y(0.0)));
        html! { path d=(path) fill=(colour(colour_name)) {} }
    }

    /// A level across the whole chart; its name is in the legend, where no line runs over it.
    pub fn level(&self, value: f64) -> Markup {
        let y = short(self.y(value));
        html! {
            line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) stroke="var(--target)" stroke-width="1.6" stroke-dasharray="3 3" {}
        }
    }

    /// An upright line at a place on the way, with its name.
    pub fn mark(&self, step: f64, name: &str) -> Markup {
        let x = self.x(step);
        html! {
            line x1=(short(x)) x2=(short(x)) y1=(TOP) y2=(HEIGHT - BOTTOM) stroke="var(--target)" stroke-width="1.6" stroke-dasharray="3 3" {}
            text class="over" x=(short(x + 5.0)) y=(TOP + 11.0) { (name) }
        }
    }
}

fn colour(name: &str) -> String {
    format!("var(--{name})")
}

/// Where each part begins and ends that stands on the ones before.
fn stack(parts: &[f64]) -> Vec<(f64, f64)> {
    let mut low = 0.0;
    let place = |part: &f64| {
        let bounds = (low, low + part);
        low += part;
        bounds
    };
    parts.iter().map(place).collect()
}

/// A coordinate with as many digits as are seen.
fn short(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{rounded}")
}

/// What the colours of a chart mean.
pub fn legend(entries: &[(&str, Mark, &str)]) -> Markup {
    html! {
        ul class="legend" {
            @for (colour, mark, name) in entries {
                li {
                    @match mark {
                        Mark::Area => i style=(format!("background:var(--{colour})")) {},
                        Mark::Line => i class="stroke" style=(format!("border-color:var(--{colour})")) {},
                        Mark::Dashes => i class="stroke dash" style=(format!("border-color:var(--{colour})")) {},
                    }
                    (name)
                }
            }
        }
    }
}

/// How something is drawn, for the legend.
#[derive(Clone, Copy)]
pub enum Mark {
    /// A filled shape.
    Area,
    /// A line.
    Line,
    /// A dashed line.
    Dashes,
}
