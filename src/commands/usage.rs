//! What `callcenter_config` understands, for its usage text and the console's completion. Keys with the value of a parameter come from
//! the parameters' tables, so that none can be forgotten here.

use crate::engine::{AgentLimits, Kind, Parameter, AGENT_ATTRIBUTES, AGENT_LIMITS, QUEUE_PARAMETERS};
use once_cell::sync::Lazy;

/// Commands about agents, as far as the keys with the values of a parameter.
const AGENT: &[&str] = &[
    "agent add [name] [type]",
    "agent del [name]",
    "agent reload [name]",
    "agent login [name]",
    "agent logout [name]",
    "agent pause [agent_name] [[reason]]",
    "agent resume [agent_name]",
    "agent set status [agent_name] [status]",
    "agent set state [agent_name] [state]",
    "agent set state_if_waiting [agent_name] [state]",
    "agent set uuid [agent_name] [uuid]",
    "agent set contact [agent_name] [contact]",
    "agent set type [agent_name] [type]",
    "agent set ready_time [agent_name] [wait till epoch]",
];

/// What else of an agent can be set and looked at.
const AGENT_KEYS: &[&str] = &[
    "agent set skills [agent_name] [skills]",
    "agent get status [agent_name]",
    "agent get state [agent_name]",
    "agent get uuid [agent_name]",
    "agent get device [agent_name]",
    "agent get device_in_use [agent_name]",
    "agent get skills [agent_name]",
    "agent get pause_reason [agent_name]",
];

/// What comes behind the keys of an agent.
const OTHERS: &[&str] = &[
    "agent list [[agent_name]]",
    "tier add [queue_name] [agent_name] [[level]] [[position]]",
    "tier add [queue_name] [agent_name] [level] [position] paused [[reason]]",
    "tier set state [queue_name] [agent_name] [state]",
    "tier set level [queue_name] [agent_name] [level]",
    "tier set position [queue_name] [agent_name] [position]",
    "tier pause [queue_name] [agent_name] [[reason]]",
    "tier resume [queue_name] [agent_name]",
    "tier del [queue_name] [agent_name]",
    "tier reload [queue_name] [agent_name]",
    "tier list",
    "member list",
    "member set base_score [member_uuid] [score]",
    "member withdraw [member_uuid] [[reason]]",
    "pause list",
    "call list",
    "dispatch internal [[on|off]]",
    "dispatch member [member_uuid] [agent_name]",
    "stats",
    "stats queue [[queue_name]]",
    "stats agent [[agent_name]]",
    "stats reset",
    "stats watchdog",
    "check",
    "reload",
    "queue add [queue_name]",
    "queue del [queue_name]",
    "queue load [queue_name]",
    "queue unload [queue_name]",
    "queue reload [queue_name]",
    "queue set [key] [queue_name] [value]",
    "queue get [key] [queue_name]",
    "queue list",
    "queue list agents [queue_name] [status] [state]",
    "queue list members [queue_name]",
    "queue list tiers [queue_name]",
    "queue count",
    "queue count agents [queue_name] [status] [state]",
    "queue count members [queue_name]",
    "queue count tiers [queue_name]",
];

/// What `callcenter_config` understands, one command a line, as stock shows it.
pub static USAGE: Lazy<String> = Lazy::new(|| {
    let lines: Vec<String> = commands()
        .iter()
        .map(|line| format!("\n\tcallcenter_config {line}"))
        .collect();
    format!("callcenter_config <target> <args>,{}", lines.join(" | "))
});

/// What FreeSWITCH's console completes, each as it is handed to `switch_console_set_complete`.
pub static COMPLETIONS: Lazy<Vec<String>> = Lazy::new(|| {
    let words_of = |line: &String| {
        let words = line.split(' ').take_while(|word| !word.starts_with('['));
        words.collect::<Vec<_>>().join(" ")
    };
    let mut words: Vec<String> = commands().iter().map(words_of).collect();
    words.extend(["dispatch internal on", "dispatch internal off"].map(str::to_owned));
    for parameter in QUEUE_PARAMETERS {
        words.extend(["set", "get"].map(|action| format!("queue {action} {}", parameter.key())));
    }
    words.dedup();
    let lines = words.iter().map(|words| format!("add callcenter_config {words}"));
    lines.chain(["add callcenter_break agent".to_owned()]).collect()
});

/// Every command with its arguments, in the order of the usage text.
fn commands() -> Vec<String> {
    let limits = AGENT_LIMITS.iter().map(Parameter::key);
    let looked_at = limits.chain(AgentLimits::COUNTS.iter().map(|count| (*count).to_owned()));
    let fixed = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let mut lines = fixed(AGENT);
    lines.extend(AGENT_ATTRIBUTES.iter().map(agent_set));
    lines.extend(AGENT_LIMITS.iter().map(agent_set));
    lines.extend(fixed(AGENT_KEYS));
    lines.extend(looked_at.map(|key| format!("agent get {key} [agent_name]")));
    lines.extend(fixed(OTHERS));
    lines
}

fn agent_set<T>(parameter: &Parameter<T>) -> String {
    let value = match parameter.kind {
        Kind::Number { unit: "seconds", .. } | Kind::LikeC { unit: "seconds", .. } => "wait second",
        Kind::Number { .. } | Kind::LikeC { .. } => "count",
        _ => "value",
    };
    format!("agent set {} [agent_name] [{value}]", parameter.key())
}
