//! What clients of FreeSWITCH's API get for an answer.

use mod_callcenter::commands::Console;
use serde_json::{json, Value};

/// The version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Answers a line of FreeSWITCH's API. What only a FreeSWITCH can do is refused in its words.
pub(super) fn answer(console: &Console, line: &str, up_seconds: u64) -> String {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "callcenter_config" => console.config(rest),
        "callcenter_break" => console.break_agent(rest),
        "json" => answer_json(console, rest),
        "module_exists" => (rest == "mod_callcenter").to_string(),
        "fsctl" if rest == "ready_check" => "true".to_owned(),
        "echo" => rest.to_owned(),
        "hostname" | "switchname" => "callcenter-sim".to_owned(),
        "version" => format!("callcenter-sim {VERSION}, a simulation: there is no FreeSWITCH behind this\n"),
        "status" => {
            format!("UP {up_seconds} seconds\ncallcenter-sim {VERSION} is ready: a simulation, no FreeSWITCH\n")
        }
        "uptime" => up_seconds.to_string(),
        _ => format!("-ERR {word} Command not found!\n"),
    }
}

/// FreeSWITCH's `json`: the request with its answer in it.
fn answer_json(console: &Console, text: &str) -> String {
    if text.is_empty() {
        return "-ERR No JSON supplied.\n".to_owned();
    }
    let Ok(Value::Object(mut request)) = serde_json::from_str(text) else {
        return "-ERR Parse error.\n".to_owned();
    };
    let is_ours = request.get("command").and_then(Value::as_str) == Some("callcenter_config");
    let answer = match request.get("data").filter(|_| is_ours) {
        None => Err(("Invalid request or non-existant command", Value::Null)),
        Some(data) => console
            .json(data)
            .map_err(|error| ("The command returned an error", error.reply())),
    };
    let (status, response) = match answer {
        Ok(response) => ("success", response),
        Err((message, response)) => {
            request.insert("message".to_owned(), json!(message));
            ("error", response)
        }
    };
    request.insert("status".to_owned(), json!(status));
    request.insert("response".to_owned(), response);
    format!("{}\n", Value::Object(request))
}
