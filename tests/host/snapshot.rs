//! Everything under one look, in a real FreeSWITCH: with real calls, over the event socket, beside the events it goes with.

use callcenter_test_support::harness::{phone, with_ours, CallCenter, FreeSwitch, Setup, SOON};
use serde_json::Value;

const QUEUE: &str = "support@default";

fn snapshot(switch: &FreeSwitch, data: &str) -> Value {
    let answer = switch.api(&format!(r#"json {{"command":"callcenter_config","data":{data}}}"#));
    let answer: Value = serde_json::from_str(&answer).expect("a JSON answer");
    assert_eq!(answer["status"], "success", "{answer}");
    answer["response"].clone()
}

fn agent(snapshot: &Value, name: &str) -> Value {
    let agents = snapshot["agents"].as_array().expect("agents");
    let found = agents.iter().find(|agent| agent["name"] == name);
    found.expect("the agent is in it").clone()
}

fn sequence(event: &callcenter_test_support::harness::Event) -> u64 {
    event.get("CC-Event-Sequence").parse().expect("a number")
}

#[test]
fn a_snapshot_shows_a_call_as_it_goes_on_and_knows_its_events() {
    let call_centre = CallCenter::new()
        .queue(QUEUE, &[])
        .agent("a1", &phone("a1", "answer"), &[("wrap-up-time", "30")])
        .tier(QUEUE, "a1", 1, 1);
    with_ours(Setup::new(&call_centre), |switch| {
        let mark = switch.events().mark();
        let first = switch.call_queue("5550001", "support");
        switch.wait_for(mark, "bridge-agent-start");
        switch.until("callcenter_config agent get state a1", |state| {
            state == "In a queue call"
        });
        let second = switch.call_queue("5550002", "support");
        switch.events().wait(mark, SOON, "the second caller", |event| {
            event.is("member-queue-start") && event.get("CC-Member-CID-Number") == "5550002"
        });
        let seen = snapshot(switch, r#"{"arguments":"snapshot"}"#);
        let queue = &seen["queues"][0];
        assert_eq!(
            (&queue["live"]["waiting"], &queue["live"]["talking"]),
            (&1.into(), &1.into())
        );
        assert_eq!(queue["members"][0]["number"], "5550002");
        let talking = agent(&seen, "a1");
        assert_eq!(
            (&talking["doing"], &talking["calls"][0]["number"]),
            (&"talking".into(), &"5550001".into())
        );
        let now = seen["now_at"].as_i64().expect("an instant");
        let since = talking["doing_since_at"].as_i64().expect("an instant");
        assert!((0..60_000).contains(&(now - since)), "talks for {} ms", now - since);
        switch.hang_up(&second);
        switch.hang_up(&first);
        switch.wait_for(mark, "bridge-agent-end");
        switch.until("callcenter_config snapshot", |text| {
            text.contains(r#""doing":"wrap-up""#)
        });
        let seen = snapshot(switch, r#"{"arguments":"snapshot","parts":["queues","left","health"]}"#);
        let queue = &seen["queues"][0];
        for (figure, value) in [("calls", 2), ("answered", 1), ("abandoned", 1), ("talks", 1)] {
            assert_eq!(queue["today"][figure], value, "{figure}");
            assert_eq!(queue["total"][figure], value, "{figure}");
        }
        assert_eq!(queue["left"][0]["number"], "5550002");
        assert_eq!(queue["left"][0]["reason"], "BREAK_OUT");
        assert!(seen.get("agents").is_none());
        assert!(seen["health"]["engine"]["inputs"].as_u64() > Some(4));
        events_are_numbered(switch, mark, &seen);
    });
}

/// All events since the mark come one after the other, and the snapshot names the last.
fn events_are_numbered(switch: &FreeSwitch, mark: usize, seen: &Value) {
    let last = seen["sequence"].as_u64().expect("a number");
    switch
        .events()
        .wait(mark, SOON, "the last event of the snapshot", |event| {
            !event.get("CC-Action").is_empty() && sequence(event) == last
        });
    let events = switch.events().since(mark).into_iter();
    let numbers: Vec<u64> = events
        .filter(|event| !event.get("CC-Action").is_empty())
        .map(|event| sequence(&event))
        .collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
}

#[test]
fn a_snapshot_is_asked_for_in_parts_and_refuses_what_it_does_not_know() {
    let call_centre = CallCenter::new().queue(QUEUE, &[]).agent("a1", "user/a1", &[]);
    with_ours(Setup::new(&call_centre), |switch| {
        let text = switch.callcenter("snapshot");
        let whole: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(whole["queues"][0]["name"], QUEUE);
        assert_eq!(text.trim_end().lines().count(), 1);
        let agents = snapshot(switch, r#"{"arguments":"snapshot","parts":["agents"]}"#);
        assert_eq!(
            (agents.get("queues"), agents["agents"].as_array().map(Vec::len)),
            (None, Some(1))
        );
        let refused =
            switch.api(r#"json {"command":"callcenter_config","data":{"arguments":"snapshot","parts":["x"]}}"#);
        assert!(
            refused.contains(r#""error":"Wrong data attribute parts: "#),
            "{refused}"
        );
        assert!(refused.contains(r#""status":"error""#), "{refused}");
    });
}
