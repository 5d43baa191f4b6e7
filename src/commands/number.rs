//! Numbers in commands: the leading digits count, as in stock; what does not fit is refused.

use super::reply::Refusal;
use crate::engine::leading_integer;
use std::ops::RangeInclusive;

/// An instant in epoch seconds.
pub(super) fn instant(key: &str, text: &str) -> Result<i64, Refusal> {
    within(0..=i64::MAX, key, text)
}

/// A tier's level or position, which stock lets be negative.
pub(super) fn place(key: &str, text: &str) -> Result<i64, Refusal> {
    within(i64::from(i32::MIN)..=i64::from(i32::MAX), key, text)
}

fn within(range: RangeInclusive<i64>, key: &str, text: &str) -> Result<i64, Refusal> {
    leading_integer(text)
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            Refusal(format!(
                "Invalid {key} '{text}'! Use a number from {} to {}.",
                range.start(),
                range.end()
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_digits_count_and_what_does_not_fit_is_refused() {
        assert_eq!(place("k", "12x"), Ok(12));
        assert_eq!(place("k", "x"), Ok(0));
        assert_eq!(place("k", "-3"), Ok(-3));
        assert_eq!(instant("k", "4102444800"), Ok(4_102_444_800));
        for refused in [
            instant("k", "-1"),
            place("k", "4102444800"),
            instant("k", "9223372036854775808"),
            place("k", "2147483648"),
        ] {
            let text = refused.expect_err("out of range").0;
            assert!(
                text.starts_with("Invalid k '") && text.contains("Use a number from"),
                "{text}"
            );
        }
    }
}
