//! One client: who it is, what it says, and what it is told.

use super::command::Command;
use super::event::Event;
use super::hub::{Hub, Listener};
use std::io::{BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::Receiver;
use std::sync::Arc;
use std::time::Duration;

/// A client that takes nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is said before the line is closed.
const GOODBYE: &str = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n";

/// Serves a client until it goes.
pub(super) fn serve(stream: TcpStream, hub: &Arc<Hub>, password: &str) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (listener, written) = hub.join();
    let output = stream.try_clone()?;
    let writer = std::thread::Builder::new()
        .name("client-out".to_owned())
        .spawn(move || write_out(output, &written))?;
    listener.send("Content-Type: auth/request\n\n".to_owned());
    let mut session = Session {
        hub: Arc::clone(hub),
        listener,
        password: password.to_owned(),
        is_known: false,
        lingers: false,
        jobs: 0,
    };
    let mut input = BufReader::new(stream);
    while let Some(command) = Command::read(&mut input) {
        if !session.obey(&command) {
            break;
        }
    }
    hub.part(&session.listener);
    // The writer ends with the last message, once nobody can send another.
    drop(session);
    let _ = writer.join();
    Ok(())
}

fn write_out(mut output: TcpStream, written: &Receiver<String>) {
    while let Ok(text) = written.recv() {
        if output.write_all(text.as_bytes()).is_err() {
            break;
        }
    }
    let _ = output.shutdown(Shutdown::Both);
}

/// A client's connection.
struct Session {
    hub: Arc<Hub>,
    listener: Arc<Listener>,
    password: String,
    is_known: bool,
    lingers: bool,
    jobs: u64,
}

impl Session {
    /// Does what it is told; false ends the connection.
    fn obey(&mut self, command: &Command) -> bool {
        let (word, rest) = command.parts();
        match word.as_str() {
            "exit" => return self.say_goodbye(),
            "auth" => return self.admit(rest == self.password),
            "userauth" => return self.admit(rest.rsplit_once(':').is_some_and(|(_, word)| word == self.password)),
            _ if !self.is_known => self.reply("-ERR command not found"),
            "api" => {
                let answer = self.hub.ask(rest);
                let length = answer.len();
                self.listener.send(format!(
                    "Content-Type: api/response\nContent-Length: {length}\n\n{answer}"
                ));
            }
            "bgapi" => self.work_on(rest, command.header("Job-UUID")),
            "linger" => {
                self.lingers = true;
                self.reply("+OK will linger");
            }
            "nolinger" => {
                self.lingers = false;
                self.reply("+OK will not linger");
            }
            "log" => self.reply("+OK log level enabled, and nothing is logged here"),
            "nolog" => self.reply("+OK no longer logging"),
            _ => self.subscribe(&word, rest),
        }
        true
    }

    fn subscribe(&self, word: &str, rest: &str) {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let reply = {
            let mut wishes = self.listener.wishes.lock();
            match word {
                "event" | "events" => wishes.add(&words),
                "nixevent" | "nixevents" => wishes.remove(&words),
                "noevents" => wishes.clear(),
                "filter" => wishes.filter(&words),
                _ => "-ERR command not found".to_owned(),
            }
        };
        self.reply(&reply);
    }

    fn reply(&self, text: &str) {
        self.listener
            .send(format!("Content-Type: command/reply\nReply-Text: {text}\n\n"));
    }

    fn admit(&mut self, is_right: bool) -> bool {
        self.is_known = is_right;
        if is_right {
            self.reply("+OK accepted");
        } else {
            self.reply("-ERR invalid");
            self.say_disconnected(GOODBYE);
        }
        is_right
    }

    fn say_goodbye(&self) -> bool {
        self.reply("+OK bye");
        self.say_disconnected(GOODBYE);
        false
    }

    fn say_disconnected(&self, text: &str) {
        let disposition = if self.lingers { "linger" } else { "disconnect" };
        let length = text.len();
        self.listener.send(format!(
            "Content-Type: text/disconnect-notice\nContent-Disposition: {disposition}\nContent-Length: {length}\n\n{text}"
        ));
    }

    /// `bgapi`: the answer comes as an event.
    fn work_on(&mut self, line: &str, wanted: Option<&str>) {
        self.jobs += 1;
        let job = wanted.map_or_else(|| format!("00000000-0000-4000-8000-{:012x}", self.jobs), str::to_owned);
        self.listener.send(format!(
            "Content-Type: command/reply\nReply-Text: +OK Job-UUID: {job}\nJob-UUID: {job}\n\n"
        ));
        let answer = self.hub.ask(line);
        let (command, arguments) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        self.hub.fire(|number| {
            let mut event = Event::new("BACKGROUND_JOB", None);
            event.add("Event-Sequence", &number.to_string());
            event.add("Job-UUID", &job);
            event.add("Job-Command", command);
            event.add("Job-Command-Arg", arguments);
            event.with_body(answer)
        });
    }
}
