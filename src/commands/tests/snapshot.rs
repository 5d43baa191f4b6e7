//! Everything under one look, as programs get it.

use super::*;

fn ask(bench: &Bench, data: Value) -> Value {
    let mut data = data;
    data["arguments"] = json!("snapshot");
    bench.console.json(&data).expect("a snapshot")
}

/// The queue's agents take their time: whoever enters waits, or is rung for.
fn busy() -> Bench {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("agent set status 1001 Available", "+OK\n"),
        ("agent set skills 1001 french", "+OK\n"),
        ("tier pause support@default 1001 lunch", "+OK\n"),
    ]);
    bench.join("s1", "<b>Ann|\n");
    bench.join("s2", "Ben");
    bench
}

#[test]
fn a_snapshot_has_everything_in_it() {
    let snapshot = ask(&busy(), json!({}));
    assert_eq!(snapshot["schema"], 1);
    assert_eq!(snapshot["now_at"], NOW * 1_000);
    assert_eq!(snapshot["module"]["loaded_at"], NOW * 1_000);
    let queue = &snapshot["queues"][0];
    assert_eq!(queue["name"], "support@default");
    assert_eq!(queue["live"]["waiting"], 2);
    assert_eq!(queue["live"]["agents"]["paused"], 1);
    assert_eq!(queue["members"][0]["name"], "<b>Ann|\n");
    assert_eq!(queue["members"][1]["place"], 2);
    assert_eq!(queue["today"]["calls"], 2);
    assert_eq!(queue["half_hours"][0]["calls"], 2);
    let agents = snapshot["agents"].as_array().expect("agents");
    let agent = agents.iter().find(|agent| agent["name"] == "1001").expect("the agent");
    assert_eq!((&agent["doing"], &agent["skills"]), (&json!("ready"), &json!("french")));
    assert_eq!(agent["tiers"][0]["pause"]["reason"], "lunch");
    assert_eq!(snapshot["agents_next"], Value::Null);
    assert_eq!(snapshot["health"]["journal"]["unsaved"], 0);
    let bounds = snapshot["histogram_bounds"]["wait"].as_array().expect("bounds");
    let counts = queue["histograms"]["wait"]["answered"]["counts"].as_array();
    assert!(bounds.contains(&json!(20)), "{bounds:?}");
    assert_eq!(counts.map(Vec::len), Some(bounds.len()));
}

/// FreeSWITCH gives its threads 240 KB, and has used some of it when it calls; also where nothing is optimised that has to be enough.
#[test]
fn a_snapshot_needs_little_of_a_threads_stack() {
    const STACK: usize = 128 * 1024;
    let bench = busy();
    let asks = move || bench.console.config("snapshot");
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(asks);
    let text = thread.expect("a thread").join().expect("a snapshot");
    assert!(text.contains("\"schema\""), "{text}");
}

#[test]
fn the_text_is_the_same_snapshot_in_one_line() {
    let bench = busy();
    let text = bench.console.config("snapshot");
    assert_eq!(text.lines().count(), 1);
    let mut read: Value = serde_json::from_str(&text).expect("JSON");
    let mut asked = ask(&bench, json!({}));
    for snapshot in [&mut read, &mut asked] {
        snapshot["health"] = Value::Null;
    }
    assert_eq!(read, asked);
}

#[test]
fn a_snapshot_has_what_was_asked_for_and_no_more() {
    let bench = busy();
    let snapshot = ask(&bench, json!({ "parts": ["queues", "members"], "members": 1 }));
    let keys: Vec<&String> = snapshot["queues"][0].as_object().expect("a queue").keys().collect();
    assert!(keys.iter().any(|key| *key == "today"), "{keys:?}");
    for absent in ["left", "half_hours", "histograms"] {
        assert!(!keys.iter().any(|key| *key == absent), "{absent} was not asked for");
    }
    assert_eq!(snapshot["queues"][0]["members"].as_array().map(Vec::len), Some(1));
    assert_eq!(snapshot["queues"][0]["live"]["waiting"], 2);
    for absent in ["agents", "health", "histogram_bounds"] {
        assert_eq!(snapshot.get(absent), None);
    }
    let pages = ask(&bench, json!({ "parts": ["agents"], "agents": 2 }));
    assert_eq!(pages["agents"].as_array().map(Vec::len), Some(2));
    assert_eq!(pages["agents"][0].get("tiers"), None);
    let rest = ask(
        &bench,
        json!({ "parts": ["agents"], "agents_after": pages["agents_next"] }),
    );
    assert_eq!(rest["agents"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let bench = busy();
    for (data, said) in [
        (json!({ "parts": "queues" }), "Wrong data attribute parts: "),
        (json!({ "parts": ["everything"] }), "Wrong data attribute parts: "),
        (json!({ "queues": [1] }), "Wrong data attribute queues: "),
        (json!({ "members": -1 }), "Wrong data attribute members: "),
        (json!({ "agents": "10" }), "Wrong data attribute agents: "),
        (json!({ "agents_after": "1001" }), "Wrong data attribute agents_after: "),
    ] {
        let mut data = data;
        data["arguments"] = json!("snapshot");
        let refusal = bench.console.json(&data).expect_err("a refusal").to_string();
        assert!(refusal.starts_with(said), "{refusal}");
    }
    bench.expect_all(&[("snapshot all", "-ERR Too many words! 'snapshot' takes none.\n")]);
}
