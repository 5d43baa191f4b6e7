//! Levels that change with the time waited: what Asterisk's queue rules are for penalties (queuerules.conf).

use serde::{Deserialize, Serialize};
use std::fmt::{Display, Formatter};

/// The longest time a rule can wait, seconds.
const LONGEST_WAIT: u32 = 86_400;

/// The levels of agents a member may be offered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct LevelLimits {
    /// Agents of a higher level are left out (Asterisk: QUEUE_MAX_PENALTY).
    pub max: Option<i64>,
    /// Agents of a lower level are left out (QUEUE_MIN_PENALTY).
    pub min: Option<i64>,
    /// Agents of a lower level count as of this one (QUEUE_RAISE_PENALTY).
    pub raise: Option<i64>,
    /// A raised level changes the order only: nobody is let in or kept out by it (Asterisk: QUEUE_RAISE_PENALTY=rN).
    pub raises_order_only: bool,
}

impl LevelLimits {
    /// The level an agent counts as.
    pub(in crate::engine) fn effective(&self, level: i64) -> i64 {
        self.raise.map_or(level, |raise| level.max(raise))
    }

    /// Whether agents of this level may be offered the member; a level is raised before it is compared, as in Asterisk, unless only the
    /// order of those who are admitted is to change.
    pub fn admit(&self, level: i64) -> bool {
        let level = match self.raises_order_only {
            true => level,
            false => self.effective(level),
        };
        self.max.is_none_or(|max| level <= max) && self.min.is_none_or(|min| level >= min)
    }

    /// Sets the level that lower ones count as, from a text such as `10` or, where only the order is to change, `r10`; none when it is
    /// neither.
    pub fn with_raise(self, text: &str) -> Option<Self> {
        let (number, raises_order_only) = raise_of(text.trim());
        let raise = number.parse::<i32>().ok().map(i64::from)?;
        Some(Self {
            raise: Some(raise),
            raises_order_only,
            ..self
        })
    }

    fn follow(&mut self, rule: &LevelRule) {
        // Relative to no limit at all there is still none, as in Asterisk.
        self.max = match rule.max {
            Some(Change::By(_)) if self.max.is_none() => None,
            change => applied(self.max, change),
        };
        self.min = applied(self.min, rule.min);
        self.raise = applied(self.raise, rule.raise);
        if rule.raise.is_some() {
            self.raises_order_only = rule.raises_order_only;
        }
        self.keep_within();
    }

    /// The lowest and the raised level are never above the highest: nobody could be offered such a member.
    fn keep_within(&mut self) {
        if let Some(max) = self.max {
            self.min = self.min.map(|min| min.min(max));
            self.raise = self.raise.map(|raise| raise.min(max));
        }
    }
}

/// A limit changed; what is changed relatively does not fall below zero.
fn applied(limit: Option<i64>, change: Option<Change>) -> Option<i64> {
    match change {
        None => limit,
        Some(Change::To(level)) => Some(level),
        Some(Change::By(step)) => Some(limit.unwrap_or(0).saturating_add(step).max(0)),
    }
}

/// A new value, or a step from the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    To(i64),
    By(i64),
}

/// What changes after so many seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LevelRule {
    after: u32,
    max: Option<Change>,
    min: Option<Change>,
    raise: Option<Change>,
    raises_order_only: bool,
}

/// The rules of a queue, soonest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LevelRules(Vec<LevelRule>);

impl LevelRules {
    /// Reads `seconds:max[:min[:raise]]`, separated by commas. A number with a sign is a step from what held before, one without is the new
    /// value, nothing is no change. An `r` before the third says that the raise changes the order only.
    ///
    /// # Errors
    /// Says which rule is wrong and how one is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rules = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let rule = rule_of(part).ok_or_else(|| {
                format!("\"{part}\" is no level rule; write seconds:max[:min[:raise]] such as 30:5 or 60:+2:-1.")
            })?;
            rules.push(rule);
        }
        rules.sort_by_key(|rule| rule.after);
        Ok(Self(rules))
    }

    /// The limits after so many whole seconds of waiting, for a member who began with these.
    pub fn limits(&self, mut limits: LevelLimits, waited: i64) -> LevelLimits {
        limits.keep_within();
        for rule in self.0.iter().take_while(|rule| i64::from(rule.after) <= waited) {
            limits.follow(rule);
        }
        limits
    }

    /// The seconds of waiting after which a rule holds, soonest first.
    pub fn times(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().map(|rule| i64::from(rule.after))
    }

    /// The first rule that comes later than this, in seconds of waiting.
    pub(in crate::engine) fn next_after(&self, waited: i64) -> Option<i64> {
        self.times().find(|after| *after > waited)
    }
}

fn rule_of(text: &str) -> Option<LevelRule> {
    let mut fields = text.split(':').map(str::trim);
    let after = fields.next()?.parse().ok().filter(|after| *after <= LONGEST_WAIT)?;
    let mut changes = [None; 3];
    let (mut is_any, mut raises_order_only) = (false, false);
    for (number, change) in changes.iter_mut().enumerate() {
        let mut field = fields.next().unwrap_or_default();
        if number == RAISE {
            (field, raises_order_only) = raise_of(field);
        }
        if !field.is_empty() || raises_order_only {
            *change = Some(change_of(field)?);
            is_any = true;
        }
    }
    let [max, min, raise] = changes;
    (is_any && fields.next().is_none()).then_some(LevelRule {
        after,
        max,
        min,
        raise,
        raises_order_only,
    })
}

/// Which of a rule's numbers is the raise.
const RAISE: usize = 2;

/// A raise without Asterisk's `r`, and whether it had one.
fn raise_of(text: &str) -> (&str, bool) {
    let number = text.strip_prefix(['r', 'R']);
    (number.unwrap_or(text), number.is_some())
}

fn change_of(field: &str) -> Option<Change> {
    let number: i32 = field.parse().ok()?;
    let is_step = field.starts_with(['+', '-']);
    Some(if is_step {
        Change::By(number.into())
    } else {
        Change::To(number.into())
    })
}

impl Display for LevelRules {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let written = |change: Option<Change>| match change {
            None => String::new(),
            Some(Change::To(level)) => level.to_string(),
            Some(Change::By(step)) => format!("{step:+}"),
        };
        for (number, rule) in self.0.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            let mut changes = [rule.max, rule.min, rule.raise].map(written);
            if rule.raises_order_only {
                changes[RAISE].insert(0, 'r');
            }
            let changes = changes.join(":");
            write!(f, "{comma}{}:{}", rule.after, changes.trim_end_matches(':'))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> LevelRules {
        LevelRules::parse(text).expect("rules")
    }

    #[test]
    fn rules_are_read_in_the_order_of_time_and_written_alike() {
        assert_eq!(rules("60:+2:-1, 30:5,90:::3").to_string(), "30:5,60:+2:-1,90:::3");
        for wrong in ["30", "x:1", "30:y", "-1:5", "86401:1", "1:2:3:4:5", "30:"] {
            assert!(LevelRules::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn limits_follow_the_rules_as_time_passes() {
        let rules = rules("10:2,20:+3:1,30::+9,40:-9");
        let at = |waited| rules.limits(LevelLimits::default(), waited);
        let limits = |max: i64, min: Option<i64>| LevelLimits {
            max: Some(max),
            min,
            ..LevelLimits::default()
        };
        assert_eq!(at(9), LevelLimits::default());
        assert_eq!(at(10), limits(2, None));
        assert_eq!(at(20), limits(5, Some(1)));
        assert_eq!(at(30), limits(5, Some(5)), "the minimum stays within the maximum");
        assert_eq!(at(40), limits(0, Some(0)), "nothing falls below zero");
        assert_eq!(rules.next_after(9), Some(10));
        assert_eq!(rules.next_after(10), Some(20));
        assert_eq!(rules.next_after(40), None);
    }

    #[test]
    fn where_a_caller_begins_nothing_is_above_the_highest_either() {
        for (min, raise) in [(Some(5), None), (None, Some(5)), (Some(4), Some(5))] {
            let max = Some(1);
            let began = LevelRules::default().limits(
                LevelLimits {
                    max,
                    min,
                    raise,
                    ..LevelLimits::default()
                },
                0,
            );
            assert!(began.admit(1) && !began.admit(2), "{began:?}");
            assert_eq!(began.admit(0), raise.is_some(), "{began:?}");
            assert_eq!(began.effective(0), i64::from(raise.is_some()), "{began:?}");
        }
    }

    #[test]
    fn a_step_from_no_maximum_is_no_maximum() {
        assert_eq!(rules("5:+1").limits(LevelLimits::default(), 5), LevelLimits::default());
    }

    #[test]
    fn raised_levels_are_compared_as_raised() {
        let limits = LevelLimits {
            max: Some(5),
            min: Some(3),
            raise: Some(3),
            raises_order_only: false,
        };
        let admitted: Vec<i64> = (0..8).filter(|level| limits.admit(*level)).collect();
        assert_eq!(admitted, [0, 1, 2, 3, 4, 5]);
        assert_eq!(limits.effective(1), 3);
    }
    #[test]
    fn a_raise_of_the_order_lets_nobody_in_and_keeps_nobody_out() {
        let rules = rules("5:2:1:r10,20:::+1,40:::r+2");
        assert_eq!(rules.to_string(), "5:2:1:r10,20:::+1,40:::r+2");
        let at = |waited| rules.limits(LevelLimits::default(), waited);
        let admitted = |waited| -> Vec<i64> { (0..8).filter(|level| at(waited).admit(*level)).collect() };
        assert_eq!(admitted(5), [1, 2], "a raise lets nobody in below the lowest level");
        assert_eq!(
            (at(5).effective(1), at(5).effective(2)),
            (2, 2),
            "no raise is above the highest level"
        );
        assert_eq!(admitted(20), [0, 1, 2], "without the r, Asterisk's way");
        assert_eq!(admitted(40), [1, 2]);
        for wrong in ["5:::r", "5:r1", "5::r1", "5:::rr1", "5:::1r"] {
            assert!(LevelRules::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_caller_may_bring_a_raise_of_the_order() {
        let begun = LevelLimits {
            min: Some(2),
            ..LevelLimits::default()
        };
        let raised = begun.with_raise(" r4").expect("a raise");
        assert_eq!(
            (raised.raise, raised.admit(1), raised.admit(2), raised.effective(2)),
            (Some(4), false, true, 4)
        );
        assert!(begun.with_raise("4").expect("a raise").admit(1));
        assert_eq!(begun.with_raise("soon"), None);
    }
}
