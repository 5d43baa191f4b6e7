//! The file of the queue log. A thread of its own writes it, so that no call and no command waits for a disk; a file that cannot be
//! written is told once and tried again.

use super::worker::{Backoff, Report, Reporter, Shared, State, Step, Task, Worker};
use crate::engine::{NoticeLevel, QueueLogEvent, QueueLogLine, WallTime};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How much is kept while the file cannot be written, bytes: some 150,000 lines. Further lines are lost, and counted.
const MOST_KEPT: usize = 16 << 20;

/// Callers' numbers are in it: it is not for everybody on the machine.
const MODE: u32 = 0o640;

/// The queue log.
pub struct QueueLogFile(Worker<Writer>);

/// What is to be written.
#[derive(Default)]
struct Backlog {
    entries: Vec<Entry>,
    /// Bytes of the lines among them.
    size: usize,
    /// Lines there was no room for.
    lost: u64,
}

enum Entry {
    Line(String),
    /// The file is to be opened anew: what is there under its name now is written from here on.
    Reopen,
}

impl QueueLogFile {
    /// Starts writing lines behind what the file at `path` has. Trouble with it, and its end, go to `report`.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(path: &Path, report: Report) -> std::io::Result<Self> {
        let shared = Shared::new(Backlog::default(), Reporter::new(report, false));
        let writer = Writer {
            shared: Arc::clone(&shared),
            path: path.to_owned(),
            file: None,
            unwritten: Vec::new(),
            backoff: Backoff::steady(),
            lost: 0,
        };
        Worker::start(shared, writer).map(Self)
    }

    /// Has a line written; returns at once.
    pub fn write(&self, line: &QueueLogLine) {
        let mut state = self.0.shared().lock();
        let backlog = &mut state.backlog;
        let text = format!("{line}\n");
        if backlog.size + text.len() > MOST_KEPT {
            backlog.lost += 1;
            return;
        }
        backlog.size += text.len();
        backlog.entries.push(Entry::Line(text));
        self.0.shared().wake();
    }

    /// The file has been moved away, or is about to be: lines from now on go to the one that has its name then, which begins with
    /// Asterisk's line for that.
    pub fn reopen(&self, at: WallTime) {
        self.0.shared().lock().backlog.entries.push(Entry::Reopen);
        self.write(&QueueLogLine::of_the_log(at, QueueLogEvent::ConfigReload));
    }
}

/// What the thread has.
struct Writer {
    shared: Arc<Shared<Backlog>>,
    path: PathBuf,
    /// None: to be opened.
    file: Option<File>,
    /// What could not be written yet.
    unwritten: Vec<u8>,
    backoff: Backoff,
    /// Lines that were lost since the operator was told of trouble.
    lost: u64,
}

impl Task for Writer {
    const NAME: &'static str = "cc-queue-log";
    /// A disk that has not taken the rest until the end is not waited for.
    const LAST_STATEMENT: Duration = Duration::ZERO;
    type Backlog = Backlog;
    type Work = Backlog;

    /// Lines that come while the file is in trouble wait for the next try, but those that are there at the end do not.
    fn next_step(&mut self, state: &mut State<Backlog>, now: Instant) -> Step<Backlog> {
        let is_empty = state.backlog.entries.is_empty();
        match self.backoff.retry_at() {
            _ if state.is_stopping() && is_empty => Step::End,
            _ if state.is_stopping() => Step::Work(std::mem::take(&mut state.backlog)),
            Some(at) if at > now => Step::Sleep(Some(at)),
            None if is_empty => Step::Sleep(None),
            _ => Step::Work(std::mem::take(&mut state.backlog)),
        }
    }

    fn carry_out(&mut self, work: Backlog) {
        self.lost += work.lost;
        for entry in work.entries {
            match entry {
                Entry::Line(line) if self.unwritten.len() + line.len() > MOST_KEPT => self.lost += 1,
                Entry::Line(line) => self.unwritten.extend_from_slice(line.as_bytes()),
                Entry::Reopen => {
                    self.flush();
                    self.file = None;
                }
            }
        }
        self.flush();
    }

    fn close(&mut self) {
        self.flush();
    }
}

impl Writer {
    fn flush(&mut self) {
        match self.write_all() {
            Ok(()) => self.succeeded(),
            Err(error) => self.failed(&error),
        }
    }

    /// What has been written is forgotten piece by piece, so that a disk that fills up in the middle of a line does not get it twice.
    /// What went into a file that somebody had deleted meanwhile is written again. A file that was moved away has its lines until it is
    /// said that it was.
    fn write_all(&mut self) -> std::io::Result<()> {
        while !self.unwritten.is_empty() {
            if self.file.as_ref().is_none_or(is_deleted) {
                let opened = OpenOptions::new()
                    .append(true)
                    .create(true)
                    .mode(MODE)
                    .open(&self.path)?;
                self.file = Some(opened);
            }
            let Some(file) = &mut self.file else { continue };
            match file.write(&self.unwritten) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(_) if is_deleted(file) => (),
                Ok(written) => drop(self.unwritten.drain(..written)),
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => {
                    self.file = None;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn succeeded(&mut self) {
        self.backoff.succeeded();
        let was_in_trouble = self.shared.reporter.end();
        let lost = std::mem::take(&mut self.lost);
        let losses = match lost {
            0 if !was_in_trouble => return,
            0 => "no line was lost".to_owned(),
            lost => format!("{lost} lines were lost"),
        };
        let text = format!("The queue log {} is written again; {losses}.", self.path.display());
        self.shared.reporter.tell(NoticeLevel::Info, text);
    }

    /// Tells the operator once, however often it fails.
    fn failed(&mut self, error: &std::io::Error) {
        self.backoff.failed(Instant::now());
        let advice = match error.kind() {
            ErrorKind::NotFound => "Make its directory, or change queue-log-file.",
            ErrorKind::PermissionDenied => "Let FreeSWITCH's user write there, or change queue-log-file.",
            _ => "See that its disk works and has room.",
        };
        self.shared.reporter.tell_trouble(|| {
            format!(
                "The queue log {} cannot be written: {error}. {advice} Calls go on; up to {} MB of lines are kept and written as \
                 soon as that is possible.",
                self.path.display(),
                MOST_KEPT >> 20
            )
        });
    }
}

/// Whether the file has no name any more.
fn is_deleted(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
}

#[cfg(test)]
mod tests;
