//! The machine the figures are from, and how quiet it was.

use std::hint::black_box;
use std::time::Instant;

use serde_json::{json, Value};

use crate::figures::{Figures, Measure, Side};

/// How often the fixed computation is timed.
const ROUNDS: usize = 50;

/// What is said about the machine beside the figures.
pub struct Machine {
    description: Value,
    noise: Figures,
}

impl Machine {
    /// Looks at the machine, for about half a second.
    pub fn look() -> Self {
        let mut noise = Figures::default();
        let measure = Measure::cost("machine", "a fixed computation", "ms");
        let times: Vec<f64> = (0..ROUNDS).map(|_| fixed_computation()).collect();
        noise.add(&measure, Side::Core, &times);
        let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
        let model = read("/proc/cpuinfo");
        let model = model.lines().find_map(|line| line.strip_prefix("model name"));
        let model = model.map_or("", |rest| rest.trim_start_matches([' ', '\t', ':']));
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let description = json!({
            "processor": model,
            "cores": cores,
            "kernel": read("/proc/sys/kernel/osrelease").trim(),
            "load_before": read("/proc/loadavg").trim(),
        });
        Self { description, noise }
    }

    /// The description, with how much the time of one and the same computation varied.
    pub fn to_json(&self) -> Value {
        let mut told = self.description.clone();
        told["load_after"] = std::fs::read_to_string("/proc/loadavg")
            .unwrap_or_default()
            .trim()
            .into();
        told["fixed_computation_ms"] = crate::report::figures_json(&self.noise);
        told
    }
}

/// Some milliseconds of arithmetic; gives how many it took.
fn fixed_computation() -> f64 {
    let began = Instant::now();
    let mut value = 1_u64;
    for step in 0..5_000_000_u64 {
        value = black_box(value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step));
    }
    black_box(value);
    began.elapsed().as_secs_f64() * 1000.0
}
