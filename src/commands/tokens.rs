//! A line of words, taken apart as FreeSWITCH does it for every command.
//!
//! Words are separated by blanks. Between single quotes blanks do not separate and the quotes go away; double quotes
//! are letters like others. A backslash takes the meaning from a quote or a backslash, and `\n`, `\r`, `\t`, `\s` stand
//! for the characters of those names. A line that begins with `^^` and a character is separated by that character.

/// Takes a line apart into at most `max` words; the last one takes what is left.
pub(super) fn separate(line: &str, max: usize) -> Vec<String> {
    match own_delimiter(line) {
        Some((delimiter, rest)) if delimiter != ' ' => by_delimiter(rest, delimiter, max)
            .into_iter()
            .map(|word| clean(word, Some(delimiter)))
            .collect(),
        Some((_, rest)) => by_blank(rest, max).into_iter().map(|word| clean(word, None)).collect(),
        None => by_blank(line, max).into_iter().map(|word| clean(word, None)).collect(),
    }
}

/// What stands behind the first words of a line that brings no delimiter along, as it is typed.
pub(super) fn behind(line: &str, words: usize) -> Option<&str> {
    if own_delimiter(line).is_some() {
        return None;
    }
    let mut rest = line;
    for _ in 0..words {
        rest = rest.get(end_of_word(rest)..)?.trim_start_matches(' ');
    }
    Some(rest)
}

/// The delimiter a line brings along, and the line behind it; there has to be something behind it.
fn own_delimiter(line: &str) -> Option<(char, &str)> {
    let mut rest = line.strip_prefix("^^")?.chars();
    let delimiter = rest.next()?;
    let rest = rest.as_str();
    (!rest.is_empty()).then_some((delimiter, rest))
}

fn by_blank(line: &str, max: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() && words.len() < max {
        let end = if words.len() + 1 == max {
            rest.len()
        } else {
            end_of_word(rest)
        };
        let (word, tail) = rest.split_at(end);
        words.push(word);
        rest = tail.trim_start_matches(' ');
    }
    words
}

/// Where the first word ends: at a blank outside of quotes, behind the blanks it may begin with.
fn end_of_word(text: &str) -> usize {
    let first = text.len() - text.trim_start_matches(' ').len();
    let mut quoted = false;
    let mut characters = text.char_indices().skip_while(|(index, _)| *index < first);
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '\'' => quoted = !quoted,
            ' ' if !quoted => return index,
            _ => {}
        }
    }
    text.len()
}

fn by_delimiter(line: &str, delimiter: char, max: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() && words.len() < max {
        let end = if words.len() + 1 == max {
            rest.len()
        } else {
            end_before(rest, delimiter)
        };
        let (word, tail) = rest.split_at(end);
        words.push(word);
        rest = tail.strip_prefix(delimiter).unwrap_or(tail);
    }
    words
}

/// Where the first word ends: at a delimiter outside of quotes. A quote that nothing closes is a letter.
fn end_before(text: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == '\'' && (quoted || characters.as_str().contains('\'')) {
            quoted = !quoted;
        } else if character == delimiter && !quoted {
            return index;
        }
    }
    text.len()
}

/// A word without its quotes, its escapes and the blanks around it.
fn clean(word: &str, delimiter: Option<char>) -> String {
    let mut cleaned = String::with_capacity(word.len());
    // Blanks behind this are not part of the word.
    let mut end = 0;
    let mut quoted = false;
    let mut characters = word.trim_start_matches(' ').chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' {
            unescape(characters.as_str(), delimiter)
        } else {
            None
        };
        if let Some(escaped) = escaped {
            characters.next();
            cleaned.push(escaped);
            end = cleaned.len();
        } else if character == '\'' && (quoted || characters.as_str().contains('\'')) {
            quoted = !quoted;
            if quoted {
                end = cleaned.len();
            }
        } else {
            cleaned.push(character);
            if character != ' ' || quoted {
                end = cleaned.len();
            }
        }
    }
    cleaned.truncate(end);
    cleaned
}

/// What a backslash and the text behind it stand for; none when the backslash is a letter.
fn unescape(behind: &str, delimiter: Option<char>) -> Option<char> {
    match behind.chars().next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        's' => Some(' '),
        character if matches!(character, '\'' | '"' | '\\') || delimiter == Some(character) => Some(character),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart_as_freeswitch_does_it() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("   ", &[""]),
            ("agent list", &["agent", "list"]),
            ("  agent   list  ", &["agent", "list"]),
            (
                "agent set status 1001 'On Break'",
                &["agent", "set", "status", "1001", "On Break"],
            ),
            (
                "agent set contact 1001 \"[call_timeout=60]user/1001\"",
                &["agent", "set", "contact", "1001", "\"[call_timeout=60]user/1001\""],
            ),
            ("a \"b c\"", &["a", "\"b", "c\""]),
            ("a 'b c'd", &["a", "b cd"]),
            ("a ''", &["a", ""]),
            ("a ' b '", &["a", " b "]),
            ("a O'Brien is here", &["a", "O'Brien is here"]),
            ("a O\\'Brien here", &["a", "O'Brien", "here"]),
            ("a b\\ c", &["a", "b\\ c"]),
            ("a b\\sc\\s", &["a", "b c "]),
            ("a \\\\ \\x \\n", &["a", "\\", "\\x", "\n"]),
            ("a \\\"b\\\"", &["a", "\"b\""]),
            ("a b\\", &["a", "b\\"]),
            ("ä 'ö ü'", &["ä", "ö ü"]),
            ("1 2 3 4 5 6 7 8 9 10", &["1", "2", "3", "4", "5", "6", "7", "8 9 10"]),
            (
                "^^:agent:set:status:1001:On Break",
                &["agent", "set", "status", "1001", "On Break"],
            ),
            ("^^:a::b:", &["a", "", "b"]),
            ("^^:a\\:b:'c:d':e'f", &["a:b", "c:d", "e'f"]),
            ("^^ a b", &["a", "b"]),
            ("^^:", &["^^:"]),
        ];
        for (line, expected) in cases {
            assert_eq!(separate(line, 8), *expected, "{line:?}");
        }
    }

    #[test]
    fn a_second_word_takes_the_rest_where_two_are_allowed() {
        assert_eq!(separate("agent a b c", 2), ["agent", "a b c"]);
    }
}
