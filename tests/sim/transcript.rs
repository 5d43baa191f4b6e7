//! What the engine says on a thousand short days, as hashes in `transcript.txt`: text that is moved, renamed or cut differently
//! leaves them all as they are. What is meant to change them is read before it is taken for right:
//!
//! - `TRANSCRIPT=renew cargo test --test sim transcript` writes the hashes anew. The commit says why.
//! - `TRANSCRIPT=some/directory cargo test --test sim transcript` writes what was said on each day into a file there, to be compared
//!   with that of the engine before. A file takes a few hundred kilobytes; `SIM_SEED` picks one day.
//!
//! The days draw their random numbers from the seed, and logarithms from the machine's mathematical library.

use crate::days::{asked_or, day};
use callcenter_simulator::{Observer, Plan, Scene, World};
use mod_callcenter::engine::{EngineError, Input, Output, Reply, Span, Timestamp};
use std::fmt::{Debug, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;

/// How many days there are.
const DAYS: u64 = 1_000;
/// How long callers arrive on each.
const LENGTH: Span = Span::from_secs(600);
/// So many hashes stand on a line of the file.
const HASHES_A_LINE: usize = 8;

/// What the engine says: replies and outputs, each with its time.
#[derive(Default)]
struct Said {
    hash: Fnv,
    /// The same as text, where somebody wants to read it.
    text: Option<String>,
}

impl Said {
    fn say(&mut self, now: Timestamp, what: &dyn Debug) {
        // Writing to a hash or a text cannot fail.
        let _ = writeln!(self.hash, "{now:?} {what:?}");
        if let Some(text) = &mut self.text {
            let _ = writeln!(text, "{now:?} {what:?}");
        }
    }
}

impl Observer for Said {
    fn input(&mut self, now: Timestamp, input: &Input, reply: &Result<Reply, EngineError>) {
        if let Some(text) = &mut self.text {
            let _ = writeln!(text, "{now:?} > {input:?}");
        }
        self.say(now, reply);
    }

    fn deadline(&mut self, _: Timestamp) {}

    fn output(&mut self, now: Timestamp, output: &Output) {
        self.say(now, output);
    }

    fn settled(&mut self, _: &Scene<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// FNV-1a: the same on every machine and with every release of Rust.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

fn short_day(seed: u64) -> Plan {
    let mut plan = day(seed);
    plan.length = LENGTH;
    let end = plan.start + LENGTH;
    plan.acts.retain(|(at, _)| *at < end);
    plan
}

/// What is said on the day of a seed; as text into this directory as well.
fn hash_of(seed: u64, directory: Option<&Path>) -> u64 {
    let mut said = Said {
        text: directory.map(|_| String::new()),
        ..Said::default()
    };
    World::new(short_day(seed)).run(&mut said);
    if let (Some(directory), Some(text)) = (directory, said.text) {
        std::fs::write(directory.join(format!("{seed}.txt")), text).expect("a transcript written");
    }
    said.hash.0
}

/// The hashes of all days, or of the one of `SIM_SEED`, by seed.
fn hashes(directory: Option<&Path>) -> Vec<(u64, u64)> {
    let seeds = asked_or(0..DAYS);
    let next = AtomicU64::new(seeds.start);
    let hashes = Mutex::new(Vec::new());
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds.end {
            return;
        }
        let hash = hash_of(seed, directory);
        hashes.lock().expect("no day has panicked").push((seed, hash));
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    let mut hashes = hashes.into_inner().expect("no day has panicked");
    hashes.sort_unstable();
    hashes
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sim/transcript.txt")
}

fn written(hashes: &[(u64, u64)]) -> String {
    let lines = hashes.chunks(HASHES_A_LINE).map(|line| {
        let words: Vec<String> = line.iter().map(|(_, hash)| format!("{hash:016x}")).collect();
        words.join(" ") + "\n"
    });
    lines.collect()
}

#[test]
fn the_transcript_is_the_one_that_was_taken_for_right() {
    let wanted = std::env::var("TRANSCRIPT").ok();
    if wanted.as_deref() == Some("renew") {
        return std::fs::write(file(), written(&hashes(None))).expect("the hashes written");
    }
    let hashes = hashes(wanted.as_deref().map(Path::new));
    let text = std::fs::read_to_string(file()).expect("the hashes of all days");
    let kept: Vec<u64> = text
        .split_whitespace()
        .map(|hash| u64::from_str_radix(hash, 16).expect("a hash"))
        .collect();
    assert_eq!(
        kept.len(),
        usize::try_from(DAYS).expect("a small number"),
        "hashes in the file"
    );
    let is_other = |(seed, hash): &&(u64, u64)| usize::try_from(*seed).ok().and_then(|at| kept.get(at)) != Some(hash);
    let others: Vec<u64> = hashes.iter().filter(is_other).map(|(seed, _)| *seed).collect();
    assert!(
        others.is_empty(),
        "on {} of {} days the engine says something else; the first seeds: {:?}",
        others.len(),
        hashes.len(),
        &others[..others.len().min(20)]
    );
}
