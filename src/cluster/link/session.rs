//! One connection to the server: what is said on it is answered in time, or it is given up.

use crate::cluster::link::dsn::{Addresses, CONNECTED_WITHIN};
use crate::store::{SqlConnection, SqlRow};
use std::future::{poll_fn, Future};
use std::time::Instant;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinHandle, JoinSet};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{
    AsyncMessage, Client, Config, Connection, Error, NoTls, Row, SimpleQueryMessage, Socket, Statement,
};

/// What statements begin with that shall fail where a condition does not hold: nothing divides by zero otherwise.
pub(super) const HOLDS: &str = "SELECT 1 / count(*)";

/// Whatever is said on connections, on the thread of a lane.
pub(super) struct Runner(Runtime);

impl Runner {
    pub fn new() -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime
            .map(Self)
            .map_err(|error| format!("the cluster's connections: {error}"))
    }

    /// Waits until it is done; nothing else runs on the thread's connections meanwhile but what keeps them going.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.block_on(work)
    }

    /// The same, until a deadline.
    pub fn wait_until<T>(&self, deadline: Instant, work: impl Future<Output = T>) -> Option<T> {
        self.0
            .block_on(async { tokio::time::timeout_at(deadline.into(), work).await.ok() })
    }
}

/// A script that was carried out, or not at all.
#[derive(Debug)]
pub(super) enum Script {
    /// It is committed. The rows of its last statement that had any.
    Done(Vec<SqlRow>),
    /// A condition did not hold.
    Held,
}

impl Script {
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// A connection.
pub(super) struct Session {
    client: Client,
    /// Keeps the connection going; its end is the connection's.
    driver: JoinHandle<()>,
    heard: UnboundedReceiver<String>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Session {
    /// A connection to the first of the hosts that takes writes.
    pub fn connect(runner: &Runner, addresses: &Addresses, deadline: Instant) -> Result<Self, String> {
        let deadline = deadline.min(Instant::now() + CONNECTED_WITHIN);
        let connecting = connect_to_any(&addresses.hosts);
        let connected = runner.wait_until(deadline, connecting);
        let (client, connection) =
            connected.unwrap_or_else(|| Err("no host has answered within a second".to_owned()))?;
        let (tell, heard) = unbounded_channel();
        let driver = runner.0.spawn(keep_going(connection, tell));
        Ok(Self { client, driver, heard })
    }

    /// Waits until a notification comes: its channel; none, when the connection is lost.
    pub async fn hear(&mut self) -> Option<String> {
        self.heard.recv().await
    }

    /// Notifications that have come and were not asked for.
    pub fn heard_already(&mut self) -> bool {
        let mut has_heard = false;
        while self.heard.try_recv().is_ok() {
            has_heard = true;
        }
        has_heard
    }

    /// Says several statements as one message: one transaction, of which nothing stays open whatever becomes of who said it.
    pub fn script(&self, runner: &Runner, deadline: Instant, sql: &str) -> Result<Script, String> {
        match in_time(runner, deadline, self.client.simple_query(sql))? {
            Ok(messages) => Ok(told(messages)),
            Err(error) if error.code() == Some(&SqlState::DIVISION_BY_ZERO) => Ok(Script::Held),
            Err(error) => Err(words(&error)),
        }
    }

    /// Says something whose answer nobody waits for.
    pub fn mention(&self, runner: &Runner, sql: &str) {
        runner.wait(async {
            // If that fails, the next statement tells.
            drop(self.client.simple_query_raw(sql).await);
            // The connection is given the time to put it on its way.
            tokio::task::yield_now().await;
        });
    }

    /// Prepares a statement.
    pub fn prepare(&self, runner: &Runner, deadline: Instant, sql: &str) -> Result<Statement, String> {
        in_time(runner, deadline, self.client.prepare(sql))?.map_err(|error| words(&error))
    }

    /// Says a statement that was prepared.
    pub fn query(
        &self,
        runner: &Runner,
        deadline: Instant,
        (statement, values): (&Statement, &[&(dyn ToSql + Sync)]),
    ) -> Result<Vec<Row>, String> {
        in_time(runner, deadline, self.client.query(statement, values))?.map_err(|error| words(&error))
    }
}

fn in_time<T>(runner: &Runner, deadline: Instant, work: impl Future<Output = T>) -> Result<T, String> {
    let done = runner.wait_until(deadline, work);
    done.ok_or_else(|| "the server did not answer within two seconds".to_owned())
}

async fn connect_to_any(
    hosts: &[Config],
) -> Result<(Client, Connection<Socket, tokio_postgres::tls::NoTlsStream>), String> {
    let mut attempts = JoinSet::new();
    for host in hosts {
        let host = host.clone();
        attempts.spawn(async move { host.connect(NoTls).await });
    }
    let mut trouble = "odbc-dsn names no host".to_owned();
    while let Some(attempt) = attempts.join_next().await {
        match attempt {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(error)) => trouble = words(&error),
            Err(error) => trouble = error.to_string(),
        }
    }
    Err(trouble)
}

async fn keep_going(
    mut connection: Connection<Socket, tokio_postgres::tls::NoTlsStream>,
    tell: UnboundedSender<String>,
) {
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message {
            // Who does not listen any more is gone, and this task with it.
            let _ = tell.send(notification.channel().to_owned());
        }
    }
}

/// What a script has shown.
fn told(messages: Vec<SimpleQueryMessage>) -> Script {
    let (mut rows, mut current) = (Vec::new(), None);
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(_) => current = Some(Vec::new()),
            SimpleQueryMessage::Row(row) => {
                let cells = (0..row.len()).map(|index| row.get(index).map(str::to_owned));
                current.get_or_insert_default().push(cells.collect());
            }
            SimpleQueryMessage::CommandComplete(_) => rows = current.take().unwrap_or(rows),
            _ => (),
        }
    }
    Script::Done(rows)
}

/// An error in the server's own words, where it has said some.
fn words(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} ({})", said.message(), said.code().code());
    }
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// A connection for as long as its deadline, as the store uses one.
pub(super) struct Borrowed<'s> {
    pub session: &'s Session,
    pub runner: &'s Runner,
    pub deadline: Instant,
}

impl SqlConnection for Borrowed<'_> {
    fn execute(&mut self, sql: &str) -> Result<(), String> {
        self.query(sql).map(drop)
    }

    fn query(&mut self, sql: &str) -> Result<Vec<SqlRow>, String> {
        match self.session.script(self.runner, self.deadline, sql)? {
            Script::Done(rows) => Ok(rows),
            Script::Held => Err("a division by zero".to_owned()),
        }
    }
}
