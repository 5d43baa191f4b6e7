//! A board before several boxes of one cluster: it shows the whole, and counts it once, whichever box it asks.

mod support;

use serde_json::{json, Value};
use std::fs::File;
use support::{board_with_log, centre, free_port, get, until, Program, Switch};

/// The call centre, as the leader of that election has counted it.
fn led(election: &str, sequence: u64, answered: u64) -> Value {
    let mut centre = centre(1_000, answered);
    centre["module"]["loaded_at"] = json!(i64::try_from(election.len()).expect("short") * 1_000);
    centre["election"] = election.into();
    centre["sequence"] = sequence.into();
    centre
}

/// What a box says of itself, in a cluster of these.
fn standing(run: &str, standing: &str, runs: &[&str]) -> Value {
    let known = |run: &&str| json!({"instance": format!("box{run}"), "run": run, "standing": "here", "leads": false});
    json!({
        "instance": format!("box{run}"), "run": run, "version": "0.1.0", "standing": standing, "since_at": 1_000, "callers": 3,
        "journal": {"unsaved": 2, "lag_ms": 40, "trouble": null}, "boxes": runs.iter().map(known).collect::<Vec<_>>(),
    })
}

/// A board that was given these boxes, `box1` and so on, and the directory with its log.
fn open(boxes: &[&Switch]) -> (Program, u16, tempfile::TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, log) = (directory.path().join("board.toml"), directory.path().join("log"));
    let boxes = boxes.iter().enumerate().map(|(at, one)| {
        format!(
            "[[box]]\nname = \"site{}\"\nhost = \"127.0.0.1\"\nport = {}\n",
            at + 1,
            one.port
        )
    });
    std::fs::write(&file, boxes.collect::<String>()).expect("a file");
    let port = free_port();
    let said = [("CALLCENTER_BOARD_CONFIG", file.to_str().expect("a path"))];
    let program = board_with_log(port, &said, File::create(log).expect("a file"));
    (program, port, directory)
}

fn log(directory: &tempfile::TempDir) -> String {
    std::fs::read_to_string(directory.path().join("log")).expect("the log")
}

/// The series of that name and these labels.
fn value(port: u16, series: &str) -> Option<String> {
    let text = get(port, "/metrics")?;
    let line = text.lines().find(|line| line.starts_with(&format!("{series} ")))?;
    line.rsplit(' ').next().map(str::to_owned)
}

fn shows(port: u16, series: &str, wanted: &str) {
    until(&format!("{series} {wanted}"), || {
        (value(port, series).as_deref() == Some(wanted)).then_some(())
    });
}

const ANSWERED: &str = "callcenter_queue_answered_total{queue=\"a@b\"}";

#[test]
fn a_cluster_is_counted_once_and_goes_on_when_its_leader_dies() {
    let follower = Switch::start(led("1-1", 10, 7));
    follower.be_in_cluster(standing("1", "follows", &["1", "2"]));
    let leader = Switch::start(led("1-1", 10, 7));
    leader.be_in_cluster(standing("2", "leads", &["1", "2"]));
    let (_board, port, directory) = open(&[&follower, &leader]);
    shows(port, "callcenter_box_shown{box=\"site2\"}", "1");
    shows(port, ANSWERED, "7");
    shows(port, "callcenter_box_leads{box=\"site1\"}", "0");
    shows(port, "callcenter_box_callers{box=\"site1\"}", "3");
    shows(port, "callcenter_box_unsaved_changes{box=\"site2\"}", "2");
    // What happens on the box that follows is told there alone, and the leader is asked.
    leader.say(led("1-1", 11, 8));
    follower.fire(&[
        ("CC-Instance", "box1"),
        ("CC-Election", "1-1"),
        ("CC-Event-Sequence", "11"),
    ]);
    shows(port, ANSWERED, "8");
    // It dies; the other one has nobody to ask at first.
    follower.say(Value::Null);
    drop(leader);
    shows(port, "callcenter_up", "0");
    shows(port, ANSWERED, "8");
    until("no leader", || {
        get_whole(port).filter(|health| health.contains("no-leader"))
    });
    follower.be_in_cluster(standing("1", "leads", &["1"]));
    follower.say(led("1-22", 3, 1));
    shows(port, "callcenter_up", "1");
    shows(port, ANSWERED, "1");
    let text = get(port, "/metrics").expect("metrics");
    let answered = text
        .lines()
        .filter(|line| line.starts_with("callcenter_queue_answered_total{"));
    assert_eq!(answered.count(), 1, "{text}");
    assert!(!log(&directory).contains("Take it out"), "{}", log(&directory));
}

/// The answer of `/healthz`, well or not.
fn get_whole(port: u16) -> Option<String> {
    support::ask(
        port,
        &format!("GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"),
    )
}

#[test]
fn a_box_that_does_not_belong_there_is_told_in_one_line_and_not_counted() {
    let first = Switch::start(led("1-1", 10, 7));
    first.be_in_cluster(standing("1", "leads", &["1"]));
    let elsewhere = Switch::start(led("1-1", 99, 100));
    elsewhere.be_in_cluster(standing("9", "leads", &["9"]));
    let alone = Switch::start(centre(1, 1_000));
    let (_board, port, directory) = open(&[&first, &elsewhere, &alone]);
    shows(port, ANSWERED, "7");
    for (name, what) in [
        ("site2", "is in another cluster than \"site1\""),
        ("site3", "is in no cluster, unlike \"site1\""),
    ] {
        let line = until(what, || {
            let log = log(&directory);
            let told = log.lines().find(|line| line.contains(what));
            told.map(str::to_owned)
        });
        assert!(line.contains(&format!("the box \"{name}\" at 127.0.0.1:")), "{line}");
        assert!(
            line.contains("Take it out of the list, or give it a board of its own"),
            "{line}"
        );
    }
    elsewhere.fire(&[("CC-Election", "1-1"), ("CC-Event-Sequence", "100")]);
    shows(port, ANSWERED, "7");
    shows(port, "callcenter_box_shown{box=\"site1\"}", "1");
    let told = log(&directory);
    assert_eq!(
        told.lines().filter(|line| line.contains("Take it out")).count(),
        2,
        "{told}"
    );
}

/// Events are fired on the box of the call: those of a box that the board was not given do not come to it.
#[test]
fn one_box_is_enough_for_the_whole() {
    let only = Switch::start(led("1-1", 10, 7));
    only.be_in_cluster(standing("1", "follows", &["1", "2"]));
    let (_board, port, _directory) = open(&[&only]);
    shows(port, ANSWERED, "7");
    let began = std::time::Instant::now();
    only.say(led("1-1", 12, 9));
    shows(port, ANSWERED, "9");
    // Where all is heard, what nobody tells is looked at after a quarter of a minute.
    assert!(began.elapsed().as_secs() < 12, "{:?}", began.elapsed());
}
