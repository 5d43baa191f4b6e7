//! The values of `join-empty` and `leave-when-empty`, with Asterisk's meanings: `yes`, `no`, `strict`, `loose`, or the absences that
//! make an agent count for nothing. Agents who are logged out never count.

use super::reading::Wrong;
use super::text::{any_of, truth};
use crate::engine::vocabulary::absences::Absences;
use crate::engine::vocabulary::words::Absence;

/// What the values are, for the operator.
pub(in crate::engine::configuration) const UNIT: &str = "yes, no, strict, loose or a list";

/// For which value of the truth nobody is refused, or has to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::configuration) struct Neutral(bool);

/// `join-empty`: yes, an empty queue may be entered.
pub(in crate::engine::configuration) const JOIN: Neutral = Neutral(true);

/// `leave-when-empty`: no, an empty queue is not left.
pub(in crate::engine::configuration) const LEAVE: Neutral = Neutral(false);

/// Reads a value. An empty one is the default, which changes nothing for anybody.
pub(in crate::engine::configuration) fn read(
    to: &mut Option<Absences>,
    value: &str,
    neutral: Neutral,
) -> Result<(), Wrong> {
    let value = value.trim();
    *to = match truth(value).filter(|_| !value.is_empty()) {
        _ if value.is_empty() => None,
        Some(truth) if truth == neutral.0 => None,
        Some(_) => Some(Absences::PAUSED),
        None if value.eq_ignore_ascii_case("strict") => Some(Absences::STRICT),
        None if value.eq_ignore_ascii_case("loose") => Some(Absences::NONE),
        None => Some(list(value).ok_or_else(|| wrong(*to, value, neutral))?),
    };
    Ok(())
}

/// The value as text.
pub(in crate::engine::configuration) fn write(absences: Option<Absences>, neutral: Neutral) -> String {
    let Some(absences) = absences else {
        return if neutral.0 { "yes" } else { "no" }.to_owned();
    };
    if absences == Absences::NONE {
        return "loose".to_owned();
    }
    let words: Vec<_> = absences.iter().map(Absence::as_str).collect();
    words.join(",")
}

fn list(value: &str) -> Option<Absences> {
    let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .map(Absence::parse)
        .try_fold(Absences::NONE, |all, absence| Some(all.with(absence?)))
}

fn wrong(used: Option<Absences>, value: &str, neutral: Neutral) -> Wrong {
    let words = Absence::ALL.iter().map(|absence| absence.as_str());
    Wrong {
        what: format!("\"{value}\" is not what it can be"),
        instead: format!("\"{}\" is used", write(used, neutral)),
        advice: format!(
            "Use \"yes\", \"no\", \"strict\", \"loose\", or a list, separated by commas, of {}.",
            any_of(words)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_asterisks_meanings_and_are_read_as_they_are_written() {
        for (value, join, leave) in [
            ("yes", None, Some(Absences::PAUSED)),
            ("no", Some(Absences::PAUSED), None),
            ("", None, None),
            ("Strict", Some(Absences::STRICT), Some(Absences::STRICT)),
            ("loose", Some(Absences::NONE), Some(Absences::NONE)),
            (
                "paused, INUSE",
                Some(Absences::PAUSED.with(Absence::InUse)),
                Some(Absences::PAUSED.with(Absence::InUse)),
            ),
        ] {
            for (expected, neutral) in [(join, JOIN), (leave, LEAVE)] {
                let mut absences = Some(Absences::STRICT);
                read(&mut absences, value, neutral).expect("a value");
                assert_eq!(absences, expected, "{value} {neutral:?}");
                let mut again = Some(Absences::STRICT);
                read(&mut again, &write(absences, neutral), neutral).expect("what was written");
                assert_eq!(again, absences, "{value} {neutral:?}");
            }
        }
    }

    #[test]
    fn a_word_that_is_none_is_told_with_what_to_write() {
        let mut absences = None;
        let told = read(&mut absences, "paused,penalty", JOIN).expect_err("no such word");
        assert_eq!(absences, None);
        assert_eq!(
            told.to_string(),
            "\"paused,penalty\" is not what it can be; \"yes\" is used. Use \"yes\", \"no\", \"strict\", \"loose\", or a list, \
             separated by commas, of \"paused\", \"inuse\", \"ringing\", \"unavailable\" or \"wrapup\"."
        );
    }
}
