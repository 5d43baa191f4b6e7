//! How FreeSWITCH understands the text of a value.

/// The integer at the start of the text, as C's `atoi` finds it: blanks, a sign, digits; 0 when there are none.
/// None when the digits go beyond 64 bits.
pub fn leading_integer(text: &str) -> Option<i64> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = digits
        .bytes()
        .take_while(u8::is_ascii_digit)
        .try_fold(0i64, |sum, digit| {
            sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
        })?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Whether FreeSWITCH takes the text for a number: an optional sign, then digits and dots only.
pub(in crate::engine::configuration) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit())
}

/// The truth of a text by FreeSWITCH's words; None when it is neither true nor false.
pub(in crate::engine::configuration) fn truth(text: &str) -> Option<bool> {
    const TRUE: &[&str] = &["yes", "on", "true", "t", "enabled", "active", "allow"];
    const FALSE: &[&str] = &["no", "off", "false", "f", "disabled", "inactive", "disallow"];
    if is_number(text) {
        return Some(leading_integer(text) != Some(0));
    }
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match (is(TRUE), is(FALSE)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// Whether there is nothing in the text where a number or a truth is expected.
pub(in crate::engine::configuration) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether there is a number at the start of the text.
pub(crate) fn starts_with_number(text: &str) -> bool {
    let text = text.trim_start();
    text.strip_prefix(['-', '+'])
        .unwrap_or(text)
        .starts_with(|character: char| character.is_ascii_digit())
}

/// The words of a list, for the operator to choose from.
pub(in crate::engine::configuration) fn any_of(words: impl IntoIterator<Item = &'static str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    match words.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_found_as_atoi_finds_them() {
        for (text, expected) in [
            ("12", Some(12)),
            ("  -7x", Some(-7)),
            ("+3", Some(3)),
            ("12.9", Some(12)),
            ("abc", Some(0)),
            ("", Some(0)),
            ("- 5", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
        ] {
            assert_eq!(leading_integer(text), expected, "{text:?}");
        }
    }

    #[test]
    fn truth_follows_freeswitchs_words() {
        for (text, expected) in [
            ("TRUE", Some(true)),
            ("Enabled", Some(true)),
            ("2", Some(true)),
            ("-1", Some(true)),
            ("0", Some(false)),
            ("0.5", Some(false)),
            ("", Some(false)),
            ("disallow", Some(false)),
            ("maybe", None),
            ("1x", None),
        ] {
            assert_eq!(truth(text), expected, "{text:?}");
        }
    }
}
