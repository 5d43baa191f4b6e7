//! Values of several words that nobody put between quotes. Stock takes the first word and ignores the others; what can only mean
//! one thing is taken here.

use crate::engine::{AgentState, AgentStatus};

/// Whether this is a status or a state of an agent.
pub(super) fn is_of_agent(value: &str) -> bool {
    AgentStatus::parse(value).is_some() || AgentState::parse(value).is_some()
}

/// The words, those from `first` on as the one value they make up where that is known.
pub(super) fn join(words: &[&str], first: usize, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let (before, value) = words.split_at(first.min(words.len()));
    let mut joined: Vec<String> = before.iter().map(|word| (*word).to_owned()).collect();
    let whole = value.join(" ");
    if value.len() > 1 && is_known(&whole) {
        joined.push(whole);
    } else {
        joined.extend(value.iter().map(|word| (*word).to_owned()));
    }
    joined
}

/// The values that follow one another in these words: of each as many words as make up one that is known, otherwise one word.
pub(super) fn values(words: &[&str], is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let pieces: Vec<&str> = words.iter().flat_map(|word| pieces_of(word, &is_known)).collect();
    let mut rest = pieces.as_slice();
    let mut values = Vec::new();
    while let [first, behind @ ..] = rest {
        let lengths = (2..=rest.len()).rev();
        let mut joined = lengths.map(|length| (rest[..length].join(" "), &rest[length..]));
        let known = joined.find(|(value, _)| is_known(value));
        let (value, left) = known.unwrap_or_else(|| ((*first).to_owned(), behind));
        values.push(value);
        rest = left;
    }
    values
}

/// A word that is a value stays whole. The last word of a line may be several, as it takes what is left.
fn pieces_of<'a>(word: &'a str, is_known: &impl Fn(&str) -> bool) -> Vec<&'a str> {
    if is_known(word) {
        return vec![word];
    }
    word.split(' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(value: &str) -> bool {
        [
            "On Break",
            "Available",
            "Available (On Demand)",
            "In a queue call",
            "Waiting",
        ]
        .contains(&value)
    }

    #[test]
    fn words_become_one_value_where_that_is_known() {
        assert_eq!(join(&["a", "On", "Break"], 1, is_known), ["a", "On Break"]);
        assert_eq!(join(&["a", "On", "Holiday"], 1, is_known), ["a", "On", "Holiday"]);
        assert_eq!(join(&["a", "On Break"], 1, is_known), ["a", "On Break"]);
        assert_eq!(join(&["a"], 1, is_known), ["a"]);
        assert_eq!(join(&[], 1, is_known), [""; 0]);
    }

    #[test]
    fn values_follow_one_another_with_and_without_quotes() {
        let cases: &[(&[&str], &[&str])] = &[
            (&[], &[]),
            (&["Available", "Waiting", "0"], &["Available", "Waiting", "0"]),
            (&["On Break", "Waiting"], &["On Break", "Waiting"]),
            (&["On", "Break", "Waiting", "0"], &["On Break", "Waiting", "0"]),
            (
                &["Available", "(On", "Demand)", "In a queue call 0"],
                &["Available (On Demand)", "In a queue call", "0"],
            ),
            (&["", "Waiting"], &["", "Waiting"]),
            (&["nobody", "knows"], &["nobody", "knows"]),
        ];
        for (words, expected) in cases {
            assert_eq!(values(words, is_known), *expected, "{words:?}");
        }
    }
}
