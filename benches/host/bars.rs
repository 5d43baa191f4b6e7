//! A picture of the table: a group of bars for each figure, on its own logarithmic scale.

use crate::figures::{Figure, Figures, Sample, Side};
use crate::report::{in_brackets, number};
use crate::svg::{Anchor, Picture, CORE, FAINT, INK, OURS, STOCK};

const WIDTH: f64 = 1000.0;
const LEFT: f64 = 400.0;
const RIGHT: f64 = 880.0;
const BAR: f64 = 13.0;
const GAP: f64 = 12.0;
const HEAD: f64 = 78.0;

/// Draws every figure.
pub fn draw(figures: &Figures) -> String {
    let height: f64 = figures.0.iter().map(height_of).sum();
    let mut picture = Picture::new(WIDTH, HEAD + height + GAP);
    head(&mut picture);
    let mut y = HEAD;
    for figure in &figures.0 {
        one(&mut picture, figure, y);
        y += height_of(figure);
    }
    picture.finish()
}

fn height_of(figure: &Figure) -> f64 {
    figure.samples.len() as f64 * BAR + GAP
}

fn head(picture: &mut Picture) {
    let title = "The call centre's cost in FreeSWITCH";
    picture.text((20.0, 26.0), 18.0, Anchor::Start, title);
    let explained = "Bars: medians, or means where a median is 0. Thin lines: smallest to largest. Dashed: the goal. Every figure has a logarithmic scale of its own.";
    picture.text((20.0, 45.0), 12.0, Anchor::Start, explained);
    let legend = [
        (CORE, "FreeSWITCH's core alone"),
        (STOCK, "stock"),
        (OURS, "this module"),
    ];
    let mut x = 20.0;
    for (colour, words) in legend {
        picture.bar([x, 54.0, 12.0, 12.0], colour);
        picture.text((x + 17.0, 64.5), 12.0, Anchor::Start, words);
        x += 50.0 + 7.0 * words.len() as f64;
    }
}

fn colour(side: Side) -> &'static str {
    match side {
        Side::Core => CORE,
        Side::Stock => STOCK,
        Side::Ours => OURS,
    }
}

/// Where values of one figure are on the page.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From a third of the smallest value that a logarithm can show to the largest one; below that a bar is as short as can be.
    fn of(figure: &Figure) -> Self {
        let spread = |sample: &Sample| [sample.min(), sample.typical(), sample.max()];
        let samples = figure.samples.values().flat_map(spread);
        let goals = figure.measure.goals.iter().filter_map(|goal| figure.limit(*goal));
        let positive: Vec<f64> = samples.chain(goals).filter(|value| *value > 0.0).collect();
        let high = positive.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let low = positive.iter().copied().fold(high, f64::min) / 3.0;
        // Four powers of ten show what there is to see.
        let low = low.max(high / 10_000.0);
        Self { low, high }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value.max(self.low) / self.low).ln() / (self.high / self.low).ln();
        LEFT + 2.0 + share * (RIGHT - LEFT - 2.0)
    }
}

fn one(picture: &mut Picture, figure: &Figure, top: f64) {
    let scale = Scale::of(figure);
    let height = height_of(figure) - GAP;
    picture.line(
        &[(20.0, top - GAP / 2.0), (WIDTH - 20.0, top - GAP / 2.0)],
        FAINT,
        1.0,
        false,
    );
    let middle = top + height / 2.0 + 4.0;
    let measure = &figure.measure;
    let words = format!("{}: {}{}", measure.row, measure.what, in_brackets(measure.unit));
    picture.text((LEFT - 8.0, middle), 12.0, Anchor::End, &words);
    for (at, (side, sample)) in figure.samples.iter().enumerate() {
        let y = top + at as f64 * BAR;
        let end = scale.x(sample.typical());
        picture.bar([LEFT, y, end - LEFT, BAR - 2.0], colour(*side));
        let centre = y + (BAR - 2.0) / 2.0;
        let (from, to) = (scale.x(sample.min()), scale.x(sample.max()));
        picture.line(&[(from, centre), (to, centre)], INK, 1.0, false);
        let place = (to.max(end) + 5.0, y + BAR - 3.0);
        picture.text(place, 10.5, Anchor::Start, &number(sample.typical()));
    }
    for goal in &measure.goals {
        if let Some(limit) = figure.limit(*goal) {
            let x = scale.x(limit);
            picture.line(&[(x, top - 3.0), (x, top + height + 2.0)], INK, 1.0, true);
        }
    }
    if let Some(ratio) = figure.ratio() {
        let words = format!("{}x", number(ratio));
        picture.text((WIDTH - 20.0, middle), 12.0, Anchor::End, &words);
    }
}
