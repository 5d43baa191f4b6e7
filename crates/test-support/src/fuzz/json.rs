//! Requests of the JSON API: any JSON as `data`, and any text as what is asked for.

use super::office::Office;
use serde_json::{json, Value};

/// Asks, and checks that the answer is JSON again.
///
/// # Panics
/// When it is not, or is not what was promised.
pub fn run(data: &[u8]) {
    let office = Office::usual();
    let text = String::from_utf8_lossy(data);
    office.join(&text);
    // FreeSWITCH hands over what its own parser took for JSON.
    ask(&office, &serde_json::from_slice(data).unwrap_or_default());
    ask(&office, &json!({ "arguments": text }));
    ask(
        &office,
        &json!({ "arguments": "queue list members", "queue_name": text }),
    );
    for list in ["agent list", "tier list", "member list", "queue list"] {
        ask(&office, &json!({ "arguments": list }));
    }
}

fn ask(office: &Office, data: &Value) {
    let answer = match office.console.json(data) {
        Ok(answer) => {
            assert!(
                answer.as_array().is_some_and(|rows| rows.iter().all(Value::is_object)),
                "{answer}"
            );
            answer
        }
        Err(error) => {
            let reply = error.reply();
            assert!(reply.get("error").is_some_and(Value::is_string), "{reply}");
            reply
        }
    };
    let again: Value = serde_json::from_str(&answer.to_string()).expect("an answer that is JSON");
    assert_eq!(again, answer);
}
