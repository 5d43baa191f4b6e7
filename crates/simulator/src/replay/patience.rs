//! How long callers wait before they give up, from records in which most did not have to. After Kaplan and Meier: who was answered after a
//! minute would have waited a minute at least, and counts as such.

use crate::dice::Dice;

/// The share of callers who would still wait, over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patience {
    /// Seconds after which somebody gave up, and the share that would wait longer.
    curve: Vec<(f64, f64)>,
    /// How often, a second of waiting, somebody gives up: for waits longer than any that was seen.
    rate: f64,
}

impl Patience {
    /// From waits in seconds, and whether the caller gave up then.
    pub fn of(waits: &[(f64, bool)]) -> Self {
        let mut waits = waits.to_vec();
        // Who gives up in the moment of another's answer was at risk before.
        waits.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let mut curve: Vec<(f64, f64)> = Vec::new();
        let mut left = 1.0;
        let mut index = 0;
        while index < waits.len() {
            let at = waits[index].0;
            let same = waits[index..].iter().take_while(|(wait, _)| *wait == at);
            let (all, gave_up) = same.fold((0_usize, 0_usize), |(all, gave_up), (_, is)| {
                (all + 1, gave_up + usize::from(*is))
            });
            if gave_up > 0 {
                left *= 1.0 - gave_up as f64 / (waits.len() - index) as f64;
                curve.push((at, left));
            }
            index += all;
        }
        let waited: f64 = waits.iter().map(|(wait, _)| wait).sum();
        let gave_up = waits.iter().filter(|(_, is)| *is).count();
        Self {
            curve,
            rate: if waited > 0.0 { gave_up as f64 / waited } else { 0.0 },
        }
    }

    /// The curve: seconds, and the share that would wait longer.
    pub fn curve(&self) -> &[(f64, f64)] {
        &self.curve
    }

    fn left_after(&self, seconds: f64) -> f64 {
        let passed = self.curve.iter().take_while(|(at, _)| *at <= seconds);
        passed.last().map_or(1.0, |(_, left)| *left)
    }

    /// The patience, in seconds, of a caller who has waited so long already.
    pub fn draw(&self, waited: f64, dice: &mut Dice) -> f64 {
        let level = self.left_after(waited) * dice.unit();
        let further = self.curve.iter().find(|(at, left)| *at > waited && *left <= level);
        if let Some((at, _)) = further {
            return *at;
        }
        // Longer than anybody was seen to wait: as often as on average.
        let longest = self.curve.last().map_or(waited, |(at, _)| at.max(waited));
        const DAY: f64 = 86_400.0;
        let more = if self.rate > 0.0 {
            -(1.0 - dice.unit()).ln() / self.rate
        } else {
            DAY
        };
        longest + more.clamp(0.001, DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_that_of_the_textbook() {
        // Six callers: two gave up, after 5 and after 20 seconds.
        let waits = [
            (5.0, true),
            (10.0, false),
            (10.0, false),
            (20.0, true),
            (30.0, false),
            (30.0, false),
        ];
        let patience = Patience::of(&waits);
        let expected = [(5.0, 5.0 / 6.0), (20.0, 5.0 / 6.0 * 2.0 / 3.0)];
        for ((at, left), (when, share)) in patience.curve().iter().zip(expected) {
            assert!(*at == when && (left - share).abs() < 1e-12, "{patience:?}");
        }
    }

    #[test]
    fn who_has_waited_is_given_longer_and_censoring_does_not_shorten() {
        let mut dice = Dice::new(3, "truth");
        let draw = |mean: f64, dice: &mut Dice| -mean * (1.0 - dice.unit()).ln();
        // True patience has a mean of 100 seconds, and most are answered before that.
        let waits: Vec<(f64, bool)> = (0..20_000)
            .map(|_| {
                let (patience, answered) = (draw(100.0, &mut dice), draw(40.0, &mut dice));
                (patience.min(answered), patience < answered)
            })
            .collect();
        let patience = Patience::of(&waits);
        let mean = (0..20_000).map(|_| patience.draw(0.0, &mut dice)).sum::<f64>() / 20_000.0;
        assert!((92.0..108.0).contains(&mean), "{mean}");
        assert!((0..1000).all(|_| patience.draw(60.0, &mut dice) > 60.0));
    }
}
