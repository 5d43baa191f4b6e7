//! A picture of sustained load: for each case how offers, backlog and memory went.

use super::{Course, Window};
use crate::figures::{Sample, Side};
use crate::report::number;
use crate::svg::{Anchor, Picture, FAINT, INK, OURS, STOCK};

const WIDTH: f64 = 1060.0;
const HEAD: f64 = 66.0;
const CASE: f64 = 200.0;
const PANEL: [f64; 2] = [270.0, 120.0];
const LEFT: f64 = 60.0;
const STEP: f64 = 345.0;

/// What is drawn of a window.
struct Curve {
    dashed: bool,
    /// None where there is nothing to draw.
    of: fn(&Window) -> Option<f64>,
}

/// One of the three pictures of a case.
struct Panel {
    title: &'static str,
    curves: &'static [Curve],
    logarithmic: bool,
}

const PANELS: [Panel; 3] = [
    Panel {
        title: "from joining to the offer, ms; dashed: p99",
        curves: &[
            Curve {
                dashed: false,
                of: |window| window.offered(Sample::median),
            },
            Curve {
                dashed: true,
                of: |window| window.offered(Sample::p99),
            },
        ],
        logarithmic: true,
    },
    Panel {
        title: "members who wait",
        curves: &[Curve {
            dashed: false,
            of: |window| Some(window.backlog as f64),
        }],
        logarithmic: false,
    },
    Panel {
        title: "memory of FreeSWITCH, MB",
        curves: &[Curve {
            dashed: false,
            of: |window| Some(window.memory),
        }],
        logarithmic: false,
    },
];

/// Draws all cases, one below the other.
pub fn draw(courses: &[Course]) -> String {
    let mut cases: Vec<String> = courses.iter().map(|course| course.case.words()).collect();
    cases.dedup();
    let mut picture = Picture::new(WIDTH, HEAD + CASE * cases.len() as f64);
    let title = "Sustained load: 200 agents who answer at once and talk for up to two seconds";
    picture.text((20.0, 26.0), 18.0, Anchor::Start, title);
    for (x, colour, words) in [(20.0, STOCK, "stock"), (90.0, OURS, "this module")] {
        picture.bar([x, 38.0, 12.0, 12.0], colour);
        picture.text((x + 17.0, 48.5), 12.0, Anchor::Start, words);
    }
    for (row, case) in cases.iter().enumerate() {
        let top = HEAD + CASE * row as f64;
        picture.text((20.0, top + 12.0), 14.0, Anchor::Start, case);
        let of_case: Vec<&Course> = courses.iter().filter(|course| course.case.words() == *case).collect();
        for (column, panel) in PANELS.iter().enumerate() {
            one(&mut picture, panel, &of_case, (LEFT + STEP * column as f64, top + 38.0));
        }
    }
    picture.finish()
}

/// The range of the vertical axis.
struct Scale {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Scale {
    fn of(panel: &Panel, courses: &[&Course]) -> Self {
        let windows = || courses.iter().flat_map(|course| &course.seen.windows);
        let values = windows().flat_map(|window| panel.curves.iter().filter_map(|curve| (curve.of)(window)));
        let most = values.fold(1.0, f64::max) * 1.05;
        if !panel.logarithmic {
            let (low, high, logarithmic) = (0.0, most, false);
            return Self { low, high, logarithmic };
        }
        // Whole powers of ten, from a tenth of the clock's tick.
        let high = 10_f64.powf(most.log10().ceil());
        let (low, logarithmic) = (0.1, true);
        Self { low, high, logarithmic }
    }

    /// From 0 at the bottom to 1 at the top.
    fn share(&self, value: f64) -> f64 {
        if self.logarithmic {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            value / self.high
        }
    }

    /// Where lines of the grid are.
    fn marks(&self) -> Vec<f64> {
        if !self.logarithmic {
            return vec![0.0, self.high / 2.0, self.high];
        }
        let powers = std::iter::successors(Some(self.low), |mark| Some(mark * 10.0));
        powers.take_while(|mark| *mark <= self.high * 1.01).collect()
    }
}

fn one(picture: &mut Picture, panel: &Panel, courses: &[&Course], (left, top): (f64, f64)) {
    let [width, height] = PANEL;
    let scale = Scale::of(panel, courses);
    let y = |value: f64| top + height * (1.0 - scale.share(value));
    picture.text((left, top - 8.0), 10.5, Anchor::Start, panel.title);
    for mark in scale.marks() {
        picture.line(&[(left, y(mark)), (left + width, y(mark))], FAINT, 1.0, false);
        picture.text((left - 4.0, y(mark) + 3.5), 9.5, Anchor::End, &number(mark));
    }
    let ends = courses.iter().filter_map(|course| course.seen.windows.last());
    let last = ends.map(|window| window.second).fold(1.0, f64::max);
    let x = |window: &Window| left + width * window.second / last;
    picture.line(&[(left, top + height), (left + width, top + height)], INK, 1.0, false);
    let end = format!("{} s", number(last));
    picture.text((left + width, top + height + 13.0), 9.5, Anchor::End, &end);
    for course in courses {
        let colour = if course.side == Side::Stock { STOCK } else { OURS };
        for curve in panel.curves {
            let points: Vec<_> = course
                .seen
                .windows
                .iter()
                .filter_map(|window| Some((x(window), y((curve.of)(window)?))))
                .collect();
            picture.line(&points, colour, 1.6, curve.dashed);
        }
    }
}
