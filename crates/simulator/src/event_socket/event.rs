//! An event as clients get it.

use std::fmt::Write;

/// In which form a client wants its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Format {
    /// Headers, one a line, with everything unusual as %XX.
    #[default]
    Plain,
    /// One JSON object.
    Json,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Event {
    /// An event of this name; a custom one has a subclass.
    pub fn new(name: &str, subclass: Option<&str>) -> Self {
        let mut event = Self {
            headers: Vec::new(),
            body: None,
        };
        if let Some(subclass) = subclass {
            event.add("Event-Subclass", subclass);
        }
        event.add("Event-Name", name);
        event
    }

    /// Appends a header.
    pub fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Gives it a body.
    pub fn with_body(self, body: String) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// As it is sent, with what comes before it on the wire.
    pub fn on_the_wire(&self, format: Format) -> String {
        let (kind, text) = match format {
            Format::Plain => ("text/event-plain", self.plain()),
            Format::Json => ("text/event-json", self.json()),
        };
        format!("Content-Length: {}\nContent-Type: {kind}\n\n{text}", text.len())
    }

    fn plain(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.headers {
            text.push_str(name);
            text.push_str(": ");
            push_encoded(&mut text, value);
            text.push('\n');
        }
        if let Some(body) = &self.body {
            // Writing into a text cannot fail.
            let _ = write!(text, "Content-Length: {}\n\n{body}", body.len());
        } else {
            text.push('\n');
        }
        text
    }

    fn json(&self) -> String {
        let headers = self.headers.iter().cloned();
        let mut object: serde_json::Map<String, serde_json::Value> =
            headers.map(|(name, value)| (name, value.into())).collect();
        if let Some(body) = &self.body {
            object.insert("Content-Length".to_owned(), body.len().to_string().into());
            object.insert("_body".to_owned(), body.clone().into());
        }
        serde_json::Value::Object(object).to_string()
    }
}

/// As FreeSWITCH encodes values: what a URL takes as it is stays.
fn push_encoded(text: &mut String, value: &str) {
    for byte in value.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_.!~*'()/$,".contains(&byte);
        if is_plain {
            text.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_no_line_end_and_no_other_language() {
        let mut event = Event::new("CUSTOM", Some("callcenter::info"));
        event.add("CC-Member-CID-Name", "Jörg: 1\n2");
        let plain = event.on_the_wire(Format::Plain);
        let (head, text) = plain.split_once("\n\n").expect("a head");
        assert_eq!(
            text,
            "Event-Subclass: callcenter%3A%3Ainfo\nEvent-Name: CUSTOM\nCC-Member-CID-Name: J%C3%B6rg%3A%201%0A2\n\n"
        );
        assert_eq!(
            head,
            format!("Content-Length: {}\nContent-Type: text/event-plain", text.len())
        );
        let json = event.on_the_wire(Format::Json);
        let (_, text) = json.split_once("\n\n").expect("a head");
        let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(json["CC-Member-CID-Name"], "Jörg: 1\n2");
    }

    #[test]
    fn a_body_follows_its_length() {
        let event = Event::new("BACKGROUND_JOB", None).with_body("+OK\n".to_owned());
        let wire = event.on_the_wire(Format::Plain);
        assert!(
            wire.ends_with("Event-Name: BACKGROUND_JOB\nContent-Length: 4\n\n+OK\n"),
            "{wire}"
        );
    }
}
