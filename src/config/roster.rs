//! `<agents>` and `<tiers>`. As in stock, the first of several agents of one name counts, and the last of several
//! tiers of one queue and agent. Two agents whose names differ in case only are two agents.

use super::element_name::too_long;
use super::param::{strangers, Unknown};
use super::warnings::Warnings;
use super::Element;
use crate::engine::{
    is_nothing, leading_integer, starts_with_number, AgentConfig, AgentLimits, AgentRow, AgentStatus, AgentType,
    Assignment, Skills, TierConfig, Wrong, AGENT_ATTRIBUTES, AGENT_LIMITS, AGENT_WORDS, LONGEST_CONTACT, LONGEST_NAME,
    TIER_ATTRIBUTES,
};
use std::collections::HashSet;

/// Reads `<agents>`.
pub(super) fn read_agents(element: &Element, warnings: &mut Warnings) -> Vec<AgentConfig> {
    let mut unknown = Unknown::of(
        AGENT_WORDS
            .iter()
            .map(|word| word.name)
            .chain(AGENT_ATTRIBUTES.iter().map(|entry| entry.name))
            .chain(AGENT_LIMITS.iter().map(|entry| entry.name)),
    );
    strangers("<agents>", element, &["agent"], warnings);
    let mut seen = HashSet::new();
    let mut agents = Vec::new();
    for agent in element.children_named("agent") {
        warnings.about(agent);
        let Some(name) = agent.filled("name") else {
            warnings.push("An <agent> has no name; it is ignored. Give it an attribute name=\"...\".".to_owned());
            continue;
        };
        if name.chars().count() > LONGEST_NAME {
            warnings.push(too_long("agent", name));
        } else if seen.insert(name) {
            agents.extend(read_agent(name, agent, warnings));
            unknown.attributes(&format!("<agent name=\"{name}\">"), agent, warnings);
        } else {
            warnings.push(format!(
                "<agent name=\"{name}\"> is there more than once; the first one is used."
            ));
        }
    }
    agents
}

fn read_agent(name: &str, element: &Element, warnings: &mut Warnings) -> Option<AgentConfig> {
    let agent_type = agent_type(name, element, warnings)?;
    let contact = contact(name, element, warnings);
    let attributes = attributes(name, element, warnings);
    let limits = limits(name, element, warnings);
    Some(AgentConfig {
        name: name.to_owned(),
        agent_type,
        contact,
        status: status(name, element, warnings),
        skills: skills(name, element, warnings),
        attributes,
        limits,
    })
}

fn agent_type(name: &str, element: &Element, warnings: &mut Warnings) -> Option<AgentType> {
    const TO_DO: &str = "the agent is ignored. Use type=\"callback\" or type=\"uuid-standby\".";
    let Some(text) = element.filled("type") else {
        warnings.push(format!("<agent name=\"{name}\"> has no type; {TO_DO}"));
        return None;
    };
    let parsed = AgentType::parse(text);
    if parsed.is_none() {
        warnings.push(format!(
            "<agent name=\"{name}\">: type \"{text}\" is not known; {TO_DO}"
        ));
    }
    parsed
}

fn contact(name: &str, element: &Element, warnings: &mut Warnings) -> Option<String> {
    let text = element.filled("contact")?;
    if is_nothing(text) {
        return Some(String::new());
    }
    let length = text.chars().count();
    if length > LONGEST_CONTACT {
        warnings.push(format!(
            "<agent name=\"{name}\">: contact has {length} characters; the agent keeps the contact it has. Use at most \
             {LONGEST_CONTACT}."
        ));
        return None;
    }
    Some(text.to_owned())
}

fn status(name: &str, element: &Element, warnings: &mut Warnings) -> Option<AgentStatus> {
    let text = element.filled("status")?;
    let parsed = AgentStatus::parse(text);
    if parsed.is_none() {
        warnings.push(format!(
            "<agent name=\"{name}\">: status \"{text}\" is not known; the agent keeps the status it has. \
             Use \"Logged Out\", \"Available\", \"Available (On Demand)\" or \"On Break\"."
        ));
    }
    parsed
}

fn skills(name: &str, element: &Element, warnings: &mut Warnings) -> Option<Skills> {
    let text = element.filled("skills")?;
    if is_nothing(text) {
        return Some(Skills::default());
    }
    match Skills::parse(text) {
        Ok(skills) => Some(skills),
        Err(trouble) => {
            warnings.push(format!(
                "<agent name=\"{name}\">: skills: {trouble} The agent keeps the skills it has."
            ));
            None
        }
    }
}

/// The attributes that are there and not empty. One whose value is none keeps the value the agent has.
fn attributes(name: &str, element: &Element, warnings: &mut Warnings) -> Vec<Assignment<AgentRow>> {
    let mut read = Vec::new();
    let mut scratch = AgentRow::new("", "", AgentType::callback());
    for attribute in AGENT_ATTRIBUTES {
        let Some(value) = element.filled(attribute.name) else {
            continue;
        };
        if let Err(wrong) = attribute.configure(&mut scratch, value) {
            warnings.push(format!("<agent name=\"{name}\">: {} {wrong}", attribute.name));
        }
        read.extend(attribute.assign(&scratch, value));
    }
    read
}

/// What stock does not have, as far as it is there. A number that is none is not taken for 0 here.
fn limits(name: &str, element: &Element, warnings: &mut Warnings) -> Vec<Assignment<AgentLimits>> {
    let mut read = Vec::new();
    for limit in AGENT_LIMITS {
        let Some(value) = element.filled(limit.name) else {
            continue;
        };
        if let Err(wrong) = limit.configure(&mut AgentLimits::default(), value) {
            let instead = "the agent keeps the value it has".to_owned();
            let wrong = Wrong { instead, ..wrong };
            warnings.push(format!("<agent name=\"{name}\">: {} {wrong}", limit.name));
        }
        read.extend(limit.assign(&AgentLimits::default(), value));
    }
    read
}

/// Reads `<tiers>`.
pub(super) fn read_tiers(element: &Element, warnings: &mut Warnings) -> Vec<TierConfig> {
    strangers("<tiers>", element, &["tier"], warnings);
    let mut unknown = Unknown::of(TIER_ATTRIBUTES.iter().map(|attribute| attribute.name));
    let mut seen = HashSet::new();
    let mut tiers = Vec::new();
    for tier in element.children_named("tier") {
        warnings.about(tier);
        let (queue, agent) = (tier.filled("queue"), tier.filled("agent"));
        let (Some(queue), Some(agent)) = (queue, agent) else {
            warnings.push(incomplete_tier(queue, agent));
            continue;
        };
        if !seen.insert((queue, agent)) {
            warnings.push(format!(
                "<tier agent=\"{agent}\" queue=\"{queue}\"> is there more than once; the last one is used."
            ));
        }
        let level = place(queue, agent, tier, "level", warnings);
        let position = place(queue, agent, tier, "position", warnings);
        unknown.attributes(&format!("<tier agent=\"{agent}\" queue=\"{queue}\">"), tier, warnings);
        tiers.push(TierConfig {
            queue: queue.to_owned(),
            agent: agent.to_owned(),
            level,
            position,
        });
    }
    tiers
}

fn incomplete_tier(queue: Option<&str>, agent: Option<&str>) -> String {
    match (queue, agent) {
        (Some(queue), _) => {
            format!("A <tier queue=\"{queue}\"> has no agent; it is ignored. Give it an attribute agent=\"...\".")
        }
        (_, Some(agent)) => {
            format!("A <tier agent=\"{agent}\"> has no queue; it is ignored. Give it an attribute queue=\"...\".")
        }
        _ => "A <tier> has neither agent nor queue; it is ignored. Give it both attributes.".to_owned(),
    }
}

/// A level or position: 1 when it is absent or empty, otherwise a 32-bit number as `atoi` reads it.
fn place(queue: &str, agent: &str, element: &Element, attribute: &str, warnings: &mut Warnings) -> i64 {
    let Some(text) = element.filled(attribute) else {
        return 1;
    };
    let number = leading_integer(text).filter(|number| i32::try_from(*number).is_ok());
    let trouble = match number {
        None => "is too large; 1 is used.",
        Some(_) if !starts_with_number(text) => "is not a number; 0 is used.",
        Some(number) => return number,
    };
    warnings.push(format!(
        "<tier agent=\"{agent}\" queue=\"{queue}\">: {attribute} \"{text}\" {trouble}"
    ));
    number.unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::find_parameter;

    fn agents_of(text: &str) -> (Vec<AgentConfig>, Vec<String>) {
        let mut warnings = Warnings::default();
        let agents = read_agents(
            &Element::parse_for_tests(&format!("<agents>{text}</agents>")),
            &mut warnings,
        );
        (agents, warnings.told())
    }

    fn tiers_of(text: &str) -> (Vec<TierConfig>, Vec<String>) {
        let mut warnings = Warnings::default();
        let tiers = read_tiers(
            &Element::parse_for_tests(&format!("<tiers>{text}</tiers>")),
            &mut warnings,
        );
        (tiers, warnings.told())
    }

    fn bare(name: &str) -> AgentConfig {
        AgentConfig {
            name: name.to_owned(),
            agent_type: AgentType::parse("callback").expect("a known type"),
            contact: None,
            status: None,
            skills: None,
            attributes: Vec::new(),
            limits: Vec::new(),
        }
    }

    fn assigned(name: &str, value: &str) -> Assignment<AgentRow> {
        let like = AgentRow::new("", "", AgentType::callback());
        let attribute = find_parameter(AGENT_ATTRIBUTES, name).expect("a known attribute");
        attribute.assign(&like, value).expect("a value")
    }

    fn limited(name: &str, value: &str) -> Assignment<AgentLimits> {
        let limit = find_parameter(AGENT_LIMITS, name).expect("a known limit");
        limit.assign(&AgentLimits::default(), value).expect("a value")
    }

    #[test]
    fn an_agent_is_read_whole() {
        let (agents, warnings) = agents_of(
            r#"<agent name="1001" type="Callback" contact="[call_timeout=60]user/1001" status="available"
                 max-no-answer="3" wrap-up-time="10" reject-delay-time="30" busy-delay-time="60" no-answer-delay-time="5x"
                 not-registered-delay-time="60" max-rejected="2" max-busy="0" max-not-registered="4"/>
               <agent name="1002" type="callback"/>"#,
        );
        assert_eq!(warnings, Vec::<String>::new());
        let full = AgentConfig {
            agent_type: AgentType::parse("Callback").expect("a known type"),
            contact: Some("[call_timeout=60]user/1001".to_owned()),
            status: Some(AgentStatus::Available),
            attributes: vec![
                assigned("max-no-answer", "3"),
                assigned("wrap-up-time", "10"),
                assigned("reject-delay-time", "30"),
                assigned("busy-delay-time", "60"),
                assigned("no-answer-delay-time", "5x"),
            ],
            limits: vec![
                limited("not-registered-delay-time", "60"),
                limited("max-rejected", "2"),
                limited("max-busy", "0"),
                limited("max-not-registered", "4"),
            ],
            ..bare("1001")
        };
        assert_eq!(agents, [full, bare("1002")]);
    }

    #[test]
    fn a_faulty_agent_is_named_and_the_rest_loads() {
        let (agents, warnings) = agents_of(
            r#"<agent type="callback"/><agent name="a"/><agent name="b" type="phone"/>
               <agent name="c" type="callback" status="Lunch" wrap-up-time="-1" max-no-answer="99999999999" busy-delay-time="ten"
                 max-busy="3x" max-rejected="-1" not-registered-delay-time=""/>
               <agent name="c" type="callback"/><agent name="C" type="callback"/>"#,
        );
        assert_eq!(
            agents,
            [
                AgentConfig {
                    attributes: vec![assigned("busy-delay-time", "ten")],
                    ..bare("c")
                },
                bare("C")
            ]
        );
        assert_eq!(
            warnings,
            [
                "An <agent> has no name; it is ignored. Give it an attribute name=\"...\".",
                "<agent name=\"a\"> has no type; the agent is ignored. Use type=\"callback\" or type=\"uuid-standby\".",
                "<agent name=\"b\">: type \"phone\" is not known; the agent is ignored. Use type=\"callback\" or type=\"uuid-standby\".",
                "<agent name=\"c\">: max-no-answer \"99999999999\" is not a number from 0 to 2147483647; the agent keeps the value it has.",
                "<agent name=\"c\">: wrap-up-time \"-1\" is not a number from 0 to 2147483647; the agent keeps the value it has.",
                "<agent name=\"c\">: busy-delay-time \"ten\" is not a number; 0 is used.",
                "<agent name=\"c\">: max-rejected \"-1\" is not what it can be; the agent keeps the value it has. \
                 Use a number of offers from 0 to 2147483647.",
                "<agent name=\"c\">: max-busy \"3x\" is not what it can be; the agent keeps the value it has. \
                 Use a number of offers from 0 to 2147483647.",
                "<agent name=\"c\">: status \"Lunch\" is not known; the agent keeps the status it has. \
                 Use \"Logged Out\", \"Available\", \"Available (On Demand)\" or \"On Break\".",
                "<agent name=\"c\"> is there more than once; the first one is used.",
            ]
        );
    }

    #[test]
    fn level_and_position_are_one_unless_said_otherwise() {
        let tier = |level, position| TierConfig {
            queue: "q".to_owned(),
            agent: "a".to_owned(),
            level,
            position,
        };
        for (attributes, expected) in [
            ("", tier(1, 1)),
            (r#"level="" position="3""#, tier(1, 3)),
            (r#"level="2x""#, tier(2, 1)),
            (r#"level="-1" position="0x""#, tier(-1, 0)),
        ] {
            let (tiers, warnings) = tiers_of(&format!(r#"<tier queue="q" agent="a" {attributes}/>"#));
            assert_eq!((tiers, warnings), (vec![expected], Vec::new()), "{attributes}");
        }
    }

    #[test]
    fn a_faulty_tier_is_named_and_the_rest_loads() {
        let (tiers, warnings) = tiers_of(
            r#"<tier queue="q"/><tier agent="a"/><tier/><tier queue="q" agent="a" level="99999999999"/>
               <tier queue="q" agent="a" level="2"/>"#,
        );
        assert_eq!(tiers.iter().map(|tier| tier.level).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(
            warnings,
            [
                "A <tier queue=\"q\"> has no agent; it is ignored. Give it an attribute agent=\"...\".",
                "A <tier agent=\"a\"> has no queue; it is ignored. Give it an attribute queue=\"...\".",
                "A <tier> has neither agent nor queue; it is ignored. Give it both attributes.",
                "<tier agent=\"a\" queue=\"q\">: level \"99999999999\" is too large; 1 is used.",
                "<tier agent=\"a\" queue=\"q\"> is there more than once; the last one is used.",
            ]
        );
    }

    #[test]
    fn an_unknown_attribute_is_told_once_with_the_one_that_may_be_meant() {
        let (agents, warnings) = agents_of(
            r#"<agent name="a" type="callback" wrap-up-tme="3"/><agent name="b" type="callback" wrap-up-tme="4"/>"#,
        );
        assert_eq!(agents, [bare("a"), bare("b")]);
        assert_eq!(
            warnings,
            ["<agent name=\"a\">: no attribute \"wrap-up-tme\" is known; it is ignored. The nearest name is \"wrap-up-time\"."]
        );
    }
}
