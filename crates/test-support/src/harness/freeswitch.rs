//! A private FreeSWITCH: started from a generated configuration, always stopped and reaped.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use super::calls::SOON;
use super::config::{self, Ports, Setup, PASSWORD};
use super::esl::{Connection, EventLog, Follower, USUAL_EVENTS};
use super::event::Event;
use super::install::{Install, Module};
use super::{ports, sounds};

/// How long a start may take on a busy machine.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// How long an orderly stop may take before the process is killed.
const STOP_DEADLINE: Duration = Duration::from_secs(20);

/// The directories FreeSWITCH is given, by the names of its options.
const DIRECTORIES: [&str; 12] = [
    "conf",
    "log",
    "run",
    "db",
    "mod",
    "sounds",
    "scripts",
    "storage",
    "temp",
    "cache",
    "certs",
    "recordings",
];

/// The certificates FreeSWITCH makes at its start when they are missing, each in a second, or in minutes under a program
/// that looks closely. Nothing is encrypted here: the first may be empty, and the second is taken from the FreeSWITCH that
/// was started first.
const CERTIFICATES: [&str; 2] = ["certs/wss.pem", "certs/dtls-srtp.pem"];
static CERTIFICATE: OnceLock<Vec<u8>> = OnceLock::new();

/// How many times longer everything may take under a program that looks closely.
const SLOWNESS: u32 = 10;

/// How many lines of its log a failed test shows.
const LOG_TAIL: usize = 60;

/// A running FreeSWITCH with its own directory, ports and call-centre module.
pub struct FreeSwitch {
    install: &'static Install,
    dir: tempfile::TempDir,
    setup: Setup,
    /// Which call-centre module is loaded.
    pub module: Module,
    /// Where it listens.
    pub ports: Ports,
    child: Option<Child>,
    commands: Option<Mutex<Connection>>,
    events: Option<EventLog>,
}

impl FreeSwitch {
    /// Starts one and waits until it is ready.
    pub fn start(install: &'static Install, module: Module, setup: Setup) -> FreeSwitch {
        let dir = tempfile::Builder::new()
            .prefix("callcenter-host-")
            .tempdir()
            .expect("make a temporary directory");
        for sub in DIRECTORIES {
            std::fs::create_dir(dir.path().join(sub)).expect("make a directory of the private FreeSWITCH");
        }
        let certificates = [Some([].as_slice()), CERTIFICATE.get().map(Vec::as_slice)];
        for (name, certificate) in CERTIFICATES.iter().zip(certificates) {
            let write = certificate.map(|text| std::fs::write(dir.path().join(name), text));
            write.unwrap_or(Ok(())).expect("write a certificate");
        }
        sounds::write(&dir.path().join("sounds")).expect("write the sound files");
        let ports = Ports {
            esl: ports::free_tcp(),
            desk: ports::free_udp(),
            phones: ports::free_udp(),
            media: ports::media_range(),
        };
        let mut switch = FreeSwitch {
            install,
            dir,
            setup,
            module,
            ports,
            child: None,
            commands: None,
            events: None,
        };
        switch.start_again(module);
        if let Ok(certificate) = std::fs::read(switch.dir.path().join(CERTIFICATES[1])) {
            CERTIFICATE.get_or_init(|| certificate);
        }
        switch
    }

    /// Starts the stopped FreeSWITCH on the same directory and database, with either module.
    pub fn start_again(&mut self, module: Module) {
        assert!(self.child.is_none(), "FreeSWITCH is still running");
        self.module = module;
        link_modules(self.install, module, &self.dir.path().join("mod")).expect("link the modules");
        config::write(self.dir.path(), &self.setup, self.ports).expect("write the configuration");
        self.child = Some(self.command().spawn().expect("start FreeSWITCH"));
        self.connect();
    }

    fn command(&self) -> Command {
        let under = self.setup.under.iter().map(PathBuf::from);
        let mut words = under.chain([self.install.program.clone()]);
        let mut command = Command::new(words.next().expect("at least FreeSWITCH itself"));
        command.args(words).args(["-nf", "-nc", "-np", "-nonat", "-nocal"]);
        for sub in DIRECTORIES {
            command.arg(format!("-{sub}")).arg(self.dir.path().join(sub));
        }
        let console = std::fs::File::create(self.dir.path().join("log/console.log")).expect("open the console log");
        let errors = console.try_clone().expect("share the console log");
        command
            .envs(self.setup.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(console)
            .stderr(errors);
        command
    }

    /// This long, or longer where FreeSWITCH is slow.
    fn patience(&self, usual: Duration) -> Duration {
        usual * if self.setup.under.is_empty() { 1 } else { SLOWNESS }
    }

    fn connect(&mut self) {
        let patience = self.patience(START_DEADLINE);
        let deadline = Instant::now() + patience;
        let mut commands = loop {
            if let Ok(connection) = Connection::open(self.ports.esl, PASSWORD) {
                break connection;
            }
            let exited = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            assert!(
                exited.is_none(),
                "FreeSWITCH ended at start ({exited:?}):\n{}",
                self.log_tail()
            );
            assert!(
                Instant::now() < deadline,
                "FreeSWITCH did not start in {patience:?}:\n{}",
                self.log_tail()
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        while !commands
            .api("fsctl ready_check")
            .is_ok_and(|answer| answer.trim() == "true")
        {
            assert!(
                Instant::now() < deadline,
                "FreeSWITCH was never ready:\n{}",
                self.log_tail()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        // The first calls are refused until FreeSWITCH's clock has counted a second.
        while !commands
            .api("originate null/first &hangup")
            .is_ok_and(|answer| answer.starts_with("+OK"))
        {
            assert!(
                Instant::now() < deadline,
                "FreeSWITCH admits no call:\n{}",
                self.log_tail()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        self.events = Some(
            EventLog::open(self.ports.esl, PASSWORD, self.setup.events.unwrap_or(USUAL_EVENTS))
                .expect("subscribe to events"),
        );
        self.commands = Some(Mutex::new(commands));
        self.catch_up();
    }

    /// Waits until the events FreeSWITCH had queued before this moment have come.
    pub fn catch_up(&self) {
        self.events()
            .catch_up(&mut self.connection())
            .expect("answer to a background command");
    }

    /// Runs an API command; the answer byte for byte.
    pub fn api(&self, command: &str) -> String {
        self.connection()
            .api(command)
            .unwrap_or_else(|error| panic!("api {command}: {error}\n{}", self.log_tail()))
    }

    /// Runs an API command that may end FreeSWITCH before it answers.
    pub fn api_unanswered(&self, command: &str) {
        // Losing the connection is the expected end.
        let _ = self.connection().api(command);
    }

    /// `callcenter_config` with these words.
    pub fn callcenter(&self, words: &str) -> String {
        self.api(&format!("callcenter_config {words}"))
    }

    /// Like [`FreeSwitch::callcenter`], for a FreeSWITCH that may be killed before it answers.
    pub fn try_callcenter(&self, words: &str) -> std::io::Result<String> {
        self.connection().api(&format!("callcenter_config {words}"))
    }

    /// What stands in this column of the first row that `callcenter_config` lists.
    pub fn cell(&self, list: &str, column: &str) -> String {
        let answer = self.callcenter(list);
        let value = cell_of(&answer, column);
        value.unwrap_or_else(|| panic!("no {column} in {answer}")).to_owned()
    }

    /// Waits until this value stands there.
    pub fn until_cell(&self, list: &str, column: &str, value: &str) {
        let is_there = |answer: &str| cell_of(answer, column) == Some(value);
        if let Err(answer) = self.soon(&format!("callcenter_config {list}"), is_there) {
            panic!("{list}: {column} is not {value}: {answer}");
        }
    }

    /// Fires an event with these headers, as another module or a client does.
    pub fn send_event(&self, name: &str, headers: &[(&str, &str)]) {
        let headers = headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
        let command = format!("sendevent {name}{}", headers.collect::<String>());
        let reply = self.connection().command(&command).expect("fire an event");
        assert!(reply.starts_with("+OK"), "{command}: {reply}");
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let connection = self.commands.as_ref().expect("FreeSWITCH is running");
        // A test that failed in another thread left the connection usable.
        connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Another connection for commands, for clients that work side by side.
    pub fn connect_again(&self) -> Connection {
        Connection::open(self.ports.esl, PASSWORD).expect("connect to the event socket")
    }

    /// Subscribes with these commands of the event socket and hands every event over as it comes, until the follower is dropped.
    pub fn follow(&self, subscription: &[&str], each: impl FnMut(Event) + Send + 'static) -> Follower {
        Follower::open(self.ports.esl, PASSWORD, subscription, each).expect("subscribe to events")
    }

    /// The events since it was ready.
    pub fn events(&self) -> &EventLog {
        self.events.as_ref().expect("FreeSWITCH is running")
    }

    /// Collects among its own events those of another FreeSWITCH that are subscribed to so, as long as both run.
    pub fn hears(&mut self, other: &FreeSwitch, subscription: &[&str]) {
        let events = self.events.as_mut().expect("FreeSWITCH is running");
        events
            .collect(other.ports.esl, PASSWORD, subscription)
            .expect("subscribe to events of the other one");
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("FreeSWITCH is running").id()
    }

    /// How many threads the process has.
    pub fn threads(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/task", self.pid())).map_or(0, Iterator::count)
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The call centre's database file.
    pub fn database(&self) -> PathBuf {
        self.dir.path().join("db/callcenter.db")
    }

    /// Replaces `callcenter.conf.xml` and has FreeSWITCH read it.
    pub fn rewrite_callcenter(&mut self, xml: String) {
        self.setup.callcenter = xml;
        config::write(self.dir.path(), &self.setup, self.ports).expect("write the configuration");
        let answer = self.api("reloadxml");
        assert!(answer.contains("+OK"), "reloadxml: {answer}");
    }

    /// Replaces the further `<configuration>` elements, to be read with the next [`FreeSwitch::rewrite_callcenter`].
    pub fn replace_configuration(&mut self, xml: String) {
        self.setup.configuration = xml;
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        let file = std::fs::read(self.dir.path().join("log/freeswitch.log")).unwrap_or_default();
        String::from_utf8_lossy(&file).into_owned()
    }

    /// Waits until it has logged this text: FreeSWITCH writes its log on a thread of its own.
    pub fn wait_for_log(&self, text: &str) {
        let deadline = Instant::now() + SOON;
        while !self.log().contains(text) {
            assert!(Instant::now() < deadline, "not logged: {text}\n{}", self.log_tail());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the log says of the call centre and of trouble, the latest lines of it, for messages of failed tests.
    pub fn log_tail(&self) -> String {
        let log = self.log();
        let telling = |line: &&str| {
            ["callcenter", "[WARNING]", "[ERR]", "[CRIT]"]
                .iter()
                .any(|word| line.contains(word))
        };
        let lines: Vec<&str> = log.lines().filter(telling).collect();
        let console = std::fs::read_to_string(self.dir.path().join("log/console.log")).unwrap_or_default();
        format!(
            "{}\n{console}",
            lines[lines.len().saturating_sub(LOG_TAIL)..].join("\n")
        )
    }

    /// Asks for an orderly shutdown and gives how the process ended and how long it took.
    pub fn stop(&mut self) -> (ExitStatus, Duration) {
        let asked = Instant::now();
        self.api_unanswered("fsctl shutdown");
        let status = self.reap(self.patience(STOP_DEADLINE));
        (status, asked.elapsed())
    }

    /// Kills it as a crash would.
    pub fn kill(&mut self) {
        self.reap(Duration::ZERO);
    }

    /// Waits for the process to end, killing it at the deadline.
    fn reap(&mut self, patience: Duration) -> ExitStatus {
        self.events = None;
        self.commands = None;
        let mut child = self.child.take().expect("FreeSWITCH is running");
        let deadline = Instant::now() + patience;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return status,
                Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
                _ => {
                    // The second way to stop it: nothing of a test may stay behind.
                    let _ = child.kill();
                    return child.wait().expect("reap the killed FreeSWITCH");
                }
            }
        }
    }
}

/// Links every module of the installation into `dir`, with the chosen call-centre module among them.
fn link_modules(install: &Install, module: Module, dir: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(&install.modules)? {
        let file = entry?;
        let link = dir.join(file.file_name());
        let name = file.file_name();
        let wanted = name.to_string_lossy().ends_with(".so") && name != "mod_callcenter.so";
        if wanted && !link.exists() {
            symlink(file.path(), link)?;
        }
    }
    let chosen = dir.join("mod_callcenter.so");
    if chosen.symlink_metadata().is_ok() {
        std::fs::remove_file(&chosen)?;
    }
    symlink(install.module(module), chosen)
}

impl Drop for FreeSwitch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "log of the FreeSWITCH with the {:?} module:\n{}",
                self.module,
                self.log_tail()
            );
        }
        if self.child.is_some() {
            self.kill();
        }
    }
}

/// What stands in this column of the first row of a list, if there is one.
fn cell_of<'a>(list: &'a str, column: &str) -> Option<&'a str> {
    let mut lines = list.lines().map(|line| line.split('|'));
    let at = lines.next()?.position(|name| name == column)?;
    lines.next()?.nth(at)
}
