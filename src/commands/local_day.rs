//! When the day began on the clock on the wall.

use crate::engine::WallTime;
use jiff::tz::TimeZone;
use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Room enough for whatever reads a time zone: its tables lie on the stack while they are read, as large as they may be at most, which
/// is more than FreeSWITCH gives its threads where nothing is optimised.
const STACK: usize = 2 * 1024 * 1024;

/// So long the time zone is taken for what it was: boards ask for the day every second.
const KEPT: Duration = Duration::from_secs(60);

/// The time zone of the machine as it was within the last minute; UTC where there is no thread to read it.
pub fn zone_of_machine() -> TimeZone {
    static KNOWN: Mutex<Option<(Instant, TimeZone)>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match &*known {
        Some((read, zone)) if read.elapsed() < KEPT => zone.clone(),
        _ => {
            let zone = read_zone();
            *known = Some((Instant::now(), zone.clone()));
            zone
        }
    }
}

fn read_zone() -> TimeZone {
    let reader = std::thread::Builder::new().stack_size(STACK).spawn(TimeZone::system);
    let zone = reader.ok().and_then(|reader| reader.join().ok());
    zone.unwrap_or(TimeZone::UTC)
}

/// The day that a moment is in, where the machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LocalDay {
    /// Its first second since the epoch.
    pub began: i64,
    /// How far the local clock is ahead of UTC at that moment, in seconds.
    pub offset: i32,
}

impl LocalDay {
    /// The day in the time zone of the machine.
    pub fn of(at: WallTime) -> Self {
        Self::within(at, zone_of_machine())
    }

    /// The day in a time zone; where there is no midnight because clocks are set forward then, it begins when they have been.
    fn within(at: WallTime, zone: TimeZone) -> Self {
        let utc = Self {
            began: at.secs().div_euclid(86_400) * 86_400,
            offset: 0,
        };
        let Ok(moment) = Timestamp::from_second(at.secs()) else {
            return utc;
        };
        let moment = moment.to_zoned(zone);
        moment.start_of_day().map_or(utc, |began| Self {
            began: began.timestamp().as_second(),
            offset: moment.offset().seconds(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(at: i64, zone: &str) -> (i64, i32) {
        let day = LocalDay::within(WallTime::from_secs(at), TimeZone::posix(zone).expect("a time zone"));
        (day.began, day.offset)
    }

    #[test]
    fn a_day_begins_at_the_local_midnight() {
        let noon = 1_767_614_400;
        assert_eq!(day(noon, "UTC0"), (1_767_571_200, 0));
        assert_eq!(day(noon, "CET-1"), (1_767_567_600, 3_600));
        assert_eq!(day(noon, "NST3:30"), (1_767_583_800, -12_600));
        // Half past midnight in Berlin is still the day before in London.
        assert_eq!(day(1_767_569_400, "CET-1").0, 1_767_567_600);
        assert_eq!(day(1_767_569_400, "UTC0").0, 1_767_484_800);
    }

    #[test]
    fn the_day_on_which_clocks_are_set_forward_is_an_hour_shorter() {
        let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
        // Sunday, 29 March 2026, noon and midnight in Berlin.
        assert_eq!(day(1_774_778_400, berlin), (1_774_738_800, 7_200));
    }
}
