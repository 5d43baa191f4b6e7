//! What options of queues.conf are here.

use super::file::{Entry, Section};
use super::member::is_true;
use super::Draft;

/// Options that are a parameter here, with the same values.
const SAME: [(&str, &str); 23] = [
    ("weight", "priority"),
    ("retry", "retry-delay"),
    ("memberdelay", "member-delay"),
    ("wrapuptime", "wrap-up-time"),
    ("timeoutpriority", "timeout-priority"),
    ("maxlen", "max-queue-length"),
    ("joinempty", "join-empty"),
    ("leavewhenempty", "leave-when-empty"),
    ("announce", "agent-announce-sound"),
    ("reportholdtime", "agent-announce-wait"),
    ("announce-position", "announce-position"),
    ("announce-position-limit", "announce-position-limit"),
    ("announce-frequency", "announce-position-frequency"),
    ("min-announce-frequency", "announce-position-min-frequency"),
    ("announce-holdtime", "announce-holdtime"),
    ("announce-round-seconds", "announce-round-seconds"),
    ("autopausebusy", "autopause-busy"),
    ("autopauseunavail", "autopause-unavailable"),
    ("autopausedelay", "autopause-delay"),
    ("periodic-announce", "periodic-announce-sounds"),
    ("periodic-announce-frequency", "periodic-announce-frequency"),
    ("random-periodic-announce", "periodic-announce-random"),
    ("relative-periodic-announce", "periodic-announce-relative"),
];

const STRATEGIES: [(&str, &str); 9] = [
    ("ringall", "ring-all"),
    ("leastrecent", "longest-idle-agent"),
    ("fewestcalls", "agent-with-fewest-calls"),
    ("random", "random"),
    ("rrmemory", "round-robin"),
    ("rrordered", "round-robin"),
    ("roundrobin", "round-robin"),
    ("linear", "top-down"),
    ("wrandom", "wrandom"),
];

/// Options for which nothing has to be done: it is always so here.
const ALWAYS: [&str; 9] = [
    "persistentmembers",
    "monitor-type",
    "shared_lastcall",
    "eventwhencalled",
    "eventmemberstatus",
    "keepstats",
    "force_longest_waiting_caller",
    "enable_cidname_logging",
    "log-restricted-caller-id",
];

/// Options that can be switched off there and not here, with how it is here.
const NEVER_OFF: [(&str, &str); 2] = [
    (
        "persistentmembers",
        "agents and tiers that were made at run time outlast a restart here.",
    ),
    (
        "shared_lastcall",
        "the pause after a call counts in all queues of an agent here.",
    ),
];

/// Options that have no counterpart here, and need none where they are off.
const WITHOUT_COUNTERPART: [&str; 10] = [
    "announce-position-only-up",
    "announce-to-first-user",
    "log_membername_as_agent",
    "membergosub",
    "membermacro",
    "negative_penalty_invalid",
    "penaltymemberslimit",
    "periodic-announce-startdelay",
    "queue-callerannounce",
    "timeoutrestart",
];

/// Options that are left out, with what to do instead.
const OTHERWISE: [(&str, &str); 3] = [
    (
        "setinterfacevar",
        "The variables are cc_agent and its like (docs/admin/reference.md).",
    ),
    (
        "setqueueentryvar",
        "The variables are cc_queue_joined_epoch and its like (docs/admin/reference.md).",
    ),
    (
        "setqueuevar",
        "The variables are cc_queue and its like (docs/admin/reference.md).",
    ),
];

/// `[general]`.
pub(super) fn of_general(draft: &mut Draft, section: &Section) {
    for Entry { name, value, place } in &section.entries {
        draft.at(place);
        let is_here = ALWAYS.contains(&name.as_str()) || is_off(value) && is_an_option(name);
        let always = NEVER_OFF.iter().find(|(known, _)| known == name);
        if name == "autofill" {
            autofill(draft, "[general]", value);
        } else if let Some((_, always)) = always.filter(|_| is_off(value)) {
            draft.warn(format!("[general]: {name} = {value}: {always}"));
        } else if !is_here {
            draft.warn(format!("[general]: {name} = {value} is left out."));
        }
    }
}

/// An option of a queue that is neither a member nor needs another file.
pub(super) fn of_queue(draft: &mut Draft, queue: &str, name: &str, value: &str) {
    let theirs = format!("{name} = {value}");
    match name {
        "strategy" => strategy(draft, queue, value, &theirs),
        "musicclass" | "music" | "musiconhold" => {
            draft.param("moh-sound", &format!("local_stream://{value}"), &theirs);
            draft.warn(format!(
                "queue \"{queue}\": music class \"{value}\" is local_stream://{value}; set up a stream of that name in local_stream.conf.xml."
            ));
        }
        "monitor-format" => {
            let ending = if value.contains("gsm") { "gsm" } else { "wav" };
            draft.param(
                "record-template",
                &format!("$${{recordings_dir}}/${{uuid}}.{ending}"),
                &theirs,
            );
        }
        "servicelevel" => service_level(draft, queue, value, &theirs),
        "ringinuse" | "autopause" if !is_true(value) && !is_off(value) && !value.eq_ignore_ascii_case("all") => {
            draft.warn(format!(
                "queue \"{queue}\": {theirs} is left out; it is neither yes nor no."
            ));
        }
        "ringinuse" => {
            let rings = if is_true(value) { "true" } else { "false" };
            draft.param("ring-in-use", rings, &theirs);
        }
        "context" => {
            draft.param("exit-context", value, &theirs);
            draft.warn(format!(
                "queue \"{queue}\": {theirs}: every key leaves the queue here, whether or not the context has it; write exit-keys."
            ));
        }
        "autofill" => autofill(draft, &format!("queue \"{queue}\""), value),
        "autopause" if value.eq_ignore_ascii_case("all") => draft.param("autopause", "all", &theirs),
        "autopause" => draft.param("autopause", if is_true(value) { "yes" } else { "no" }, &theirs),
        "timeoutpriority" if value.eq_ignore_ascii_case("app") => {
            draft.param("timeout-priority", "app", &theirs);
            draft.warn(format!(
                "queue \"{queue}\": the longest wait is an argument of Queue() there; set max-wait-time."
            ));
        }
        _ => by_table(draft, queue, name, value, &theirs),
    }
}

fn by_table(draft: &mut Draft, queue: &str, name: &str, value: &str, theirs: &str) {
    let same = SAME.iter().find(|(known, _)| *known == name);
    let advice = OTHERWISE.iter().find(|(known, _)| *known == name);
    match (same, advice) {
        (Some((_, ours)), _) if Draft::knows(ours) || !is_off(value) => draft.param(ours, value, theirs),
        (_, Some((_, advice))) if !is_off(value) => {
            draft.warn(format!("queue \"{queue}\": {theirs} is left out. {advice}"));
        }
        _ if ALWAYS.contains(&name) || is_off(value) && is_an_option(name) => (),
        _ if name.starts_with("queue-") => draft.warn(format!(
            "queue \"{queue}\": the sounds of announcements (queue-*) are left out; FreeSWITCH's phrases say numbers in each language."
        )),
        _ => draft.warn(format!("queue \"{queue}\": {theirs} is left out.")),
    }
}

/// The time is one for all queues here.
fn service_level(draft: &mut Draft, queue: &str, value: &str, theirs: &str) {
    const OURS: &str = "service-level-seconds";
    let Ok(seconds @ 0..=86_400) = value.parse::<u32>() else {
        return draft.warn(format!(
            "queue \"{queue}\": {theirs} is left out; it is no number of seconds."
        ));
    };
    match draft.setting_of(OURS).map(str::to_owned) {
        _ if seconds == 0 => (),
        None => draft.setting(OURS, value),
        Some(used) if used == value => (),
        Some(used) => draft.warn(format!(
            "queue \"{queue}\": {theirs} is left out; {OURS} is one setting for all queues, and {used}."
        )),
    }
}

/// What holds there where a queue says nothing, and is otherwise here.
pub(super) fn by_default(draft: &mut Draft, section: &Section) {
    if section.has("periodic-announce") && !section.has("periodic-announce-frequency") {
        draft.param("periodic-announce-frequency", "0", "periodic-announce-frequency");
    }
    if section.has("periodic-announce") && !section.has("relative-periodic-announce") {
        draft.param("periodic-announce-relative", "false", "relative-periodic-announce");
    }
    if !section.has("timeoutpriority") {
        draft.warn(
            "timeoutpriority is \"app\" there where a queue does not say; the second argument of Queue() is max-wait-time here: where you set \
             that, set timeout-priority to app as well."
                .to_owned(),
        );
    }
}

fn strategy(draft: &mut Draft, queue: &str, value: &str, theirs: &str) {
    match STRATEGIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(value)) {
        Some((_, ours)) => draft.param("strategy", ours, theirs),
        None => draft.warn(format!(
            "queue \"{queue}\": strategy \"{value}\" is not known; ring-all is used."
        )),
    }
}

fn autofill(draft: &mut Draft, place: &str, value: &str) {
    if !is_true(value) {
        draft.warn(format!(
            "{place}: autofill = {value}: as many callers are offered at once here as there are agents, as with autofill = yes."
        ));
    }
}

/// Whether Asterisk has such an option at all: one that is off and known needs no word, a slip does.
fn is_an_option(name: &str) -> bool {
    let has_counterpart = SAME.iter().any(|(known, _)| *known == name);
    let is_told = OTHERWISE.iter().chain(&NEVER_OFF).any(|(known, _)| *known == name);
    has_counterpart || is_told || WITHOUT_COUNTERPART.contains(&name) || name.starts_with("queue-")
}

/// A value that switches an option off, as if it was not there.
pub(super) fn is_off(value: &str) -> bool {
    ["", "no", "false", "n", "f", "0", "off"]
        .iter()
        .any(|off| off.eq_ignore_ascii_case(value))
}
