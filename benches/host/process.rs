//! What the kernel says of a running FreeSWITCH.

use std::time::{Duration, Instant};

pub use callcenter_test_support::process::cpu;

/// Memory the process occupies, in MB.
pub fn memory(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

/// How much of a core each of two processes uses, in this many windows one after the other.
pub fn cores(pids: [u32; 2], windows: usize, window: Duration) -> Vec<[f64; 2]> {
    let one = |_| {
        let (began, before) = (Instant::now(), pids.map(cpu));
        // What is measured is this very time, in which nothing happens that could be waited for.
        std::thread::sleep(window);
        let (seconds, after) = (began.elapsed().as_secs_f64(), pids.map(cpu));
        [0, 1].map(|which| (after[which] - before[which]) / seconds)
    };
    (0..windows).map(one).collect()
}
