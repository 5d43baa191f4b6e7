//! What clocks show where the machine stands.

use serde::{Deserialize, Serialize};

/// How far local clocks are ahead of UTC, and when that changes. Without anything said it is UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LocalTime {
    /// Seconds ahead of UTC before the first change.
    pub ahead: i64,
    /// From such an epoch second on they are so many seconds ahead; ascending. What lies behind the last one stays as it is then.
    pub changes: Vec<(i64, i64)>,
}

/// Seconds of a day on which no clock is changed.
const DAY: i64 = 86_400;

impl LocalTime {
    fn ahead_at(&self, epoch: i64) -> i64 {
        let passed = self.changes.partition_point(|(since, _)| *since <= epoch);
        let last = passed.checked_sub(1).and_then(|last| self.changes.get(last));
        last.map_or(self.ahead, |(_, ahead)| *ahead)
    }

    fn shown(&self, epoch: i64) -> i64 {
        epoch.saturating_add(self.ahead_at(epoch))
    }

    /// The seconds since midnight that local clocks show.
    pub(in crate::engine) fn second_of_day(&self, epoch: i64) -> i64 {
        self.shown(epoch).rem_euclid(DAY)
    }

    /// The local day: counted from 1970 on, another number on each.
    pub(in crate::engine) fn day(&self, epoch: i64) -> i64 {
        self.shown(epoch).div_euclid(DAY)
    }
}

/// A time of day on local clocks, `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// Reads `17:30`, from 00:00 to 23:59; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let number = |text: &str, longest: usize| {
            let is_number = (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (number(hours, 2)?, number(minutes, 2).filter(|_| minutes.len() == 2)?);
        (hours < 24 && minutes < 60).then_some(Self {
            minutes: hours * 60 + minutes,
        })
    }

    /// Seconds since midnight.
    pub(in crate::engine) fn second(self) -> i64 {
        i64::from(self.minutes) * 60
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_hours_and_minutes() {
        let read = |text: &str| TimeOfDay::parse(text).map(|time| time.to_string());
        for (text, told) in [
            ("17:30", "17:30"),
            ("7:05", "07:05"),
            (" 00:00 ", "00:00"),
            ("23:59", "23:59"),
        ] {
            assert_eq!(read(text).as_deref(), Some(told));
        }
        for text in [
            "",
            ":",
            "24:00",
            "12:60",
            "12",
            "12:5",
            "012:30",
            "-1:30",
            "1:+2",
            "12:30:00",
            "\u{661}:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn clocks_are_set_in_spring() {
        // Berlin, Sunday, 29 March 2026: from 01:00 UTC on two hours ahead.
        let berlin = LocalTime {
            ahead: 3_600,
            changes: vec![(1_774_746_000, 7_200)],
        };
        let midnight = 1_774_738_800;
        assert_eq!(berlin.second_of_day(midnight), 0);
        assert_eq!(berlin.second_of_day(1_774_746_000), 3 * 3_600);
        assert_eq!(berlin.day(midnight - 1) + 1, berlin.day(midnight));
        assert_eq!(berlin.day(midnight + 23 * 3_600 - 1), berlin.day(midnight));
        assert_eq!(berlin.day(midnight + 23 * 3_600), berlin.day(midnight) + 1);
        assert_eq!(LocalTime::default().second_of_day(90_000), 3_600);
    }
}
