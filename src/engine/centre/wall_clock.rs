//! What the clock on the wall shows. The engine lives by a clock that never jumps; rows, events and variables carry the seconds of the
//! other one, which somebody may set forward or back while calls wait. Here, and nowhere else, one is turned into the other.

use crate::engine::vocabulary::time::{Span, Timestamp, WallTime};
use std::collections::VecDeque;

/// So many settings of the clock are remembered. Who must be told when something older happened gets an epoch of the oldest kept.
const MOST_SETTINGS: usize = 32;

/// How the clock on the wall has stood to the engine's, now and before it was last set: what has happened keeps the epoch under which it
/// was told, however often the clock is set afterwards.
#[derive(Debug)]
pub(in crate::engine) struct WallClock {
    /// Never empty, the oldest first.
    settings: VecDeque<Setting>,
}

/// From an instant on the clock on the wall shows so much more than the engine's.
#[derive(Debug, Clone, Copy)]
struct Setting {
    since: Timestamp,
    ahead: Span,
}

impl Default for WallClock {
    fn default() -> Self {
        Self::always(Span::ZERO)
    }
}

impl WallClock {
    /// One that has always been so much ahead of the engine's.
    pub fn always(ahead: Span) -> Self {
        let always = Setting {
            since: Timestamp::from_micros(i64::MIN),
            ahead,
        };
        Self {
            settings: VecDeque::from([always]),
        }
    }

    /// The epoch second of an instant: what the clock showed then; for one that is still to come what it will show unless it is set.
    pub fn secs(&self, at: Timestamp) -> i64 {
        self.shown(at).secs()
    }

    /// The first epoch second that begins at an instant or after it.
    pub fn secs_rounded_up(&self, at: Timestamp) -> i64 {
        self.shown(at).secs_rounded_up()
    }

    /// The instant at which the clock shows the beginning of this second: past or to come, as the clock stands now.
    pub fn instant(&self, secs: i64) -> Timestamp {
        self.find(secs, None)
    }

    /// The same for what has happened by `now`: where the clock was set back it may have shown that second under an earlier setting.
    pub fn past_instant(&self, secs: i64, now: Timestamp) -> Timestamp {
        self.find(secs, Some(now)).min(now)
    }

    /// The instant at which the clock shows this, as it stands now.
    pub fn instant_of(&self, shown: WallTime) -> Timestamp {
        shown.under(self.ahead())
    }

    /// The clock shows `shown` from now on. By how much it was set.
    pub fn set(&mut self, now: Timestamp, shown: WallTime) -> Span {
        let ahead = shown.ahead_of(now);
        let by = Span::from_micros(ahead.micros().saturating_sub(self.ahead().micros()));
        if by == Span::ZERO {
            return by;
        }
        // The oldest setting stays: under it stands what was there before the module, and what never was.
        if self.settings.len() == MOST_SETTINGS {
            self.settings.remove(1);
        }
        self.settings.push_back(Setting { since: now, ahead });
        by
    }

    fn ahead(&self) -> Span {
        self.settings.back().map_or(Span::ZERO, |setting| setting.ahead)
    }

    /// What the clock showed at an instant, or will show.
    pub fn shown(&self, at: Timestamp) -> WallTime {
        let mut settings = self.settings.iter().rev();
        let in_force = settings.find(|setting| setting.since <= at);
        WallTime::of(at, in_force.map_or(Span::ZERO, |setting| setting.ahead))
    }

    /// The latest setting under which the clock shows this second, not after `limit` if there is one. The second in which the clock was
    /// set may have begun before.
    fn find(&self, secs: i64, limit: Option<Timestamp>) -> Timestamp {
        let mut until = limit;
        let mut skipped = None;
        for setting in self.settings.iter().rev() {
            let at = WallTime::from_secs(secs).under(setting.ahead);
            if at + Span::from_secs(1) <= setting.since {
                skipped = Some(setting.since);
            } else if until.is_none_or(|until| at <= until) {
                return at.max(setting.since);
            } else if let Some(after) = skipped {
                // The clock was set forward over this second.
                return after;
            }
            until = Some(setting.since);
        }
        skipped.or(limit).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn what_has_happened_keeps_the_second_it_was_told_under() {
        let mut wall = WallClock::default();
        assert_eq!(wall.set(at(100), WallTime::from_secs(3_700)), Span::from_secs(3_600));
        assert_eq!(
            (wall.secs(at(99)), wall.secs(at(100)), wall.secs(at(101))),
            (99, 3_700, 3_701)
        );
        assert_eq!((wall.instant(99), wall.instant(3_705)), (at(99), at(105)));
        // The clock never showed this second.
        assert_eq!(wall.instant(1_000), at(100));
        wall.set(at(110), WallTime::from_secs(110));
        assert_eq!((wall.secs(at(105)), wall.secs(at(115))), (3_705, 115));
    }

    #[test]
    fn a_clock_set_back_shows_a_second_twice() {
        let mut wall = WallClock::default();
        wall.set(at(10_000), WallTime::from_secs(6_400));
        // As a deadline it lies ahead, as something that has happened it is the first time.
        assert_eq!(wall.instant(9_990), at(13_590));
        assert_eq!(wall.past_instant(9_990, at(10_005)), at(9_990));
        assert_eq!(wall.past_instant(9_990, at(13_600)), at(13_590));
        assert_eq!(wall.past_instant(99_999, at(10_005)), at(10_005));
    }

    #[test]
    fn the_second_in_which_the_clock_is_set_is_read_as_that_moment() {
        let mut wall = WallClock::default();
        let set = at(10_000) + Span::from_millis(400);
        wall.set(set, WallTime::of(set, Span::from_secs(-3_600)));
        assert_eq!(wall.secs(set + Span::from_millis(300)), 6_400);
        assert_eq!(wall.past_instant(6_400, at(10_005)), set);
        assert_eq!((wall.instant(6_399), wall.instant(6_401)), (at(6_399), at(10_001)));
    }

    #[test]
    fn never_stays_never() {
        let mut wall = WallClock::default();
        for hour in 1..100 {
            let forward = if hour % 2 == 0 { 3_600 } else { 0 };
            wall.set(at(hour * 10_000), WallTime::from_secs(hour * 10_000 + forward));
        }
        assert!(wall.settings.len() <= MOST_SETTINGS);
        assert_eq!(
            (wall.secs(Timestamp::default()), wall.instant(0)),
            (0, Timestamp::default())
        );
    }

    proptest! {
        /// Whatever the clock was set to, a second that it shows now or will show is read as the instant it is shown at.
        #[test]
        fn a_second_that_is_told_is_read_again(
            settings in prop::collection::vec((1_i64..5_000, -90_000_i64..90_000), 0..40),
            ahead in 0_i64..100_000,
        ) {
            let (mut wall, mut now) = (WallClock::default(), at(1_000_000));
            for (passes, by) in settings {
                now = now + Span::from_secs(passes);
                let shown = wall.secs(now) + by;
                wall.set(now, WallTime::from_secs(shown));
            }
            let then = now + Span::from_secs(ahead);
            prop_assert_eq!(wall.instant(wall.secs(then)), then);
            prop_assert!(wall.past_instant(wall.secs(then), now) <= now);
        }
    }
}
