//! Which call a SIP transfer joins with another one.

/// The Call-ID that a Refer-To header names in its `Replaces`, as FreeSWITCH notes the header on the channel that is transferred.
pub fn replaced_call(refer_to: &str) -> Option<String> {
    let lower = refer_to.to_ascii_lowercase();
    let begin = lower.find("replaces=")? + "replaces=".len();
    let value = refer_to.get(begin..)?.split(['&', '>', '"', ' ']).next()?;
    let call = unescaped(value).split(';').next()?.trim().to_owned();
    (!call.is_empty()).then_some(call)
}

/// The text behind the `%40` of an address.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        match (byte, ahead.next().and_then(digit), ahead.next().and_then(digit)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_is_named_without_its_tags() {
        for header in [
            "<sip:support@192.0.2.1:5060?Replaces=1-77%40192.0.2.9%3Bto-tag%3Da%3Bfrom-tag%3Db>",
            "sip:support@192.0.2.1?X-Other=%41&replaces=1-77@192.0.2.9;to-tag=a&Require=replaces",
            "\"Support\" <sip:support@192.0.2.1?Replaces=1%2d77%40192%2E0.2.9>;method=INVITE",
        ] {
            assert_eq!(replaced_call(header).as_deref(), Some("1-77@192.0.2.9"), "{header}");
        }
    }

    #[test]
    fn what_names_no_call_names_none() {
        for header in [
            "",
            "<sip:support@192.0.2.1>",
            "<sip:s@h?Replaces=>",
            "<sip:s@h?Replaces=%3Bto-tag%3Da>",
            "Replaces",
        ] {
            assert_eq!(replaced_call(header), None, "{header}");
        }
        assert_eq!(replaced_call("?Replaces=a%4%zz%").as_deref(), Some("a%4%zz%"));
        assert_eq!(replaced_call("?Replaces=é%C3%A9%FF").as_deref(), Some("éé\u{fffd}"));
    }
}
