//! Callers' numbers, so that a wall can hang where visitors see it.

/// Letters of a number that stay readable at its beginning, at most; never more than a third of it.
const HEAD: usize = 4;

/// Numbers up to this length are extensions of the house.
const EXTENSION: usize = 4;

/// A number without its middle: enough to tell two callers apart, too little to call one.
pub fn mask(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    if letters.len() <= EXTENSION {
        return number.to_owned();
    }
    let head = (letters.len() / 3).min(HEAD);
    let tail = if letters.len() > 6 { 2 } else { 1 };
    let hidden = letters.len() - head - tail;
    let dots = "•".repeat(hidden.min(6));
    let begin: String = letters[..head].iter().collect();
    let end: String = letters[letters.len() - tail..].iter().collect();
    format!("{begin}{dots}{end}")
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn the_middle_is_hidden_and_extensions_are_not() {
        assert_eq!(mask("1001"), "1001");
        assert_eq!(mask(""), "");
        assert_eq!(mask("10012"), "1•••2");
        assert_eq!(mask("0301234567"), "030•••••67");
        assert_eq!(mask("+4930123456789012"), "+493••••••12");
        assert_eq!(mask("анонимный"), "ано••••ый");
    }
}
