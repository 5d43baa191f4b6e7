//! Seeded randomness. Each purpose has dice of its own, so that one more draw in one place moves nothing elsewhere.

use mod_callcenter::engine::Span;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::sync::Arc;

/// A seeded source of chance.
#[derive(Debug, Clone)]
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// The dice of one purpose under a seed.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a: a fixed, portable hash, so that a seed means the same run on every machine and release.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in purpose.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(Pcg64Mcg::seed_from_u64(hash))
    }

    /// The dice of one purpose of the so-manieth of many that are alike: what is drawn for one does not depend on the others.
    pub fn numbered(seed: u64, purpose: &str, number: u64) -> Self {
        // A golden ratio's worth apart, so that neighbours share no bits.
        Self::new(
            seed ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            purpose,
        )
    }

    /// A number from 0 (included) to 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        // 53 bits fill the mantissa exactly, so the division is exact too.
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability; 0 and below is never, 1 and above always.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from 0 to `limit - 1`; 0 when the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.unit() * limit as f64) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1).max(1) as f64) as i64
    }

    /// One of the values; none when there are none.
    pub fn pick<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        values.get(self.below(values.len()))
    }

    /// 64 random bits: the seed of something else.
    pub fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// How a length of time is drawn, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub enum Draw {
    /// Always the same.
    Fixed(f64),
    /// Anything between two bounds, all equally likely.
    Uniform(f64, f64),
    /// Memoryless around a mean, as arrivals and talk times of queueing theory are.
    Exponential(f64),
    /// Most are short and a few very long, as talks are: log-normal with this mean and standard deviation.
    LogNormal(f64, f64),
    /// One of those that were measured, all equally likely; nothing where there are none.
    Measured(Arc<[f64]>),
}

impl Draw {
    /// Draws a length of time; never negative, and never longer than a year.
    pub fn roll(&self, dice: &mut Dice) -> Span {
        const YEAR: f64 = 365.0 * 86_400.0;
        let seconds = match self {
            Draw::Fixed(seconds) => *seconds,
            Draw::Uniform(low, high) => low + (high - low) * dice.unit(),
            // 1 - unit() is never 0, so the logarithm is finite.
            Draw::Exponential(mean) => -mean * (1.0 - dice.unit()).ln(),
            Draw::LogNormal(mean, deviation) => log_normal(*mean, *deviation, dice),
            Draw::Measured(seconds) => dice.pick(seconds).copied().unwrap_or_default(),
        };
        Span::from_micros((seconds.clamp(0.0, YEAR) * 1e6) as i64)
    }
}

impl Draw {
    /// The mean, in seconds.
    pub fn mean(&self) -> f64 {
        match self {
            Draw::Fixed(mean) | Draw::Exponential(mean) | Draw::LogNormal(mean, _) => *mean,
            Draw::Uniform(low, high) => (low + high) / 2.0,
            Draw::Measured(seconds) => seconds.iter().sum::<f64>() / seconds.len().max(1) as f64,
        }
    }
}

/// A log-normal length: the exponential of a normal one, which Box and Muller make of two even ones.
fn log_normal(mean: f64, deviation: f64, dice: &mut Dice) -> f64 {
    let (first, second) = (1.0 - dice.unit(), dice.unit());
    let normal = (-2.0 * first.ln()).sqrt() * (std::f64::consts::TAU * second).cos();
    if mean <= 0.0 {
        return 0.0;
    }
    let variance = (1.0 + (deviation / mean).powi(2)).ln();
    (mean.ln() - variance / 2.0 + variance.sqrt() * normal).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_purpose_give_the_same_numbers() {
        let draw = |seed, purpose| {
            (0..5)
                .map(|_| ())
                .scan(Dice::new(seed, purpose), |d, ()| Some(d.unit()))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7, "talk"), draw(7, "talk"));
        assert_ne!(draw(7, "talk"), draw(7, "patience"));
        assert_ne!(draw(7, "talk"), draw(8, "talk"));
    }

    #[test]
    fn draws_keep_to_their_mean_and_bounds() {
        let mut dice = Dice::new(1, "test");
        let mean = (0..20_000)
            .map(|_| Draw::Exponential(10.0).roll(&mut dice).micros())
            .sum::<i64>()
            / 20_000;
        assert!((9_500_000..10_500_000).contains(&mean), "mean {mean}");
        let draw = Draw::LogNormal(180.0, 120.0);
        let drawn: Vec<f64> = (0..50_000)
            .map(|_| draw.roll(&mut dice).micros() as f64 / 1e6)
            .collect();
        let mean = drawn.iter().sum::<f64>() / 50_000.0;
        let deviation = (drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 50_000.0).sqrt();
        assert!(
            (177.0..183.0).contains(&mean) && (114.0..126.0).contains(&deviation),
            "{mean} {deviation}"
        );
        for _ in 0..1000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert!(dice.below(4) < 4);
        }
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
