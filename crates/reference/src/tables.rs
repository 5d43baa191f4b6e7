//! The tables of documents in Markdown.

use crate::rows::{self, or_nothing, Row, HEAD};
use mod_callcenter::commands::commands;
use mod_callcenter::engine::{EVENTS, QUEUE_LOG_EVENTS, STRATEGIES};

/// The table of a mark; none where there is no such table.
pub fn table(mark: &str) -> Option<String> {
    Some(match mark {
        "settings" => of(&rows::settings()),
        "queue parameters" => of(&rows::queue_parameters()),
        "agent attributes" => of(&rows::agent_attributes()),
        "tier attributes" => of(&rows::tier_attributes()),
        "channel variables" => of(&rows::variables()),
        "commands" => of(&rows::of_commands()),
        "events" => of(&rows::events()),
        "headers" => of(&rows::headers()),
        "json" => json(),
        "what events tell" => what_events_tell(),
        "strategies" => strategies(),
        "queue log events" => queue_log_events(),
        _ => return None,
    })
}

fn of(rows: &[Row]) -> String {
    let lines: String = rows.iter().map(Row::line).collect();
    format!("{HEAD}{lines}")
}

/// What the JSON API understands.
fn json() -> String {
    let known = commands();
    let rows = known
        .iter()
        .filter_map(|command| Some((command.words(), command.json?)));
    let lines: String = rows.map(|(words, data)| json_line(&words, data)).collect();
    format!("| `arguments` | besides |\n|---|---|\n{lines}")
}

fn json_line(words: &str, data: &[&str]) -> String {
    let data: Vec<String> = data.iter().map(|key| format!("`{key}`")).collect();
    format!("| `{words}` | {} |\n", data.join(", "))
}

/// Events, and when they are fired.
fn what_events_tell() -> String {
    let lines: String = EVENTS
        .iter()
        .map(|event| format!("| `{}` | {} |\n", event.name, event.meaning.what))
        .collect();
    format!("| CC-Action | when |\n|---|---|\n{lines}")
}

/// Strategies, and whom each rings.
fn strategies() -> String {
    let lines: String = STRATEGIES
        .iter()
        .map(|strategy| {
            let meaning = strategy.meaning;
            let asterisk = or_nothing(meaning.asterisk);
            format!("| `{}` | {} | {asterisk} |\n", strategy.name, meaning.what)
        })
        .collect();
    format!("| strategy | rings | Asterisk's |\n|---|---|---|\n{lines}")
}

/// Events of the queue log, with their data.
fn queue_log_events() -> String {
    let lines: String = QUEUE_LOG_EVENTS
        .iter()
        .map(|event| format!("| `{}` | {} | {} |\n", event.name, event.unit, event.meaning.what))
        .collect();
    format!("| event | data | when |\n|---|---|---|\n{lines}")
}
