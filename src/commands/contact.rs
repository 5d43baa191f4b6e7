//! A contact is the rest of its line: a dial string has blanks and quotes of its own between its brackets, and programs put quotes around it all
//! (FusionPBX: `'{execute_on_pre_bridge='record_session FILE'}user/1001'`). Stock cuts it at the first blank that its quotes leave open.

use super::tokens;

/// How many words stand before the contact: `agent set contact NAME`.
const BEFORE: usize = 4;

/// The contact of a line that sets one and has more words than that takes; none where what follows is no dial string.
pub(super) fn of_line(line: &str) -> Option<String> {
    let rest = tokens::behind(line, BEFORE)?.trim();
    let inside = rest.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let contact = inside.unwrap_or(rest);
    is_one(contact).then(|| contact.to_owned())
}

/// Whether each blank stands between brackets, and each bracket has its partner.
fn is_one(contact: &str) -> bool {
    let mut closing = Vec::new();
    for character in contact.chars() {
        match character {
            '{' => closing.push('}'),
            '[' => closing.push(']'),
            '<' => closing.push('>'),
            '}' | ']' | '>' if closing.pop() != Some(character) => return false,
            ' ' if closing.is_empty() => return false,
            _ => (),
        }
    }
    closing.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dial_string_with_blanks_and_quotes_of_its_own_is_one_contact() {
        for (typed, expected) in [
            ("'{a=b,c='d e f'}user/1'", Some("{a=b,c='d e f'}user/1")),
            ("{a='b c' d}user/1", Some("{a='b c' d}user/1")),
            (
                "  '[x='${strftime(%Y)} a']user/1|<y='b c'>user/2'  ",
                Some("[x='${strftime(%Y)} a']user/1|<y='b c'>user/2"),
            ),
            ("user/1 user/2", None),
            ("{a='b c'}user/1 extra", None),
            ("'{a='b c']user/1'", None),
            ("{a='b c'", None),
        ] {
            let line = format!("agent set contact 'a b' {typed}");
            assert_eq!(of_line(&line).as_deref(), expected, "{typed}");
        }
        assert_eq!(of_line("^^:agent:set:contact:a:{b=c d}e"), None);
    }
}
