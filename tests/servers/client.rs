//! The server's own command-line client as a connection: one process, one session. It may lose its connection and, with MariaDB,
//! make another one without a word, just as FreeSWITCH's handles do.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mod_callcenter::store::{SqlConnection, SqlConnector, SqlRow};

use callcenter_test_support::private::{Kind, PrivateServer};

/// How long a statement may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the client prints when it is done with a statement.
const DONE: &str = "--done--";

/// Sessions with one database.
pub struct Client {
    kind: Kind,
    program: Command,
    /// Run first in each session.
    settings: Vec<String>,
    session: Option<Session>,
    /// Every statement that was run.
    pub log: Arc<Mutex<Vec<String>>>,
}

struct Session {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Client {
    /// A client of this database, in whose sessions `settings` are run first.
    pub fn of(server: &PrivateServer, database: &str, settings: &[&str]) -> Self {
        let mut merged = Command::new("sh");
        // Answers and errors come in one stream, in their order.
        merged.args(["-c", r#"exec "$@" 2>&1"#, "client"]);
        let program = server.client_command(database);
        merged.arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            merged.env(name, value.unwrap_or_default());
        }
        Self {
            kind: server.kind,
            program: merged,
            settings: settings.iter().map(|sql| (*sql).to_owned()).collect(),
            session: None,
            log: Arc::default(),
        }
    }
}

impl Session {
    fn start(program: &mut Command) -> std::io::Result<Self> {
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (sender, lines) = channel();
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, input, lines })
    }

    fn run(&mut self, kind: Kind, sql: &str) -> Result<Vec<String>, String> {
        let done = match kind {
            Kind::Postgres => format!("\\echo {DONE}"),
            Kind::MariaDb => format!("SELECT '{DONE}';"),
        };
        assert!(!sql.contains('\n'), "one line for one statement: {sql}");
        writeln!(self.input, "{sql};\n{done}").map_err(|_| "lost connection".to_owned())?;
        let mut answer = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line == DONE => break,
                // This client may reconnect, and may also wait for ever.
                Ok(line) if line.contains("ERROR 2006") || line.contains("ERROR 2013") => {
                    return Err(format!("lost connection: {line}"));
                }
                Ok(line) => answer.push(line),
                Err(RecvTimeoutError::Timeout) => return Err("lost connection: no answer".to_owned()),
                Err(RecvTimeoutError::Disconnected) => return Err(format!("lost connection: {}", answer.join(" "))),
            }
        }
        let is_error = |line: &&String| {
            ["ERROR", "FATAL", "psql: error"]
                .iter()
                .any(|word| line.starts_with(word))
        };
        match answer.iter().find(is_error) {
            Some(error) => Err(error.clone()),
            None => Ok(answer),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl SqlConnector for Client {
    fn name(&self) -> String {
        format!("{:?}", self.kind)
    }

    fn connect(&mut self) -> Result<Box<dyn SqlConnection + '_>, String> {
        if self.session.is_none() {
            let mut session = Session::start(&mut self.program).map_err(|error| error.to_string())?;
            for sql in &self.settings {
                session.run(self.kind, sql)?;
            }
            self.session = Some(session);
        }
        Ok(Box::new(Connected { client: self }))
    }

    // The session stays: what a broken one does is part of what is tested.
    fn release(&mut self) {}
}

struct Connected<'c> {
    client: &'c mut Client,
}

impl Connected<'_> {
    fn run(&mut self, sql: &str) -> Result<Vec<String>, String> {
        self.client
            .log
            .lock()
            .expect("nobody panicked here")
            .push(sql.to_owned());
        let session = self.client.session.as_mut().ok_or("lost connection")?;
        let answer = session.run(self.client.kind, sql);
        if answer.as_ref().is_err_and(|error| error.starts_with("lost connection")) {
            self.client.session = None;
        }
        answer
    }
}

impl SqlConnection for Connected<'_> {
    fn execute(&mut self, sql: &str) -> Result<(), String> {
        self.run(sql).map(drop)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
        let separator = if self.client.kind == Kind::Postgres {
            '\u{1f}'
        } else {
            '\t'
        };
        let cell = |text: &str| (text != "NULL").then(|| text.to_owned());
        let answer = self.run(sql)?;
        Ok(answer
            .iter()
            .filter(|line| !line.starts_with("WARNING"))
            .map(|line| line.split(separator).map(cell).collect())
            .collect())
    }
}
