//! A small event socket client: one connection for commands, one that collects events.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::config::{Ports, PASSWORD};
use super::event::Event;

/// How long one command may take before the test fails.
const COMMAND_DEADLINE: Duration = Duration::from_secs(30);

/// A message of the event socket: its headers and its body.
struct Frame {
    headers: Vec<(String, String)>,
    body: String,
}

impl Frame {
    fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }
}

/// One authenticated connection.
pub struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    /// To the FreeSWITCH that listens there, whether it runs at this moment or not.
    pub fn to(ports: Ports) -> io::Result<Connection> {
        Connection::open(ports.esl, PASSWORD)
    }

    /// Connects and authenticates.
    pub fn open(port: u16, password: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect_timeout(&([127, 0, 0, 1], port).into(), Duration::from_secs(2))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(COMMAND_DEADLINE))?;
        let mut connection = Connection {
            reader: BufReader::new(stream),
        };
        connection.read_frame()?;
        let reply = connection.command(&format!("auth {password}"))?;
        if reply.starts_with("+OK") {
            Ok(connection)
        } else {
            Err(io::Error::other(format!("event socket refused the password: {reply}")))
        }
    }

    /// Sends a command of the event socket itself and gives its `Reply-Text`.
    pub fn command(&mut self, command: &str) -> io::Result<String> {
        self.send(command)?;
        loop {
            let frame = self.read_frame()?;
            if frame.header("Content-Type") == "command/reply" {
                return Ok(frame.header("Reply-Text").to_string());
            }
        }
    }

    /// Runs an API command and gives its answer, byte for byte.
    pub fn api(&mut self, command: &str) -> io::Result<String> {
        self.send(&format!("api {command}"))?;
        loop {
            let frame = self.read_frame()?;
            match frame.header("Content-Type") {
                "api/response" => return Ok(frame.body),
                "text/disconnect-notice" => return Err(io::ErrorKind::ConnectionAborted.into()),
                _ => {}
            }
        }
    }

    fn send(&mut self, command: &str) -> io::Result<()> {
        self.reader.get_mut().write_all(format!("{command}\n\n").as_bytes())
    }

    fn read_frame(&mut self) -> io::Result<Frame> {
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end() {
                "" if headers.is_empty() => {}
                "" => break,
                text => headers.extend(
                    text.split_once(": ")
                        .map(|(name, value)| (name.to_string(), value.to_string())),
                ),
            }
        }
        let mut frame = Frame {
            headers,
            body: String::new(),
        };
        let length: usize = frame.header("Content-Length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        frame.body = String::from_utf8_lossy(&body).into_owned();
        Ok(frame)
    }
}

/// The events the tests look at.
pub const USUAL_EVENTS: &[&str] = &["event plain CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE \
                                    CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_PROGRESS CHANNEL_EXECUTE PRESENCE_IN \
                                    BACKGROUND_JOB DTMF CUSTOM callcenter::info dialplan::seen"];

/// A connection whose events are handed over, in the order they are delivered, by a thread of its own.
pub struct Follower {
    stream: TcpStream,
    reader: Option<JoinHandle<()>>,
}

impl Follower {
    /// Subscribes with these commands of the event socket and hands each event to `each`, until it is dropped.
    pub fn open(
        port: u16,
        password: &str,
        subscription: &[&str],
        mut each: impl FnMut(Event) + Send + 'static,
    ) -> io::Result<Follower> {
        let mut connection = Connection::open(port, password)?;
        for command in subscription {
            connection.command(command)?;
        }
        connection.reader.get_ref().set_read_timeout(None)?;
        let stream = connection.reader.get_ref().try_clone()?;
        let reader = std::thread::spawn(move || {
            while let Ok(frame) = connection.read_frame() {
                if frame.header("Content-Type") == "text/event-plain" {
                    each(Event::parse(&frame.body));
                }
            }
        });
        Ok(Follower {
            stream,
            reader: Some(reader),
        })
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // Ends the reader's blocking read; an already closed socket is as good.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

/// Every event since FreeSWITCH was ready, in the order it was delivered.
pub struct EventLog {
    shared: Arc<Shared>,
    followers: Vec<Follower>,
}

#[derive(Default)]
struct Shared {
    events: Mutex<Vec<Event>>,
    arrived: Condvar,
}

impl EventLog {
    /// Subscribes with these commands of the event socket and starts collecting.
    pub fn open(port: u16, password: &str, subscription: &[&str]) -> io::Result<EventLog> {
        let mut log = EventLog {
            shared: Arc::new(Shared::default()),
            followers: Vec::new(),
        };
        log.collect(port, password, subscription)?;
        Ok(log)
    }

    /// Collects from another connection as well.
    pub fn collect(&mut self, port: u16, password: &str, subscription: &[&str]) -> io::Result<()> {
        let collected = self.shared.clone();
        self.followers
            .push(Follower::open(port, password, subscription, move |event| {
                collected.events.lock().unwrap().push(event);
                collected.arrived.notify_all();
            })?);
        Ok(())
    }

    /// Waits until the events FreeSWITCH had queued before this moment have come.
    pub fn catch_up(&self, commands: &mut Connection) -> io::Result<()> {
        let reply = commands.command("bgapi global_getvar hostname")?;
        let job = reply.rsplit(' ').next().unwrap_or_default().to_string();
        self.wait(0, COMMAND_DEADLINE, "answer to a background command", |event| {
            event.get("Job-UUID") == job
        });
        Ok(())
    }

    /// How many events have come so far: a mark to wait or look from.
    pub fn mark(&self) -> usize {
        self.shared.events.lock().unwrap().len()
    }

    /// The events since a mark.
    pub fn since(&self, mark: usize) -> Vec<Event> {
        self.shared.events.lock().unwrap()[mark..].to_vec()
    }

    /// The first event since `mark` that the predicate accepts, waited for up to `patience`.
    pub fn find(&self, mark: usize, patience: Duration, accept: impl Fn(&Event) -> bool) -> Option<Event> {
        let deadline = Instant::now() + patience;
        let mut events = self.shared.events.lock().unwrap();
        let mut looked = mark;
        loop {
            if let Some(event) = events[looked..].iter().find(|event| accept(event)) {
                return Some(event.clone());
            }
            looked = events.len();
            let left = deadline.checked_duration_since(Instant::now())?;
            events = self.shared.arrived.wait_timeout(events, left).unwrap().0;
        }
    }

    /// Like [`EventLog::find`], failing the test with the events there were instead.
    pub fn wait(&self, mark: usize, patience: Duration, what: &str, accept: impl Fn(&Event) -> bool) -> Event {
        self.find(mark, patience, accept).unwrap_or_else(|| {
            let seen: Vec<String> = self.since(mark).iter().map(summary).collect();
            panic!(
                "no {what} within {patience:?}; events since then:\n  {}",
                seen.join("\n  ")
            )
        })
    }
}

/// One line that tells a person what an event was about.
fn summary(event: &Event) -> String {
    let fields = [
        "CC-Action",
        "CC-Agent",
        "CC-Agent-Status",
        "CC-Agent-State",
        "Channel-Name",
        "Application",
        "Hangup-Cause",
    ];
    let told: Vec<&str> = fields
        .iter()
        .map(|name| event.get(name))
        .filter(|value| !value.is_empty())
        .collect();
    format!("{} {}", event.get("Event-Name"), told.join(" "))
}
