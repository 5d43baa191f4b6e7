//! Contradictions in a configuration: what is well written and still cannot work as meant.
//!
//! A configuration says only a part. Agents and tiers that were made by command or by SQL count as well, so that nobody is told
//! that a queue has no agents because they are in the database. What only the dialplan or FreeSWITCH's directory knows
//! (extensions, sounds, phones) is not looked at.

mod callbacks;
mod limits;
mod matching;
mod preferred;
mod roster;
mod tiers;

pub use roster::Roster;

use super::Configuration;
use crate::engine::{QueueConfig, Settings};
use std::fmt::{Display, Formatter};

/// Something that cannot work as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The element, as it is written: `<queue name="support@default">`. Empty where `trouble` names it.
    pub about: String,
    /// What is wrong and what to do, in sentences for the operator.
    pub trouble: String,
}

impl Finding {
    fn queue(name: &str, trouble: impl Into<String>) -> Self {
        Self {
            about: format!("<queue name=\"{name}\">"),
            trouble: trouble.into(),
        }
    }

    fn agent(name: &str, trouble: impl Into<String>) -> Self {
        Self {
            about: format!("<agent name=\"{name}\">"),
            trouble: trouble.into(),
        }
    }

    /// What a reader of the configuration has found: a warning names its element by itself.
    fn warning(text: &str) -> Self {
        Self {
            about: String::new(),
            trouble: text.to_owned(),
        }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self.about.as_str() {
            "" => f.write_str(&self.trouble),
            about => write!(f, "{about}: {}", self.trouble),
        }
    }
}

/// Everything that is wrong with a configuration: first what its reader found, then contradictions, also of tiers.
pub fn everything(configuration: &Configuration, roster: &Roster) -> Vec<Finding> {
    let warnings = configuration.warnings.iter().map(|text| Finding::warning(text));
    let mut findings: Vec<Finding> = warnings.collect();
    findings.extend(tables_of_one_name(&configuration.settings));
    findings.extend(tiers::of_nobody(configuration, roster));
    findings.extend(contradictions(&configuration.queues, roster));
    findings
}

/// What contradicts itself among queues and agents, queue by queue. Tiers of unknown queues and agents are left out here: whoever
/// loads a configuration is told of each as it is refused.
pub fn contradictions(queues: &[QueueConfig], roster: &Roster) -> Vec<Finding> {
    let mut findings = Vec::new();
    for queue in queues {
        limits::of_queue(queue, &mut findings);
        phones_in_use(queue, roster, &mut findings);
        matching::of_queue(queue, roster, &mut findings);
        preferred::of_queue(queue, &mut findings);
        callbacks::of_queue(queue, &mut findings);
    }
    findings.extend(roster.without_contact().map(|name| {
        Finding::agent(
            name,
            "the contact is empty, so there is nothing to ring. Give it a contact such as user/1001.",
        )
    }));
    findings
}

/// Agents whose phone may be in use without anybody knowing.
fn phones_in_use(queue: &QueueConfig, roster: &Roster, findings: &mut Vec<Finding>) {
    let unknown = roster.without_device(queue).into_iter().filter(|_| !queue.ring_in_use);
    findings.extend(unknown.map(|agent| {
        let trouble = format!(
            "ring-in-use is false, and the contact of the agent \"{agent}\" does not tell whose phone it calls: it is rung whatever the \
             phone does. Put [presence_id=USER@DOMAIN] before the contact."
        );
        Finding::queue(&queue.name, trouble)
    }));
}

/// Two tables cannot have one name.
fn tables_of_one_name(settings: &Settings) -> Option<Finding> {
    let tables = [
        ("agents-table", &settings.agents_table),
        ("tiers-table", &settings.tiers_table),
        ("members-table", &settings.members_table),
        ("cdrs-table", &settings.cdrs_table),
    ];
    let mut pairs = tables.iter().enumerate().flat_map(|(at, one)| {
        let others = tables.iter().skip(at + 1);
        others.map(move |other| (one, other))
    });
    let ((one, name), (other, _)) = pairs.find(|((_, one), (_, other))| one.eq_ignore_ascii_case(other))?;
    Some(Finding {
        about: "<settings>".to_owned(),
        trouble: format!(
            "{one} and {other} are both \"{name}\": rows would be lost. Give each table a name of its own."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{read, Element};

    pub(super) fn configuration(text: &str) -> Configuration {
        read(&Element::parse_for_tests(&format!(
            "<configuration>{text}</configuration>"
        )))
    }

    /// What is found in a configuration that stands alone, one line each.
    pub(super) fn found(text: &str) -> Vec<String> {
        let configuration = configuration(text);
        let roster = Roster::of(&configuration);
        let findings = everything(&configuration, &roster);
        findings.iter().map(ToString::to_string).collect()
    }

    /// What is found in a queue of these parameters that agent `a` serves at level 1.
    pub(super) fn found_in_queue(params: &[(&str, &str)]) -> Vec<String> {
        let params: String = params
            .iter()
            .map(|(name, value)| format!("<param name=\"{name}\" value=\"{value}\"/>"))
            .collect();
        found(&format!(
            "<queues><queue name=\"q\">{params}</queue></queues>
             <agents><agent name=\"a\" type=\"callback\" contact=\"user/a\"/></agents>
             <tiers><tier agent=\"a\" queue=\"q\"/></tiers>"
        ))
    }

    #[test]
    fn a_sound_configuration_is_left_alone() {
        assert_eq!(found_in_queue(&[]), Vec::<String>::new());
    }

    #[test]
    fn warnings_of_the_reader_come_first_with_the_nearest_name() {
        let found = found_in_queue(&[("max-wait-tiem", "5"), ("announce-frequency", "5")]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("The nearest name is \"max-wait-time\"."), "{found:?}");
        assert!(
            found[1].starts_with("<queue name=\"q\">: announce-frequency"),
            "{found:?}"
        );
    }

    #[test]
    fn a_callback_agent_needs_a_contact_and_a_standby_agent_none() {
        let found = found(
            "<agents><agent name=\"none\" type=\"callback\"/><agent name=\"empty\" type=\"callback\" contact=\"\"/>
             <agent name=\"standby\" type=\"uuid-standby\"/></agents>",
        );
        assert_eq!(found.len(), 2, "{found:?}");
        for (found, name) in found.iter().zip(["empty", "none"]) {
            assert!(
                found.starts_with(&format!("<agent name=\"{name}\">: the contact is empty")),
                "{found}"
            );
        }
    }
}
