//! By what a caller is known again.

/// The longest text by which a caller is known again: as much as a column holds.
const LONGEST: usize = 255;

/// What stands in place of a number that is withheld.
const WITHHELD: [&str; 6] = [
    "anonymous",
    "private",
    "restricted",
    "unavailable",
    "unknown",
    "withheld",
];

/// By what a caller is known again: what its channel says, where the queue asks for that (`said`), or else the number. None where that does
/// not tell one caller from another, or is longer than the column that keeps it.
pub(in crate::engine) fn known_by<'c>(said: Option<&'c str>, number: &'c str) -> Option<&'c str> {
    let is_withheld = |number: &str| WITHHELD.iter().any(|word| number.eq_ignore_ascii_case(word));
    let is_somebodys = |number: &str| number.chars().any(|digit| digit != '0') && !is_withheld(number);
    let known_by = said.or_else(|| Some(number).filter(|number| is_somebodys(number)));
    known_by.filter(|text| !text.is_empty() && text.chars().count() <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_withholds_the_number_is_nobody() {
        for nobody in ["", "0000000000", "Anonymous", "unknown", &"1".repeat(256)] {
            assert_eq!(known_by(None, nobody), None, "{nobody}");
        }
        for somebody in ["100", "+491701234567", "alice"] {
            assert_eq!(known_by(None, somebody), Some(somebody));
        }
    }

    #[test]
    fn what_the_channel_says_takes_the_place_of_the_number() {
        assert_eq!(known_by(Some("customer 7"), "100"), Some("customer 7"));
        assert_eq!(known_by(Some(""), "100"), None);
        assert_eq!(known_by(Some(&"x".repeat(256)), "100"), None);
    }
}
