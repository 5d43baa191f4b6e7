//! The report of a day: one HTML file that needs nothing else, for people who decide.

mod chart;
mod check;
mod compare;
mod day;
mod glossary;
mod staff;
mod summary;
mod verdict;
mod words;

use crate::replay::Check;
use crate::staffing::Need;
use crate::study::Days;
use maud::{html, Markup, PreEscaped, DOCTYPE};

const STYLE: &str = include_str!("style.css");

/// What is reported.
pub struct Page<'a> {
    /// What call centre it is.
    pub title: String,
    /// What kind of day, and how many of them.
    pub about: String,
    /// The days.
    pub days: &'a Days,
    /// Other days to compare with, and what is different in them.
    pub what_if: Option<(String, &'a Days)>,
    /// How many agents each queue needs.
    pub needs: &'a [Need],
    /// A real day beside the one that was played from its records.
    pub check: Option<&'a Check>,
    /// Seconds within which a caller is to be answered.
    pub service_level: f64,
    /// The share of the callers who are.
    pub target: f64,
    /// What has to be known about the figures.
    pub notes: Vec<String>,
    /// What was typed to get it.
    pub command: String,
}

impl Page<'_> {
    /// The whole file.
    pub fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        (summary::header(self))
                        (compare::section(self))
                        (staff::section(self))
                        (check::section(self))
                        (compare::as_it_is(self))
                        (day::sections(self))
                        (check::patience(self))
                        (glossary::footer(self))
                    }
                }
            }
        };
        page.into_string()
    }
}

/// A chart with its numbers beside it.
fn pair(title: &str, about: &str, chart: &Markup, numbers: &Markup) -> Markup {
    html! {
        section {
            h2 { (title) }
            p class="about" { (about) }
            div class="pair" {
                div class="chart" { (chart) }
                div class="numbers" tabindex="0" role="region" aria-label=(format!("Numbers: {title}")) { (numbers) }
            }
        }
    }
}

/// A table; the last row may be a sum.
fn table(head: &[&str], rows: &[Vec<String>], has_sum: bool) -> Markup {
    html! {
        table {
            thead { tr { @for cell in head { th scope="col" { (cell) } } } }
            tbody {
                @for (index, row) in rows.iter().enumerate() {
                    tr class=[(has_sum && index + 1 == rows.len()).then_some("sum")] {
                        @for cell in row { td { (cell) } }
                    }
                }
            }
        }
    }
}
