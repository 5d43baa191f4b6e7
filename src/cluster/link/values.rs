//! How the values of the cluster stand in its tables, and how they are read there.

use crate::cluster::tables::{BoxId, Lease, Standing};
use crate::cluster::term::{Incarnation, Server, Term};
use crate::store::postgres_literal;

/// The columns of a term.
pub(super) const TERM: &str = "server, timeline, election, elected";

/// The bit that says whether a number of a column is below zero.
const SIGN: u64 = 1 << 63;

/// A number that has 64 bits and no sign, in a column whose numbers have a sign: their order stays.
pub(super) fn ordered(number: u64) -> i64 {
    i64::from_ne_bytes((number ^ SIGN).to_ne_bytes())
}

/// The number that [`ordered`] has put there.
pub(super) fn unordered(column: i64) -> u64 {
    u64::from_ne_bytes(column.to_ne_bytes()) ^ SIGN
}

/// A number that counts something, which never gets near the end of its column.
pub(super) fn counted(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The number in such a column.
pub(super) fn count(column: i64) -> u64 {
    u64::try_from(column).unwrap_or_default()
}

/// The values of a term, in the order of [`TERM`].
pub(super) fn term_values(term: &Term) -> [i64; 4] {
    [
        ordered(term.server.0),
        i64::from(term.timeline),
        counted(term.number),
        ordered(term.incarnation.0),
    ]
}

/// A term from its columns; none where they are empty.
pub(super) fn term_of(columns: [Option<i64>; 4]) -> Option<Term> {
    let [server, timeline, number, incarnation] = columns;
    Some(Term {
        server: Server(unordered(server?)),
        timeline: u32::try_from(timeline?).ok()?,
        number: count(number?),
        incarnation: Incarnation(unordered(incarnation?)),
    })
}

/// The values of a term in a statement.
pub(super) fn term_sql(term: Option<&Term>) -> String {
    let values = term.map(|term| term_values(term).map(|value| value.to_string()).join(", "));
    values.unwrap_or_else(|| "NULL, NULL, NULL, NULL".to_owned())
}

/// What a row is of that has this term.
pub(super) fn is_term(term: &Term) -> String {
    format!("({TERM}) = ({})", term_sql(Some(term)))
}

/// What gives a row this term.
pub(super) fn set_term(term: Option<&Term>) -> String {
    format!("({TERM}) = ROW({})", term_sql(term))
}

/// The values of a box in a statement.
pub(super) fn box_sql(id: &BoxId) -> String {
    format!("{}, {}", postgres_literal(&id.instance), ordered(id.incarnation.0))
}

/// What a row is of that is of this box.
pub(super) fn is_box(id: &BoxId) -> String {
    format!("(instance, incarnation) = ({})", box_sql(id))
}

/// What the lease is of that is as it was seen.
pub(super) fn is_lease(seen: Option<&Lease>) -> String {
    seen.map_or_else(
        || "election IS NULL".to_owned(),
        |lease| format!("{} AND beat = {}", is_term(&lease.term), counted(lease.beat)),
    )
}

/// A message, whatever is in it.
pub(super) fn body_sql(body: &str) -> String {
    use std::fmt::Write;
    let mut digits = String::with_capacity(body.len() * 2 + 20);
    digits.push_str("decode('");
    for byte in body.bytes() {
        // Writing into a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits.push_str("', 'hex')");
    digits
}

/// The text that these digits are, as [`body_sql`] has written it.
pub(super) fn text_of(digits: &str) -> Option<String> {
    let pairs = digits.as_bytes().chunks(2);
    let byte_of = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.map(byte_of).collect();
    Some(String::from_utf8_lossy(&bytes?).into_owned())
}

const STANDINGS: [(&str, Standing); 4] = [
    ("here", Standing::Here),
    ("left", Standing::Left),
    ("expelled", Standing::Expelled),
    ("given up", Standing::GivenUp),
];

/// The word for it.
pub(super) fn standing_word(standing: Standing) -> &'static str {
    let known = STANDINGS.iter().find(|(_, known)| *known == standing);
    known.map_or("here", |(word, _)| word)
}

/// What the word is for. Who is marked with a word of another release does not count.
pub(super) fn standing_of(word: &str) -> Standing {
    let known = STANDINGS.iter().find(|(known, _)| *known == word);
    known.map_or(Standing::GivenUp, |(_, standing)| *standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_sign_keep_their_order() {
        let numbers = [0, 1, u64::MAX / 2, u64::MAX / 2 + 1, u64::MAX];
        let columns = numbers.map(ordered);
        assert!(columns.is_sorted());
        assert_eq!(columns.map(unordered), numbers);
    }

    #[test]
    fn a_message_is_digits_and_nothing_else() {
        assert_eq!(body_sql("é'\\"), "decode('c3a9275c', 'hex')");
        assert_eq!(text_of("c3a9275c").as_deref(), Some("é'\\"));
        assert_eq!((text_of("").as_deref(), text_of("x1")), (Some(""), None));
    }

    #[test]
    fn every_standing_has_its_word() {
        for (word, standing) in STANDINGS {
            assert_eq!((standing_word(standing), standing_of(word)), (word, standing));
        }
    }
}
