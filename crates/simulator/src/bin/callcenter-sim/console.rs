//! The prompt: `callcenter_config` commands and a few of the simulation's own, while the day runs.

use crate::screen::{complain, say};
use crate::{Day, FRAME};
use callcenter_simulator::xml::FileSource;
use callcenter_simulator::{report, Progress};
use mod_callcenter::commands::Console;
use mod_callcenter::engine::{Span, Timestamp};
use rustyline::error::ReadlineError;
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{mpsc, Arc};
use std::time::Instant;

/// The pace of a day at a terminal, unless another is asked for.
const DEFAULT_SPEED: f64 = 10.0;

/// What people type who forget whose commands they are.
const COMMANDS_OF_THE_MODULE: [&str; 8] = [
    "agent", "tier", "queue", "member", "stats", "reload", "check", "dispatch",
];

const HELP: &str = "\
callcenter_config ...     any command of mod_callcenter, such as: callcenter_config agent list
callcenter_break ...      releases an agent: callcenter_break agent UUID
run N [minutes|hours]     goes on for that long as fast as it can (minutes, unless said otherwise)
run                       goes on to the end of the day
call QUEUE [N]            N callers (1) enter the queue now
speed FACTOR              how fast time passes by itself; 0 stops it
status                    how the day goes
figures                   the tables of queues and agents so far
help                      this list
quit                      ends the day here and prints the figures
";

/// A prompt on a terminal, or lines from a pipe.
pub struct Prompt {
    console: Console,
    lines: Receiver<String>,
    answered: Sender<()>,
    is_terminal: bool,
}

enum Next {
    GoOn,
    Quit,
}

/// The pace in which time passes by itself.
struct Pace {
    factor: f64,
    since: Instant,
    from: Timestamp,
}

impl Pace {
    fn new(factor: f64, now: Timestamp) -> Self {
        Self {
            factor,
            since: Instant::now(),
            from: now,
        }
    }

    fn now(&self) -> Timestamp {
        self.from + Span::from_micros((self.since.elapsed().as_secs_f64() * self.factor * 1e6) as i64)
    }
}

impl Prompt {
    /// A prompt for the day; reloads read the configuration file anew.
    pub fn new(day: &Day, config: &Path) -> Result<Self, String> {
        let source = Arc::new(FileSource::new(config));
        let is_terminal = std::io::stdin().is_terminal();
        let (sender, lines) = mpsc::channel();
        let (answered, go_on) = mpsc::channel();
        // The thread ends with the process: a terminal's read cannot be interrupted.
        std::thread::Builder::new()
            .name("prompt".to_owned())
            .spawn(move || read_lines(is_terminal, &sender, &go_on))
            .map_err(|error| format!("The prompt cannot be started: {error}."))?;
        Ok(Self {
            console: Console::new(Arc::clone(day.world.driver()), source),
            lines,
            answered,
            is_terminal,
        })
    }

    /// Takes commands until the user quits or the input ends. From a pipe, time passes only by `run`, so that the same
    /// commands always give the same day, unless a speed is asked for.
    pub fn run(&self, day: &mut Day, speed: Option<f64>) {
        let factor = speed.unwrap_or(if self.is_terminal { DEFAULT_SPEED } else { 0.0 });
        day.run_until(day.plan().start);
        let mut pace = Pace::new(factor, day.world.now());
        if self.is_terminal {
            say(&format!(
                "The day begins; time passes {factor} times as fast as real time. \"help\" lists the commands.\n"
            ));
        }
        let _ = self.answered.send(());
        loop {
            let line = if pace.factor > 0.0 {
                self.lines.recv_timeout(FRAME)
            } else {
                self.lines.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            if pace.factor > 0.0 {
                day.run_until(pace.now());
            }
            match line {
                Ok(line) => {
                    if let Next::Quit = self.obey(line.trim(), day, &mut pace) {
                        return;
                    }
                    let _ = self.answered.send(());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn obey(&self, line: &str, day: &mut Day, pace: &mut Pace) -> Next {
        let (command, rest) = line
            .split_once(char::is_whitespace)
            .map_or((line, ""), |(a, b)| (a, b.trim()));
        match command {
            "" => {}
            "callcenter_config" => self.reply(day, &self.console.config(rest)),
            "callcenter_break" => self.reply(day, &self.console.break_agent(rest)),
            "run" => {
                run(day, rest);
                *pace = Pace::new(pace.factor, day.world.now());
            }
            "call" => call(day, rest),
            "speed" => match rest.parse::<f64>() {
                Ok(factor) if (0.0..=1e6).contains(&factor) => *pace = Pace::new(factor, day.world.now()),
                _ => say("-ERR Give a number, such as: speed 60 (0 stops time)\n"),
            },
            "status" => say(&format!("{}\n", report::status_line(&day.tally, day.world.now()))),
            "figures" => say(&report::tables(&day.tally, day.world.now())),
            "help" => say(HELP),
            "quit" | "exit" => return Next::Quit,
            _ if COMMANDS_OF_THE_MODULE.contains(&command) => {
                say(&format!(
                    "-ERR It is a command of callcenter_config: callcenter_config {command} {rest}\n"
                ));
            }
            _ => say(&format!("-ERR There is no command {command}; \"help\" lists them.\n")),
        }
        Next::GoOn
    }

    fn reply(&self, day: &mut Day, reply: &str) {
        day.world.absorb(&mut day.tally);
        let end = if reply.ends_with('\n') { "" } else { "\n" };
        say(&format!("{reply}{end}"));
    }
}

fn run(day: &mut Day, words: &str) {
    let mut words = words.split_whitespace();
    let (count, unit) = (words.next(), words.next().unwrap_or("minutes"));
    let seconds = match unit.trim_end_matches('s') {
        "second" => 1.0,
        "minute" => 60.0,
        "hour" => 3600.0,
        _ => return say("-ERR Say how long: run 10 minutes, or run 2 hours\n"),
    };
    let until = match count.map(str::parse::<f64>) {
        None => day.end,
        Some(Ok(count)) if (0.0..=1e6).contains(&count) => {
            day.world.now() + Span::from_micros((count * seconds * 1e6) as i64)
        }
        Some(_) => return say("-ERR Say how long: run 10 minutes, or run 2 hours\n"),
    };
    let progress = if count.is_none() {
        day.run_until(Timestamp::from_micros(i64::MAX))
    } else {
        day.run_until(until)
    };
    match progress {
        Progress::Stuck => complain("The engine does not get on; please report the configuration and the seed."),
        Progress::Over => say(&format!(
            "{}\nThe day is over.\n",
            report::status_line(&day.tally, day.world.now())
        )),
        Progress::Going | Progress::Stopped => {
            say(&format!("{}\n", report::status_line(&day.tally, day.world.now())));
        }
    }
}

fn call(day: &mut Day, words: &str) {
    let mut words = words.split_whitespace();
    let Some(queue) = words.next() else {
        return say("-ERR Which queue? Such as: call support@default\n");
    };
    if !day.plan().queues.iter().any(|known| known.name == queue) {
        let known: Vec<&str> = day.plan().queues.iter().map(|queue| queue.name.as_str()).collect();
        return say(&format!(
            "-ERR There is no queue {queue}; there is: {}\n",
            known.join(", ")
        ));
    }
    let count = match words.next().map(str::parse::<u32>) {
        None => 1,
        Some(Ok(count)) if (1..=100_000).contains(&count) => count,
        Some(_) => return say("-ERR How many callers? Such as: call support@default 5\n"),
    };
    for _ in 0..count {
        let call = day.world.draw_call(queue);
        day.world.call(call);
    }
    day.run_until(day.world.now());
    say("+OK\n");
}

/// Reads line after line; the next one only after the last was answered, so that prompt and reply do not mix.
fn read_lines(is_terminal: bool, lines: &Sender<String>, go_on: &Receiver<()>) {
    if is_terminal {
        read_from_terminal(lines, go_on);
    } else {
        let mut input = std::io::stdin().lock().lines();
        while go_on.recv().is_ok() {
            let Some(Ok(line)) = input.next() else { return };
            if lines.send(line).is_err() {
                return;
            }
        }
    }
}

fn read_from_terminal(lines: &Sender<String>, go_on: &Receiver<()>) {
    let mut editor = match rustyline::DefaultEditor::new() {
        Ok(editor) => editor,
        Err(error) => return complain(&format!("This terminal cannot be used for a prompt: {error}.")),
    };
    while go_on.recv().is_ok() {
        match editor.readline("callcenter-sim> ") {
            Ok(line) => {
                // A line that cannot be remembered can still be obeyed.
                let _ = editor.add_history_entry(line.as_str());
                if lines.send(line).is_err() {
                    return;
                }
            }
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return,
            Err(error) => return complain(&format!("The prompt has ended: {error}.")),
        }
    }
}
