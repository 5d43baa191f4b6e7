//! Whether a target is met, as far as days that differ by chance can tell.

use super::words::goal;
use crate::study::{Days, Estimate, SERVICE_LEVEL};

/// How a figure stands to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is reached.
    Met,
    /// The band of the figure has the target in it.
    Close,
    /// It is not reached.
    Missed,
}

impl Verdict {
    /// Of a figure that should be at least its target; none where there is no figure.
    pub fn of(level: &Estimate, target: f64) -> Option<Self> {
        let value = level.value?;
        Some(match level.band() {
            Some((low, high)) if low < target && target <= high => Self::Close,
            _ if value >= target => Self::Met,
            _ => Self::Missed,
        })
    }

    /// Its class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Met => "good",
            Self::Close => "plain",
            Self::Missed => "bad",
        }
    }

    /// As the end of a sentence.
    pub fn said(self, level: f64, target: f64) -> String {
        let told = goal(target);
        match self {
            Self::Met => format!("the target of {told} is met"),
            Self::Close => format!("whether the target of {told} is met is too close to call"),
            Self::Missed => format!(
                "the target of {told} is missed by {:.1} points",
                (target - level) * 100.0
            ),
        }
    }
}

/// How many of several days reach the target, and how many with a change: an average says nothing of the one that will come.
pub fn days_that_reach_it(days: &Days, changed: Option<&Days>, target: f64) -> Option<String> {
    let all = days.0.len();
    let share = |figures: (f64, f64)| figures.1 <= 0.0 || figures.0 / figures.1 >= target;
    let reach = |days: &Days| {
        let days = days.0.iter();
        days.filter(|day| share((SERVICE_LEVEL.of)(&day.total))).count()
    };
    let told = match changed {
        None => format!("Of the {all} days that were played {} reach the target.", reach(days)),
        Some(changed) => format!(
            "Of the {all} days that were played {} reach the target as it is, and {} with the change.",
            reach(days),
            reach(changed)
        ),
    };
    (all > 1).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_inside_of_the_band_is_neither_met_nor_missed() {
        let of = |value, half| {
            let level = Estimate {
                value: Some(value),
                half,
            };
            Verdict::of(&level, 0.8).expect("a verdict")
        };
        assert_eq!(of(0.807, Some(0.019)), Verdict::Close);
        assert_eq!(of(0.79, Some(0.019)), Verdict::Close);
        assert_eq!(of(0.85, Some(0.019)), Verdict::Met);
        assert_eq!(of(0.75, Some(0.019)), Verdict::Missed);
        // Of one day nobody knows how far it is from others.
        assert_eq!((of(0.8, None), of(0.79, None)), (Verdict::Met, Verdict::Missed));
        assert_eq!(Verdict::of(&Estimate::default(), 0.8), None);
    }
}
