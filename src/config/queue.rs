//! `<queues>`. As in stock, the first of several queues or parameters of one name counts. Names of parameters
//! are compared in any case; two queues whose names differ in case only are two queues.

use super::value::{any_of, is_nothing, is_number, truth};
use super::{leading_integer, Element};
use crate::core::{AgentStatus, QueueConfig, Strategy, LONGEST_NAME};
use std::collections::HashSet;

/// Stock's upper limit of every number of a queue, seconds.
const MAX_SECONDS: i64 = 86_400;

/// Reads `<queues>`.
pub(super) fn read_all(element: &Element, warnings: &mut Vec<String>) -> Vec<QueueConfig> {
    let mut seen = HashSet::new();
    let mut queues = Vec::new();
    for queue in element.children_named("queue") {
        let Some(name) = queue.filled("name") else {
            warnings.push("A <queue> has no name; it is ignored. Give it an attribute name=\"...\".".to_owned());
            continue;
        };
        if name.chars().count() > LONGEST_NAME {
            warnings.push(super::value::too_long("queue", name));
        } else if seen.insert(name) {
            queues.push(read(name, queue, warnings));
        } else {
            warnings.push(format!(
                "<queue name=\"{name}\"> is there more than once; the first one is used."
            ));
        }
    }
    queues
}

/// Reads one `<queue>`.
fn read(name: &str, element: &Element, warnings: &mut Vec<String>) -> QueueConfig {
    let mut queue = QueueConfig::named(name);
    let mut seen = HashSet::new();
    for (param, value) in element.params() {
        let param = param.to_ascii_lowercase();
        if !seen.insert(param.clone()) {
            warnings.push(format!(
                "<queue name=\"{name}\">: param \"{param}\" is there more than once; the first one is used."
            ));
        } else if let Err(trouble) = apply(&mut queue, &param, value) {
            warnings.push(format!("<queue name=\"{name}\">: param \"{param}\": {trouble}"));
        }
    }
    queue
}

/// Applies one parameter. On an error the field keeps its default, except that an unknown strategy stays as written.
fn apply(queue: &mut QueueConfig, param: &str, value: &str) -> Result<(), String> {
    match param {
        "strategy" => {
            queue.strategy = value.to_owned();
            return known_strategy(value);
        }
        "time-base-score" => {
            queue.time_base_score = value.to_owned();
            return known_time_base(value);
        }
        "moh-sound" => queue.moh_sound = some_text(value),
        "announce-sound" => queue.announce_sound = some_text(value),
        "record-template" => queue.record_template = some_text(value),
        "agent-no-answer-status" => return no_answer_status(&mut queue.agent_no_answer_status, value),
        "" => return Err("it has no name and is ignored.".to_owned()),
        _ => return apply_number_or_flag(queue, param, value),
    }
    Ok(())
}

fn apply_number_or_flag(queue: &mut QueueConfig, param: &str, value: &str) -> Result<(), String> {
    match param {
        "announce-frequency" => seconds(&mut queue.announce_frequency, value),
        "ring-progressively-delay" => seconds(&mut queue.ring_progressively_delay, value),
        "tier-rules-apply" => flag(&mut queue.tier_rules_apply, value),
        "tier-rule-wait-second" => seconds(&mut queue.tier_rule_wait_second, value),
        "tier-rule-wait-multiply-level" => flag(&mut queue.tier_rule_wait_multiply_level, value),
        "tier-rule-no-agent-no-wait" => flag(&mut queue.tier_rule_no_agent_no_wait, value),
        "discard-abandoned-after" => seconds(&mut queue.discard_abandoned_after, value),
        "abandoned-resume-allowed" => flag(&mut queue.abandoned_resume_allowed, value),
        "max-wait-time" => seconds(&mut queue.max_wait_time, value),
        "max-wait-time-with-no-agent" => seconds(&mut queue.max_wait_time_with_no_agent, value),
        "max-wait-time-with-no-agent-time-reached" => {
            seconds(&mut queue.max_wait_time_with_no_agent_time_reached, value)
        }
        "skip-agents-with-external-calls" => flag(&mut queue.skip_agents_with_external_calls, value),
        _ => Err("no queue parameter of that name is known; it is ignored.".to_owned()),
    }
}

fn some_text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn known_strategy(value: &str) -> Result<(), String> {
    match Strategy::parse(value) {
        Some(_) => Ok(()),
        None => Err(format!(
            "\"{value}\" is no strategy; the queue is served in the order of {}. Use {}.",
            Strategy::of(value).as_str(),
            any_of(Strategy::ALL.iter().map(|strategy| strategy.as_str()))
        )),
    }
}

/// Stock takes every text that is not `system` for `queue`.
fn known_time_base(value: &str) -> Result<(), String> {
    if ["system", "queue", ""]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(value))
    {
        return Ok(());
    }
    Err(format!(
        "\"{value}\" is not known; the time in the queue counts. Use \"queue\" or \"system\"."
    ))
}

fn no_answer_status(field: &mut AgentStatus, value: &str) -> Result<(), String> {
    match AgentStatus::parse(value) {
        Some(status) => {
            *field = status;
            Ok(())
        }
        None => Err(format!(
            "\"{value}\" is no agent status; \"{field}\" is used. Use {}.",
            any_of(AgentStatus::ALL.iter().map(|status| status.as_str()))
        )),
    }
}

fn seconds(field: &mut u32, value: &str) -> Result<(), String> {
    let in_range = |number: &i64| (0..=MAX_SECONDS).contains(number);
    let number = if is_number(value) {
        leading_integer(value).filter(in_range)
    } else {
        None
    };
    match number.and_then(|number| u32::try_from(number).ok()) {
        Some(number) => {
            let default = std::mem::replace(field, number);
            if is_nothing(value) && number != default {
                return Err(format!(
                    "it is empty; 0 is used. Use a number of seconds from 0 to {MAX_SECONDS}."
                ));
            }
            Ok(())
        }
        None => Err(format!(
            "\"{value}\" is not a number from 0 to {MAX_SECONDS}; {field} is used."
        )),
    }
}

fn flag(field: &mut bool, value: &str) -> Result<(), String> {
    match truth(value) {
        Some(truth) => {
            let default = std::mem::replace(field, truth);
            if is_nothing(value) && truth != default {
                return Err("it is empty; false is used. Use \"true\" or \"false\".".to_owned());
            }
            Ok(())
        }
        None => Err(format!("\"{value}\" is neither true nor false; {field} is used.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(queues: &str) -> (Vec<QueueConfig>, Vec<String>) {
        let element = Element::parse_for_tests(&format!("<queues>{queues}</queues>"));
        let mut warnings = Vec::new();
        let queues = read_all(&element, &mut warnings);
        (queues, warnings)
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
                "<queue name=\"q\">: param \"discard-abandoned-after\": \"86401\" is not a number from 0 to 86400; 60 is used.",
                "<queue name=\"q\">: param \"max-wait-time-with-no-agent-time-reached\": \"-1\" is not a number from 0 to 86400; 5 is used.",
                "<queue name=\"q\">: param \"max-wait-time\": \"12s\" is not a number from 0 to 86400; 0 is used.",
                "<queue name=\"q\">: param \"tier-rule-no-agent-no-wait\": \"maybe\" is neither true nor false; true is used.",
                "<queue name=\"q\">: param \"agent-no-answer-status\": \"Lunch\" is no agent status; \"On Break\" is used. \
                 Use \"Logged Out\", \"Available\", \"Available (On Demand)\" or \"On Break\".",
                "<queue name=\"q\">: param \"strategy\": \"best\" is no strategy; the queue is served in the order of sequentially-by-agent-order. \
                 Use \"ring-all\", \"longest-idle-agent\", \"round-robin\", \"top-down\", \"agent-with-least-talk-time\", \
                 \"agent-with-fewest-calls\", \"sequentially-by-agent-order\", \"sequentially-by-next-agent-order\", \"random\" or \
                 \"ring-progressively\".",
                "<queue name=\"q\">: param \"announce-frequency\": \"99999999999999999999\" is not a number from 0 to 86400; 0 is used.",
                "<queue name=\"q\">: param \"nonsense\": no queue parameter of that name is known; it is ignored.",
                "<queue name=\"q\">: param \"\": it has no name and is ignored.",
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
}
