//! Who may ask the board for what, and what happens to whoever asks slowly, often, or for somebody with a strange name.

mod support;

use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use support::{ask, board, centre, free_port, get, until, Program, Switch, PATIENCE, TOKEN};

/// A board in front of this FreeSWITCH that has found it, and the directory with its tokens.
fn open(switch: &Switch, configuration: &str) -> (Program, u16, tempfile::TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let (tokens, file) = (directory.path().join("tokens"), directory.path().join("board.toml"));
    std::fs::write(&tokens, format!("Anna {TOKEN}\n")).expect("a file");
    std::fs::write(&file, configuration).expect("a file");
    let port = free_port();
    let program = board(
        port,
        &[
            ("CALLCENTER_BOARD_CONFIG", file.to_str().expect("a path")),
            ("CALLCENTER_BOARD_PORT", &switch.port.to_string()),
            ("CALLCENTER_BOARD_TOKEN_FILE", tokens.to_str().expect("a path")),
        ],
    );
    until("the board's connection", || get(port, "/healthz"));
    (program, port, directory)
}

/// An action with these further lines in its head.
fn act(port: u16, head: &str, deed: &serde_json::Value) -> String {
    let deed = deed.to_string();
    let request = format!(
        "POST /supervisor/act HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n{head}Content-Length: {}\r\n\r\n{deed}",
        deed.len()
    );
    ask(port, &request).expect("an answer")
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn with_agents(names: &[&str]) -> serde_json::Value {
    let mut centre = centre(1_000, 1);
    centre["agents"] = names
        .iter()
        .map(|name| json!({"name": name, "doing": "ready", "tiers": []}))
        .collect();
    centre
}

#[test]
fn no_other_site_acts_through_a_browser_and_no_strange_name_leads_here() {
    let switch = Switch::start(with_agents(&["1001"]));
    let (_board, port, _directory) = open(&switch, "");
    let pause = json!({"do": "pause", "agent": "1001"});
    for head in [
        format!("Host: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: null\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site\r\n"),
    ] {
        assert_eq!(status(&act(port, &head, &pause)), "403", "{head}");
    }
    // A name of a strange site that leads to this machine: host and origin agree, and it is no name of the board.
    let strange = format!("Host: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\n");
    assert_eq!(status(&act(port, &strange, &pause)), "421");
    for path in ["/", "/live?page=wall", "/supervisor/who", "/assets/page.js"] {
        let answer = ask(
            port,
            &format!("GET {path} HTTP/1.0\r\nHost: evil.example:{port}\r\n\r\n"),
        );
        assert_eq!(status(&answer.expect("an answer")), "421", "{path}");
    }
    let answer = ask(port, "GET /metrics HTTP/1.0\r\nHost: board.monitoring.svc\r\n\r\n");
    assert_eq!(status(&answer.expect("an answer")), "200");
    assert_eq!(switch.commands(), Vec::<String>::new());
    let own = format!("Host: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n");
    assert_eq!(status(&act(port, &own, &pause)), "200");
    assert_eq!(switch.commands(), ["callcenter_config agent pause '1001'"]);
}

#[test]
fn a_name_that_is_configured_leads_here() {
    let switch = Switch::start(centre(1_000, 1));
    let (_board, port, _directory) = open(&switch, "hosts = [\"board.example\"]\n");
    let asked = |host: &str| {
        let answer = ask(port, &format!("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n"));
        status(&answer.expect("an answer")).to_owned()
    };
    assert_eq!(asked("board.example"), "200");
    assert_eq!(asked("other.example"), "421");
}

#[test]
fn an_agent_is_meant_by_its_name_whatever_is_in_it() {
    let names = [
        "tab\there",
        "o'neill \\ \"x\" |",
        "<b>&amp;</b>",
        "a\u{1b}b",
        "line\r\nend",
        " blank ",
        "äöü 日本",
    ];
    let switch = Switch::start(with_agents(&names));
    let (_board, port, _directory) = open(&switch, "");
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    for name in names {
        let answer = act(port, &host, &json!({"do": "pause", "agent": name, "reason": "lunch"}));
        assert_eq!(status(&answer), "200", "{name:?}: {answer}");
    }
    let expected = [
        "tab\there",
        r#"o\'neill \\ "x" |"#,
        "<b>&amp;</b>",
        "a\u{1b}b",
        r"line\r\nend",
        " blank ",
        "äöü 日本",
    ];
    let expected = expected.map(|name| format!("callcenter_config agent pause '{name}' 'lunch'"));
    assert_eq!(switch.commands(), expected);
    for nobody in ["tab here", "tab\there\n\napi shutdown", ""] {
        let answer = act(port, &host, &json!({"do": "pause", "agent": nobody}));
        assert_eq!(status(&answer), "409", "{nobody:?}");
    }
    assert_eq!(switch.commands().len(), names.len());
}

/// Whether the other end has closed the connection.
fn is_closed(connection: &mut TcpStream) -> bool {
    connection
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a patience");
    match connection.read(&mut [0; 1024]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(wrong) => !matches!(wrong.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

#[test]
fn whoever_does_not_say_what_is_wanted_is_not_waited_for() {
    let switch = Switch::start(centre(1_000, 1));
    let (_board, port, _directory) = open(&switch, "");
    let began = Instant::now();
    let mut slow: Vec<TcpStream> = (0..100)
        .map(|number| {
            let mut connection = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
            // Some say nothing, and some never come to an end.
            let said: &[u8] = if number % 2 == 0 {
                b""
            } else {
                b"GET / HTTP/1.1\r\nHost: 127"
            };
            connection.write_all(said).expect("written");
            connection
        })
        .collect();
    assert!(get(port, "/healthz").is_some(), "the others are served meanwhile");
    until("the end of the slow ones", || {
        slow.retain_mut(|connection| !is_closed(connection));
        slow.is_empty().then_some(())
    });
    assert!(
        began.elapsed() > Duration::from_secs(5),
        "closed after {:?}",
        began.elapsed()
    );
    let half = format!(
        "POST /supervisor/act HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{"
    );
    assert_eq!(status(&ask(port, &half).expect("an answer")), "408");
    let long = format!("{{\"do\": \"{}\"}}", "x".repeat(20_000));
    let long = act(port, &format!("Host: 127.0.0.1:{port}\r\n"), &json!(long));
    assert_eq!(status(&long), "413");
}

#[test]
fn there_are_so_many_connections_and_no_more() {
    let switch = Switch::start(centre(1_000, 1));
    let (_board, port, _directory) = open(&switch, "max-viewers = 2\n");
    let mut held: Vec<TcpStream> = Vec::new();
    let is_answered = |held: &mut Vec<TcpStream>| {
        let mut connection = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        connection
            .set_read_timeout(Some(Duration::from_millis(700)))
            .expect("a patience");
        write!(connection, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").expect("written");
        let is_answered = connection.read(&mut [0; 1024]).is_ok_and(|length| length > 0);
        held.push(connection);
        is_answered
    };
    while is_answered(&mut held) {
        assert!(held.len() < 1000, "there is no end of connections");
    }
    assert_eq!(held.len(), 2 + 128 + 1);
    held.clear();
    until("an answer", || get(port, "/healthz"));
}

#[test]
fn events_are_taken_however_late_an_answer_is() {
    const EVENTS: usize = 100_000;
    let switch = Switch::start(centre(1_000, 1));
    let (_board, port, _directory) = open(&switch, "");
    switch.be_silent(true);
    let body =
        "Event-Name: CUSTOM\nEvent-Subclass: callcenter%3A%3Ainfo\nCC-Action: members-count\nCC-Queue: a%40b\n\n";
    let event = format!(
        "Content-Length: {}\nContent-Type: text/event-plain\n\n{body}",
        body.len()
    );
    let mut line = switch.lines().remove(0);
    line.set_write_timeout(Some(PATIENCE)).expect("a patience");
    let began = Instant::now();
    // Far more than lies in the buffers between the two: somebody has to read them.
    for _ in 0..EVENTS / 100 {
        line.write_all(event.repeat(100).as_bytes()).expect("somebody reads");
    }
    let took = began.elapsed();
    assert!(took < Duration::from_secs(8), "{EVENTS} events were taken in {took:?}");
    switch.be_silent(false);
    switch.say(centre(1_000, 8));
    let answered = r#"callcenter_queue_answered_total{queue="a@b"} 8"#;
    until("a look after them", || {
        get(port, "/metrics").filter(|text| text.contains(answered))
    });
}

#[test]
fn a_user_who_may_give_commands_alone_is_enough() {
    let switch = Switch::start(with_agents(&["1001"]));
    switch.forbid_json();
    let (_board, port, _directory) = open(&switch, "");
    let shows = |answered: u64| {
        let series = format!("callcenter_queue_answered_total{{queue=\"a@b\"}} {answered}\n");
        until(&series, || get(port, "/metrics").filter(|text| text.contains(&series)));
    };
    shows(1);
    switch.say(centre(1_000, 4));
    switch.fire(&[]);
    shows(4);
    switch.say(with_agents(&["1001"]));
    switch.fire(&[]);
    shows(1);
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let answer = act(port, &host, &json!({"do": "pause", "agent": "1001"}));
    assert_eq!(status(&answer), "200", "{answer}");
    assert_eq!(switch.commands(), ["callcenter_config agent pause '1001'"]);
}
