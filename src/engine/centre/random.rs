//! The engine's only source of chance, decided by its seed.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// The mean of a lot of level 0.
const LOT: f64 = 1e6;

/// Levels beyond this weigh no less.
const HIGHEST_WEIGHED: i64 = 1_000_000;

/// A seeded generator.
#[derive(Debug)]
pub(in crate::engine) struct Random(Pcg64Mcg);

impl Random {
    /// The generator of a seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Any number.
    pub fn number(&mut self) -> i64 {
        i64::from_le_bytes(self.0.next_u64().to_le_bytes())
    }

    /// How long a lot of this level lasts: exponential, with a mean that grows with the level. The shortest of several is each one's with
    /// a chance in inverse proportion to its mean, however long they have lasted already; so one draw for each stay is enough.
    pub fn lot(&mut self, level: i64) -> i64 {
        // 53 bits fill a float's fraction; one is added so that there is a logarithm.
        let share = ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        let mean = (level.clamp(0, HIGHEST_WEIGHED) + 1) as f64 * LOT;
        (-share.ln() * mean) as i64
    }
}
