//! How the machine's clocks go: the engine does some things by the time of day, and knows no time zones.

use crate::commands::zone_of_machine;
use crate::engine::{LocalTime, WallTime};
use jiff::tz::TimeZone;
use jiff::Timestamp;

/// So many changes are told ahead: those of ten years where clocks are set twice a year.
const CHANGES: usize = 20;

/// What local clocks show from now on, in the time zone of the machine.
pub fn from(now: WallTime) -> LocalTime {
    within(now, &zone_of_machine())
}

fn within(now: WallTime, zone: &TimeZone) -> LocalTime {
    let Ok(now) = Timestamp::from_second(now.secs()) else {
        return LocalTime::default();
    };
    let changes = zone.following(now).take(CHANGES);
    LocalTime {
        ahead: i64::from(zone.to_offset(now).seconds()),
        changes: changes
            .map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_told_as_they_will_be_set() {
        let local = |zone: &str| {
            let zone = TimeZone::posix(zone).expect("a time zone");
            // 1 January 2026, midnight in Greenwich.
            within(WallTime::from_secs(1_767_225_600), &zone)
        };
        let berlin = local("CET-1CEST,M3.5.0,M10.5.0/3");
        assert_eq!((berlin.ahead, berlin.changes.len()), (3_600, CHANGES));
        assert_eq!(berlin.changes[..2], [(1_774_746_000, 7_200), (1_792_890_000, 3_600)]);
        assert_eq!(local("NST3:30").ahead, -12_600);
        assert_eq!(local("UTC0"), LocalTime::default());
    }
}
