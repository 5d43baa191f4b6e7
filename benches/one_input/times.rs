//! Times of inputs by kind.

use std::collections::BTreeMap;
use std::time::Instant;

/// What is asked of every input, in microseconds.
const MEAN_LIMIT: f64 = 20.0;
const P99_LIMIT: f64 = 100.0;

/// The time of each input, in nanoseconds.
#[derive(Default)]
pub struct Times(BTreeMap<&'static str, Vec<u128>>);

impl Times {
    /// Times one.
    pub fn time<T>(&mut self, kind: &'static str, input: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = input();
        let took = began.elapsed().as_nanos();
        self.0.entry(kind).or_default().push(took);
        result
    }

    /// A line for each kind of input.
    pub fn print(self) {
        self.print_within(MEAN_LIMIT, P99_LIMIT);
    }

    /// A line for each kind, where these are the limits, in microseconds.
    pub fn print_within(self, mean_limit: f64, p99_limit: f64) {
        for (kind, mut times) in self.0 {
            times.sort_unstable();
            let at = |share: usize| times[(times.len() - 1) * share / 100] as f64 / 1000.0;
            let mean = times.iter().sum::<u128>() as f64 / times.len() as f64 / 1000.0;
            let reached = mean < mean_limit && at(99) < p99_limit;
            let verdict = if reached { "reached" } else { "MISSED" };
            println!(
                "  {kind:<40} {mean:8.2} {:8.2} {:8.2} {:9.2}  of {}; goal {verdict}",
                at(50),
                at(99),
                at(100),
                times.len()
            );
        }
    }
}
