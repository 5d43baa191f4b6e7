//! The engine's only source of chance, decided by its seed.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A seeded generator.
#[derive(Debug)]
pub(super) struct Random(Pcg64Mcg);

impl Random {
    /// The generator of a seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Any number.
    pub fn number(&mut self) -> i64 {
        i64::from_le_bytes(self.0.next_u64().to_le_bytes())
    }
}
