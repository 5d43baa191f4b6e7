//! The parameters of a queue.

use crate::engine::configuration::parameters::absences;
use crate::engine::configuration::parameters::entry::{flag, number, text, word};
use crate::engine::configuration::parameters::kind::Kind;
use crate::engine::configuration::parameters::parameter::Parameter;
use crate::engine::configuration::parameters::reading::{Since, Wrong};
use crate::engine::configuration::queue::QueueConfig;
use crate::engine::vocabulary::level_rules::LevelRules;
use crate::engine::vocabulary::skills::RequiredSkills;
use crate::engine::vocabulary::words::{
    AgentStatus, Autopause, ChatDispatch, EstimateTold, PositionTold, Strategy, TimeoutPriority,
};

/// Stock's upper limit of every number of a queue, seconds.
const DAY: i64 = 86_400;

/// The highest `priority`: as many steps as a day has seconds.
const HIGHEST_PRIORITY: i64 = DAY;

/// A value that could not be read; the text says what to write, too.
fn refused(what: String, instead: &str) -> Wrong {
    Wrong {
        what: what.trim_end_matches('.').to_owned(),
        instead: instead.to_owned(),
        advice: String::new(),
    }
}

/// Asterisk's steps: parts of a minute that are pleasant to hear.
const ROUND_SECONDS: [u32; 6] = [0, 5, 10, 15, 20, 30];

fn round_seconds(queue: &mut QueueConfig, value: &str) -> Result<(), Wrong> {
    let seconds = if value.is_empty() {
        Some(0)
    } else {
        value.trim().parse().ok()
    };
    match seconds.filter(|seconds| ROUND_SECONDS.contains(seconds)) {
        Some(seconds) => queue.announce_round_seconds = seconds,
        None => {
            return Err(Wrong {
                what: format!("\"{value}\" is no step that a wait is told in"),
                instead: format!("{} is used", queue.announce_round_seconds),
                advice: "Use 0, 5, 10, 15, 20 or 30.".to_owned(),
            })
        }
    }
    Ok(())
}

/// More callers than a machine holds.
const MANY: i64 = 1_000_000;

/// Every parameter of a queue. Names and defaults of the first ones are stock's.
pub static QUEUE_PARAMETERS: &[Parameter<QueueConfig>] = &[
    Parameter {
        name: "strategy",
        since: Since::Stock,
        kind: Kind::Word {
            words: || Strategy::ALL.iter().map(|strategy| strategy.as_str()).collect(),
            unknown: "is no strategy",
            get: |queue| &queue.strategy,
            // Lists show it as it is written.
            set: |queue, value| {
                queue.strategy = value.to_owned();
                Strategy::parse(value).is_some()
            },
            instead: |queue| format!("the queue is served in the order of {}", queue.strategy()),
        },
    },
    text!("moh-sound", Stock, moh_sound),
    text!("announce-sound", Stock, announce_sound),
    number!("announce-frequency", Stock, announce_frequency, "seconds", 0, DAY),
    text!("record-template", Stock, record_template),
    Parameter {
        name: "time-base-score",
        since: Since::Stock,
        kind: Kind::Word {
            words: || vec!["queue", "system"],
            unknown: "is not known",
            get: |queue| &queue.time_base_score,
            // Stock takes every text that is not `system` for `queue`, and shows it as it is written.
            set: |queue, value| {
                queue.time_base_score = value.to_owned();
                ["queue", "system", ""]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(value))
            },
            instead: |_| "the time in the queue counts".to_owned(),
        },
    },
    number!(
        "ring-progressively-delay",
        Stock,
        ring_progressively_delay,
        "seconds",
        0,
        DAY
    ),
    flag!("tier-rules-apply", Stock, tier_rules_apply),
    number!("tier-rule-wait-second", Stock, tier_rule_wait_second, "seconds", 0, DAY),
    flag!("tier-rule-wait-multiply-level", Stock, tier_rule_wait_multiply_level),
    flag!("tier-rule-no-agent-no-wait", Stock, tier_rule_no_agent_no_wait),
    number!(
        "discard-abandoned-after",
        Stock,
        discard_abandoned_after,
        "seconds",
        0,
        DAY
    ),
    flag!("abandoned-resume-allowed", Stock, abandoned_resume_allowed),
    number!("max-wait-time", Stock, max_wait_time, "seconds", 0, DAY),
    number!(
        "max-wait-time-with-no-agent",
        Stock,
        max_wait_time_with_no_agent,
        "seconds",
        0,
        DAY
    ),
    number!(
        "max-wait-time-with-no-agent-time-reached",
        Stock,
        max_wait_time_with_no_agent_time_reached,
        "seconds",
        0,
        DAY
    ),
    word!(
        "agent-no-answer-status",
        Stock,
        agent_no_answer_status,
        AgentStatus,
        "is no agent status"
    ),
    flag!(
        "skip-agents-with-external-calls",
        Stock,
        skip_agents_with_external_calls
    ),
    flag!("ring-in-use", Ours, ring_in_use),
    number!("priority", Ours, priority, "steps", 0, HIGHEST_PRIORITY),
    Parameter {
        name: "required-skills",
        since: Since::Ours,
        kind: Kind::Own {
            unit: "skills",
            configure: |queue, value| {
                let read = RequiredSkills::parse(value);
                read.map(|skills| queue.required_skills = skills)
                    .map_err(|what| refused(what, "none is required"))
            },
            write: |queue| queue.required_skills.to_string(),
        },
    },
    number!("skill-relax-seconds", Ours, skill_relax_seconds, "seconds", 0, DAY),
    Parameter {
        name: "level-rules",
        since: Since::Ours,
        kind: Kind::Own {
            unit: "rules",
            configure: |queue, value| {
                let read = LevelRules::parse(value);
                read.map(|rules| queue.level_rules = rules)
                    .map_err(|what| refused(what, "there are no rules"))
            },
            write: |queue| queue.level_rules.to_string(),
        },
    },
    number!("retry-delay", Ours, retry_delay, "seconds", 0, DAY),
    number!("member-delay", Ours, member_delay, "seconds", 0, DAY),
    number!("wrap-up-time", Ours, wrap_up_time, "seconds", 0, DAY),
    number!("max-wrap-up-time", Ours, max_wrap_up_time, "seconds", 0, DAY),
    word!(
        "chat-dispatch-policy",
        Ours,
        chat_dispatch_policy,
        ChatDispatch,
        "is no policy"
    ),
    word!(
        "timeout-priority",
        Ours,
        timeout_priority,
        TimeoutPriority,
        "is neither \"conf\" nor \"app\""
    ),
    word!(
        "autopause",
        Ours,
        autopause,
        Autopause,
        "does not say where an agent is paused"
    ),
    flag!("autopause-busy", Ours, autopause_busy),
    flag!("autopause-unavailable", Ours, autopause_unavailable),
    number!("autopause-delay", Ours, autopause_delay, "seconds", 0, DAY),
    word!(
        "announce-position",
        Ours,
        announce_position,
        PositionTold,
        "is no answer to who is told"
    ),
    number!(
        "announce-position-limit",
        Ours,
        announce_position_limit,
        "places",
        1,
        DAY
    ),
    number!(
        "announce-position-frequency",
        Ours,
        announce_position_frequency,
        "seconds",
        0,
        DAY
    ),
    number!(
        "announce-position-min-frequency",
        Ours,
        announce_position_min_frequency,
        "seconds",
        0,
        DAY
    ),
    word!(
        "announce-holdtime",
        Ours,
        announce_holdtime,
        EstimateTold,
        "is no answer to whether it is told"
    ),
    Parameter {
        name: "announce-round-seconds",
        since: Since::Ours,
        kind: Kind::Own {
            unit: "seconds",
            configure: round_seconds,
            write: |queue| queue.announce_round_seconds.to_string(),
        },
    },
    text!("periodic-announce-sounds", Ours, periodic_announce_sounds),
    number!(
        "periodic-announce-frequency",
        Ours,
        periodic_announce_frequency,
        "seconds",
        0,
        DAY
    ),
    flag!("periodic-announce-random", Ours, periodic_announce_random),
    flag!("periodic-announce-relative", Ours, periodic_announce_relative),
    text!("agent-announce-sound", Ours, agent_announce_sound),
    flag!("agent-announce-wait", Ours, agent_announce_wait),
    text!("welcome-sound", Ours, welcome_sound),
    text!("cid-name-prefix", Ours, cid_name_prefix),
    text!("cc-export-vars", Ours, cc_export_vars),
    number!("max-queue-length", Ours, max_queue_length, "callers", 0, MANY),
    flag!("reject-on-no-agents", Ours, reject_on_no_agents),
    Parameter {
        name: "join-empty",
        since: Since::Ours,
        kind: Kind::Own {
            unit: absences::UNIT,
            configure: |queue, value| absences::read(&mut queue.join_empty, value, absences::JOIN),
            write: |queue| absences::write(queue.join_empty, absences::JOIN),
        },
    },
    Parameter {
        name: "leave-when-empty",
        since: Since::Ours,
        kind: Kind::Own {
            unit: absences::UNIT,
            configure: |queue, value| absences::read(&mut queue.leave_when_empty, value, absences::LEAVE),
            write: |queue| absences::write(queue.leave_when_empty, absences::LEAVE),
        },
    },
    number!("dissuade-queue-size", Ours, dissuade_queue_size, "callers", 0, MANY),
    number!(
        "dissuade-estimated-wait",
        Ours,
        dissuade_estimated_wait,
        "seconds",
        0,
        DAY
    ),
    number!("dissuade-wait", Ours, dissuade_wait, "seconds", 0, DAY),
    text!("dissuade-sound", Ours, dissuade_sound),
    flag!("dissuade-hangup", Ours, dissuade_hangup),
    text!("dissuade-destination", Ours, dissuade_destination),
    text!("exit-keys", Ours, exit_keys),
    text!("exit-context", Ours, exit_context),
    number!("position-variable", Ours, position_variable, "places", 0, 1000),
];
