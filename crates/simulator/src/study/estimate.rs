//! What several days say about a figure, and how sure one can be of it.

/// A figure over several days: its value, and how far it may be from the true one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The value; none where there was nothing to divide by.
    pub value: Option<f64>,
    /// Half of the 95 % band around it; none of a single day.
    pub half: Option<f64>,
}

/// How two figures differ over the same days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The second less the first.
    pub estimate: Estimate,
    /// Both are the same on each day, to the last digit.
    pub is_same: bool,
}

impl Difference {
    /// Whether the band has zero in it, or there is none: chance alone may have made the difference.
    pub fn is_within_noise(&self) -> bool {
        match (self.estimate.value, self.estimate.half) {
            (Some(value), Some(half)) => value.abs() <= half,
            _ => true,
        }
    }
}

impl Estimate {
    /// The figure is a quotient; of each day there are its numerator and denominator. Days in which much happens count for more.
    pub fn of(days: &[(f64, f64)]) -> Self {
        let Some(quotient) = Quotient::of(days) else {
            return Self::default();
        };
        let errors: Vec<f64> = days.iter().map(|day| quotient.error(day)).collect();
        Self {
            value: Some(quotient.value),
            half: half_band(&errors),
        }
    }

    /// The lower and upper end of the band.
    pub fn band(&self) -> Option<(f64, f64)> {
        let (value, half) = (self.value?, self.half?);
        Some((value - half, value + half))
    }
}

/// How the second figure differs from the first, day by day: what both days share by chance cancels out.
pub fn difference(first: &[(f64, f64)], second: &[(f64, f64)]) -> Difference {
    let is_same = first == second;
    let (Some(a), Some(b)) = (Quotient::of(first), Quotient::of(second)) else {
        return Difference {
            estimate: Estimate::default(),
            is_same,
        };
    };
    let errors: Vec<f64> = first.iter().zip(second).map(|(x, y)| b.error(y) - a.error(x)).collect();
    let estimate = Estimate {
        value: Some(b.value - a.value),
        half: half_band(&errors),
    };
    Difference { estimate, is_same }
}

struct Quotient {
    value: f64,
    mean_denominator: f64,
}

impl Quotient {
    fn of(days: &[(f64, f64)]) -> Option<Self> {
        let numerator: f64 = days.iter().map(|day| day.0).sum();
        let denominator: f64 = days.iter().map(|day| day.1).sum();
        (denominator > 0.0).then(|| Self {
            value: numerator / denominator,
            mean_denominator: denominator / days.len() as f64,
        })
    }

    /// How far a day is from the quotient, as far as it weighs.
    fn error(&self, (numerator, denominator): &(f64, f64)) -> f64 {
        (numerator - self.value * denominator) / self.mean_denominator
    }
}

/// Half of the 95 % band of a mean of such errors.
fn half_band(errors: &[f64]) -> Option<f64> {
    let days = errors.len();
    if days < 2 {
        return None;
    }
    let squares: f64 = errors.iter().map(|error| error * error).sum();
    Some(student(days - 1) * (squares / (days as f64 * (days - 1) as f64)).sqrt())
}

/// The 97.5 % quantile of Student's distribution.
fn student(freedom: usize) -> f64 {
    const FIRST: [f64; 8] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306];
    if let Some(known) = freedom.checked_sub(1).and_then(|index| FIRST.get(index)) {
        return *known;
    }
    // Cornish and Fisher's expansion, which is right to the third digit from here on.
    let (z, n) = (1.959_964_f64, freedom as f64);
    z + (z.powi(3) + z) / (4.0 * n) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_narrows_as_days_are_added_and_one_day_has_none() {
        assert_eq!(
            Estimate::of(&[(5.0, 10.0)]),
            Estimate {
                value: Some(0.5),
                half: None
            }
        );
        assert_eq!(Estimate::of(&[(0.0, 0.0)]).value, None);
        let two = Estimate::of(&[(4.0, 10.0), (6.0, 10.0)]);
        assert_eq!(two.value, Some(0.5));
        let many: Vec<(f64, f64)> = (0..40).map(|n| (4.0 + 2.0 * f64::from(n % 2), 10.0)).collect();
        let many = Estimate::of(&many);
        assert!(many.half < two.half && many.half > Some(0.0), "{many:?} {two:?}");
    }

    #[test]
    fn what_both_days_share_is_no_difference() {
        let first: Vec<(f64, f64)> = (0..10).map(|n| (f64::from(n * n), 10.0)).collect();
        let second: Vec<(f64, f64)> = first.iter().map(|(x, n)| (x + 1.0, *n)).collect();
        let one_more = difference(&first, &second);
        assert!((one_more.estimate.value.expect("a value") - 0.1).abs() < 1e-12);
        assert!(one_more.estimate.half.is_some_and(|half| half < 1e-9), "{one_more:?}");
        assert!(!one_more.is_within_noise() && !one_more.is_same);
        let nothing = difference(&first, &first);
        assert!(nothing.is_same && nothing.estimate.value == Some(0.0));
    }

    #[test]
    fn students_quantiles_are_those_of_the_tables() {
        for (freedom, known) in [
            (1, 12.706),
            (8, 2.306),
            (9, 2.262),
            (15, 2.131),
            (29, 2.045),
            (100, 1.984),
        ] {
            assert!(
                (student(freedom) - known).abs() < 0.005,
                "{freedom}: {}",
                student(freedom)
            );
        }
    }
}
