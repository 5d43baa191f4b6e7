//! A private database server in a temporary directory, on a free port, gone with the test program whatever becomes of that.

use std::io::{Error, Result, Write};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::skip::{self, skip};

/// How long a server may take to start on a busy machine.
const START_DEADLINE: Duration = Duration::from_secs(90);

/// The user the tests log in as, who may do everything, and the password.
pub const USER: &str = "callcenter";
/// See [`USER`].
pub const PASSWORD: &str = "se'cret";

/// Starts the server, sends it and its processes the signals it is told, and stops it at the word `end`. When its input ends
/// without a word, the test program is gone, and so is what is left of the server.
const SUPERVISOR: &str = r#"directory=$1; signal=$2; shift 2
"$@" >>"$directory/server.log" 2>&1 &
server=$!
everybody() { echo "$server" $(cat /proc/"$server"/task/*/children); }
while read -r word && [ "$word" != end ]; do
    kill -s "$word" $(everybody)
    : >"$directory/$word"
done
kill -s CONT $(everybody)
kill -s "$signal" "$server"
wait "$server"
[ -n "$word" ] || rm -rf "$directory"
"#;

/// Which server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    MariaDb,
}

/// The server of this kind that all tests of a program share; each test has its own database. None, and the test is skipped, where its
/// programs are missing.
pub fn shared(kind: Kind) -> Option<&'static PrivateServer> {
    static POSTGRES: OnceLock<Option<PrivateServer>> = OnceLock::new();
    static MARIADB: OnceLock<Option<PrivateServer>> = OnceLock::new();
    let place = match kind {
        Kind::Postgres => &POSTGRES,
        Kind::MariaDb => &MARIADB,
    };
    let server = place.get_or_init(|| PrivateServer::start(kind, &[])).as_ref();
    if server.is_none() {
        // The first test that asked has said so; the others count as skipped as well.
        skip::note(&missing(kind));
    }
    server
}

/// A running server.
pub struct PrivateServer {
    /// Which it is.
    pub kind: Kind,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    directory: tempfile::TempDir,
    /// How often its data has moved.
    moves: usize,
    options: &'static [&'static str],
    supervisor: Option<Child>,
}

impl PrivateServer {
    /// Starts one with these options; none, and the test is skipped, where its programs are missing.
    ///
    /// # Panics
    /// When the server does not start.
    pub fn start(kind: Kind, options: &'static [&'static str]) -> Option<Self> {
        if program(kind).is_none() {
            skip(&missing(kind));
            return None;
        }
        let directory = tempfile::Builder::new().prefix("callcenter-server-").tempdir();
        let mut server = Self {
            kind,
            port: free_port(),
            directory: directory.expect("make a temporary directory"),
            moves: 0,
            options,
            supervisor: None,
        };
        server.make().expect("make an empty database");
        server.run();
        Some(server)
    }

    /// A line-oriented client, connected to this database.
    pub fn client_command(&self, database: &str) -> Command {
        let port = self.port.to_string();
        match self.kind {
            Kind::Postgres => {
                let mut psql = Command::new(program_beside(Kind::Postgres, "psql"));
                psql.env("PGPASSWORD", PASSWORD)
                    .env("PGCONNECT_TIMEOUT", "5")
                    .env("PGCLIENTENCODING", "UTF8")
                    .args(["-X", "-q", "-A", "-t", "-F", "\u{1f}", "-P", "null=NULL"])
                    .args(["-h", "127.0.0.1", "-p", &port, "-U", USER, "-d", database]);
                psql
            }
            Kind::MariaDb => {
                let mut client = Command::new("mariadb");
                client
                    .args([
                        "--no-defaults",
                        "--batch",
                        "--skip-column-names",
                        "--unbuffered",
                        "--force",
                    ])
                    .args(["--protocol=tcp", "--host=127.0.0.1", "--port", &port])
                    .args(["--user", USER, "--connect-timeout=5"])
                    .arg(format!("--password={PASSWORD}"))
                    .arg(database);
                client
            }
        }
    }

    /// Runs statements as the administrator, each on a line of the answer.
    pub fn administer(&self, database: &str, sql: &str) -> String {
        let mut client = self.client_command(database);
        let flag = if self.kind == Kind::Postgres { "-c" } else { "-e" };
        let output = client.arg(flag).arg(sql).output().expect("run the client");
        assert!(
            output.status.success(),
            "{sql}: {}\n{}",
            String::from_utf8_lossy(&output.stderr),
            self.log()
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Makes an empty database of that name.
    pub fn create_database(&self, name: &str) {
        self.administer(self.first_database(), &format!("CREATE DATABASE {name}"));
    }

    /// The database that is there from the start.
    pub fn first_database(&self) -> &'static str {
        match self.kind {
            Kind::Postgres => "postgres",
            Kind::MariaDb => "mysql",
        }
    }

    /// Stops it in an orderly way, and waits for that.
    pub fn stop(&mut self) {
        if let Some(mut supervisor) = self.supervisor.take() {
            if let Some(mut input) = supervisor.stdin.take() {
                // Without an answer it is gone already.
                let _ = input.write_all(b"end\n");
            }
            // It ends with the server.
            let _ = supervisor.wait();
        }
    }

    /// Has it crash (`pg_ctl stop -m immediate`) and waits for that. [`PrivateServer::run`] starts it again.
    pub fn crash(&mut self) {
        self.send("QUIT");
        self.stop();
    }

    /// A standby of this PostgreSQL, on a port of its own, that follows it by streaming replication.
    ///
    /// # Panics
    /// When it does not start.
    pub fn standby(&self) -> Self {
        self.standby_on(free_port())
    }

    /// The same, on the port of a server that is gone.
    ///
    /// # Panics
    /// When it does not start.
    pub fn standby_on(&self, port: u16) -> Self {
        let directory = tempfile::Builder::new().prefix("callcenter-standby-").tempdir();
        let mut standby = Self {
            kind: self.kind,
            port,
            directory: directory.expect("make a temporary directory"),
            moves: 0,
            options: self.options,
            supervisor: None,
        };
        let place = standby.directory.path();
        if let Some((uid, gid)) = unprivileged() {
            chown(place, Some(uid), Some(gid)).expect("give the directory away");
        }
        let mut copying = standby.as_unprivileged(program_beside(self.kind, "pg_basebackup"));
        copying
            .env("PGPASSWORD", PASSWORD)
            .args(["-h", "127.0.0.1", "-U", USER, "-R", "-c", "fast", "--no-sync"]);
        copying
            .args(["-p", &self.port.to_string()])
            .arg("-D")
            .arg(standby.data());
        let copied = copying.output().expect("run pg_basebackup");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        standby.run();
        standby
    }

    /// The server's processes.
    pub fn processes(&self) -> Vec<u32> {
        let mut found: Vec<u32> = self.supervisor.iter().flat_map(|shell| children(shell.id())).collect();
        let more: Vec<u32> = found.iter().flat_map(|process| children(*process)).collect();
        found.extend(more);
        found
    }

    /// The PostgreSQL that this one is a standby of is gone: it takes its place.
    pub fn promote(&self) {
        self.administer(self.first_database(), "SELECT pg_promote()");
    }

    /// What `odbc-dsn` says of a database of these servers, each on its port.
    pub fn dsn(ports: &[u16], database: &str) -> String {
        let hosts = vec!["127.0.0.1"; ports.len()].join(",");
        let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
        let (ports, secret) = (ports.join(","), PASSWORD.replace('\'', "\\'"));
        format!("pgsql://host={hosts} port={ports} user={USER} password='{secret}' dbname={database}")
    }

    /// Has it hang: it keeps its connections, and answers nothing until [`PrivateServer::go_on`].
    pub fn hang(&mut self) {
        self.send("STOP");
    }

    /// Ends what [`PrivateServer::hang`] began.
    pub fn go_on(&mut self) {
        self.send("CONT");
    }

    fn send(&mut self, signal: &str) {
        let sent = self.directory.path().join(signal);
        // Of an earlier time.
        let _ = std::fs::remove_file(&sent);
        let input = self
            .supervisor
            .as_mut()
            .and_then(|supervisor| supervisor.stdin.as_mut());
        let line = format!("{signal}\n");
        input
            .expect("it runs")
            .write_all(line.as_bytes())
            .expect("tell the supervisor");
        let deadline = Instant::now() + START_DEADLINE;
        while !sent.exists() {
            assert!(Instant::now() < deadline, "{signal} was not sent");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Another server takes its place, on a copy of its data and on the same port, as after a failover.
    pub fn fail_over(&mut self) {
        self.stop();
        let from = self.data();
        self.moves += 1;
        let copied = Command::new("cp").arg("-a").arg(from).arg(self.data()).status();
        assert!(copied.is_ok_and(|status| status.success()), "copy the data");
        self.run();
    }

    fn data(&self) -> PathBuf {
        let name = format!("data{}", self.moves);
        self.directory.path().join(name)
    }

    /// Starts it again on the same data and port.
    pub fn run(&mut self) {
        let (directory, port, data) = (self.directory.path(), self.port, self.data());
        let program = program(self.kind).expect("the program was there a moment ago");
        let mut command = self.as_unprivileged("sh");
        command.args(["-c", SUPERVISOR, "supervisor"]).arg(directory);
        match self.kind {
            Kind::Postgres => command
                .arg("INT")
                .arg(program)
                .arg("-D")
                .arg(data)
                .args([
                    "-p",
                    &port.to_string(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "fsync=off",
                ])
                .arg("-c")
                .arg(format!("unix_socket_directories={}", directory.display())),
            Kind::MariaDb => command
                .arg("TERM")
                .arg(program)
                .arg("--no-defaults")
                .arg(format!("--datadir={}", data.display()))
                .arg(format!("--socket={}", directory.join("socket").display()))
                .arg(format!("--pid-file={}", directory.join("pid").display()))
                .arg(format!("--port={port}"))
                .args(["--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0"])
                .args(["--innodb-buffer-pool-size=16M", "--skip-log-bin"]),
        };
        command.args(self.options).stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.supervisor = Some(command.spawn().expect("start the server"));
        self.wait_until_ready();
    }

    fn wait_until_ready(&self) {
        let deadline = Instant::now() + START_DEADLINE;
        let mut client = self.client_command(self.first_database());
        client
            .arg(if self.kind == Kind::Postgres { "-c" } else { "-e" })
            .arg("SELECT 1");
        while !client.output().is_ok_and(|output| output.status.success()) {
            assert!(
                Instant::now() < deadline,
                "{:?} did not start:\n{}",
                self.kind,
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Makes the data directory and the user.
    fn make(&self) -> Result<()> {
        let directory = self.directory.path();
        if let Some((uid, gid)) = unprivileged() {
            chown(directory, Some(uid), Some(gid))?;
        }
        let data = self.data();
        let mut command = match self.kind {
            Kind::Postgres => {
                let secret = directory.join("secret");
                std::fs::write(&secret, PASSWORD)?;
                let mut initdb = self.as_unprivileged(program_beside(Kind::Postgres, "initdb"));
                initdb
                    .args([
                        "-A",
                        "scram-sha-256",
                        "-U",
                        USER,
                        "-E",
                        "UTF8",
                        "--locale=C",
                        "--no-sync",
                        "-D",
                    ])
                    .arg(data)
                    .arg("--pwfile")
                    .arg(secret);
                initdb
            }
            Kind::MariaDb => {
                let user = directory.join("user.sql");
                let secret = PASSWORD.replace('\'', "''");
                std::fs::write(
                    &user,
                    format!("FLUSH PRIVILEGES;\nCREATE USER {USER}@'%' IDENTIFIED BY '{secret}';\nGRANT ALL ON *.* TO {USER}@'%' WITH GRANT OPTION;\n"),
                )?;
                let mut install = self.as_unprivileged("mariadb-install-db");
                install
                    .args([
                        "--no-defaults",
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db",
                    ])
                    .args(["--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"])
                    .arg(format!("--datadir={}", data.display()))
                    .arg(format!("--extra-file={}", user.display()));
                install
            }
        };
        let output = command.current_dir(directory).output()?;
        if output.status.success() {
            return Ok(());
        }
        let words = [output.stdout, output.stderr].concat();
        Err(Error::other(String::from_utf8_lossy(&words).into_owned()))
    }

    /// A server refuses to run as root, and MariaDB's clears away at its start what others have in a directory they share for
    /// temporary files.
    fn as_unprivileged(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let directory = self.directory.path();
        command.current_dir(directory).env("TMPDIR", directory);
        if let Some((uid, gid)) = unprivileged() {
            command.gid(gid).uid(uid);
        }
        command
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("server.log")).unwrap_or_default()
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Why there is no server of this kind.
fn missing(kind: Kind) -> String {
    format!("no {kind:?} server (scripts/setup servers installs it)")
}

/// The server's program.
fn program(kind: Kind) -> Option<PathBuf> {
    match kind {
        Kind::Postgres => {
            let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
            let mut found: Vec<PathBuf> = versions
                .filter_map(|version| Some(version.ok()?.path().join("bin/postgres")))
                .filter(|program| program.is_file())
                .collect();
            found.sort();
            found.pop()
        }
        Kind::MariaDb => ["/usr/sbin/mariadbd", "/usr/bin/mariadbd"]
            .map(PathBuf::from)
            .into_iter()
            .find(|program| program.is_file()),
    }
}

fn program_beside(kind: Kind, name: &str) -> PathBuf {
    let program = program(kind).unwrap_or_default();
    program.parent().unwrap_or(Path::new("")).join(name)
}

/// Another user's ids when this program runs as root; none when it does not.
fn unprivileged() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let nobody = passwd.lines().find(|line| line.starts_with("nobody:"))?;
    let mut fields = nobody.split(':').skip(2).map(|id| id.parse().ok());
    is_root.then(|| Some((fields.next()??, fields.next()??)))?
}

fn children(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let of_task = |task: Result<std::fs::DirEntry>| std::fs::read_to_string(task.ok()?.path().join("children")).ok();
    let texts: Vec<String> = tasks.filter_map(of_task).collect();
    let words = texts.iter().flat_map(|text| text.split_whitespace());
    words.filter_map(|word| word.parse().ok()).collect()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
