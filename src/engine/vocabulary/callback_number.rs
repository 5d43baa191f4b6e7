//! Numbers that may be called back.

use std::fmt;

/// The longest number: an international one with what a site dials before it.
const LONGEST: usize = 32;

/// A number that can be dialled and is nothing else: in a dial string it cannot become another destination, a variable or an option.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallbackNumber(String);

impl CallbackNumber {
    /// A number of digits, `*` and `#`, with at least one digit, perhaps behind a `+`; none for any other text, whatever the rules of a
    /// queue let pass.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let is_key = |byte: u8| byte.is_ascii_digit() || byte == b'*' || byte == b'#';
        let is_sound =
            text.len() <= LONGEST && digits.bytes().all(is_key) && digits.bytes().any(|b| b.is_ascii_digit());
        is_sound.then(|| Self(text.to_owned()))
    }

    /// As it is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallbackNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_dialled_as_it_stands_is_a_number() {
        let longest = "1".repeat(LONGEST);
        for number in ["1", "+491701234567", "00491701234567", "*31#0170", &longest] {
            assert_eq!(
                CallbackNumber::parse(number)
                    .map(|number| number.to_string())
                    .as_deref(),
                Some(number)
            );
        }
        let too_long = "1".repeat(LONGEST + 1);
        let endless = "1".repeat(10_240);
        for none in [
            "",
            "+",
            "#",
            "*",
            "1+",
            "++1",
            " 1",
            "1 2",
            "alice",
            "${x}",
            "1,2",
            "1|2",
            "1:_:2",
            "{a=b}1",
            "[a=b]1",
            "1';--",
            "1\n",
            "sofia/gateway/x/1",
            "\u{661}",
            &too_long,
            &endless,
        ] {
            assert_eq!(CallbackNumber::parse(none), None, "{none}");
        }
    }
}
