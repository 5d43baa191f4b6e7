//! A real Prometheus reads a real board in front of a simulated call centre, and its alert rules and the dashboard find their figures.

mod support;

use serde_json::Value;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use support::{centre, free_port, get, names, root, skip, until, Program, Switch, PATIENCE};

/// The simulator's program stands beside the board's; `cargo test -p callcenter-board` alone does not build it.
fn simulator() -> Option<(Program, u16)> {
    let path = Path::new(env!("CARGO_BIN_EXE_callcenter-board")).with_file_name("callcenter-sim");
    let conf = root().join("conf/board");
    let mut child = Command::new(path)
        .args(["--event-socket", "0", "--speed", "10"])
        .args([conf.join("callcenter.conf.xml"), conf.join("scenario.toml")])
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut said = BufReader::new(child.stderr.take().expect("its error output")).lines();
    let program = Program(child);
    let address = said.find_map(|line| {
        let line = line.expect("a line");
        let (_, address) = line.split_once("its event socket is ")?;
        address.split_once(". ")?.0.parse::<SocketAddr>().ok()
    });
    Some((program, address.expect("the event socket").port()))
}

const NO_PROMETHEUS: &str = "there is no prometheus: it is in Debian's package of that name";

/// A board in front of this event socket.
fn board(port: u16, event_port: u16) -> Program {
    support::board(port, &[("CALLCENTER_BOARD_PORT", &event_port.to_string())])
}

/// Prometheus, reading the board every second; none where there is none.
fn prometheus(directory: &Path, board_port: u16) -> Option<(Program, u16)> {
    let rules = root().join("conf/prometheus/callcenter-alerts.yml");
    let rules = rules.canonicalize().expect("the rules");
    let config = serde_json::json!({
        "global": { "scrape_interval": "1s", "evaluation_interval": "1s" },
        "rule_files": [rules],
        "scrape_configs": [{ "job_name": "callcenter", "static_configs": [{ "targets": [format!("127.0.0.1:{board_port}")] }] }],
    });
    let path = directory.join("prometheus.yml");
    // Every JSON is YAML.
    std::fs::write(&path, config.to_string()).expect("a file");
    let port = free_port();
    let child = Command::new("prometheus")
        .arg(format!("--config.file={}", path.display()))
        .arg(format!("--storage.tsdb.path={}", directory.join("data").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match child {
        Ok(child) => Some((Program(child), port)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("prometheus: {error}"),
    }
}

fn asked(port: u16, query: &str) -> Vec<Value> {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let answer = get(port, &format!("/api/v1/query?query={encoded}"));
    let answer: Value = serde_json::from_str(&answer.unwrap_or_default()).unwrap_or_default();
    answer["data"]["result"].as_array().cloned().unwrap_or_default()
}

/// What is told of boxes to whoever has several, which this board has not.
const OF_SEVERAL: [&str; 4] = [
    "callcenter_box_up",
    "callcenter_box_leads",
    "callcenter_box_callers",
    "callcenter_box_unsaved_changes",
];

#[test]
fn a_real_prometheus_reads_the_board_and_rules_and_dashboard_find_their_figures() {
    let directory = tempfile::tempdir().expect("a directory");
    let Some((_simulator, event_port)) = simulator() else {
        return skip("callcenter-sim is not built: cargo build -p callcenter-simulator");
    };
    let board_port = free_port();
    let _board = board(board_port, event_port);
    let is_up = |text: String| text.contains("\ncallcenter_up 1\n").then_some(text);
    let text = until("the board's connection", || get(board_port, "/metrics").and_then(is_up));
    let Some((_prometheus, port)) = prometheus(directory.path(), board_port) else {
        return skip(NO_PROMETHEUS);
    };
    until("a scrape", || {
        let up = asked(port, "up == 1 and callcenter_up == 1");
        (!up.is_empty()).then_some(())
    });
    let known = names(&text, "callcenter_");
    for file in ["prometheus/callcenter-alerts.yml", "grafana/callcenter.json"] {
        let used = std::fs::read_to_string(root().join("conf").join(file)).expect("a file of ours");
        let unknown: Vec<String> = names(&used, "callcenter_")
            .into_iter()
            .filter(|name| !known.contains(name) && !OF_SEVERAL.contains(&name.as_str()))
            .collect();
        assert_eq!(
            unknown,
            Vec::<String>::new(),
            "{file} asks for what the board does not tell"
        );
    }
    agrees_with_the_module(port, event_port);
    let rules = get(port, "/api/v1/rules").expect("an answer");
    let rules: Value = serde_json::from_str(&rules).expect("JSON");
    let groups = rules["data"]["groups"].as_array().expect("groups");
    let rules: Vec<&Value> = groups
        .iter()
        .filter_map(|group| group["rules"].as_array())
        .flatten()
        .collect();
    assert!(rules.len() > 5, "{rules:?}");
    until("an evaluation of each rule", || {
        let answer = get(port, "/api/v1/rules")?;
        (!answer.contains(r#""health":"unknown""#)).then_some(answer)
    });
    let answer = get(port, "/api/v1/rules").expect("an answer");
    assert!(!answer.contains(r#""health":"err""#), "{answer}");
}

/// What Prometheus has of a counter is what the module says: never more than now, and no less than when it was asked.
fn agrees_with_the_module(port: u16, event_port: u16) {
    let before = answered(event_port);
    let stored = until("a scrape after that", || {
        let stored = asked(port, "sum(callcenter_queue_answered_total)");
        let value = stored.first()?["value"][1].as_str()?.parse::<f64>().ok()?;
        (value >= before).then_some(value)
    });
    assert!(stored <= answered(event_port), "{stored} calls in Prometheus");
    assert!(before > 50.0, "{before} calls were answered in the hours before");
}

fn answered(event_port: u16) -> f64 {
    let stream = TcpStream::connect(("127.0.0.1", event_port)).expect("the event socket");
    stream.set_read_timeout(Some(PATIENCE)).expect("a patience");
    let mut writer = stream.try_clone().expect("the same line");
    writer
        .write_all(b"auth ClueCon\n\napi callcenter_config snapshot\n\nexit\n\n")
        .expect("written");
    let mut all = String::new();
    BufReader::new(stream).read_to_string(&mut all).expect("an answer");
    let line = all.lines().find(|line| line.starts_with('{')).expect("a snapshot");
    let line = line.split_once("Content-Type").map_or(line, |(json, _)| json);
    let snapshot: Value = serde_json::from_str(line).expect("JSON");
    let queues = snapshot["queues"].as_array().expect("queues").iter();
    queues.filter_map(|queue| queue["total"]["answered"].as_f64()).sum()
}

/// What was counted in these values of a counter, as Prometheus understands them: one that is less than the one before has begun anew.
fn counted(values: &[f64]) -> f64 {
    let steps = values
        .windows(2)
        .map(|pair| if pair[1] < pair[0] { pair[1] } else { pair[1] - pair[0] });
    steps.sum()
}

/// All values that Prometheus has of a series.
fn stored(port: u16, series: &str) -> Vec<f64> {
    let found = asked(port, &format!("{series}[5m]"));
    assert!(found.len() < 2, "{found:?}");
    let values = found
        .first()
        .and_then(|found| found["values"].as_array().cloned())
        .unwrap_or_default();
    values
        .iter()
        .filter_map(|value| value[1].as_str()?.parse().ok())
        .collect()
}

#[test]
fn counters_begin_anew_with_the_module_and_count_nothing_twice() {
    const ANSWERED: &str = r#"callcenter_queue_answered_total{queue="a@b"}"#;
    const SERIES: [&str; 3] = [
        ANSWERED,
        r#"callcenter_queue_talk_seconds_count{queue="a@b"}"#,
        "callcenter_engine_input_seconds_count",
    ];
    let directory = tempfile::tempdir().expect("a directory");
    let switch = Switch::start(centre(1_000, 10));
    let (event_port, board_port) = (switch.port, free_port());
    let mut program = board(board_port, event_port);
    let Some((_prometheus, port)) = prometheus(directory.path(), board_port) else {
        return skip(NO_PROMETHEUS);
    };
    let reaches = |value: f64| {
        for series in SERIES {
            until("a scrape of it", || {
                (stored(port, series).last() == Some(&value)).then_some(())
            });
        }
    };
    reaches(10.0);
    switch.say(centre(1_000, 14));
    reaches(14.0);
    // The board is started anew: it has counted nothing itself.
    drop(program);
    program = board(board_port, event_port);
    switch.say(centre(1_000, 15));
    reaches(15.0);
    // The module is loaded anew while the connection stays.
    switch.say(centre(2_000, 3));
    reaches(3.0);
    // FreeSWITCH itself is started anew; while it is away nothing is counted, and nothing is lost.
    drop(switch);
    until("the loss", || asked(port, "callcenter_up == 0").pop());
    reaches(3.0);
    let switch = Switch::start_at(event_port, centre(3_000, 2));
    reaches(2.0);
    switch.say(centre(3_000, 7));
    reaches(7.0);
    for series in SERIES {
        let values = stored(port, series);
        // Four and one, three, two and five calls came after the first ten.
        assert!((counted(&values) - 15.0).abs() < 0.01, "{series}: {values:?}");
        let begun = values.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert_eq!(begun, 2, "{series}: {values:?}");
    }
    drop(program);
}
