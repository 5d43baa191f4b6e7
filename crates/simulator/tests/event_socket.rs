//! `callcenter-sim --event-socket` as clients of FreeSWITCH's event socket see it.

use callcenter_test_support::repository::root;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Nothing here takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, ended with the test.
struct Simulator {
    child: Child,
    address: SocketAddr,
}

impl Simulator {
    /// The board's call centre, many times as fast as life, so that there is always something going on.
    fn start() -> Self {
        let conf = root().join("conf/board");
        let mut child = Command::new(env!("CARGO_BIN_EXE_callcenter-sim"))
            .args([
                "--event-socket",
                "0",
                "--event-socket-password",
                "secret",
                "--speed",
                "20",
            ])
            .args([conf.join("callcenter.conf.xml"), conf.join("scenario.toml")])
            .env("TZ", where_it_is_noon())
            .stderr(Stdio::piped())
            .spawn()
            .expect("callcenter-sim starts");
        let mut said = BufReader::new(child.stderr.take().expect("its error output")).lines();
        let address = said.find_map(|line| {
            let line = line.expect("a line");
            let (_, address) = line.split_once("its event socket is ")?;
            address.split_once(". ")?.0.parse().ok()
        });
        Self {
            child,
            address: address.expect("the address of the event socket"),
        }
    }

    fn client(&self) -> Client {
        let mut client = Client::connect(self.address);
        assert_eq!(client.read().header("Content-Type"), "auth/request");
        client
    }

    fn known_client(&self) -> Client {
        let mut client = self.client();
        assert_eq!(client.command("auth secret"), "+OK accepted");
        client
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // One that has ended by itself has failed the test already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Frame {
    headers: Vec<(String, String)>,
    body: String,
}

impl Frame {
    fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        headers
            .find(|(header, _)| header == name)
            .map_or("", |(_, value)| value)
    }

    /// A header of the event in the body.
    fn told(&self, name: &str) -> &str {
        let mut lines = self.body.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(header, _)| *header == name).map_or("", |(_, value)| value)
    }
}

/// A time zone in which today has hours to look back at and hours to come, whenever the test runs.
fn where_it_is_noon() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let hour = i64::try_from(since.as_secs() / 3600 % 24).expect("an hour");
    // In names as in rules the hours are counted from local time to UTC.
    let name = format!("Etc/GMT{:+}", hour - 12);
    if Path::new("/usr/share/zoneinfo").join(&name).exists() {
        name
    } else {
        format!("NOON{:+}", hour - 12)
    }
}

struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a patience");
        Self(BufReader::new(stream))
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).expect("written");
    }

    fn try_read(&mut self) -> Option<Frame> {
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("a line") == 0 {
                return None;
            }
            match line.trim_end_matches('\n').split_once(": ") {
                Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
                None if headers.is_empty() => {}
                None => break,
            }
        }
        let mut frame = Frame {
            headers,
            body: String::new(),
        };
        let length = frame.header("Content-Length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("a body");
        frame.body = String::from_utf8(body).expect("text");
        Some(frame)
    }

    fn read(&mut self) -> Frame {
        self.try_read().expect("a message")
    }

    fn read_of(&mut self, kind: &str) -> Frame {
        loop {
            let frame = self.read();
            if frame.header("Content-Type") == kind {
                return frame;
            }
        }
    }

    /// Sends a command and gives what is replied, whatever events come before.
    fn command(&mut self, line: &str) -> String {
        self.send(&format!("{line}\n\n"));
        self.read_of("command/reply").header("Reply-Text").to_owned()
    }

    fn api(&mut self, line: &str) -> String {
        self.send(&format!("api {line}\n\n"));
        self.read_of("api/response").body
    }

    fn snapshot(&mut self) -> Value {
        let text = self.api(r#"json {"command":"callcenter_config","data":{"arguments":"snapshot"}}"#);
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(answer["status"], "success");
        answer["response"].clone()
    }
}

#[test]
fn whoever_does_not_know_the_password_gets_nothing() {
    let simulator = Simulator::start();
    let mut stranger = simulator.client();
    assert_eq!(stranger.command("api status"), "-ERR command not found");
    assert_eq!(stranger.command("event plain ALL"), "-ERR command not found");
    assert_eq!(stranger.command("auth guess"), "-ERR invalid");
    assert_eq!(stranger.read().header("Content-Type"), "text/disconnect-notice");
    assert!(stranger.try_read().is_none(), "the line is closed");
    let mut user = simulator.client();
    assert_eq!(user.command("userauth board@default:secret"), "+OK accepted");
}

#[test]
fn commands_are_the_modules_own() {
    let simulator = Simulator::start();
    let mut client = simulator.known_client();
    assert_eq!(client.api("callcenter_config queue count"), "6\n");
    assert_eq!(client.api("callcenter_config agent pause anna lunch"), "+OK\n");
    assert_eq!(client.api("callcenter_config agent get pause_reason anna"), "lunch");
    assert!(client.api("callcenter_config agent pause nobody").starts_with("-ERR "));
    assert_eq!(client.api("module_exists mod_callcenter"), "true");
    assert_eq!(client.api("originate x y"), "-ERR originate Command not found!\n");
    assert_eq!(client.api("json {"), "-ERR Parse error.\n");
    let refused = client.api(r#"json {"command":"callcenter_config","data":{"arguments":"nothing"}}"#);
    let refused: Value = serde_json::from_str(&refused).expect("JSON");
    assert_eq!(refused["status"], "error");
    assert_eq!(refused["response"]["error"], "Unknown arguments: nothing");
    assert_eq!(client.command("exit"), "+OK bye");
    client.read_of("text/disconnect-notice");
    assert!(client.try_read().is_none(), "the line is closed");
}

#[test]
fn there_is_something_to_look_back_at_and_a_snapshot_goes_on_with_its_events() {
    let simulator = Simulator::start();
    let mut client = simulator.known_client();
    let reply = client.command("event plain CUSTOM callcenter::info");
    assert_eq!(reply, "+OK event listener enabled plain");
    let snapshot = client.snapshot();
    let queues = snapshot["queues"].as_array().expect("queues");
    assert!(queues
        .iter()
        .any(|queue| queue["half_hours"].as_array().map(Vec::len) > Some(3)));
    assert!(queues
        .iter()
        .any(|queue| queue["total"]["answered"].as_u64() > Some(50)));
    let mut last = snapshot["sequence"].as_u64().expect("a number");
    for _ in 0..50 {
        let event = client.read_of("text/event-plain");
        assert_eq!(event.told("Event-Subclass"), "callcenter%3A%3Ainfo");
        let number: u64 = event.told("CC-Event-Sequence").parse().expect("a number");
        if number > last {
            assert_eq!(number, last + 1, "an event is missing");
            last = number;
        }
    }
}

#[test]
fn a_client_gets_what_it_subscribed_to_in_the_form_it_wants() {
    let simulator = Simulator::start();
    let mut client = simulator.known_client();
    client.command("event json CUSTOM callcenter::info BACKGROUND_JOB");
    let filter = client.command("filter CC-Action agent-state-change");
    assert_eq!(filter, "+OK filter added. [CC-Action]=[agent-state-change]");
    for _ in 0..5 {
        let event: Value = serde_json::from_str(&client.read_of("text/event-json").body).expect("JSON");
        assert_eq!(event["CC-Action"], "agent-state-change");
    }
    client.command("filter delete all");
    client.command("noevents");
    client.command("event plain BACKGROUND_JOB");
    client.send("bgapi callcenter_config queue count\nJob-UUID: mine\n\n");
    assert_eq!(client.read_of("command/reply").header("Job-UUID"), "mine");
    let done = client.read_of("text/event-plain");
    assert_eq!(
        (done.told("Event-Name"), done.told("Job-UUID")),
        ("BACKGROUND_JOB", "mine")
    );
    assert!(done.body.ends_with("\n\n6\n"), "{}", done.body);
}

#[test]
fn a_client_that_reads_nothing_or_sends_rubbish_keeps_nobody_else_waiting() {
    let simulator = Simulator::start();
    let mut deaf = simulator.known_client();
    deaf.send("event plain ALL\n\n");
    for _ in 0..200 {
        deaf.send("api callcenter_config agent list\n\n");
    }
    let mut rude = Client::connect(simulator.address);
    rude.send(&"x".repeat(200_000));
    let mut liar = simulator.known_client();
    liar.send("api x\nContent-Length: 99999999999999\n\n");
    let mut client = simulator.known_client();
    for _ in 0..20 {
        assert_eq!(client.api("callcenter_config queue count"), "6\n");
    }
}
