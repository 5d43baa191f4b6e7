//! What three boxes cost where nobody calls.

use super::site::{Site, BOXES};
use callcenter_test_support::harness::say;
use callcenter_test_support::process::cpu;
use std::process::Command;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(60);

/// Bytes that the server has sent and received so far on the connections that are open.
fn carried(port: u16) -> [u64; 2] {
    let output = Command::new("ss")
        .args(["-tinHO", "state", "established", &format!("( sport = :{port} )")])
        .output();
    let text = String::from_utf8(output.expect("run ss").stdout).expect("text");
    let sum = |name: &str| {
        let words = text.split_whitespace();
        let numbers = words.filter_map(|word| word.strip_prefix(name)?.parse::<u64>().ok());
        numbers.sum()
    };
    ["bytes_sent:", "bytes_received:"].map(sum)
}

/// Statements, transactions, and bytes of the server's log so far.
fn counted(site: &Site) -> [f64; 3] {
    let row = site.ask(
        "SELECT (SELECT sum(calls) FROM pg_stat_statements), \
         (SELECT sum(xact_commit) FROM pg_stat_database), pg_current_wal_lsn() - '0/0'::pg_lsn",
    );
    let mut numbers = row.trim().split('\u{1f}').map(|word| word.parse().unwrap_or(0.0));
    [(); 3].map(|()| numbers.next().unwrap_or(0.0))
}

#[test]
#[ignore = "a measurement: make cluster-faults"]
fn three_boxes() {
    let Some(site) = Site::open(false) else { return };
    let boxes: Vec<u32> = site.boxes.iter().map(|switch| switch.pid()).collect();
    let used = || {
        let of_boxes: f64 = boxes.iter().copied().map(cpu).sum();
        let of_server: f64 = site.server.processes().into_iter().map(cpu).sum();
        [of_boxes / BOXES as f64, cpu(site.phones.pid()), of_server]
    };
    let (counts, bytes, cpus) = (counted(&site), carried(site.server.port), used());
    // What is measured is this very time.
    std::thread::sleep(WINDOW);
    let (cpus_after, bytes_after, counts_after) = (used(), carried(site.server.port), counted(&site));
    let a_second = |before: f64, after: f64| (after - before) / WINDOW.as_secs_f64();
    let [a_box, bare, server] = [0, 1, 2].map(|at| a_second(cpus[at], cpus_after[at]));
    let [statements, transactions, log] = [0, 1, 2].map(|at| a_second(counts[at], counts_after[at]));
    let [sent, received] = [0, 1].map(|at| a_second(bytes[at] as f64, bytes_after[at] as f64));
    say(&format!(
        "{BOXES} boxes at rest for {} s: server {server:.4} core, a box {a_box:.4} core, FreeSWITCH alone {bare:.4} core; \
         {statements:.0} statements, {transactions:.0} transactions, {log:.0} bytes of the server's log a second; the server \
         sends {sent:.0} and receives {received:.0} bytes a second",
        WINDOW.as_secs()
    ));
}
