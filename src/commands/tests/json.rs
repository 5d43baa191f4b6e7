//! The JSON API: the same commands, rows and refusals.

use super::*;

#[test]
fn json_dispatches_with_the_same_words() {
    let bench = Bench::staffed();
    let ask = |data: Value| bench.console.json(&data).map_err(|error| error.to_string());
    let internal = |word: &str| Ok(json!({ "internal": word }));
    let switch = |word: &str| json!({ "arguments": "dispatch internal", "value": word });
    assert_eq!(ask(json!({ "arguments": "dispatch internal" })), internal("on"));
    assert_eq!(ask(switch("off")), internal("off"));
    assert_eq!(
        ask(switch("perhaps")),
        Err("Invalid value 'perhaps'! Use on or off.".to_owned())
    );
    let member = |agent: Value| json!({ "arguments": "dispatch member", "member_uuid": "x", "agent_name": agent });
    assert_eq!(ask(member("1001".into())), Err("Member not found!".to_owned()));
    let missing = Err("Missing data attribute: agent_name".to_owned());
    assert_eq!(ask(member(Value::Null)), missing);
}

#[test]
fn json_lists_have_text_for_rows_and_numbers_for_queues() {
    let bench = Bench::staffed();
    bench.join("s1", "One|Two");
    let ask = |arguments: &str| {
        let data = json!({ "arguments": arguments, "queue_name": "support@default" });
        bench.console.json(&data).expect("a list")
    };
    let agents = ask("Agent List");
    assert_eq!(agents.as_array().map(Vec::len), Some(3));
    assert_eq!(agents[0]["name"], "1001");
    assert_eq!(agents[0]["wrap_up_time"], "10");
    assert_eq!(agents[0].as_object().map(serde_json::Map::len), Some(21));
    let tier =
        json!([{ "queue": "support@default", "agent": "1001", "state": "Ready", "level": "2", "position": "3" }]);
    assert_eq!(ask("tier list"), tier);
    assert_eq!(ask("queue list tiers"), tier);
    assert_eq!(ask("queue list agents")[0]["status"], "On Break");
    for members in [ask("member list"), ask("queue list members")] {
        assert_eq!(members[0]["cid_name"], "One|Two");
        assert_eq!(members[0]["score"], "0");
    }
    let queue = &ask("queue list")[0];
    for (column, expected) in [
        ("name", json!("support@default")),
        ("moh_sound", json!("local_stream://moh")),
        ("record_template", json!("")),
        ("tier_rules_apply", json!("false")),
        ("discard_abandoned_after", json!(60)),
        ("calls_answered", json!(0)),
        ("calls_abandoned", json!(0)),
        ("ring_progressively_delay", json!(0)),
        ("agent_no_answer_status", json!("On Break")),
    ] {
        assert_eq!(queue[column], expected, "{column}");
    }
}

/// Which commands the JSON API takes is said with the command.
#[test]
fn json_takes_the_commands_that_say_so_and_no_others() {
    let bench = Bench::staffed();
    for command in commands() {
        let words = command.words();
        let mut data = json!({ "arguments": words });
        for key in command.json.unwrap_or_default() {
            data[key] = json!("support@default");
        }
        let is_unknown = bench.console.json(&data).err() == Some(JsonError::UnknownArguments(words.clone()));
        assert_eq!(is_unknown, command.json.is_none(), "{words}");
        for key in command.json.unwrap_or_default() {
            let mut lacking = data.clone();
            lacking[key] = json!("");
            let error = bench.console.json(&lacking).err().map(|error| error.to_string());
            let may_lack = [
                "stats queue",
                "stats agent",
                "dispatch internal",
                "snapshot",
                "callback list",
                "callback expired",
                "callback add",
            ]
            .contains(&words.as_str());
            let is_missed = error == Some(format!("Missing data attribute: {key}"));
            assert!(may_lack || is_missed, "{words} without {key}: {error:?}");
        }
    }
}

#[test]
fn json_calls_back_as_the_text_does() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        (
            "queue set callback_dial support@default user/${callback_number}",
            "+OK\n",
        ),
        ("queue set callback_delay support@default 60", "+OK\n"),
        ("queue set callback_expires support@default 600", "+OK\n"),
    ]);
    let ask = |data: Value| bench.console.json(&data).map_err(|error| error.to_string());
    let add = || {
        ask(json!({ "arguments": "callback add", "queue_name": "support@default", "number": "0301", "name": "Ann" }))
    };
    let added = add().expect("a promise");
    let uuid = added["member_uuid"].as_str().expect("a uuid");
    assert_eq!(added, json!({ "member_uuid": uuid }));
    let pending = "The number is to be called back from this queue already! See `callback list`.";
    assert_eq!(add(), Err(pending.to_owned()));
    let list = |queue: &str| ask(json!({ "arguments": "callback list", "queue_name": queue })).expect("a list");
    let rows = list("support@default");
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    for (column, expected) in [
        ("uuid", uuid),
        ("queue", "support@default"),
        ("number", "0301"),
        ("name", "Ann"),
        ("state", "pending"),
        ("attempts", "0"),
        ("next_attempt_epoch", "1700000060"),
        ("expires_epoch", "1700000600"),
    ] {
        assert_eq!(rows[0][column], expected, "{column}");
    }
    assert_eq!(list(""), rows);
    assert_eq!(list("sales@default"), json!([]));
    let on = |action: &str| ask(json!({ "arguments": format!("callback {action}"), "member_uuid": uuid }));
    assert_eq!(on("now"), Ok(json!({})));
    assert_eq!(list("")[0]["next_attempt_epoch"], NOW.to_string());
    assert_eq!(on("cancel"), Ok(json!({})));
    assert_eq!(list(""), json!([]));
    for action in ["cancel", "now"] {
        assert_eq!(on(action), Err("Callback not found! See `callback list`.".to_owned()));
    }
    let unkept = json!({ "arguments": "callback expired" });
    assert_eq!(ask(unkept), Ok(json!([])), "who was cancelled was not forgotten");
}

#[test]
fn json_requests_that_are_not_understood_say_why() {
    let bench = Bench::staffed();
    let refused = |data: Value| bench.console.json(&data).expect_err("a refusal").reply();
    for arguments in ["queue list agents", "queue list members", "queue list tiers"] {
        let expected = json!({ "error": "Missing data attribute: queue_name" });
        assert_eq!(refused(json!({ "arguments": arguments })), expected);
    }
    assert_eq!(
        refused(json!({})),
        json!({ "error": "Missing data attribute: arguments" })
    );
    assert_eq!(
        refused(Value::Null),
        json!({ "error": "Missing data attribute: arguments" })
    );
    assert_eq!(
        refused(json!({ "arguments": "calls list" })),
        json!({ "error": "Unknown arguments: calls list" })
    );
}
