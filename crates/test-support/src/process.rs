//! What the kernel says of a running program.

use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;
use std::time::Duration;

/// CPU time the process has used so far, in seconds, its own and the kernel's on its behalf. The process's own clock tells it to the
/// nanosecond; /proc would in hundredths of a second.
///
/// # Panics
/// When there is no such process.
pub fn cpu(pid: u32) -> f64 {
    let pid = i32::try_from(pid).expect("a process");
    let clock = clock_getcpuclockid(Pid::from_raw(pid)).expect("the clock of a process that runs");
    let time = clock.now().expect("a time");
    Duration::from(time).as_secs_f64()
}
