//! The clock that the cluster judges by.

use crate::cluster::time::BoxTime;
use nix::time::{clock_gettime, ClockId};

/// Now, on the clock that counts while the machine is suspended.
pub fn now() -> BoxTime {
    // Every Linux since 2.6.39 has this clock; without it nothing may be trusted, and at the epoch nothing is.
    let micros = clock_gettime(ClockId::CLOCK_BOOTTIME).map_or(0, |time| {
        let seconds = time.tv_sec().saturating_mul(1_000_000);
        seconds.saturating_add(time.tv_nsec() / 1_000)
    });
    BoxTime::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on() {
        let before = now();
        assert!(before.micros() > 0);
        assert!(now() >= before);
    }
}
