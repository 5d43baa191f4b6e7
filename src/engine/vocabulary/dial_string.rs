//! Dial strings of FreeSWITCH as they are written: which phone one calls, and whether one can be dialled at all.

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

/// Stands for a variable, whatever its value is.
const ANYTHING: char = '$';

/// Why a dial string cannot be dialled, whatever its variables are; none where it may be. What they are, and which endpoints, profiles and
/// gateways there are, is known when it is dialled.
pub fn why_not_dialled(text: &str) -> Option<String> {
    let Some(text) = without_variables(text) else {
        return Some("\"${\" is not closed".to_owned());
    };
    if let Some(bracket) = unbalanced(&text) {
        return Some(format!("\"{bracket}\" stands alone"));
    }
    text.split(":_:").find_map(why_not_together)
}

/// The same of phones that ring together or in turn.
fn why_not_together(text: &str) -> Option<String> {
    let Some(legs) = behind_brackets(text, &[('<', '>'), ('{', '}')]) else {
        return Some("\"<\" stands alone".to_owned());
    };
    let legs = split_outside(legs).into_iter();
    let mut legs = legs
        .filter_map(|leg| behind_brackets(leg, &[('[', ']')]))
        .filter(|leg| !leg.is_empty())
        .peekable();
    if legs.peek().is_none() {
        return Some("there is nothing to be dialled".to_owned());
    }
    let has_none = legs.any(|leg| !has_endpoint(leg));
    has_none.then(|| "there is no endpoint with an address behind a slash".to_owned())
}

/// Whether a phone has an endpoint and an address there, or may have.
fn has_endpoint(leg: &str) -> bool {
    match leg.split_once('/') {
        Some((endpoint, address)) => !endpoint.trim().is_empty() && !address.trim().is_empty(),
        None => leg.contains(ANYTHING),
    }
}

/// The text with a sign for each `${...}`, in which there may be others; none where one of them is not closed.
fn without_variables(text: &str) -> Option<String> {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("${") {
        written.push_str(before.strip_suffix('$').unwrap_or(before));
        written.push(ANYTHING);
        let variable = rest.get(rest.len() - variable.len() - 1..)?;
        rest = behind(variable, '{', '}')?;
    }
    written.push_str(rest);
    Some(written)
}

/// The first bracket that opens or closes nothing.
fn unbalanced(text: &str) -> Option<char> {
    let mut open = Vec::new();
    for character in text.chars() {
        match character {
            '{' | '[' => open.push(character),
            '}' if open.pop() != Some('{') => return Some('}'),
            ']' if open.pop() != Some('[') => return Some(']'),
            _ => (),
        }
    }
    open.pop()
}

/// What comes behind the variables in front of it; none where they have no end.
fn behind_brackets<'a>(text: &'a str, brackets: &[(char, char)]) -> Option<&'a str> {
    let mut rest = text.trim();
    for (opening, closing) in brackets {
        while rest.starts_with(*opening) {
            rest = behind(rest, *opening, *closing)?.trim_start();
        }
    }
    Some(rest)
}

/// The phones that ring together or in turn; what separates variables of one of them separates no phones.
fn split_outside(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let is_between = |character: char| {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => (),
        }
        depth == 0 && matches!(character, ',' | '|')
    };
    text.split(is_between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_dialled_is_an_endpoint_and_an_address() {
        for text in [
            "loopback/0/default",
            "sofia/gateway/carrier/${callback_number}",
            "{absolute_codec_string='PCMA,PCMU'}sofia/gateway/a/1|[leg_timeout=5,x=y]sofia/gateway/b/1, user/1",
            "<a=b>{c=d} {e=${f}}[g=h][i=j] user/1@x:_:{k=l}user/2",
            "${sofia_contact(internal/${callback_number}@example.com)}",
            "$${way_out}",
            "${profile}/0",
            "user/1,",
            "sofia/external/1@[2001:db8::1]:5060",
            "{origination_caller_id_name='a b'}${way_out}",
        ] {
            assert_eq!(why_not_dialled(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_is_told_with_what_is_wrong() {
        for (text, what) in [
            ("030123", "no endpoint"),
            ("0@carrier", "no endpoint"),
            ("user/1,030123", "no endpoint"),
            ("user/1:_:2", "no endpoint"),
            ("sofia/", "no endpoint"),
            ("/030123", "no endpoint"),
            ("{a=b}", "nothing"),
            (",|", "nothing"),
            ("{a=b user/1", "\"{\""),
            ("[a=b user/1", "\"[\""),
            ("<a=b user/1", "\"<\""),
            ("{a=b}}user/1", "\"}\""),
            ("{a=[b}]user/1", "\"}\""),
            ("user/${callback_number", "\"${\""),
            ("user/${a${b}", "\"${\""),
            ("}${", "\"${\""),
        ] {
            let told = why_not_dialled(text).unwrap_or_default();
            assert!(told.contains(what), "{text}: {told}");
        }
    }

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
