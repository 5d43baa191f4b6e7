//! How long the engine is locked for what is handed to it.

use parking_lot::Mutex;
use std::time::Duration;

/// Bounds of the times, in microseconds.
const BOUNDS: [u64; 9] = [10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000];

/// Times since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EngineTimes {
    /// How often something was handed to the engine.
    pub inputs: u64,
    /// All times together.
    pub total: Duration,
    /// The longest one.
    pub longest: Duration,
    within: [u64; BOUNDS.len()],
}

impl EngineTimes {
    /// Each bound in seconds, and how many times were within it.
    pub fn counts(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let bounds = BOUNDS.into_iter().map(|micros| micros as f64 / 1e6);
        let counts = self.within.iter().scan(0, |below, count| {
            *below += count;
            Some(*below)
        });
        bounds.zip(counts)
    }

    fn add(&mut self, taken: Duration) {
        self.inputs += 1;
        self.total += taken;
        self.longest = self.longest.max(taken);
        let place = BOUNDS.partition_point(|bound| Duration::from_micros(*bound) < taken);
        if let Some(count) = self.within.get_mut(place) {
            *count += 1;
        }
    }
}

/// Takes the times.
#[derive(Debug, Default)]
pub(super) struct Stopwatch(Mutex<EngineTimes>);

impl Stopwatch {
    /// Takes one.
    pub fn note(&self, taken: Duration) {
        self.0.lock().add(taken);
    }

    /// All there are so far.
    pub fn times(&self) -> EngineTimes {
        *self.0.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_by_bounds() {
        let stopwatch = Stopwatch::default();
        for micros in [1, 10, 11, 2_000, 200_000] {
            stopwatch.note(Duration::from_micros(micros));
        }
        let times = stopwatch.times();
        let counts: Vec<u64> = times.counts().map(|(_, count)| count).collect();
        assert_eq!(counts, [2, 3, 3, 3, 3, 4, 4, 4, 4]);
        assert_eq!((times.inputs, times.longest), (5, Duration::from_micros(200_000)));
        assert_eq!(times.total, Duration::from_micros(202_022));
    }
}
