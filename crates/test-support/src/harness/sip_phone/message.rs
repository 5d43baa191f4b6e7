//! SIP messages, as far as a phone has to read and write them.

/// A message as it came.
#[derive(Debug, Clone)]
pub struct Message {
    text: String,
}

impl Message {
    pub fn of(bytes: &[u8]) -> Message {
        Message {
            text: String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    fn head(&self) -> impl Iterator<Item = &str> {
        self.text.lines().take_while(|line| !line.is_empty())
    }

    /// The value of a header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let of_name = |line: &'_ str| {
            let (key, _) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then_some(())
        };
        let line = self.head().skip(1).find(|line| of_name(line).is_some());
        line.and_then(|line| line.split_once(':'))
            .map_or("", |(_, value)| value.trim())
    }

    /// The status of a response; none of a request.
    pub fn status(&self) -> Option<u16> {
        let rest = self.text.strip_prefix("SIP/2.0 ")?;
        rest.split(' ').next()?.parse().ok()
    }

    /// What a request asks for; empty for a response.
    pub fn method(&self) -> &str {
        let word = self.text.split(' ').next().unwrap_or_default();
        if word.starts_with("SIP/") {
            ""
        } else {
            word
        }
    }

    /// The address of the header Contact.
    pub fn contact(&self) -> &str {
        let value = self.header("Contact");
        let bare = value.split_once('<').map_or(value, |(_, rest)| rest);
        bare.split(['>', ';']).next().unwrap_or_default()
    }

    /// Where the other side wants to be sent sound.
    pub fn media_port(&self) -> Option<u16> {
        let line = self.text.lines().find_map(|line| line.strip_prefix("m=audio "))?;
        line.split(' ').next()?.parse().ok()
    }

    /// A response to this request, with this `To` and this body.
    pub fn response(&self, status: &str, to: &str, contact: &str, body: &str) -> String {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for line in self.head().skip(1) {
            let name = line.split(':').next().unwrap_or_default();
            if ["Via", "From", "Call-ID", "CSeq", "Record-Route"].contains(&name) {
                text.push_str(line);
                text.push_str("\r\n");
            }
        }
        text.push_str(&format!("To: {to}\r\nContact: <{contact}>\r\n"));
        text + &with_body(body)
    }
}

/// The end of a message.
pub fn with_body(body: &str) -> String {
    let kind = if body.is_empty() {
        ""
    } else {
        "Content-Type: application/sdp\r\n"
    };
    format!("{kind}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The tag of a `From` or `To`.
pub fn tag(value: &str) -> &str {
    let tag = value.split_once(";tag=").map_or("", |(_, tag)| tag);
    tag.split(';').next().unwrap_or_default()
}

/// Text that stands in an address.
pub fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
