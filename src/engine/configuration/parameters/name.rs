//! What somebody may have meant by a name that nobody knows.

/// The nearest of the names that are known, if one is near: at most one letter in three is wrong, missing, too many or in its
/// neighbour's place. Dashes and underscores are alike, and so are upper and lower case.
pub fn nearest(name: &str, known: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let name = spelled(name);
    let steps = |known: &'static str| (distance(&name, &spelled(known)), known);
    let (steps, nearest) = known.into_iter().map(steps).min_by_key(|(steps, _)| *steps)?;
    (steps * 3 <= name.len().max(3)).then_some(nearest)
}

/// At most as many letters as are compared: a name that is longer is near to none.
const LONGEST: usize = 64;

fn spelled(name: &str) -> Vec<char> {
    let characters = name.chars().take(LONGEST);
    characters
        .map(|character| {
            if character == '_' {
                '-'
            } else {
                character.to_ascii_lowercase()
            }
        })
        .collect()
}

/// How many letters have to be changed, added, taken away or swapped with their neighbour.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut least = changed.min(last[column + 1] + 1).min(next[column] + 1);
            let is_swapped = row > 0 && column > 0 && from[row - 1] == *other && to[column - 1] == *letter;
            if is_swapped {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::QUEUE_PARAMETERS;

    fn nearest_parameter(name: &str) -> Option<&'static str> {
        nearest(name, QUEUE_PARAMETERS.iter().map(|parameter| parameter.name))
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        for (typed, meant) in [
            ("strateggy", "strategy"),
            ("max_wait_tiem", "max-wait-time"),
            ("Moh-Sounds", "moh-sound"),
            ("tier-rule-wait-seconds", "tier-rule-wait-second"),
        ] {
            assert_eq!(nearest_parameter(typed), Some(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_far_from_everything_is_left_alone() {
        for typed in ["nonsense", "", "x", &"y".repeat(100_000)] {
            assert_eq!(nearest_parameter(typed), None);
        }
    }

    #[test]
    fn distances_are_counted_in_letters() {
        let of = |from: &str, to: &str| distance(&spelled(from), &spelled(to));
        assert_eq!(of("abc", "abc"), 0);
        assert_eq!(of("abc", "acb"), 1);
        assert_eq!(of("", "abc"), 3);
        assert_eq!(of("kitten", "sitting"), 3);
    }
}
