//! How long a message takes, and what a cluster at rest costs. Run by name: `cargo test --release --test boxes figures -- --ignored
//! --nocapture`.

use crate::relay::{boxes, Relay, RelayBox};
use crate::waiting::wait_for;
use callcenter_test_support::private::{Kind, PrivateServer};
use callcenter_test_support::skip::say;
use std::ops::Range;
use std::time::{Duration, Instant};

const MESSAGES: u64 = 2_000;
const AT_REST: Duration = Duration::from_secs(30);

/// A server that waits for its disk, as an installed one does.
const FSYNC: &[&str] = &["-c", "fsync=on"];

fn last_heard(one: &RelayBox, from: &str, number: u64) -> Option<Instant> {
    let of = |relay: &Relay| {
        let mut newest = relay.heard.iter().rev();
        newest
            .find(|(instance, known, _)| instance == from && *known == number)
            .map(|(_, _, at)| *at)
    };
    one.act(|_, relay| of(relay))
}

/// From the moment a message is told on one box to the moment its consequence is carried out on another one, by way of a third that
/// leads.
fn latencies(all: &[RelayBox], (from, to): (usize, usize), numbers: Range<u64>) -> Vec<Duration> {
    let name = format!("box{from}");
    let measured = numbers.map(|number| {
        let told = Instant::now();
        all[from].act(|voice, _| voice.tell(number.to_string()));
        let mut arrived = None;
        wait_for("it arrives", Duration::from_secs(5), || {
            arrived = last_heard(&all[to], &name, number);
            arrived.is_some()
        });
        arrived.map_or(Duration::MAX, |arrived| arrived.duration_since(told))
    });
    let mut measured: Vec<Duration> = measured.collect();
    measured.sort();
    measured
}

fn tell_latencies(what: &str, measured: &[Duration]) {
    let at = |share: usize| measured[(measured.len() - 1) * share / 1000];
    say(&format!(
        "{what}: median {:?}, p90 {:?}, p99 {:?}, p99.9 {:?}, longest {:?}",
        at(500),
        at(900),
        at(990),
        at(999),
        at(1000)
    ));
}

#[test]
#[ignore = "a measurement, run by name"]
fn from_one_box_to_another() {
    let Some(server) = PrivateServer::start(Kind::Postgres, FSYNC) else {
        return;
    };
    server.create_database("latency");
    let all = boxes(&server, "latency", 3);
    tell_latencies("follower to follower", &latencies(&all, (1, 2), 1..MESSAGES));
    tell_latencies("leader's own box", &latencies(&all, (0, 0), 1..MESSAGES));
    tell_latencies("leader to follower", &latencies(&all, (0, 1), MESSAGES..2 * MESSAGES));
}

/// CPU time of processes that are selected by their command line, and of this one, in ticks.
fn ticks(process: &str) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<u64> = behind_name
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0))
        .collect();
    fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)
}

fn server_ticks(server: &PrivateServer) -> u64 {
    server
        .processes()
        .iter()
        .map(|process| ticks(&process.to_string()))
        .sum()
}

#[test]
#[ignore = "a measurement, run by name"]
fn at_rest() {
    let Some(server) = PrivateServer::start(Kind::Postgres, FSYNC) else {
        return;
    };
    server.create_database("rest");
    let all = boxes(&server, "rest", 10);
    let before = (ticks("self"), server_ticks(&server));
    std::thread::sleep(AT_REST);
    let after = (ticks("self"), server_ticks(&server));
    let cores = |ticks: u64| ticks as f64 / 100.0 / AT_REST.as_secs_f64();
    let connections = server.administer(
        "rest",
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'callcenter %'",
    );
    say(&format!(
        "at rest, ten boxes, {} connections: server {:.4} core, a box {:.4} core",
        connections.trim(),
        cores(after.1 - before.1),
        cores(after.0 - before.0) / all.len() as f64
    ));
}
