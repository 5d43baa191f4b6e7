//! A real board before two FreeSWITCH that are one call centre, and the events that such boxes fire.

use crate::clusters::{box_of_cluster, phone_at, wait_until_in, QUEUE};
use callcenter_test_support::harness::{free_tcp, install, phone, skip, Event, FreeSwitch, Module, Setup, SOON};
use callcenter_test_support::private::{shared, Kind};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// From the death of the box that leads until the board shows the whole again: an election, and a look.
const SHOWN_AGAIN_WITHIN: Duration = Duration::from_secs(15);

/// Two boxes; each has an agent, who is on a break.
fn two(database: &str, settings: &[(&str, &str)]) -> Option<Vec<FreeSwitch>> {
    let install = install()?;
    let server = shared(Kind::Postgres)?;
    server.create_database(database);
    let mut all: Vec<FreeSwitch> = Vec::new();
    for name in ["box1", "box2"] {
        let mut centre = box_of_cluster(name, server, database)
            .agent("a1", &phone("a1", "answer"), &[("status", "On Break")])
            .tier(QUEUE, "a1", 1, 1);
        for (setting, value) in settings {
            centre = centre.setting(setting, value);
        }
        let switch = FreeSwitch::start(install, Module::Ours, Setup::new(&centre));
        wait_until_in(all.first(), name, &switch);
        all.push(switch);
    }
    Some(all)
}

/// A board; it ends with the test.
struct Board {
    child: Child,
    port: u16,
    directory: tempfile::TempDir,
}

impl Board {
    /// Before these; none where there is no such program.
    fn before(boxes: &[&FreeSwitch]) -> Option<Self> {
        // It stands beside this test's own program.
        let here = std::env::current_exe().ok()?;
        let program: PathBuf = here.parent()?.parent()?.join("callcenter-board");
        if !program.is_file() {
            skip("there is no callcenter-board: cargo build --workspace --bins");
            return None;
        }
        let port = free_tcp();
        let lines = boxes.iter().enumerate().map(|(at, switch)| {
            let port = switch.ports.esl;
            format!(
                "[[box]]\nname = \"site{}\"\nhost = \"127.0.0.1\"\nport = {port}\npassword = \"host-test\"\n",
                at + 1
            )
        });
        let text = format!("listen = \"127.0.0.1:{port}\"\n{}", lines.collect::<String>());
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("board.toml");
        std::fs::write(&file, text).expect("the configuration");
        let log = std::fs::File::create(directory.path().join("log")).expect("a log");
        let child = Command::new(program)
            .arg("--config")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        Some(Self {
            child: child.expect("the board starts"),
            port,
            directory,
        })
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    fn metrics(&self) -> String {
        let mut text = String::new();
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut line| {
            line.set_read_timeout(Some(SOON))?;
            line.write_all(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
            line.read_to_string(&mut text)
        });
        // One that does not listen yet shows nothing.
        asked.map_or_else(|_| String::new(), |_| text)
    }

    /// Waits until each of these series has its value.
    fn shows(&self, within: Duration, series: &[(&str, &str)]) {
        let began = Instant::now();
        loop {
            let text = self.metrics();
            let has = |(name, value): &(&str, &str)| text.lines().any(|line| line == format!("{name} {value}"));
            if series.iter().all(has) {
                return;
            }
            assert!(
                began.elapsed() < within,
                "the board does not show {:?}\n{text}\n{}",
                series.iter().find(|one| !has(one)),
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // One that has ended by itself has failed the test already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The agent sits at this box from now on.
fn sits_at(switch: &FreeSwitch, asked: &FreeSwitch) {
    let contact = phone_at(switch, "a1", "answer");
    assert_eq!(asked.callcenter(&format!("agent set contact a1 {contact}")), "+OK\n");
}

const WAITING: &str = "callcenter_queue_members{queue=\"support@default\",state=\"waiting\"}";
const TALKING: &str = "callcenter_queue_members{queue=\"support@default\",state=\"answered\"}";
const CALLS: &str = "callcenter_queue_calls_total{queue=\"support@default\"}";
const ANSWERED: &str = "callcenter_queue_answered_total{queue=\"support@default\"}";

/// Callers on both boxes are shown together and counted once; the box that leads is killed, and what is left is shown.
#[test]
fn one_board_shows_the_whole_and_goes_on_when_a_box_dies() {
    let Some(mut all) = two("board", &[]) else { return };
    let Some(board) = Board::before(&[&all[0], &all[1]]) else {
        return;
    };
    let up = |at: usize| format!("callcenter_box_up{{box=\"site{at}\"}}");
    let leads = |at: usize| format!("callcenter_box_leads{{box=\"site{at}\"}}");
    board.shows(
        SOON,
        &[
            ("callcenter_up", "1"),
            (&up(1), "1"),
            (&up(2), "1"),
            (&leads(1), "1"),
            (&leads(2), "0"),
        ],
    );
    sits_at(&all[1], &all[0]);
    all[0].call_queue("5550001", "support");
    board.shows(SOON, &[(WAITING, "1")]);
    let second = all[1].call_queue("5550002", "support");
    // What happens on the other box is told there alone.
    board.shows(
        SOON,
        &[
            (WAITING, "2"),
            (CALLS, "2"),
            ("callcenter_box_callers{box=\"site2\"}", "1"),
        ],
    );
    let labelled = board
        .metrics()
        .lines()
        .filter(|line| line.starts_with("callcenter_queue_calls_total{"))
        .count();
    assert_eq!(labelled, 1, "{}", board.metrics());
    all[0].kill();
    let killed = Instant::now();
    board.shows(SHOWN_AGAIN_WITHIN, &[(&up(1), "0"), ("callcenter_up", "0")]);
    board.shows(
        SHOWN_AGAIN_WITHIN,
        &[("callcenter_up", "1"), (&leads(2), "1"), (WAITING, "1")],
    );
    println!("shown again {:?} after the death of the leader", killed.elapsed());
    // Figures begin anew with the leader.
    all[1].until("callcenter_config agent set status a1 Available", |answer| {
        answer == "+OK\n"
    });
    board.shows(SOON, &[(TALKING, "1"), (ANSWERED, "1"), (WAITING, "0")]);
    all[0].start_again(Module::Ours);
    all[1].wait_for_log("box1 takes part");
    board.shows(SHOWN_AGAIN_WITHIN, &[(&up(1), "1"), (&leads(1), "0"), (TALKING, "1")]);
    all[1].hang_up(&second);
    board.shows(SOON, &[(TALKING, "0"), (ANSWERED, "1")]);
    let log = board.log();
    assert!(!log.contains("Take it out of the list"), "{log}");
}

/// A box that is in no cluster does not belong beside one that is: one line says so, and nothing of it is counted.
#[test]
fn a_board_leaves_out_a_box_that_is_in_no_cluster() {
    let (Some(install), Some(all)) = (install(), two("strange", &[])) else {
        return;
    };
    let centre = callcenter_test_support::harness::CallCenter::new().queue("other@default", &[]);
    let alone = FreeSwitch::start(install, Module::Ours, Setup::new(&centre));
    let Some(board) = Board::before(&[&all[0], &alone]) else {
        return;
    };
    board.shows(
        SOON,
        &[("callcenter_up", "1"), ("callcenter_box_up{box=\"site2\"}", "1")],
    );
    assert!(!board.metrics().contains("other@default"), "{}", board.metrics());
    let log = board.log();
    let told = log
        .lines()
        .filter(|line| line.contains("is in no cluster, unlike \"site1\""));
    assert_eq!(told.count(), 1, "{log}");
    assert_eq!(
        alone.callcenter("cluster"),
        "-ERR This FreeSWITCH is in no cluster! The setting cluster would make it part of one.\n"
    );
}

/// The events of ours since then, in their order: number, election and box.
fn stamps(switch: &FreeSwitch, mark: usize) -> Vec<(u64, String, String)> {
    let events = switch.events().since(mark).into_iter();
    let ours = events.filter(|event| !event.get("CC-Action").is_empty());
    let stamp = |event: Event| {
        let number = event.get("CC-Event-Sequence").parse().expect("a number");
        let word = |name| event.get(name).to_owned();
        (number, word("CC-Election"), word("CC-Instance"))
    };
    ours.map(stamp).collect()
}

/// Waits for the caller's end on the box that tells it.
fn left(switch: &FreeSwitch, mark: usize, number: &str) {
    switch.events().wait(mark, SOON, "the end", |event| {
        event.is("member-queue-end") && event.get("CC-Member-CID-Number") == number
    });
}

/// Each event is fired once, on the box of its call; all boxes count together.
#[test]
fn events_of_all_boxes_are_numbered_together() {
    let Some(all) = two("numbered", &[]) else { return };
    let marks = [all[0].events().mark(), all[1].events().mark()];
    let first = all[0].call_queue("5550001", "support");
    all[0].wait_for(marks[0], "member-queue-start");
    let second = all[1].call_queue("5550002", "support");
    all[1].wait_for(marks[1], "member-queue-start");
    all[0].hang_up(&first);
    left(&all[0], marks[0], "5550001");
    all[1].hang_up(&second);
    left(&all[1], marks[1], "5550002");
    let all_told = || {
        let told: Vec<_> = (0..2).flat_map(|at| stamps(&all[at], marks[at])).collect();
        let numbers: BTreeSet<u64> = told.iter().map(|(number, ..)| *number).collect();
        (told, numbers)
    };
    let began = Instant::now();
    // The last ones of either box may be on their way.
    let (told, numbers) = loop {
        let (told, numbers) = all_told();
        let span = numbers
            .last()
            .zip(numbers.first())
            .map(|(last, first)| last - first + 1);
        if span == Some(numbers.len() as u64) || began.elapsed() > SOON {
            break (told, numbers);
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(told.len(), numbers.len(), "each number once: {told:?}");
    let span = numbers
        .last()
        .zip(numbers.first())
        .map(|(last, first)| last - first + 1);
    assert_eq!(span, Some(numbers.len() as u64), "no number is missing: {numbers:?}");
    let elections: BTreeSet<&str> = told.iter().map(|(_, election, _)| election.as_str()).collect();
    assert_eq!(elections.len(), 1, "{elections:?}");
    for (at, name) in ["box1", "box2"].iter().enumerate() {
        let own = stamps(&all[at], marks[at]);
        assert!(own.iter().all(|(_, _, whose)| whose == name), "{name}: {own:?}");
    }
    let snapshot = all[1].callcenter("snapshot");
    let election = elections.first().expect("one");
    assert!(snapshot.contains(&format!("\"election\":\"{election}\"")), "{snapshot}");
}

/// With `cluster-events` = `everywhere` each event is fired on every box, under one number, and says whose it is.
#[test]
fn events_are_fired_everywhere_where_that_is_set() {
    let Some(all) = two("everywhere", &[("cluster-events", "everywhere")]) else {
        return;
    };
    let marks = [all[0].events().mark(), all[1].events().mark()];
    let caller = all[1].call_queue("5550002", "support");
    all[1].wait_for(marks[1], "member-queue-start");
    all[1].hang_up(&caller);
    left(&all[0], marks[0], "5550002");
    left(&all[1], marks[1], "5550002");
    let of_caller = |at: usize| {
        let events = all[at].events().since(marks[at]).into_iter();
        let events = events.filter(|event| event.get("CC-Member-CID-Number") == "5550002");
        events
            .map(|event| {
                assert_eq!(event.get("CC-Instance"), "box2");
                (event.action().to_owned(), event.get("CC-Event-Sequence").to_owned())
            })
            .collect::<Vec<_>>()
    };
    assert!(!of_caller(0).is_empty());
    assert_eq!(of_caller(0), of_caller(1));
    for (at, standing) in ["leads", "follows"].iter().enumerate() {
        let list = all[at].callcenter("cluster");
        let own = list.lines().find(|line| line.starts_with(&format!("box{}|", at + 1)));
        assert!(
            own.is_some_and(|line| line.contains(&format!("|{standing}|"))),
            "{list}"
        );
    }
}
