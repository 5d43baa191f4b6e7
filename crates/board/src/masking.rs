//! Callers' numbers, so that a wall can hang where visitors see it.

/// Letters of a number that stay readable at its beginning.
const HEAD: usize = 4;

/// Letters of a number that stay readable at its end.
const TAIL: usize = 2;

/// A number without its middle: enough to tell two callers apart, too little to call one. A short one is an extension of the house.
pub fn mask(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    if letters.len() <= HEAD {
        return number.to_owned();
    }
    let tail = TAIL.min(letters.len() - HEAD);
    let head = HEAD.min(letters.len() - tail - 1);
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
        assert_eq!(mask("10012"), "100•2");
        assert_eq!(mask("0301234567"), "0301••••67");
        assert_eq!(mask("+4930123456789012"), "+493••••••12");
        assert_eq!(mask("анонимный"), "анон•••ый");
    }
}
