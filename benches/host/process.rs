//! What the kernel says of a running FreeSWITCH.

use std::time::{Duration, Instant};

use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;

/// CPU time the process has used so far, in seconds, its own and the kernel's on its behalf. The process's own clock tells it to the
/// nanosecond; /proc would in hundredths of a second.
pub fn cpu(pid: u32) -> f64 {
    let pid = i32::try_from(pid).expect("a process");
    let clock = clock_getcpuclockid(Pid::from_raw(pid)).expect("the clock of a process that runs");
    let time = clock.now().expect("a time");
    Duration::from(time).as_secs_f64()
}

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
