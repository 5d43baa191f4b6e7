//! `member => interface[,penalty][,name][,state_interface][,ringinuse][,wrapuptime][,paused]`

/// A member of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// The name, or what the interface says of it.
    pub name: String,
    /// The interface as a dial string of FreeSWITCH; none where there is no such thing.
    pub contact: Option<String>,
    pub interface: String,
    pub penalty: i64,
    pub wrapup: Option<u32>,
    pub is_paused: bool,
    /// The member has a `ringinuse` of its own.
    pub has_ringinuse: bool,
}

impl Member {
    /// Reads what stands behind `member =>`; none when it names no interface.
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(',').map(str::trim).collect();
        let field = |number: usize| fields.get(number).copied().filter(|field| !field.is_empty());
        let interface = field(0)?;
        Some(Self {
            name: field(2).unwrap_or_else(|| short(interface)).to_owned(),
            contact: contact(interface),
            interface: interface.to_owned(),
            penalty: field(1).and_then(|penalty| penalty.parse().ok()).unwrap_or(0).max(0),
            wrapup: field(5).and_then(|seconds| seconds.parse().ok()),
            is_paused: field(6).is_some_and(is_true),
            has_ringinuse: field(4).is_some(),
        })
    }
}

/// A word that Asterisk takes for yes.
pub(super) fn is_true(word: &str) -> bool {
    ["yes", "true", "y", "t", "1", "on"]
        .iter()
        .any(|yes| yes.eq_ignore_ascii_case(word))
}

/// `1001` of `PJSIP/1001` and of `Local/1001@agents/n`.
fn short(interface: &str) -> &str {
    let (_, rest) = interface.split_once('/').unwrap_or(("", interface));
    let end = rest.find(['@', '/']).filter(|end| *end > 0).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

fn contact(interface: &str) -> Option<String> {
    let (technology, rest) = interface.split_once('/')?;
    match technology.to_ascii_lowercase().as_str() {
        "sip" | "pjsip" => Some(sip(rest)),
        "local" => {
            let rest = rest.split('/').next().unwrap_or(rest);
            let (extension, context) = rest.split_once('@').unwrap_or((rest, "default"));
            Some(format!("loopback/{extension}/{context}"))
        }
        _ => None,
    }
    .filter(|contact| !contact.ends_with('/'))
}

/// `1001`, `number@trunk`, `endpoint/sip:user@host` and `peer/number`.
fn sip(rest: &str) -> String {
    if let Some((peer, address)) = rest.split_once('/') {
        return match address.strip_prefix("sip:") {
            Some(address) => format!("sofia/external/{address}"),
            None => format!("sofia/gateway/{peer}/{address}"),
        };
    }
    match rest.split_once('@') {
        Some((number, trunk)) => format!("sofia/gateway/{trunk}/{number}"),
        None => format!("user/{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_read_whole() {
        let member = Member::parse("Local/1001@agents/n, 3 ,May Flowers,PJSIP/1001,no,15,yes").expect("a member");
        assert_eq!(
            member,
            Member {
                name: "May Flowers".to_owned(),
                contact: Some("loopback/1001/agents".to_owned()),
                interface: "Local/1001@agents/n".to_owned(),
                penalty: 3,
                wrapup: Some(15),
                is_paused: true,
                has_ringinuse: true,
            }
        );
        assert_eq!(Member::parse(" ,3"), None);
    }

    #[test]
    fn interfaces_become_dial_strings() {
        for (interface, name, contact) in [
            ("PJSIP/1001", "1001", Some("user/1001")),
            ("SIP/1002", "1002", Some("user/1002")),
            ("PJSIP/0301234@trunk", "0301234", Some("sofia/gateway/trunk/0301234")),
            ("SIP/trunk/0301234", "trunk", Some("sofia/gateway/trunk/0301234")),
            ("PJSIP/desk/sip:7@192.0.2.1", "desk", Some("sofia/external/7@192.0.2.1")),
            ("Local/7@default", "7", Some("loopback/7/default")),
            ("DAHDI/1", "1", None),
            ("Agent/1001", "1001", None),
            ("1001", "1001", None),
            ("PJSIP/", "", None),
        ] {
            let member = Member::parse(interface).expect("a member");
            assert_eq!(
                (member.name.as_str(), member.contact.as_deref()),
                (name, contact),
                "{interface}"
            );
        }
    }
}
