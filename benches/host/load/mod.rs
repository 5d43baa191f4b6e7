//! Sustained load: new calls at a steady pace for minutes, and how the call centre holds out.

mod curves;
mod hour;
mod watch;

use std::time::Duration;

use serde_json::{json, Value};

use crate::figures::{Sample, Side, MODULES};
use crate::machine::Machine;
use crate::report::{number, place, rounded};
use hour::Hour;
use hour::Seen;
use watch::Window;

/// How the callers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Callers {
    /// `null/` channels of FreeSWITCH's own.
    Null,
    /// SIPp: real signalling, and RTP from FreeSWITCH that nobody listens to.
    Sip,
}

/// A kind of load.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    callers: Callers,
    calls_a_second: u32,
    queues: usize,
}

const CASES: [Case; 5] = [
    case(Callers::Null, 20, 1),
    case(Callers::Null, 20, 50),
    case(Callers::Null, 50, 1),
    case(Callers::Null, 50, 50),
    case(Callers::Sip, 20, 1),
];

const fn case(callers: Callers, calls_a_second: u32, queues: usize) -> Case {
    Case {
        callers,
        calls_a_second,
        queues,
    }
}

impl Case {
    /// In words.
    pub fn words(self) -> String {
        let Self {
            callers,
            calls_a_second,
            queues,
        } = self;
        let callers = match callers {
            Callers::Null => "null channels",
            Callers::Sip => "SIP",
        };
        let plural = if queues == 1 { "" } else { "s" };
        format!("{calls_a_second} calls a second, {queues} queue{plural}, {callers}")
    }
}

/// What became of a case.
pub struct Course {
    /// Which case.
    pub case: Case,
    /// With whose module.
    pub side: Side,
    /// What was seen.
    pub seen: Seen,
}

/// How long each case lasts unless `BENCH_MINUTES` says otherwise.
const MINUTES: f64 = 5.0;

/// Runs all cases and writes `load.json` and `load.svg`.
///
/// # Errors
/// What the file system says.
pub fn run() -> std::io::Result<()> {
    let minutes = std::env::var("BENCH_MINUTES").ok().and_then(|text| text.parse().ok());
    let length = Duration::from_secs_f64(minutes.unwrap_or(MINUTES) * 60.0);
    let machine = Machine::look();
    let mut courses = Vec::new();
    for case in CASES {
        for side in MODULES.into_iter().filter(|side| side.is_wanted()) {
            let Some(hour) = Hour::start(case, side) else { continue };
            println!("{}, {}", case.words(), side.word());
            let seen = hour.play(length);
            print_last(&seen);
            courses.push(Course { case, side, seen });
        }
    }
    let place = place("load")?;
    let told = json!({ "machine": machine.to_json(), "courses": courses.iter().map(course_json).collect::<Vec<_>>() });
    std::fs::write(place.with_extension("json"), format!("{told:#}\n"))?;
    std::fs::write(place.with_extension("svg"), curves::draw(&courses))?;
    println!("written to {}.json and .svg", place.display());
    Ok(())
}

fn print_last(seen: &Seen) {
    let Some(last) = seen.windows.last() else { return };
    println!(
        "  at {} s: offered after {} ms (p99 {}), {} wait, {} MB, {} cores{}",
        number(last.second),
        last.offered(Sample::median).map_or_else(|| "?".to_owned(), number),
        last.offered(Sample::p99).map_or_else(|| "?".to_owned(), number),
        last.backlog,
        number(last.memory),
        number(last.cores),
        if seen.overloaded { "; OVERLOADED, given up" } else { "" }
    );
}

fn course_json(course: &Course) -> Value {
    let window = |window: &Window| {
        json!({
            "second": rounded(window.second),
            "calls": window.calls,
            "offers": window.offers.count(),
            "offer_ms_median": window.offered(Sample::median).map(rounded),
            "offer_ms_p99": window.offered(Sample::p99).map(rounded),
            "offer_ms_max": window.offered(Sample::max).map(rounded),
            "backlog": window.backlog,
            "memory_mb": rounded(window.memory),
            "cpu_cores": rounded(window.cores),
        })
    };
    json!({
        "case": course.case.words(),
        "side": course.side.word(),
        "overloaded": course.seen.overloaded,
        "windows": course.seen.windows.iter().map(window).collect::<Vec<_>>(),
    })
}
