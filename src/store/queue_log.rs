//! The file of the queue log. A thread of its own writes it, so that no call and no command waits for a disk; a file that cannot be
//! written is told once and tried again.

use super::journal::part_with;
use crate::engine::{Notice, NoticeLevel, QueueLogEvent, QueueLogLine, WallTime};
use parking_lot::{Condvar, Mutex};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How much is kept while the file cannot be written, bytes: some 150,000 lines. Further lines are lost, and counted.
const MOST_KEPT: usize = 16 << 20;

/// The pause before a file that could not be written is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a stopping log may take to write what is left.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// Callers' numbers are in it: it is not for everybody on the machine.
const MODE: u32 = 0o640;

/// The queue log.
pub struct QueueLogFile {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    /// Bytes of the lines among them.
    size: usize,
    /// Lines there was no room for.
    lost: u64,
    stopping: bool,
    /// The thread has ended.
    ended: bool,
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
    pub fn start(path: &Path, report: Box<dyn Fn(Notice) + Send>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let writer = Writer {
            shared: Arc::clone(&shared),
            path: path.to_owned(),
            file: None,
            unwritten: Vec::new(),
            is_told: false,
            lost: 0,
            report,
        };
        let thread = std::thread::Builder::new()
            .name("cc-queue-log".to_owned())
            .spawn(move || writer.run())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Has a line written; returns at once.
    pub fn write(&self, line: &QueueLogLine) {
        let mut state = self.shared.state.lock();
        let text = format!("{line}\n");
        if state.size + text.len() > MOST_KEPT {
            state.lost += 1;
            return;
        }
        state.size += text.len();
        state.entries.push(Entry::Line(text));
        self.shared.changed.notify_all();
    }

    /// The file has been moved away, or is about to be: lines from now on go to the one that has its name then, which begins with
    /// Asterisk's line for that.
    pub fn reopen(&self, at: WallTime) {
        self.shared.state.lock().entries.push(Entry::Reopen);
        self.write(&QueueLogLine::of_the_log(at, QueueLogEvent::ConfigReload));
    }
}

impl Drop for QueueLogFile {
    fn drop(&mut self) {
        let deadline = Instant::now() + LAST_WRITE;
        let mut state = self.shared.state.lock();
        state.stopping = true;
        self.shared.changed.notify_all();
        while !state.ended && !self.shared.changed.wait_until(&mut state, deadline).timed_out() {}
        let has_ended = state.ended;
        drop(state);
        part_with(self.thread.take(), has_ended);
    }
}

/// What the thread has.
struct Writer {
    shared: Arc<Shared>,
    path: PathBuf,
    /// None: to be opened.
    file: Option<File>,
    /// What could not be written yet.
    unwritten: Vec<u8>,
    /// The operator knows that the file cannot be written.
    is_told: bool,
    /// Lines that were lost since then.
    lost: u64,
    report: Box<dyn Fn(Notice) + Send>,
}

impl Writer {
    fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        while let Some((entries, lost)) = shared.wait(!self.unwritten.is_empty()) {
            self.lost += lost;
            for entry in entries {
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
        self.flush();
        drop(self);
        shared.state.lock().ended = true;
        shared.changed.notify_all();
    }

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
        let was_in_trouble = std::mem::take(&mut self.is_told);
        let lost = std::mem::take(&mut self.lost);
        let losses = match lost {
            0 if !was_in_trouble => return,
            0 => "no line was lost".to_owned(),
            lost => format!("{lost} lines were lost"),
        };
        let text = format!("The queue log {} is written again; {losses}.", self.path.display());
        self.tell(NoticeLevel::Info, text);
    }

    /// Tells the operator once, however often it fails.
    fn failed(&mut self, error: &std::io::Error) {
        if std::mem::replace(&mut self.is_told, true) {
            return;
        }
        let advice = match error.kind() {
            ErrorKind::NotFound => "Make its directory, or change queue-log-file.",
            ErrorKind::PermissionDenied => "Let FreeSWITCH's user write there, or change queue-log-file.",
            _ => "See that its disk works and has room.",
        };
        let text = format!(
            "The queue log {} cannot be written: {error}. {advice} Calls go on; up to {} MB of lines are kept and written as soon as \
             that is possible.",
            self.path.display(),
            MOST_KEPT >> 20
        );
        self.tell(NoticeLevel::Error, text);
    }

    fn tell(&self, level: NoticeLevel, text: String) {
        (self.report)(Notice {
            level,
            session_uuid: None,
            text,
        });
    }
}

/// Whether the file has no name any more.
fn is_deleted(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
}

impl Shared {
    /// Sleeps until there is something to write, or it is time to try again; none when it is time to end.
    fn wait(&self, is_in_trouble: bool) -> Option<(Vec<Entry>, u64)> {
        let mut state = self.state.lock();
        let again_at = Instant::now() + PAUSE;
        while !state.stopping {
            // Lines that come while the file is in trouble wait for the next try.
            if is_in_trouble {
                if self.changed.wait_until(&mut state, again_at).timed_out() {
                    break;
                }
            } else if state.entries.is_empty() {
                self.changed.wait(&mut state);
            } else {
                break;
            }
        }
        if state.stopping && state.entries.is_empty() {
            return None;
        }
        state.size = 0;
        Some((std::mem::take(&mut state.entries), std::mem::take(&mut state.lost)))
    }
}

#[cfg(test)]
mod tests;
