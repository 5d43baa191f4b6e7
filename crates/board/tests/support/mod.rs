//! What the tests of the program share: the board itself, and a FreeSWITCH that says what a test wants.
#![allow(dead_code, reason = "each test program uses another part of this")]

use serde_json::{json, Value};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long anything here may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The token of a supervisor.
pub const TOKEN: &str = "correct-horse-battery";

/// The directory of all that is in the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A test that can do nothing on this machine says so, and is counted where `CALLCENTER_SKIPPED` names a file for it.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(std::io::stderr(), "{test} SKIPPED: {reason}");
    if let Some(file) = std::env::var_os("CALLCENTER_SKIPPED") {
        let file = std::fs::File::options().append(true).create(true).open(file);
        let noted = file.and_then(|mut file| file.write_all(format!("{test}\t{reason}\n").as_bytes()));
        noted.expect("the file of skipped tests");
    }
}

/// The names in a text that begin so.
pub fn names(text: &str, beginning: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    words
        .filter(|word| word.starts_with(beginning))
        .map(str::to_owned)
        .collect()
}

/// A program that ends with the test.
pub struct Program(pub Child);

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended by itself has failed the test already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that nobody has at the moment.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Waits for something to be there.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} has not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A whole answer, head and body.
pub fn ask(port: u16, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The body of what is there.
pub fn get(port: u16, path: &str) -> Option<String> {
    let answer = ask(port, &format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"))?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.contains(" 200 ").then(|| body.to_owned())
}

/// A board, with what is said in its environment.
pub fn board(port: u16, said: &[(&str, &str)]) -> Program {
    board_with_log(port, said, Stdio::null())
}

/// The same, with its log somewhere.
pub fn board_with_log(port: u16, said: &[(&str, &str)], log: impl Into<Stdio>) -> Program {
    let child = Command::new(env!("CARGO_BIN_EXE_callcenter-board"))
        .env("CALLCENTER_BOARD_LISTEN", format!("127.0.0.1:{port}"))
        .envs(said.iter().copied())
        .stderr(log)
        .spawn();
    Program(child.expect("the board starts"))
}

/// A call centre as the module tells it: loaded then, with so many answered calls since.
pub fn centre(loaded_at: i64, answered: u64) -> Value {
    let counted = json!({"counts": [answered], "count": answered, "sum_ms": answered * 1000});
    json!({
        "schema": 1,
        "now_at": 1_700_000_000_000_i64,
        "instance": "single_box",
        "module": {"version": "0.1.0", "loaded_at": loaded_at},
        "service_level_seconds": 20,
        "histogram_bounds": {"wait": [30], "talk": [30], "ring": [30]},
        "queues": [{
            "name": "a@b",
            "total": {"calls": answered, "answered": answered, "answered_in_time": answered},
            "half_hours": [],
            "histograms": {"wait": {"answered": counted}, "talk": counted, "ring": counted},
        }],
        "agents": [],
        "health": {"watchdog": {"lost_offers": 0}, "engine": {"inputs": answered, "seconds": 0.1, "bounds_seconds": [1.0], "counts": [answered]}},
    })
}

struct Said {
    centre: Value,
    /// What it says of its cluster, where it is in one.
    cluster: Option<Value>,
    commands: Vec<String>,
    /// How whoever connected has logged in.
    logins: Vec<String>,
    connections: Vec<TcpStream>,
}

/// A FreeSWITCH as the board sees it.
pub struct Switch {
    /// Its event socket.
    pub port: u16,
    said: Arc<Mutex<Said>>,
    is_silent: Arc<AtomicBool>,
    /// Whoever is logged in may use `json`.
    has_json: Arc<AtomicBool>,
    is_over: Arc<AtomicBool>,
}

impl Switch {
    /// One on a port of its own.
    pub fn start(centre: Value) -> Self {
        Self::start_at(free_port(), centre)
    }

    /// One on this port.
    pub fn start_at(port: u16, centre: Value) -> Self {
        let listener = until("the port", || TcpListener::bind(("127.0.0.1", port)).ok());
        let said = Said {
            centre,
            cluster: None,
            commands: Vec::new(),
            logins: Vec::new(),
            connections: Vec::new(),
        };
        let switch = Self {
            port,
            said: Arc::new(Mutex::new(said)),
            is_silent: Arc::default(),
            has_json: Arc::new(AtomicBool::new(true)),
            is_over: Arc::default(),
        };
        let (said, is_silent, has_json, is_over) = (
            Arc::clone(&switch.said),
            Arc::clone(&switch.is_silent),
            Arc::clone(&switch.has_json),
            Arc::clone(&switch.is_over),
        );
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let connection = connection.expect("a connection");
                let kept = connection.try_clone().expect("the same line");
                said.lock().expect("what is said").connections.push(kept);
                let (said, is_silent, has_json) = (Arc::clone(&said), Arc::clone(&is_silent), Arc::clone(&has_json));
                std::thread::spawn(move || serve(connection, &said, &is_silent, &has_json));
            }
        });
        switch
    }

    /// Another call centre from now on.
    pub fn say(&self, centre: Value) {
        self.said.lock().expect("what is said").centre = centre;
    }

    /// It is a box of a cluster from now on, and says this of it.
    pub fn be_in_cluster(&self, standing: Value) {
        self.said.lock().expect("what is said").cluster = Some(standing);
    }

    /// Whoever listens is told of an event with these headers.
    pub fn fire(&self, headers: &[(&str, &str)]) {
        let more: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        let body =
            format!("Event-Name: CUSTOM\nEvent-Subclass: callcenter%3A%3Ainfo\nCC-Action: members-count\n{more}\n");
        let text = format!(
            "Content-Length: {}\nContent-Type: text/event-plain\n\n{body}",
            body.len()
        );
        for mut line in self.lines() {
            // A board that is gone hears nothing.
            let _ = line.write_all(text.as_bytes());
        }
    }

    /// What supervisors had done.
    pub fn commands(&self) -> Vec<String> {
        self.said.lock().expect("what is said").commands.clone()
    }

    /// How whoever connected has logged in.
    pub fn logins(&self) -> Vec<String> {
        self.said.lock().expect("what is said").logins.clone()
    }

    /// Answers nothing any more, or everything again.
    pub fn be_silent(&self, is_silent: bool) {
        self.is_silent.store(is_silent, Ordering::SeqCst);
    }

    /// Whoever logs in may give commands, and not use `json`.
    pub fn forbid_json(&self) {
        self.has_json.store(false, Ordering::SeqCst);
    }

    /// The lines that are open, for whoever wants to write into them.
    pub fn lines(&self) -> Vec<TcpStream> {
        let said = self.said.lock().expect("what is said");
        said.connections
            .iter()
            .map(|line| line.try_clone().expect("the same line"))
            .collect()
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Whoever listens wakes up and sees it.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        for line in self.lines() {
            let _ = line.shutdown(Shutdown::Both);
        }
    }
}

fn serve(mut connection: TcpStream, said: &Mutex<Said>, is_silent: &AtomicBool, has_json: &AtomicBool) {
    let reader = BufReader::new(connection.try_clone().expect("the same line"));
    let mut write = |text: String| connection.write_all(text.as_bytes()).is_ok();
    write("Content-Type: auth/request\n\n".to_owned());
    // A command is a line with an empty one behind it.
    for command in reader.lines().map_while(Result::ok).filter(|line| !line.is_empty()) {
        while is_silent.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let is_written = match command.strip_prefix("api ") {
            Some(words) if words.starts_with("json ") && !has_json.load(Ordering::SeqCst) => {
                write("Content-Type: command/reply\nReply-Text: -ERR permission denied\n\n".to_owned())
            }
            Some(words) => {
                let body = answer(words, &mut said.lock().expect("what is said"));
                write(format!(
                    "Content-Type: api/response\nContent-Length: {}\n\n{body}",
                    body.len()
                ))
            }
            None => {
                if command.starts_with("auth ") || command.starts_with("userauth ") {
                    said.lock().expect("what is said").logins.push(command.clone());
                }
                write("Content-Type: command/reply\nReply-Text: +OK accepted\n\n".to_owned())
            }
        };
        if !is_written {
            return;
        }
    }
}

fn answer(words: &str, said: &mut Said) -> String {
    if words == "callcenter_config queue count" {
        return "1\n".to_owned();
    }
    if words == "callcenter_config snapshot" {
        return format!("{}\n", said.centre);
    }
    let Some(asked) = words.strip_prefix("json ") else {
        said.commands.push(words.to_owned());
        return "+OK\n".to_owned();
    };
    let asked: Value = serde_json::from_str(asked).expect("JSON");
    if asked["command"] != "callcenter_config" {
        return json!({"status": "error"}).to_string();
    }
    let refused = |text: &str| json!({"status": "error", "response": {"error": text}}).to_string();
    if asked["data"]["arguments"] == "cluster" {
        let standing = said.cluster.as_ref();
        return standing.map_or_else(
            || refused("in no cluster"),
            |standing| json!({"status": "success", "response": standing}).to_string(),
        );
    }
    if said.centre.is_null() {
        return refused("No box leads the cluster at this moment!");
    }
    let mut centre = said.centre.clone();
    if let Some(parts) = asked["data"]["parts"].as_array() {
        for part in ["queues", "agents", "health"] {
            if !parts.contains(&part.into()) {
                centre.as_object_mut().expect("names and values").remove(part);
            }
        }
        let queues = centre.get_mut("queues").and_then(Value::as_array_mut);
        for queue in queues.into_iter().flatten() {
            queue.as_object_mut().expect("names and values").remove("histograms");
        }
    }
    json!({"status": "success", "response": centre}).to_string()
}
