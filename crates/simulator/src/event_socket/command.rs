//! What a client sends: a line with a command, lines with headers, an empty line, and a body as long as a header says.

use std::io::{BufRead, Read};

/// Whoever sends more than this sends nothing that is meant for us.
const LONGEST_LINE: u64 = 64 * 1024;
/// The same for bodies.
const LONGEST_BODY: usize = 8 * 1024 * 1024;

/// A command as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Command {
    /// The first line.
    pub line: String,
    headers: Vec<(String, String)>,
}

impl Command {
    /// Reads the next command; none when the client has gone, or sends what no client would.
    pub fn read(input: &mut impl BufRead) -> Option<Self> {
        let mut command = Self::default();
        loop {
            let line = read_line(input)?;
            if line.is_empty() && command.line.is_empty() {
                continue;
            }
            if line.is_empty() {
                break;
            }
            if command.line.is_empty() {
                command.line = line;
            } else if let Some((name, value)) = line.split_once(':') {
                command.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        let length = command.header("Content-Length").and_then(|length| length.parse().ok());
        let length = length.unwrap_or(0);
        if length > LONGEST_BODY {
            return None;
        }
        let mut body = vec![0; length];
        input.read_exact(&mut body).ok()?;
        Some(command)
    }

    /// A header, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The command's word, and what stands behind it.
    pub fn parts(&self) -> (String, &str) {
        let (word, rest) = self.line.split_once(char::is_whitespace).unwrap_or((&self.line, ""));
        (word.to_ascii_lowercase(), rest.trim())
    }
}

fn read_line(input: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    let read = input.take(LONGEST_LINE).read_until(b'\n', &mut line).ok()?;
    if read == 0 || line.last() != Some(&b'\n') {
        return None;
    }
    let line = String::from_utf8_lossy(&line);
    Some(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_at_an_empty_line_and_its_body_is_passed_over() {
        let mut input =
            &b"\n\napi status\n\nsendevent X\r\nContent-Length: 4\r\n\r\nbodybgapi a b\nJob-UUID: 7\n\nhalf"[..];
        let first = Command::read(&mut input).expect("a command");
        assert_eq!(first.parts(), ("api".to_owned(), "status"));
        let second = Command::read(&mut input).expect("a command");
        assert_eq!(second.line, "sendevent X");
        let third = Command::read(&mut input).expect("a command");
        assert_eq!(
            (third.line.as_str(), third.header("job-uuid")),
            ("bgapi a b", Some("7"))
        );
        assert_eq!(Command::read(&mut input), None);
    }

    #[test]
    fn a_line_without_end_ends_the_connection() {
        let long = vec![b'x'; 100_000];
        assert_eq!(Command::read(&mut long.as_slice()), None);
        let mut greedy = &b"api x\nContent-Length: 99999999999\n\n"[..];
        assert_eq!(Command::read(&mut greedy), None);
    }
}
