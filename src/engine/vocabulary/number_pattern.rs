//! Which numbers a queue calls back: a regular expression.

use regex::{Regex, RegexBuilder};

/// So many bytes a compiled pattern takes at most.
const LARGEST: usize = 1 << 20;

/// A regular expression for whole numbers. Whatever it is, a look at a number takes time in proportion to the number's length.
#[derive(Debug, Clone)]
pub struct NumberPattern {
    text: String,
    pattern: Regex,
}

impl NumberPattern {
    /// Reads a pattern; it has to match a number from its first to its last digit.
    ///
    /// # Errors
    /// In words for the operator when it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        // What is none by itself may be one between the brackets.
        let alone = RegexBuilder::new(text).size_limit(LARGEST).build();
        let whole = RegexBuilder::new(&format!("^(?:{text})$")).size_limit(LARGEST).build();
        let pattern = alone
            .and(whole)
            .map_err(|_| format!("\"{text}\" is no regular expression; write one such as \\+49\\d+ or 0\\d{{5,14}}"))?;
        Ok(Self {
            text: text.to_owned(),
            pattern,
        })
    }

    /// Whether a number is one of these.
    pub fn admits(&self, number: &str) -> bool {
        self.pattern.is_match(number)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for NumberPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for NumberPattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_for_the_whole_number() {
        let pattern = NumberPattern::parse("0[1-9][0-9]+|110").expect("a pattern");
        for (number, is_admitted) in [
            ("0301", true),
            ("110", true),
            ("00301", false),
            ("1100", false),
            ("x0301", false),
        ] {
            assert_eq!(pattern.admits(number), is_admitted, "{number}");
        }
        assert_eq!(pattern.as_str(), "0[1-9][0-9]+|110");
    }

    #[test]
    fn what_is_no_pattern_is_said_to_be_none() {
        for text in ["(", "[", "*", "a{9999999}", ")("] {
            assert!(
                NumberPattern::parse(text)
                    .expect_err(text)
                    .contains("no regular expression"),
                "{text}"
            );
        }
    }
}
