//! The JSON API, every list and every error of it, and what the console completes, beside stock.

use serde_json::Value;

use callcenter_test_support::harness::{compare, phone, CallCenter, FreeSwitch, Recording, Setup, SOON};

/// Columns only our `queue list` has.
const NEW_COLUMNS: &[&str] = &["calls_answered", "calls_abandoned", "ring_progressively_delay"];

fn setup() -> Setup {
    let call_centre = CallCenter::new()
        .queue(
            "support@default",
            &[
                ("time-base-score", "queue"),
                ("max-wait-time", "300"),
                ("record-template", "/tmp/a \"b\".wav"),
            ],
        )
        .agent("a1", &phone("a1", "answer"), &[("wrap-up-time", "10")])
        .agent("o'neil", "user/1002", &[("status", "Logged Out")])
        .tier("support@default", "a1", 1, 1)
        .tier("support@default", "o'neil", 2, 3);
    Setup::new(&call_centre)
}

const LISTS: &[&str] = &[
    r#"{"arguments":"agent list"}"#,
    r#"{"arguments":"AGENT List"}"#,
    r#"{"arguments":"tier list"}"#,
    r#"{"arguments":"member list"}"#,
    r#"{"arguments":"queue list"}"#,
    r#"{"arguments":"queue list agents","queue_name":"support@default"}"#,
    r#"{"arguments":"queue list members","queue_name":"support@default"}"#,
    r#"{"arguments":"queue list tiers","queue_name":"support@default"}"#,
    r#"{"arguments":"queue list agents","queue_name":"nowhere@default"}"#,
    r#"{"arguments":"queue list members","queue_name":"nowhere@default"}"#,
    r#"{"arguments":"queue list tiers","queue_name":"nowhere@default"}"#,
    r#"{"arguments":"queue list tiers","queue_name":"SUPPORT@default"}"#,
    r#"{"arguments":"queue list tiers","queue_name":"o'"}"#,
];

const ERRORS: &[&str] = &[
    r#"{"arguments":"queue list agents"}"#,
    r#"{"arguments":"queue list members","queue_name":""}"#,
    r#"{"arguments":"queue list tiers","queue":"support@default"}"#,
];

fn ask(switch: &FreeSwitch, recording: &mut Recording, data: &str) {
    let answer = switch.api(&format!(r#"json {{"command":"callcenter_config","data":{data}}}"#));
    let mut answer: Value = serde_json::from_str(&answer).expect("a JSON answer");
    settle(&mut answer);
    let text = serde_json::to_string_pretty(&answer).expect("JSON as text");
    recording.text(switch, data, &text);
}

/// Takes out what differs on purpose: new columns, and values never written, which stock leaves out; and figures that
/// run.
fn settle(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(settle),
        Value::Object(members) => {
            members.retain(|name, value| !NEW_COLUMNS.contains(&name.as_str()) && (name != "uuid" || *value != ""));
            for (name, value) in members {
                match name.as_str() {
                    "score" | "talk_time" => *value = Value::from("<n>"),
                    _ => settle(value),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn lists_and_errors_are_stocks() {
    compare(setup(), |switch, recording| {
        LISTS.iter().for_each(|list| ask(switch, recording, list));
        let mark = switch.events().mark();
        switch.call_queue("5550001", "support");
        switch.events().wait(mark, SOON, "the talk", |event| {
            event.get("CC-Agent-State") == "In a queue call"
        });
        switch.call_queue("5550002", "support");
        switch.catch_up();
        for data in LISTS.iter().chain(ERRORS) {
            ask(switch, recording, data);
        }
        switch.api("hupall");
        switch.wait_until_quiet();
    });
}

/// Stock's failure has no reason in it; here it has one.
#[test]
fn what_stock_leaves_unclear_is_said_clearly() {
    callcenter_test_support::harness::with_ours(setup(), |switch| {
        for (data, reason) in [
            (r#"{}"#, "Missing data attribute: arguments"),
            (r#"{"arguments":""}"#, "Missing data attribute: arguments"),
            (r#"{"arguments":7}"#, "Missing data attribute: arguments"),
            (r#"{"arguments":"agent dance"}"#, "Unknown arguments: agent dance"),
            (r#"[]"#, "Missing data attribute: arguments"),
        ] {
            let answer = switch.api(&format!(r#"json {{"command":"callcenter_config","data":{data}}}"#));
            let answer: Value = serde_json::from_str(&answer).expect("a JSON answer");
            assert_eq!(answer["status"], "error", "{data}: {answer}");
            assert_eq!(answer["response"]["error"], reason, "{data}: {answer}");
        }
    });
}

/// The words offered, without those stock knows and does not offer.
fn offered(answer: &str) -> Vec<&str> {
    const NEW: &[&str] = &[
        "check",
        "login",
        "logout",
        "max_busy",
        "max_no_answer",
        "max_not_registered",
        "max_rejected",
        "member",
        "not_registered_delay_time",
        "pause",
        "resume",
        "skills",
        "state_if_waiting",
        "type",
        "wrap_up_time",
    ];
    let words = answer.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    words.map(str::trim).filter(|word| !NEW.contains(word)).collect()
}

#[test]
fn the_console_completes_the_same_words() {
    compare(setup(), |switch, recording| {
        // FreeSWITCH writes the words down in the background.
        switch.until("console_complete callc", |answer| answer.contains("callcenter_config]"));
        switch.until("console_complete callcenter_break ", |answer| answer.contains("agent"));
        for line in [
            "callc",
            "callcenter_",
            "callcenter_config ",
            "callcenter_config agent ",
            "callcenter_config agent set ",
            "callcenter_config agent set st",
            "callcenter_config tier ",
            "callcenter_config tier set ",
            "callcenter_config queue ",
            "callcenter_config queue list ",
            "callcenter_config queue count ",
            "callcenter_break ",
        ] {
            let answer = switch.api(&format!("console_complete c={};{line}", line.len()));
            let is_new = |word: &str| {
                let of_queues = line.ends_with(" queue ") && ["add", "del", "get", "set"].contains(&word);
                let of_agents = line.ends_with(" agent set ") && ["chat_wrap_up_time", "max_chats"].contains(&word);
                let targets = [
                    "call", "callback", "caller", "cluster", "dispatch", "reload", "snapshot", "stats",
                ];
                of_queues || of_agents || (line == "callcenter_config " && targets.contains(&word))
            };
            let words: Vec<&str> = offered(&answer).into_iter().filter(|word| !is_new(word)).collect();
            recording.text(switch, line, &words.join(" "));
        }
    });
}
