//! Figures as people write them.

pub use crate::report::clock;
use crate::report::minutes;
use crate::study::{Estimate, Unit};

/// What stands where there is no figure.
pub const NOTHING: &str = "–";

/// A figure in its unit.
pub fn figure(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Seconds if value < 60.0 => format!("{value:.1}\u{a0}s"),
        Unit::Seconds => format!("{}\u{a0}min", minutes(value)),
        Unit::Count => count(value),
    }
}

/// How far it may be off, or how it differs.
pub fn distance(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => format!("{:.1}", value * 100.0),
        Unit::Seconds => format!("{value:.1}"),
        Unit::Count => count(value),
    }
}

/// A number of people: with a digit behind the point where it is an average and small.
pub fn count(value: f64) -> String {
    if (value - value.round()).abs() < 1e-9 || value.abs() >= 100.0 {
        thousands(value.round() as i64)
    } else {
        format!("{value:.1}")
    }
}

fn thousands(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0 {
        format!("-{text}")
    } else {
        text
    }
}

/// A share in percent, on one line.
pub fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", share * 100.0)
}

/// A share that somebody has chosen: with a digit behind the point only where there is one.
pub fn goal(share: f64) -> String {
    let percent = (share * 1000.0).round() / 10.0;
    format!("{percent}\u{a0}%")
}

/// The value of an estimate.
pub fn value(unit: Unit, estimate: &Estimate) -> String {
    estimate
        .value
        .map_or_else(|| NOTHING.to_owned(), |value| figure(unit, value))
}

/// `± 1.2` on one line, or nothing.
pub fn plus_minus(unit: Unit, estimate: &Estimate) -> Option<String> {
    let half = estimate.half?;
    estimate.value.map(|_| format!("±\u{a0}{}", distance(unit, half)))
}

/// `± 1.2 points` on one line, or nothing, where no heading says what it is.
pub fn plus_minus_what(unit: Unit, estimate: &Estimate) -> Option<String> {
    let what = match unit {
        Unit::Share => "\u{a0}points",
        Unit::Seconds => "\u{a0}s",
        Unit::Count => "",
    };
    plus_minus(unit, estimate).map(|band| band + what)
}
