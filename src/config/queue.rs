//! `<queues>`. As in stock, the first of several queues or parameters of one name counts. Names of parameters
//! are compared in any case; two queues whose names differ in case only are two queues.

use super::element_name::too_long;
use super::param::{strangers, valued, Param, Unknown};
use super::warnings::Warnings;
use super::Element;
use crate::engine::{QueueConfig, LONGEST_NAME, QUEUE_PARAMETERS};
use std::collections::HashSet;

/// Reads `<queues>`.
pub(super) fn read_all(element: &Element, warnings: &mut Warnings) -> Vec<QueueConfig> {
    let mut unknown = Unknown::of(QUEUE_PARAMETERS.iter().map(|parameter| parameter.name));
    let mut attributes = Unknown::of(["name"]);
    strangers("<queues>", element, &["queue"], warnings);
    let mut seen = HashSet::new();
    let mut queues = Vec::new();
    for queue in element.children_named("queue") {
        warnings.about(queue);
        let Some(name) = queue.filled("name") else {
            warnings.push("A <queue> has no name; it is ignored. Give it an attribute name=\"...\".".to_owned());
            continue;
        };
        if name.chars().count() > LONGEST_NAME {
            warnings.push(too_long("queue", name));
        } else if seen.insert(name) {
            queues.push(read(name, queue, &mut unknown, warnings));
            attributes.attributes(&format!("<queue name=\"{name}\">"), queue, warnings);
        } else {
            warnings.push(format!(
                "<queue name=\"{name}\"> is there more than once; the first one is used."
            ));
        }
    }
    queues
}

/// Reads one `<queue>`. A wrong value leaves the default, except that an unknown strategy stays as written.
fn read(name: &str, element: &Element, unknown: &mut Unknown, warnings: &mut Warnings) -> QueueConfig {
    let mut queue = QueueConfig::named(name);
    let about = format!("<queue name=\"{name}\">");
    strangers(&about, element, &["param"], warnings);
    let mut seen = HashSet::new();
    for Param { name, value, element } in valued(&about, element, warnings) {
        warnings.about(element);
        if !seen.insert(name.clone()) {
            warnings.push(format!(
                "{about}: param \"{name}\" is there more than once; the first one is used."
            ));
            continue;
        }
        let trouble = match QUEUE_PARAMETERS.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => parameter
                .configure(&mut queue, value)
                .err()
                .map(|wrong| wrong.to_string()),
            None => unknown.param(&name, "queue parameter"),
        };
        if let Some(trouble) = trouble {
            warnings.push(format!("{about}: param \"{name}\": {trouble}"));
        }
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Absences, AgentStatus};

    fn read_text(queues: &str) -> (Vec<QueueConfig>, Vec<String>) {
        let element = Element::parse_for_tests(&format!("<queues>{queues}</queues>"));
        let mut warnings = Warnings::default();
        let queues = read_all(&element, &mut warnings);
        (queues, warnings.told())
    }

    #[test]
    fn every_parameter_is_read() {
        let (queues, warnings) = read_text(
            r#"<queue name="support@default">
                 <param name="strategy" value="ring-all"/><param name="moh-sound" value="local_stream://moh"/>
                 <param name="announce-sound" value="a.wav"/><param name="announce-frequency" value="30"/>
                 <param name="record-template" value="/tmp/${uuid}.wav"/><param name="time-base-score" value="system"/>
                 <param name="ring-progressively-delay" value="7"/><param name="tier-rules-apply" value="true"/>
                 <param name="tier-rule-wait-second" value="300"/><param name="tier-rule-wait-multiply-level" value="on"/>
                 <param name="tier-rule-no-agent-no-wait" value="false"/><param name="discard-abandoned-after" value="61"/>
                 <param name="abandoned-resume-allowed" value="yes"/><param name="max-wait-time" value="86400"/>
                 <param name="max-wait-time-with-no-agent" value="4"/>
                 <param name="max-wait-time-with-no-agent-time-reached" value="6"/>
                 <param name="agent-no-answer-status" value="logged out"/>
                 <param name="skip-agents-with-external-calls" value="0"/>
                 <param name="welcome-sound" value="w.wav"/><param name="cid-name-prefix" value="Sales: "/>
                 <param name="max-queue-length" value="9"/><param name="reject-on-no-agents" value="true"/>
                 <param name="join-empty" value="no"/><param name="leave-when-empty" value="strict"/>
                 <param name="dissuade-queue-size" value="5"/><param name="dissuade-wait" value="120"/>
                 <param name="dissuade-estimated-wait" value="240"/>
                 <param name="dissuade-sound" value="b.wav"/><param name="dissuade-hangup" value="true"/>
                 <param name="dissuade-destination" value="3999 XML default"/>
               </queue>"#,
        );
        assert_eq!(warnings, Vec::<String>::new());
        let expected = QueueConfig {
            name: "support@default".to_owned(),
            strategy: "ring-all".to_owned(),
            moh_sound: Some("local_stream://moh".to_owned()),
            announce_sound: Some("a.wav".to_owned()),
            announce_frequency: 30,
            record_template: Some("/tmp/${uuid}.wav".to_owned()),
            time_base_score: "system".to_owned(),
            ring_progressively_delay: 7,
            tier_rules_apply: true,
            tier_rule_wait_second: 300,
            tier_rule_wait_multiply_level: true,
            tier_rule_no_agent_no_wait: false,
            discard_abandoned_after: 61,
            abandoned_resume_allowed: true,
            max_wait_time: 86_400,
            max_wait_time_with_no_agent: 4,
            max_wait_time_with_no_agent_time_reached: 6,
            agent_no_answer_status: AgentStatus::LoggedOut,
            skip_agents_with_external_calls: false,
            welcome_sound: Some("w.wav".to_owned()),
            cid_name_prefix: Some("Sales: ".to_owned()),
            max_queue_length: 9,
            reject_on_no_agents: true,
            join_empty: Some(Absences::PAUSED),
            leave_when_empty: Some(Absences::STRICT),
            dissuade_queue_size: 5,
            dissuade_estimated_wait: 240,
            dissuade_wait: 120,
            dissuade_sound: Some("b.wav".to_owned()),
            dissuade_hangup: true,
            dissuade_destination: Some("3999 XML default".to_owned()),
            ..QueueConfig::named("support@default")
        };
        assert_eq!(queues, [expected]);
    }

    #[test]
    fn wrong_values_fall_back_to_the_default_and_are_named() {
        let (queues, warnings) = read_text(
            r#"<queue name="q"><param name="discard-abandoned-after" value="86401"/>
                 <param name="max-wait-time-with-no-agent-time-reached" value="-1"/>
                 <param name="max-wait-time" value="12s"/><param name="tier-rule-no-agent-no-wait" value="maybe"/>
                 <param name="agent-no-answer-status" value="Lunch"/><param name="strategy" value="best"/>
                 <param name="announce-frequency" value="99999999999999999999"/><param name="nonsense" value="1"/>
                 <param value="1"/></queue>"#,
        );
        assert_eq!(
            queues,
            [QueueConfig {
                strategy: "best".to_owned(),
                ..QueueConfig::named("q")
            }]
        );
        assert_eq!(
            warnings,
            [
                "<queue name=\"q\">: param \"\": it has no name and is ignored.",
                "<queue name=\"q\">: param \"discard-abandoned-after\": \"86401\" is not a number from 0 to 86400; 60 is used.",
                "<queue name=\"q\">: param \"max-wait-time-with-no-agent-time-reached\": \"-1\" is not a number from 0 to 86400; 5 is used.",
                "<queue name=\"q\">: param \"max-wait-time\": \"12s\" is not a number from 0 to 86400; 0 is used.",
                "<queue name=\"q\">: param \"tier-rule-no-agent-no-wait\": \"maybe\" is neither true nor false; true is used.",
                "<queue name=\"q\">: param \"agent-no-answer-status\": \"Lunch\" is no agent status; \"On Break\" is used. \
                 Use \"Logged Out\", \"Available\", \"Available (On Demand)\" or \"On Break\".",
                "<queue name=\"q\">: param \"strategy\": \"best\" is no strategy; the queue is served in the order of sequentially-by-agent-order. \
                 Use \"ring-all\", \"longest-idle-agent\", \"round-robin\", \"top-down\", \"agent-with-least-talk-time\", \
                 \"agent-with-fewest-calls\", \"sequentially-by-agent-order\", \"sequentially-by-next-agent-order\", \"random\", \
                 \"ring-progressively\" or \"wrandom\".",
                "<queue name=\"q\">: param \"announce-frequency\": \"99999999999999999999\" is not a number from 0 to 86400; 0 is used.",
                "<queue name=\"q\">: param \"nonsense\": no queue parameter of that name is known; it is ignored.",
            ]
        );
    }

    #[test]
    fn the_first_of_two_counts_and_a_nameless_queue_is_left_out() {
        let (queues, warnings) = read_text(
            r#"<queue name="q"><param name="max-wait-time" value="1"/><param name="MAX-wait-time" value="2"/></queue>
               <queue name="q"/><queue name="Q"/><queue/><queue name=""/>"#,
        );
        assert_eq!(
            queues,
            [
                QueueConfig {
                    max_wait_time: 1,
                    ..QueueConfig::named("q")
                },
                QueueConfig::named("Q")
            ]
        );
        assert_eq!(
            warnings,
            [
                "<queue name=\"q\">: param \"max-wait-time\" is there more than once; the first one is used.",
                "<queue name=\"q\"> is there more than once; the first one is used.",
                "A <queue> has no name; it is ignored. Give it an attribute name=\"...\".",
                "A <queue> has no name; it is ignored. Give it an attribute name=\"...\".",
            ]
        );
    }

    #[test]
    fn an_unknown_parameter_is_told_once_with_the_one_that_may_be_meant() {
        let (queues, warnings) = read_text(
            r#"<queue name="p"><param name="max-wait-tiem" value="1"/><param name="max_wait_time" value="1"/></queue>
               <queue name="q"><param name="max-wait-tiem" value="1"/></queue>"#,
        );
        assert_eq!(queues, [QueueConfig::named("p"), QueueConfig::named("q")]);
        let told = |param| {
            format!(
                "<queue name=\"p\">: param \"{param}\": no queue parameter of that name is known; it is ignored. \
             The nearest name is \"max-wait-time\"."
            )
        };
        assert_eq!(warnings, [told("max-wait-tiem"), told("max_wait_time")]);
    }

    #[test]
    fn what_is_asked_of_agents_is_read_and_what_cannot_be_read_is_named() {
        let (queues, warnings) = read_text(
            r#"<queue name="good"><param name="required-skills" value="german>=5, billing"/>
                 <param name="skill-relax-seconds" value="20"/><param name="priority" value="3"/>
                 <param name="level-rules" value="60:+2:-1,30:5"/><param name="timeout-priority" value="APP"/></queue>
               <queue name="bad"><param name="required-skills" value="german>5"/><param name="level-rules" value="soon"/>
                 <param name="priority" value="high"/></queue>"#,
        );
        let good = &queues[0];
        assert_eq!(good.required_skills.to_string(), "german>=5,billing");
        assert_eq!((good.skill_relax_seconds, good.priority), (20, 3));
        assert_eq!(good.level_rules.to_string(), "30:5,60:+2:-1");
        assert_eq!(good.timeout_priority, crate::engine::TimeoutPriority::App);
        assert_eq!(queues[1], QueueConfig::named("bad"));
        for (warning, named) in warnings.iter().zip(["german>5", "\"soon\"", "\"high\""]) {
            assert!(
                warning.starts_with("<queue name=\"bad\">") && warning.contains(named),
                "{warning}"
            );
        }
        assert_eq!(warnings.len(), 3, "{warnings:?}");
    }
}
