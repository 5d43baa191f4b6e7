//! What a page is told over its stream: how soon, how often, and how much when it has not listened for a while.

mod support;

use serde_json::{json, Value};
use socket2::{Domain, Socket, Type};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use support::{board, centre, free_port, get, until, Program, Switch, PATIENCE};

/// A lost FreeSWITCH shows within this time.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);

/// What is left over for a machine that does a lot besides.
const BUSY: Duration = Duration::from_millis(500);

/// A board in front of this FreeSWITCH that has found it.
fn open(switch: &Switch) -> (Program, u16) {
    let port = free_port();
    let program = board(port, &[("CALLCENTER_BOARD_PORT", &switch.port.to_string())]);
    until("the board's connection", || get(port, "/healthz"));
    (program, port)
}

/// The wall, as a browser opens it; the kernel keeps little of what is not read.
fn wall(port: u16) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    socket
        .connect(&SocketAddr::from(([127, 0, 0, 1], port)).into())
        .expect("a connection");
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).expect("a patience");
    write!(stream, "GET /live?page=wall HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n").expect("written");
    stream
}

/// One event of a stream.
struct Told {
    at: Instant,
    name: String,
    data: Value,
    bytes: usize,
}

impl Told {
    /// What it sets of a queue's tile.
    fn tile(&self, queue: &str) -> &Value {
        &self.data["set"][format!("q:{queue}")]
    }

    /// How it says that FreeSWITCH is.
    fn link(&self) -> Option<&str> {
        self.data["set"]["board"]["link"]["is"].as_str()
    }
}

/// The events of a stream, as they come.
struct Events {
    stream: TcpStream,
    text: String,
}

impl Events {
    fn of(stream: TcpStream) -> Self {
        Self {
            stream,
            text: String::new(),
        }
    }

    /// The next one that is no beat.
    fn next(&mut self) -> Told {
        loop {
            let told = self.next_of_all();
            if told.name != "beat" {
                return told;
            }
        }
    }

    fn next_of_all(&mut self) -> Told {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event = self.text[..end].to_owned();
                self.text.drain(..end + 2);
                let line = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::to_owned)
                };
                return Told {
                    at: Instant::now(),
                    name: line("event: ").unwrap_or_default(),
                    data: line("data: ")
                        .and_then(|data| serde_json::from_str(&data).ok())
                        .unwrap_or_default(),
                    bytes: event.len() + 2,
                };
            }
            let mut buffer = [0; 16 * 1024];
            let length = self.stream.read(&mut buffer).expect("the stream goes on");
            assert!(length > 0, "the stream has ended");
            self.text
                .push_str(std::str::from_utf8(&buffer[..length]).expect("no text that is not ASCII"));
            // The head of the answer is followed by the first event.
            if let Some((_, body)) = self.text.split_once("\r\n\r\n") {
                self.text = body.to_owned();
            }
        }
    }
}

/// A call centre with so many queues, each of which has answered so many calls today.
fn busy(queues: usize, answered: u64) -> Value {
    let mut all = centre(1_000, answered);
    let queue = |number: usize| {
        let mut one = all["queues"][0].clone();
        one["name"] = json!(format!("q{number}@busy"));
        one["today"] = json!({"calls": answered, "answered": answered, "answered_in_time": answered});
        one
    };
    let queues: Vec<Value> = (0..queues).map(queue).collect();
    all["queues"] = queues.into();
    all
}

#[test]
fn whoever_has_not_read_for_a_while_is_told_the_newest_state_and_no_backlog() {
    const QUEUES: usize = 200;
    const ROUNDS: u64 = 12;
    let switch = Switch::start(busy(QUEUES, 1));
    let (_board, port) = open(&switch);
    let mut quick = Events::of(wall(port));
    let whole = quick.next();
    assert_eq!(whole.name, "whole");
    let slow = wall(port);
    until("the slow one is known", || {
        get(port, "/healthz").filter(|text| text.contains("\"viewers\":2"))
    });
    let mut seen = 0;
    for round in 2..=ROUNDS {
        switch.say(busy(QUEUES, round * 1000));
        switch.fire(&[]);
        // Whoever reads sees each of them, one after the other.
        loop {
            let told = quick.next();
            if told.tile("q0@busy")["answered"] == round * 1000 {
                seen += told.bytes;
                break;
            }
        }
    }
    let mut slow = Events::of(slow);
    assert_eq!(slow.next().name, "whole");
    let mut changes: Vec<Told> = Vec::new();
    while changes
        .last()
        .is_none_or(|told| told.tile("q0@busy")["answered"] != ROUNDS * 1000)
    {
        changes.push(slow.next());
    }
    let bytes: usize = changes.iter().map(|told| told.bytes).sum();
    // What lay in the kernel's buffers when they were full, and the newest.
    assert!(changes.len() <= 3, "{} changes of {}", changes.len(), ROUNDS - 1);
    assert!(bytes * 2 < seen, "{bytes} bytes, and whoever read all had {seen}");
    let last = changes.last().expect("the newest");
    let tiles = (0..QUEUES).filter(|number| last.tile(&format!("q{number}@busy"))["answered"] == ROUNDS * 1000);
    assert_eq!(tiles.count(), QUEUES, "the newest of each tile");
}

#[test]
fn a_tile_is_told_once_a_second_at_most_however_much_happens() {
    const SECONDS: u64 = 6;
    let switch = Switch::start(busy(3, 1));
    let (_board, port) = open(&switch);
    let mut page = Events::of(wall(port));
    assert_eq!(page.next().name, "whole");
    let is_over = AtomicBool::new(false);
    let told: Vec<Told> = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 2.. {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                // Each event comes with a change of each tile.
                switch.say(busy(3, number));
                switch.fire(&[]);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let end = Instant::now() + Duration::from_secs(SECONDS);
        let mut told = Vec::new();
        while Instant::now() < end {
            told.push(page.next());
        }
        is_over.store(true, Ordering::SeqCst);
        told
    });
    for queue in ["q0@busy", "q1@busy", "q2@busy"] {
        let times: Vec<Instant> = told
            .iter()
            .filter(|told| !told.tile(queue).is_null())
            .map(|told| told.at)
            .collect();
        let count = u64::try_from(times.len()).expect("not so many");
        assert!(
            (SECONDS / 2..=SECONDS + 1).contains(&count),
            "{queue} was told {count} times in {SECONDS} s"
        );
        let span = times[times.len() - 1] - times[0];
        let gaps = u32::try_from(times.len() - 1).expect("not so many");
        assert!(
            span / gaps >= Duration::from_millis(950),
            "{queue}: {gaps} gaps in {span:?}"
        );
    }
}

#[test]
fn a_freeswitch_that_does_not_answer_any_more_is_silent_then_lost_and_never_well_in_between() {
    let switch = Switch::start(centre(1_000, 8));
    let (_board, port) = open(&switch);
    let mut page = Events::of(wall(port));
    assert_eq!(page.next().name, "whole");
    switch.be_silent(true);
    let began = Instant::now();
    let mut links = Vec::new();
    let mut silent_after = None;
    while links.last().is_none_or(|is| is != "lost") {
        let told = page.next();
        if let Some(is) = told.link() {
            silent_after.get_or_insert(told.at - began);
            links.push(is.to_owned());
        }
    }
    assert_eq!(links, ["silent", "lost"]);
    let silent_after = silent_after.expect("it was told");
    assert!(silent_after < SHOWN_WITHIN + BUSY, "shown after {silent_after:?}");
    let text = get(port, "/metrics").expect("metrics");
    assert!(text.contains("\ncallcenter_connection_losses_total 1\n"), "{text}");
    assert!(text.contains("\ncallcenter_up 0\n"), "{text}");
    switch.be_silent(false);
    until("its return", || (page.next().link() == Some("up")).then_some(()));
}

#[test]
fn one_that_answers_late_is_well_again_with_its_answer() {
    let switch = Switch::start(centre(1_000, 8));
    let (_board, port) = open(&switch);
    let mut page = Events::of(wall(port));
    assert_eq!(page.next().name, "whole");
    switch.be_silent(true);
    let mut links = Vec::new();
    let mut next = |wanted: &str| loop {
        if let Some(is) = page.next().link() {
            links.push(is.to_owned());
            if is == wanted {
                return;
            }
        }
    };
    next("silent");
    switch.be_silent(false);
    next("up");
    assert_eq!(links, ["silent", "up"]);
    let text = get(port, "/metrics").expect("metrics");
    assert!(text.contains("\ncallcenter_connection_losses_total 0\n"), "{text}");
}
