//! `member => interface[,penalty][,name][,state_interface][,ringinuse][,wrapuptime][,paused]`

use super::options::is_off;

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
    /// What of it cannot be carried over, in words for the operator.
    pub troubles: Vec<String>,
}

impl Member {
    /// Reads what stands behind `member =>`; none when it names no interface.
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(',').map(str::trim).collect();
        let field = |number: usize| fields.get(number).copied().filter(|field| !field.is_empty());
        let interface = field(0)?;
        Some(Self {
            troubles: troubles(interface, field),
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

fn troubles<'a>(interface: &str, field: impl Fn(usize) -> Option<&'a str>) -> Vec<String> {
    let mut troubles = Vec::new();
    if let Some(penalty) = field(1).filter(|penalty| !penalty.parse::<i64>().is_ok_and(|penalty| penalty >= 0)) {
        troubles.push(format!("penalty {penalty} is no number from 0; 0 is used."));
    }
    if let Some(state) = field(3).filter(|state| *state != interface) {
        troubles.push(format!(
            "the state interface {state} is left out: whether a phone is in use is seen at the phone that the contact calls; for another one \
             put [presence_id=USER@DOMAIN] before the contact."
        ));
    }
    if let Some(paused) = field(6).filter(|paused| !is_true(paused) && !is_off(paused)) {
        troubles.push(format!("paused {paused} is neither yes nor no; no is used."));
    }
    if let Some(seconds) = field(5).filter(|seconds| seconds.parse::<u32>().is_err()) {
        troubles.push(format!(
            "wrapuptime {seconds} is no number of seconds; that of the queue is used."
        ));
    }
    troubles
}

/// A word that Asterisk takes for yes.
pub(super) fn is_true(word: &str) -> bool {
    ["yes", "true", "y", "t", "1", "on"]
        .iter()
        .any(|yes| yes.eq_ignore_ascii_case(word))
}

/// `1001` of `PJSIP/1001`, of `Local/1001@agents/n` and of `SIP/provider/1001`.
fn short(interface: &str) -> &str {
    let (technology, rest) = interface.split_once('/').unwrap_or(("", interface));
    let is_sip = ["sip", "pjsip"].iter().any(|sip| sip.eq_ignore_ascii_case(technology));
    let number = rest.split_once('/').map(|(_, number)| number);
    if let Some(number) = number.filter(|number| is_sip && !number.is_empty() && !number.starts_with("sip:")) {
        return number;
    }
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
                troubles: vec![
                    "the state interface PJSIP/1001 is left out: whether a phone is in use is seen at the phone that the contact calls; for \
                     another one put [presence_id=USER@DOMAIN] before the contact."
                        .to_owned()
                ],
            }
        );
        assert_eq!(Member::parse(" ,3"), None);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (text, words) in [
            ("PJSIP/1,abc", "penalty abc"),
            ("PJSIP/1,-1", "penalty -1"),
            ("PJSIP/1,0,Ann,,,soon", "wrapuptime soon"),
        ] {
            let member = Member::parse(text).expect("a member");
            assert!(
                member.troubles.len() == 1 && member.troubles[0].contains(words),
                "{member:?}"
            );
        }
        assert_eq!(
            Member::parse("PJSIP/1,2,Ann,PJSIP/1,,3").expect("a member").troubles,
            Vec::<String>::new()
        );
    }

    #[test]
    fn interfaces_become_dial_strings() {
        for (interface, name, contact) in [
            ("PJSIP/1001", "1001", Some("user/1001")),
            ("SIP/1002", "1002", Some("user/1002")),
            ("PJSIP/0301234@trunk", "0301234", Some("sofia/gateway/trunk/0301234")),
            ("SIP/trunk/0301234", "0301234", Some("sofia/gateway/trunk/0301234")),
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
