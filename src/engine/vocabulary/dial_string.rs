//! Which phone a dial string calls.

/// The device that a dial string calls: what it sets as `presence_id`, else the user of `user/`, or the address behind a profile of
/// `sofia/`.
pub fn device_of(contact: &str) -> Option<String> {
    let device = presence_id(contact).or_else(|| called(contact))?;
    let (user, domain) = device.split_once('@').unwrap_or((device, ""));
    let is_known = |text: &str| !text.is_empty() && !text.contains('$');
    if !is_known(user) {
        return None;
    }
    let device = if is_known(domain) { device } else { user };
    Some(device.to_lowercase())
}

fn presence_id(contact: &str) -> Option<&str> {
    let (_, value) = contact.split_once("presence_id=")?;
    value.split([',', ']', '}', '>']).next()
}

/// What is called behind the variables. Of several phones that ring together or in turn none is the agent's device.
fn called(contact: &str) -> Option<&str> {
    let mut rest = contact.trim();
    for (opening, closing) in [('<', '>'), ('{', '}'), ('[', ']')] {
        if rest.starts_with(opening) {
            rest = behind(rest, opening, closing)?.trim_start();
        }
    }
    if rest.contains([',', '|']) {
        return None;
    }
    let (endpoint, rest) = rest.split_once('/')?;
    if endpoint.eq_ignore_ascii_case("user") {
        return Some(rest);
    }
    let (profile, address) = rest.split_once('/')?;
    let is_phone = endpoint.eq_ignore_ascii_case("sofia") && !profile.eq_ignore_ascii_case("gateway");
    let address = address.split([';', '/']).next().filter(|_| is_phone)?;
    let (_, host) = address.split_once('@')?;
    let port = host.split_once(':').map_or(0, |(_, port)| port.len() + 1);
    address.get(..address.len() - port)
}

/// What comes behind the bracket that closes the first one.
fn behind(text: &str, opening: char, closing: char) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        if character == opening {
            depth += 1;
        } else if character == closing {
            depth -= 1;
            if depth == 0 {
                return text.get(at + closing.len_utf8()..);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_is_what_the_contact_calls() {
        for (contact, device) in [
            ("user/1001", Some("1001")),
            ("user/1001@Example.com", Some("1001@example.com")),
            ("user/1001@${domain_name}", Some("1001")),
            (
                "{a=${b},c=d}[leg_timeout=20]user/1001@example.com",
                Some("1001@example.com"),
            ),
            ("<x=1>{y=2}user/7", Some("7")),
            ("sofia/internal/1001@10.0.0.1:5060;transport=tcp", Some("1001@10.0.0.1")),
            (
                "[presence_id=1001@example.com]sofia/gateway/trunk/030",
                Some("1001@example.com"),
            ),
            ("{presence_id=${x}@y,z=1}user/1001", None),
            ("sofia/gateway/trunk/030123@x", None),
            ("loopback/1001/agents", None),
            ("user/1001,user/1002", None),
            ("user/${someone}", None),
            ("{user/1001", None),
            ("}}", None),
            ("", None),
        ] {
            assert_eq!(device_of(contact).as_deref(), device, "{contact}");
        }
    }
}
