//! SIPp as a caller or as a phone: SIP from outside FreeSWITCH.

use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::calls::SOON;
use super::config::USER_PASSWORD;
use super::ear::Ear;
use super::freeswitch::FreeSwitch;
use super::msrp::Writer;
use super::ports;

/// How long a SIPp run may take before it is killed.
const DEADLINE: Duration = Duration::from_secs(40);

/// A running SIPp with one scenario and one call, stopped when dropped.
pub struct Sipp {
    name: String,
    child: Child,
    dir: tempfile::TempDir,
    media: UdpSocket,
}

impl Sipp {
    /// A caller who dials the extension and waits until hung up on.
    pub fn caller(switch: &FreeSwitch, extension: &str) -> Sipp {
        let remote = format!("127.0.0.1:{}", switch.ports.desk);
        start(
            "caller_waits",
            include_str!("sipp/caller_waits.xml"),
            ports::free_udp(),
            &["-s", extension, &remote],
        )
    }

    /// A caller who writes there and has no sound, dials the extension and waits until hung up on.
    pub fn caller_who_writes(switch: &FreeSwitch, extension: &str, writer: &Writer) -> Sipp {
        let remote = format!("127.0.0.1:{}", switch.ports.desk);
        let (head, _, tail) = around_sound(include_str!("sipp/caller_waits.xml"));
        let scenario = format!("{head}{}{tail}", writer.offer());
        start(
            "caller_writes",
            &scenario,
            ports::free_udp(),
            &["-s", extension, &remote],
        )
    }

    /// A phone that answers one call after a short ring, for somebody who writes there, and hangs up after this long.
    pub fn phone_that_writes(port: u16, writer: &Writer, talk: Duration) -> Sipp {
        let (head, sound, tail) = around_sound(include_str!("sipp/phone_talks.xml"));
        let scenario = format!("{head}{sound}{}{tail}", writer.offer());
        let talk = talk.as_millis().to_string();
        start("phone_writes", &scenario, port, &["-d", &talk])
    }

    /// As many callers as said, so many new ones a second, who dial the extension and wait until hung up on.
    pub fn callers(switch: &FreeSwitch, extension: &str, a_second: u32, calls: u32, patience: Duration) -> Sipp {
        let remote = format!("127.0.0.1:{}", switch.ports.desk);
        let numbers = [a_second.to_string(), calls.to_string(), patience.as_secs().to_string()];
        let [rate, calls, seconds] = &numbers;
        start(
            "caller_waits",
            include_str!("sipp/caller_waits.xml"),
            ports::free_udp(),
            &["-s", extension, "-r", rate, "-m", calls, "-timeout", seconds, &remote],
        )
    }

    /// A phone that answers one call after a short ring and hangs up after talking this long.
    pub fn phone_that_talks(port: u16, talk: Duration) -> Sipp {
        let talk = talk.as_millis().to_string();
        start(
            "phone_talks",
            include_str!("sipp/phone_talks.xml"),
            port,
            &["-d", &talk],
        )
    }

    /// A phone that rings until cancelled.
    pub fn phone_that_rings(port: u16) -> Sipp {
        start("phone_rings", include_str!("sipp/phone_rings.xml"), port, &[])
    }

    /// A phone that rings until cancelled, and fails unless the ring ends because another phone was answered.
    pub fn phone_that_loses(port: u16) -> Sipp {
        start("phone_loses", include_str!("sipp/phone_loses.xml"), port, &[])
    }

    /// A phone that rings until cancelled, and fails if the ring ends because another phone was answered.
    pub fn phone_that_misses(port: u16) -> Sipp {
        start("phone_misses", include_str!("sipp/phone_misses.xml"), port, &[])
    }

    /// Registers a user of the directory from this port.
    pub fn register(switch: &FreeSwitch, user: &str, port: u16) {
        let remote = format!("127.0.0.1:{}", switch.ports.desk);
        let words = ["-s", user, "-au", user, "-ap", USER_PASSWORD, &remote];
        start("register", include_str!("sipp/register.xml"), port, &words).finish();
    }

    /// A phone with a busy lamp: it subscribes, and ends once it was told of a busy queue and then of an idle one.
    pub fn blf_key(switch: &FreeSwitch, queue: &str) -> Sipp {
        let remote = format!("127.0.0.1:{}", switch.ports.desk);
        let scenario = include_str!("sipp/blf_key.xml");
        start("blf_key", scenario, ports::free_udp(), &["-s", queue, &remote])
    }

    /// Waits until the phone with a busy lamp has been told of a busy queue: what changes before that may reach it as one change.
    pub fn wait_until_lit(&self) {
        let deadline = Instant::now() + SOON;
        while !self.dir.path().join("lit").exists() {
            assert!(Instant::now() < deadline, "the lamp is not lit:\n{}", self.report());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the scenario and fails the test when it did not go as written.
    pub fn finish(mut self) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return,
                Ok(Some(status)) => panic!("SIPp {} ended with {status}:\n{}", self.name, self.report()),
                Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
                _ => panic!("SIPp {} did not end in {DEADLINE:?}:\n{}", self.name, self.report()),
            }
        }
    }

    /// Listens to what FreeSWITCH sends to this phone.
    pub fn ear(&self) -> Ear {
        Ear::at(self.media.try_clone().expect("share the media socket"))
    }

    /// Waits for a media packet from FreeSWITCH: the sound of hold music or of the other side.
    pub fn hears_something(&self, patience: Duration) -> bool {
        let mut packet = [0; 512];
        self.media.set_read_timeout(Some(patience)).is_ok() && self.media.recv(&mut packet).is_ok()
    }

    /// Waits until the kernel lists its SIP port: a call before that would be refused. A scenario that has succeeded
    /// already has had its port.
    fn wait_until_bound(&mut self, port: u16) {
        let listed = format!("0100007F:{port:04X} ");
        let deadline = Instant::now() + SOON;
        while !std::fs::read_to_string("/proc/net/udp").is_ok_and(|table| table.contains(&listed)) {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return,
                Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
                ended => panic!("SIPp {} has no port {port} ({ended:?}):\n{}", self.name, self.report()),
            }
        }
    }

    fn report(&self) -> String {
        let files = std::fs::read_dir(self.dir.path()).into_iter().flatten().flatten();
        let logs = files.filter(|file| file.file_name().to_string_lossy().ends_with(".log"));
        logs.filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .collect()
    }
}

impl Drop for Sipp {
    fn drop(&mut self) {
        // Either may fail because it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A scenario's sound, with what stands before and behind it.
fn around_sound(scenario: &str) -> (&str, &str, &str) {
    let begin = scenario.find("    m=audio").expect("the offer of sound");
    let last = "PCMU/8000\n";
    let end = scenario.find(last).expect("its end") + last.len();
    (&scenario[..begin], &scenario[begin..end], &scenario[end..])
}

fn start(name: &str, scenario: &str, port: u16, words: &[&str]) -> Sipp {
    let dir = tempfile::Builder::new()
        .prefix("callcenter-sipp-")
        .tempdir()
        .expect("make a temporary directory");
    let file = dir.path().join(format!("{name}.xml"));
    std::fs::write(&file, scenario).expect("write the SIPp scenario");
    let media = UdpSocket::bind(("127.0.0.1", 0)).expect("bind a media port");
    let media_port = media.local_addr().expect("address of a bound socket").port();
    let child = command(dir.path(), &file, port, media_port).args(words).spawn();
    let child = child.expect("start SIPp (Debian package sip-tester)");
    let mut sipp = Sipp {
        name: name.to_string(),
        child,
        dir,
        media,
    };
    sipp.wait_until_bound(port);
    sipp
}

fn command(dir: &Path, scenario: &Path, port: u16, media_port: u16) -> Command {
    let mut command = Command::new("sipp");
    command
        .current_dir(dir)
        .arg("-sf")
        .arg(scenario)
        .args(["-i", "127.0.0.1", "-p", &port.to_string()])
        // SIPp insists on media sockets of its own; the port it offers to FreeSWITCH is the test's.
        .args([
            "-mp",
            &ports::free_udp().to_string(),
            "-key",
            "sound_port",
            &media_port.to_string(),
        ])
        .args(["-m", "1", "-nostdin", "-trace_err", "-timeout", "40", "-timeout_error"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}
