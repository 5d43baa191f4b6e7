//! A real Prometheus reads a real board in front of a simulated call centre, and its alert rules and the dashboard find their figures.

use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A program that ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended by itself has failed the test already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

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

fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.contains(" 200 ").then(|| body.to_owned())
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} has not come");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn board(event_port: u16) -> (Program, u16) {
    let port = free_port();
    let child = Command::new(env!("CARGO_BIN_EXE_callcenter-board"))
        .env("CALLCENTER_BOARD_LISTEN", format!("127.0.0.1:{port}"))
        .env("CALLCENTER_BOARD_PORT", event_port.to_string())
        .stderr(Stdio::null())
        .spawn()
        .expect("the board starts");
    (Program(child), port)
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

/// The names of ours in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    words
        .filter(|word| word.starts_with("callcenter_"))
        .map(str::to_owned)
        .collect()
}

fn skip(reason: &str) {
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(std::io::stderr(), "a real Prometheus SKIPPED: {reason}");
}

#[test]
fn a_real_prometheus_reads_the_board_and_rules_and_dashboard_find_their_figures() {
    let directory = tempfile::tempdir().expect("a directory");
    let Some((_simulator, event_port)) = simulator() else {
        return skip("callcenter-sim is not built: cargo build -p callcenter-simulator");
    };
    let (_board, board_port) = board(event_port);
    let is_up = |text: String| text.contains("callcenter_up 1").then_some(text);
    let text = until("the board's connection", || get(board_port, "/metrics").and_then(is_up));
    let Some((_prometheus, port)) = prometheus(directory.path(), board_port) else {
        return skip("there is no prometheus: it is in Debian's package of that name");
    };
    until("a scrape", || {
        let up = asked(port, "up == 1 and callcenter_up == 1");
        (!up.is_empty()).then_some(())
    });
    // Whatever callbacks there are is for whoever has some.
    let known = names(&text);
    for file in ["prometheus/callcenter-alerts.yml", "grafana/callcenter.json"] {
        let used = std::fs::read_to_string(root().join("conf").join(file)).expect("a file of ours");
        let unknown: Vec<String> = names(&used)
            .into_iter()
            .filter(|name| !known.contains(name) && name != "callcenter_callbacks")
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
