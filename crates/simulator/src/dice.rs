//! Seeded randomness. Each purpose has dice of its own, so that one more draw in one place moves nothing elsewhere.

use mod_callcenter::engine::Span;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

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
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Draw {
    /// Always the same.
    Fixed(f64),
    /// Anything between two bounds, all equally likely.
    Uniform(f64, f64),
    /// Memoryless around a mean, as arrivals and talk times of queueing theory are.
    Exponential(f64),
}

impl Draw {
    /// Draws a length of time; never negative, and never longer than a year.
    pub fn roll(self, dice: &mut Dice) -> Span {
        const YEAR: f64 = 365.0 * 86_400.0;
        let seconds = match self {
            Draw::Fixed(seconds) => seconds,
            Draw::Uniform(low, high) => low + (high - low) * dice.unit(),
            // 1 - unit() is never 0, so the logarithm is finite.
            Draw::Exponential(mean) => -mean * (1.0 - dice.unit()).ln(),
        };
        Span::from_micros((seconds.clamp(0.0, YEAR) * 1e6) as i64)
    }
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
        for _ in 0..1000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert!(dice.below(4) < 4);
        }
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
