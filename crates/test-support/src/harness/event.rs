//! A FreeSWITCH event as it arrives over the event socket.

/// Headers in the order they were sent, with their values decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Name and value of each header.
    pub headers: Vec<(String, String)>,
}

impl Event {
    /// Reads the `text/event-plain` form: one `Name: percent-encoded value` a line.
    pub fn parse(text: &str) -> Event {
        let headers = text
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_string(), decode(value)))
            .collect();
        Event { headers }
    }

    /// The value of a header, empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// `CC-Action`, empty for events that are not the call centre's.
    pub fn action(&self) -> &str {
        self.get("CC-Action")
    }

    /// Whether this is the call centre's event with that `CC-Action`.
    pub fn is(&self, action: &str) -> bool {
        self.action() == action
    }

    /// Whether this is a core event of that name.
    pub fn is_core(&self, name: &str) -> bool {
        self.get("Event-Name") == name
    }

    /// Whether it is about something whose name begins with this text: the scope of a scenario.
    pub fn mentions(&self, scope: &str) -> bool {
        SCOPED.iter().any(|name| self.get(name).contains(scope))
    }

    /// When FreeSWITCH made the event, in microseconds since the epoch.
    pub fn time(&self) -> i64 {
        self.get("Event-Date-Timestamp").parse().unwrap_or(0)
    }
}

/// Where the names of agents, queues and extensions are.
const SCOPED: &[&str] = &[
    "CC-Agent",
    "CC-Queue",
    "Caller-Destination-Number",
    "variable_sip_req_user",
    "Channel-Name",
    "from",
];

/// Undoes FreeSWITCH's percent encoding.
fn decode(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = value
            .get(at + 1..at + 3)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
