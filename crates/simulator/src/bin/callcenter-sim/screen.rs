//! What is shown while a day runs: one line that is written over on a terminal, a line each hour elsewhere.

use callcenter_simulator::{report, Plan, Tally};
use mod_callcenter::engine::{Span, Timestamp};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line on a terminal changes.
const REFRESH: Duration = Duration::from_millis(100);
/// How often a line is written where there is no terminal, in simulated time.
const INTERVAL: Span = Span::from_secs(3600);

/// Shows the day's progress on the error output, which leaves the standard output to the figures.
pub struct Screen {
    wanted: bool,
    is_terminal: bool,
    last_refresh: Option<Instant>,
    next_line: Timestamp,
}

impl Screen {
    /// A screen that shows the progress of a day from `start` on, if it is wanted.
    pub fn new(wanted: bool, start: Timestamp) -> Self {
        Self {
            wanted,
            is_terminal: std::io::stderr().is_terminal(),
            last_refresh: None,
            next_line: start + INTERVAL,
        }
    }

    /// Shows how the day goes, if it is time to.
    pub fn show(&mut self, tally: &Tally, now: Timestamp) {
        if !self.wanted {
            return;
        }
        if self.is_terminal {
            if self.last_refresh.is_none_or(|last| last.elapsed() >= REFRESH) {
                self.last_refresh = Some(Instant::now());
                self.write(&format!("\r{}\x1b[K", report::status_line(tally, now)));
            }
        } else if now >= self.next_line {
            self.next_line = now + INTERVAL;
            self.write(&format!("{}\n", report::status_line(tally, now)));
        }
    }

    /// Clears the line for what comes after it.
    pub fn finish(&mut self) {
        if self.wanted && self.is_terminal && self.last_refresh.take().is_some() {
            self.write("\r\x1b[K");
        }
    }

    fn write(&mut self, text: &str) {
        // Whoever closed the output does not want to see more of it.
        self.wanted &= std::io::stderr().write_all(text.as_bytes()).is_ok();
    }
}

/// A bar that tells how much is done, and how long the rest will take.
pub struct Bar {
    what: &'static str,
    all: usize,
    begun: Instant,
    shown: Option<Instant>,
    is_terminal: bool,
}

impl Bar {
    /// A bar for so many things.
    pub fn new(what: &'static str, all: usize) -> Self {
        Self {
            what,
            all,
            begun: Instant::now(),
            shown: None,
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// So many are done.
    pub fn show(&mut self, done: usize) {
        if !self.is_terminal || self.shown.is_some_and(|shown| shown.elapsed() < REFRESH) {
            return;
        }
        self.shown = Some(Instant::now());
        let share = done as f64 / self.all.max(1) as f64;
        let left = self.begun.elapsed().as_secs_f64() * (1.0 - share) / share.max(1e-6);
        let full = (share * 30.0) as usize;
        let (all, what) = (self.all, self.what);
        let bar = format!("{}{}", "#".repeat(full), ".".repeat(30 - full.min(30)));
        // Whoever closed the error output does not want to see it.
        let _ = write!(
            std::io::stderr(),
            "\r[{bar}] {done} of {all} {what}, {left:.0} s left\x1b[K"
        );
    }

    /// Clears the line for what comes after it.
    pub fn finish(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// Writes to the standard output; one that was closed (`| head`) is no error.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line to the error output.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Says so where there is more to play than takes a moment.
pub fn warn_of_work(plan: &Plan, days: u64) {
    const MANY: f64 = 500_000.0;
    let calls = plan
        .traffic
        .iter()
        .map(|traffic| traffic.calls_in(plan.length))
        .sum::<f64>()
        * days as f64;
    if calls > MANY {
        complain(&format!("About {calls:.0} calls are played; that takes minutes."));
    }
}
