//! The program as an operator, a container and a service manager meet it: its options, what it says of a configuration, how it ends.

mod support;

use serde_json::json;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::time::Instant;
use support::{ask, board, board_with_log, centre, free_port, get, names, root, until, Switch, PATIENCE, TOKEN};

/// How a variable of the environment begins that sets an option.
const VARIABLE: &str = "CALLCENTER_BOARD_";

/// A service manager does not try again after this.
const BAD_CONFIGURATION: Option<i32> = Some(78);

/// What the program says with these words and this environment, once it has ended by itself.
fn said(words: &[&str], environment: &[(&str, &str)]) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_callcenter-board"))
        .args(words)
        .env("CALLCENTER_BOARD_LISTEN", format!("127.0.0.1:{}", free_port()))
        .envs(environment.iter().copied())
        .output();
    program.expect("the board starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn help_names_each_option_with_its_variable_and_the_documents_have_them_all() {
    let output = said(&["--help"], &[("CALLCENTER_BOARD_PASSWORD", "very-secret")]);
    assert_eq!(output.status.code(), Some(0));
    let help = text(&output.stdout);
    for option in [
        "--config",
        "--listen",
        "--host",
        "--port",
        "--user",
        "--password-file",
        "--token-file",
        "--language",
        "--check",
        "--verbose",
        "--version",
    ] {
        assert!(help.contains(option), "{option} in {help}");
    }
    assert!(!help.contains("very-secret"), "{help}");
    let page = std::fs::read_to_string(root().join("docs/admin/board.md")).expect("the page about the board");
    let mut documented = names(&page, VARIABLE);
    // An option would show it to everybody on the machine, so help does not offer one.
    assert!(documented.remove("CALLCENTER_BOARD_PASSWORD"));
    assert_eq!(documented, names(&help, VARIABLE));
    let version = said(&["--version"], &[]);
    assert_eq!(
        text(&version.stdout),
        format!("callcenter-board {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_good_configuration_is_checked_and_nothing_is_started() {
    let example = root().join("conf/callcenter-board.toml");
    let example = std::fs::read_to_string(example).expect("the example");
    // All that is there as a remark, as it would be without the mark before it.
    let names = example.lines().filter_map(|line| line.strip_prefix('#'));
    let names: Vec<&str> = names
        .filter(|line| line.starts_with('[') || line.split(' ').nth(1) == Some("="))
        .filter(|line| !line.contains("-file"))
        .collect();
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("board.toml");
    for configuration in [example.as_str(), &names.join("\n"), ""] {
        std::fs::write(&file, configuration).expect("a file");
        let output = said(&["--check", "--config", file.to_str().expect("a path")], &[]);
        let log = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{configuration}\n{log}");
        assert!(log.contains("the configuration can be used"), "{log}");
        assert!(!log.contains("the board is at"), "{log}");
    }
    assert!(names.len() > 30, "{names:?}");
}

/// What is wrong with a configuration, and a word of the line that says so.
const BAD: &[(&str, &str)] = &[
    ("tittle = \"Northwind\"", "unknown field `tittle`"),
    ("[freeswitch]\nhots = \"pbx\"", "unknown field `hots`"),
    ("[[queue]]\nname = \"a@b\"\ntarge = 90", "unknown field `targe`"),
    ("[[agent]]\nname = \"1001\"\ncolour = \"red\"", "unknown field `colour`"),
    ("[[box]]\nhost = \"pbx\"\nprot = 8021", "unknown field `prot`"),
    ("[metrics]\nagent = true", "unknown field `agent`"),
    ("[privacy]\nmask = false", "unknown field `mask`"),
    ("[thresholds]\nwait-ambr = 1", "unknown field `wait-ambr`"),
    ("[supervisor]\ntokens = \"x\"", "unknown field `tokens`"),
    ("title = ", "line 1"),
    ("max-viewers = \"many\"", "line 1"),
    ("listen = \"here\"", "line 1"),
    ("language = \"fr\"", "fr"),
    ("[thresholds]\nwait-amber = 90\nwait-red = 30", "amber comes before red"),
    ("[thresholds]\ntarget = 101", "at most 100 percent"),
    ("[[queue]]\ntitle = \"Support\"", "a [[queue]] without a name"),
    ("[[box]]\nhost = \"pbx\"\n[[box]]\nhost = \"pbx\"", "two boxes \"pbx\""),
    (
        "[supervisor]\ntoken-file = \"/nonexistent/tokens\"",
        "/nonexistent/tokens",
    ),
];

#[test]
fn a_bad_configuration_is_one_line_that_says_what_is_wrong_and_the_code_78() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("board.toml");
    for (configuration, wrong) in BAD {
        std::fs::write(&file, configuration).expect("a file");
        let path = file.to_str().expect("a path");
        for words in [&["--config", path, "--check"] as &[&str], &["--config", path]] {
            let output = said(words, &[]);
            let log = text(&output.stderr);
            assert_eq!(output.status.code(), BAD_CONFIGURATION, "{configuration}\n{log}");
            assert_eq!(log.lines().count(), 1, "{configuration}\n{log}");
            assert!(log.contains(wrong), "{configuration}\n{log}");
        }
    }
    let output = said(&["--config", "/nonexistent/board.toml"], &[]);
    assert_eq!(output.status.code(), BAD_CONFIGURATION);
    let tokens = directory.path().join("tokens");
    std::fs::write(&tokens, "Anna short\n").expect("a file");
    let output = said(&["--token-file", tokens.to_str().expect("a path")], &[]);
    assert_eq!(output.status.code(), BAD_CONFIGURATION);
    assert!(text(&output.stderr).contains("a token has 16 to 256 characters"));
}

#[test]
fn what_the_environment_says_wrong_is_a_bad_configuration_too() {
    for (variable, value, wrong) in [
        (
            "CALLCENTER_BOARD_CONFIG",
            "/nonexistent/board.toml",
            "cannot read /nonexistent/board.toml",
        ),
        ("CALLCENTER_BOARD_LISTEN", "everywhere", "everywhere"),
        ("CALLCENTER_BOARD_HOST", "pbx:here", "NAME or NAME:PORT"),
        ("CALLCENTER_BOARD_PORT", "70000", "70000"),
        (
            "CALLCENTER_BOARD_TOKEN_FILE",
            "/nonexistent/tokens",
            "/nonexistent/tokens",
        ),
        ("CALLCENTER_BOARD_LANGUAGE", "fr", "there are auto, en and de"),
        ("CALLCENTER_BOARD_VERBOSE", "loud", "loud"),
    ] {
        let output = said(&[], &[(variable, value)]);
        let log = text(&output.stderr);
        assert_eq!(output.status.code(), BAD_CONFIGURATION, "{variable}: {log}");
        assert!(log.contains(wrong), "{variable}: {log}");
    }
    let output = said(&["--colour"], &[]);
    assert_eq!(output.status.code(), BAD_CONFIGURATION);
}

#[test]
fn in_a_container_the_environment_is_enough() {
    let switch = Switch::start(centre(1_000, 8));
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| {
        let file = directory.path().join(name);
        std::fs::write(&file, text).expect("a file");
        file.to_str().expect("a path").to_owned()
    };
    let password = write("password", "of the file\nand not this\n");
    let tokens = write("tokens", &format!("Anna {TOKEN}\n"));
    let configuration = write(
        "board.toml",
        "title = \"From the file\"\nlanguage = \"en\"\n[freeswitch]\nport = 1\n",
    );
    let log = directory.path().join("log");
    let port = free_port();
    let own = switch.port.to_string();
    let said = [
        ("CALLCENTER_BOARD_CONFIG", configuration.as_str()),
        ("CALLCENTER_BOARD_HOST", "127.0.0.1"),
        ("CALLCENTER_BOARD_PORT", &own),
        ("CALLCENTER_BOARD_USER", "board@default"),
        ("CALLCENTER_BOARD_PASSWORD_FILE", &password),
        ("CALLCENTER_BOARD_TOKEN_FILE", &tokens),
        ("CALLCENTER_BOARD_LANGUAGE", "de"),
        ("CALLCENTER_BOARD_VERBOSE", "true"),
    ];
    let _board = board_with_log(port, &said, std::fs::File::create(&log).expect("a log"));
    until("the board's connection", || get(port, "/healthz"));
    assert_eq!(switch.logins(), ["userauth board@default:of the file"]);
    let page = get(port, "/").expect("the page");
    assert!(page.contains("lang=\"de\"") && page.contains("From the file"), "{page}");
    let who = ask(
        port,
        &format!("GET /supervisor/who HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"),
    );
    assert!(who.expect("an answer").contains("Anna"));
    let log = std::fs::read_to_string(&log).expect("the log");
    // Its address and its connection are all that is said otherwise.
    assert!(log.lines().count() > 2, "{log}");
    assert!(!log.contains("of the file"), "the password is in the log: {log}");
}

#[test]
fn the_password_and_several_machines_may_be_in_the_environment() {
    let switches = [Switch::start(centre(1_000, 8)), Switch::start(centre(1_000, 9))];
    let hosts = format!("127.0.0.1:{},localhost:{}", switches[0].port, switches[1].port);
    let port = free_port();
    let said = [
        ("CALLCENTER_BOARD_HOST", hosts.as_str()),
        ("CALLCENTER_BOARD_PASSWORD", "in the environment"),
    ];
    let _board = board(port, &said);
    for host in hosts.split(',') {
        let up = format!("callcenter_box_up{{box=\"{host}\"}} 1");
        until(&up, || get(port, "/metrics").filter(|text| text.contains(&up)));
    }
    for switch in &switches {
        assert_eq!(switch.logins(), ["auth in the environment"]);
    }
}

#[test]
fn it_ends_at_once_and_well_when_it_is_told_to_although_pages_are_open() {
    let switch = Switch::start(centre(1_000, 8));
    for signal in ["TERM", "INT"] {
        let port = free_port();
        let mut program = board(port, &[("CALLCENTER_BOARD_PORT", &switch.port.to_string())]);
        until("the board's connection", || get(port, "/healthz"));
        let mut page = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        page.set_read_timeout(Some(PATIENCE)).expect("a patience");
        write!(page, "GET /live?page=wall HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n").expect("written");
        page.read_exact(&mut [0; 64]).expect("the page's stream");
        let began = Instant::now();
        let sent = Command::new("kill")
            .args(["-s", signal, &program.0.id().to_string()])
            .status();
        assert!(sent.expect("kill").success());
        let status = until("its end", || program.0.try_wait().expect("a program of ours"));
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(began.elapsed().as_secs() < 5, "{signal}: {:?}", began.elapsed());
    }
}

#[test]
fn a_port_that_somebody_has_is_one_line_and_no_bad_configuration() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port();
    let mut program = board_with_log(port, &[], Stdio::piped());
    let status = until("its end", || program.0.try_wait().expect("a program of ours"));
    assert_eq!(status.code(), Some(1));
    let mut log = String::new();
    let mut errors = program.0.stderr.take().expect("its error output");
    errors.read_to_string(&mut log).expect("the log");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{log}");
}

#[test]
fn each_agent_is_in_the_metrics_only_where_that_is_asked_for() {
    let mut centre = centre(1_000, 8);
    centre["agents"] =
        json!([{"name": "1001", "doing": "talking", "tiers": []}, {"name": "1002", "doing": "ready", "tiers": []}]);
    let switch = Switch::start(centre);
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("board.toml");
    for wants in [true, false] {
        std::fs::write(&file, format!("[metrics]\nagents = {wants}\n")).expect("a file");
        let port = free_port();
        let said = [
            ("CALLCENTER_BOARD_CONFIG", file.to_str().expect("a path")),
            ("CALLCENTER_BOARD_PORT", &switch.port.to_string()),
        ];
        let _board = board(port, &said);
        until("the board's connection", || get(port, "/healthz"));
        let text = get(port, "/metrics").expect("metrics");
        let talking = "callcenter_agent_state{agent=\"1001\",state=\"talking\"} 1";
        assert_eq!(text.contains(talking), wants, "{text}");
        let ones = text
            .lines()
            .filter(|line| line.starts_with("callcenter_agent_state{") && line.ends_with(" 1"));
        assert_eq!(ones.count(), if wants { 2 } else { 0 }, "each does one thing");
    }
}
