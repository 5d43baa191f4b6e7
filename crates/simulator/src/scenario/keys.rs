//! Every key of a scenario, said once: the keys that are understood, what is suggested for one that is not, and the table of the documents.

use mod_callcenter::engine::nearest_name;
use std::fmt::Write as _;

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// At the top of the file.
    Day,
    /// In `[callers]`, and in `[queues."NAME"]` for one queue.
    Callers,
    /// In `[team]`, and in `[agents."NAME"]` for one agent.
    Team,
}

/// One key of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Where it stands.
    pub section: Section,
    /// Its name.
    pub name: &'static str,
    /// What stands behind it.
    pub form: &'static str,
    /// What holds where it is absent.
    pub otherwise: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

const fn key(
    section: Section,
    name: &'static str,
    form: &'static str,
    otherwise: &'static str,
    meaning: &'static str,
) -> Key {
    Key {
        section,
        name,
        form,
        otherwise,
        meaning,
    }
}

use Section::{Callers, Day, Team};

/// Every key.
pub static KEYS: &[Key] = &[
    key(
        Day,
        "start",
        "time of day",
        "`\"09:00\"`",
        "when the doors open; a simulated day begins on a Monday",
    ),
    key(
        Day,
        "hours",
        "number",
        "`8`",
        "how long callers may come; more than 24 are several days",
    ),
    key(
        Day,
        "service_level",
        "seconds",
        "`service-level-seconds` of the configuration",
        "who is answered within so many is answered in time",
    ),
    key(
        Day,
        "target",
        "percent",
        "`80`",
        "how many of the callers are to be answered in time; charts and verdicts go by it",
    ),
    key(Day, "callers", "section", "", "what the callers of every queue do"),
    key(
        Day,
        "queues",
        "section",
        "",
        "what is different for the callers of one queue",
    ),
    key(Day, "team", "section", "", "what every agent does"),
    key(Day, "agents", "section", "", "what is different for one agent"),
    key(
        Callers,
        "calls_per_hour",
        "number, or a list of them",
        "what keeps the agents busy four fifths of the time",
        "how many callers come; a list has a number for each hour from `start` on",
    ),
    key(
        Callers,
        "calls_per_half_hour",
        "list of numbers",
        "",
        "the same by the half hour: how many callers come in each, in place of `calls_per_hour`",
    ),
    key(
        Callers,
        "talk",
        "length",
        "`{ mean = 180 }`",
        "how long a caller talks with an agent",
    ),
    key(
        Callers,
        "patience",
        "length",
        "`{ mean = 300 }`",
        "how long a caller waits before hanging up",
    ),
    key(
        Callers,
        "exit_key",
        "share",
        "`0`",
        "of the callers: press one of `cc_exit_keys` while they wait",
    ),
    key(
        Callers,
        "callback",
        "share",
        "`0`",
        "of the callers: ask to be called back while they wait, if the queue offers it to them then",
    ),
    key(
        Callers,
        "redial",
        "share",
        "`0`",
        "of those who were not served: call again",
    ),
    key(
        Callers,
        "redial_after",
        "length",
        "`{ from = 1, to = 120 }`",
        "how long they wait before that",
    ),
    key(
        Callers,
        "agent_ends",
        "share",
        "`0.3`",
        "of the talks: the agent hangs up first",
    ),
    key(
        Callers,
        "base_score",
        "number",
        "`0`",
        "each caller has a `cc_base_score` from 0 to this",
    ),
    key(
        Team,
        "shifts",
        "list of shifts",
        "all day",
        "when the agent is logged in",
    ),
    key(Team, "breaks", "list of shifts", "none", "when the agent is on a break"),
    key(
        Team,
        "answer",
        "length",
        "`{ from = 1, to = 8 }`",
        "how long the phone rings before it is answered or rejected",
    ),
    key(Team, "rejects", "share", "`0`", "of the rings: are rejected"),
    key(Team, "busy", "share", "`0`", "of the rings: find the phone busy"),
    key(Team, "no_answer", "share", "`0`", "of the rings: nobody answers"),
    key(
        Team,
        "not_registered",
        "share",
        "`0`",
        "of the rings: find the phone not registered",
    ),
    key(
        Team,
        "unreachable",
        "share",
        "`0`",
        "of the rings: cannot be placed at all",
    ),
    key(
        Team,
        "vanishes",
        "share",
        "`0`",
        "of the answered rings: the agent hangs up before the caller is there",
    ),
];

/// The names of a section's keys.
pub fn names_of(section: Section) -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .filter(move |key| key.section == section)
        .map(|key| key.name)
}

/// What to say of a key that a section does not have.
pub fn no_such_key(name: &str, section: Section, place: &str) -> String {
    let known: Vec<&str> = names_of(section).collect();
    match nearest_name(name, names_of(section)) {
        Some(nearest) => format!("{place} has no key {name}; {nearest} is meant, perhaps."),
        None => format!("{place} has no key {name}; there is: {}.", known.join(", ")),
    }
}

/// The table of all keys, as Markdown.
pub fn markdown() -> String {
    let mut text = String::new();
    for (section, title) in [
        (Day, "At the top"),
        (Callers, "`[callers]`, `[queues.\"NAME\"]`"),
        (Team, "`[team]`, `[agents.\"NAME\"]`"),
    ] {
        let _ = writeln!(text, "| {title} | is | else | says |\n|---|---|---|---|");
        for key in KEYS
            .iter()
            .filter(|key| key.section == section && key.form != "section")
        {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} |",
                key.name, key.form, key.otherwise, key.meaning
            );
        }
        text.push('\n');
    }
    text
}
