//! The file: what is in it, that it can be moved away, and that trouble with it is told once.

use super::*;
use crate::engine::Notice;
use std::sync::mpsc::{channel, Receiver};

/// How long the thread may take for anything.
const SOON: Duration = Duration::from_secs(10);

struct Log {
    directory: tempfile::TempDir,
    file: QueueLogFile,
    told: Receiver<String>,
}

impl Log {
    fn at(name: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (tell, told) = channel();
        let report = Box::new(move |notice: Notice| tell.send(notice.text).expect("the test listens"));
        let file = QueueLogFile::start(&directory.path().join(name), report).expect("a thread");
        Self { directory, file, told }
    }

    fn write(&self, at: i64) {
        let at = WallTime::from_secs(at);
        self.file
            .write(&QueueLogLine::of_the_log(at, QueueLogEvent::QueueStart));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Waits until the file of that name has these lines: the second of each, and what it tells.
    fn wait_for(&self, name: &str, expected: &[&str]) {
        let deadline = Instant::now() + SOON;
        let expected: String = expected.iter().map(|line| format!("{line}\n")).collect();
        loop {
            let text = std::fs::read_to_string(self.path(name)).unwrap_or_default();
            if text == expected {
                return;
            }
            assert!(Instant::now() < deadline, "{expected:?} expected in {name}: {text:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn lines_are_appended_and_the_rest_is_written_at_the_end() {
    let log = Log::at("queue_log");
    log.write(1);
    log.wait_for("queue_log", &["1|NONE|NONE|NONE|QUEUESTART|"]);
    log.write(2);
    let Log { directory, file, .. } = log;
    drop(file);
    let text = std::fs::read_to_string(directory.path().join("queue_log")).expect("the file");
    assert_eq!(text, "1|NONE|NONE|NONE|QUEUESTART|\n2|NONE|NONE|NONE|QUEUESTART|\n");
}

#[test]
fn the_file_is_not_for_everybody() {
    use std::os::unix::fs::PermissionsExt;
    let log = Log::at("queue_log");
    log.write(1);
    log.wait_for("queue_log", &["1|NONE|NONE|NONE|QUEUESTART|"]);
    let mode = std::fs::metadata(log.path("queue_log"))
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o007, 0);
}

#[test]
fn after_a_rotation_lines_go_to_the_new_file() {
    let log = Log::at("queue_log");
    log.write(1);
    log.wait_for("queue_log", &["1|NONE|NONE|NONE|QUEUESTART|"]);
    std::fs::rename(log.path("queue_log"), log.path("queue_log.1")).expect("the file is moved");
    // Nobody has said that it was moved: the line belongs to the old one.
    log.write(2);
    log.file.reopen(WallTime::from_secs(3));
    log.write(4);
    log.wait_for(
        "queue_log",
        &["3|NONE|NONE|NONE|CONFIGRELOAD|", "4|NONE|NONE|NONE|QUEUESTART|"],
    );
    log.wait_for(
        "queue_log.1",
        &["1|NONE|NONE|NONE|QUEUESTART|", "2|NONE|NONE|NONE|QUEUESTART|"],
    );
}

#[test]
fn a_missing_directory_is_told_once_and_caught_up_with() {
    let log = Log::at("missing/queue_log");
    log.write(1);
    let told = log.told.recv_timeout(SOON).expect("the operator is told");
    assert!(
        told.contains("missing/queue_log cannot be written") && told.contains("Make its directory"),
        "{told}"
    );
    log.write(2);
    std::fs::create_dir(log.path("missing")).expect("the directory");
    log.wait_for(
        "missing/queue_log",
        &["1|NONE|NONE|NONE|QUEUESTART|", "2|NONE|NONE|NONE|QUEUESTART|"],
    );
    let told = log.told.recv_timeout(SOON).expect("the operator is told");
    assert!(told.contains("is written again; no line was lost"), "{told}");
    assert!(log.told.try_recv().is_err(), "nothing else is told");
}

#[test]
fn a_full_disk_is_told_with_what_to_do() {
    let (tell, told) = channel();
    let report = Box::new(move |notice: Notice| tell.send(notice.text).expect("the test listens"));
    let file = QueueLogFile::start(Path::new("/dev/full"), report).expect("a thread");
    file.write(&QueueLogLine::of_the_log(
        WallTime::default(),
        QueueLogEvent::QueueStart,
    ));
    let text = told.recv_timeout(SOON).expect("the operator is told");
    assert!(text.contains("See that its disk works and has room."), "{text}");
    drop(file);
    assert!(told.try_recv().is_err(), "it is told once");
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let log = Log::at("missing/queue_log");
    let long = QueueLogLine {
        data: vec!["x".repeat(MOST_KEPT / 2)],
        ..QueueLogLine::of_the_log(WallTime::default(), QueueLogEvent::EnterQueue)
    };
    log.file.write(&long);
    let told = log.told.recv_timeout(SOON).expect("the operator is told");
    assert!(told.contains("up to 16 MB"), "{told}");
    log.file.write(&long);
    log.file.write(&long);
    std::fs::create_dir(log.path("missing")).expect("the directory");
    let told = log.told.recv_timeout(SOON).expect("the operator is told");
    assert!(told.contains("2 lines were lost"), "{told}");
}

#[test]
fn a_file_that_is_deleted_or_replaced_in_use_is_made_anew() {
    let log = Log::at("queue_log");
    let lines = ["1|NONE|NONE|NONE|QUEUESTART|", "2|NONE|NONE|NONE|QUEUESTART|"];
    log.write(1);
    log.wait_for("queue_log", &lines[..1]);
    std::fs::remove_file(log.path("queue_log")).expect("the file is deleted");
    log.write(2);
    log.wait_for("queue_log", &lines[1..]);
    std::fs::write(log.path("other"), format!("{}\n", lines[0])).expect("another file");
    std::fs::rename(log.path("other"), log.path("queue_log")).expect("it takes the place");
    log.write(2);
    log.wait_for("queue_log", &lines);
}
