//! Who may change something: tokens from a file that only the board can read.

use crate::settings::Wrong;
use std::path::Path;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// A shorter one could be guessed.
const SHORTEST: usize = 16;

/// Longer ones are refused unread.
const LONGEST: usize = 256;

/// Supervisors by token.
#[derive(Default)]
pub struct Tokens {
    known: Vec<(String, Vec<u8>)>,
}

impl Tokens {
    /// The tokens of a file: one a line, the supervisor's name before it. None at all without a file.
    pub fn read(file: Option<&Path>) -> Result<Self, Wrong> {
        let Some(file) = file else {
            return Ok(Self::default());
        };
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|reason| Wrong::Unreadable {
            file: name.clone(),
            reason,
        })?;
        Self::parse(&text).map_err(|reason| Wrong::Text { file: name, reason })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut known = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = number + 1;
            let (name, token) = line
                .rsplit_once(char::is_whitespace)
                .ok_or_else(|| format!("line {number}: the supervisor's name, a blank, the token"))?;
            if !(SHORTEST..=LONGEST).contains(&token.len()) {
                return Err(format!("line {number}: a token has {SHORTEST} to {LONGEST} characters"));
            }
            known.push((name.trim().to_owned(), token.as_bytes().to_vec()));
        }
        Ok(Self { known })
    }

    /// Whether anybody may change anything.
    pub fn are_there(&self) -> bool {
        !self.known.is_empty()
    }

    /// Whose token it is. Each one is compared to its end, so that the time it takes says nothing of any.
    pub fn whose(&self, token: &str) -> Option<&str> {
        let mut found = u32::MAX;
        for (number, (_, known)) in (0_u32..).zip(&self.known) {
            let same = same(known, token.as_bytes());
            found = u32::conditional_select(&found, &number, same);
        }
        let number = usize::try_from(found).ok()?;
        self.known.get(number).map(|(name, _)| name.as_str())
    }
}

/// Equal, in a time that the length of what is given decides.
fn same(known: &[u8], given: &[u8]) -> Choice {
    if given.len() > LONGEST {
        return Choice::from(0);
    }
    let mut padded = [[0; LONGEST]; 2];
    for (place, text) in padded.iter_mut().zip([known, given]) {
        let length = text.len().min(LONGEST);
        place[..length].copy_from_slice(&text[..length]);
    }
    padded[0].ct_eq(&padded[1]) & known.len().ct_eq(&given.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_whose_it_is() {
        let tokens = Tokens::parse("# Monday\nAnna Berg aaaaaaaaaaaaaaaa\n\nBen bbbbbbbbbbbbbbbb\n").expect("tokens");
        assert_eq!(tokens.whose("aaaaaaaaaaaaaaaa"), Some("Anna Berg"));
        assert_eq!(tokens.whose("bbbbbbbbbbbbbbbb"), Some("Ben"));
        let long = "a".repeat(1000);
        for wrong in [
            "",
            "a",
            "aaaaaaaaaaaaaaab",
            "aaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaa\0",
            long.as_str(),
        ] {
            assert_eq!(tokens.whose(wrong), None, "{wrong:?}");
        }
        assert!(!Tokens::default().are_there());
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused() {
        assert!(Tokens::parse("aaaaaaaaaaaaaaaa").is_err());
        assert!(Tokens::parse("Anna short").is_err());
    }
}
