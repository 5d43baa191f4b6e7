//! Takes out of a text what differs between two runs of the same scenario: UUIDs, times, ports, directories.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::event::Event;
use super::freeswitch::FreeSwitch;

/// The names given to what was found in one run.
pub struct Normaliser {
    uuids: HashMap<String, String>,
    dir: String,
    now: u64,
}

impl Normaliser {
    /// Names the UUIDs of a run by the part they play in the call centre's events.
    pub fn new(switch: &FreeSwitch, events: &[Event]) -> Normaliser {
        let dir = switch.dir().display().to_string();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_secs());
        let mut normaliser = Normaliser {
            uuids: HashMap::new(),
            dir,
            now,
        };
        for event in events {
            let caller = event.get("CC-Member-CID-Number");
            normaliser.name(event.get("CC-Member-UUID"), &format!("<member {caller}>"));
            normaliser.name(
                event.get("CC-Member-Session-UUID"),
                &format!("<leg of member {caller}>"),
            );
            let agent = event.get("CC-Agent");
            normaliser.name(event.get("CC-Agent-UUID"), &format!("<leg of agent {agent}>"));
        }
        normaliser
    }

    fn name(&mut self, uuid: &str, name: &str) {
        if uuid.len() == UUID_LENGTH && !self.uuids.contains_key(uuid) {
            self.uuids.insert(uuid.to_string(), name.to_string());
        }
    }

    /// The text with everything that differs from run to run named.
    pub fn text(&self, text: &str) -> String {
        let text = text.replace(&self.dir, "<dir>");
        self.times(&self.uuids(&without_ports(&text)))
    }

    fn uuids(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            match rest.get(..UUID_LENGTH).filter(|candidate| is_uuid(candidate)) {
                Some(uuid) => {
                    out.push_str(self.uuids.get(uuid).map_or("<uuid>", String::as_str));
                    rest = &rest[UUID_LENGTH..];
                }
                None => {
                    out.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        out
    }

    /// Names the numbers that are a time of today, in seconds or microseconds.
    fn times(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if digits == 0 {
                out.push(next);
                rest = &rest[next.len_utf8()..];
                continue;
            }
            let number = &rest[..digits];
            out.push_str(self.time_name(number).unwrap_or(number));
            rest = &rest[digits..];
        }
        out
    }

    fn time_name(&self, digits: &str) -> Option<&'static str> {
        let number: u64 = digits.parse().ok()?;
        let near = |seconds: u64| seconds.abs_diff(self.now) < 86_400;
        match digits.len() {
            10 if near(number) => Some("<seconds>"),
            16 if near(number / 1_000_000) => Some("<microseconds>"),
            _ => None,
        }
    }
}

/// Names every port on the loopback address: each run has its own.
fn without_ports(text: &str) -> String {
    let mut parts = text.split("127.0.0.1:");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        out.push_str("127.0.0.1:");
        out.push_str(if rest.len() < part.len() { "<port>" } else { "" });
        out.push_str(rest);
    }
    out
}

const UUID_LENGTH: usize = 36;

fn is_uuid(text: &str) -> bool {
    text.char_indices().all(|(at, c)| match at {
        8 | 13 | 18 | 23 => c == '-',
        _ => c.is_ascii_hexdigit(),
    })
}
