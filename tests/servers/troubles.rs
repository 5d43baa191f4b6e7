//! Servers that go away, come back, and refuse.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mod_callcenter::engine::{AgentRow, ChangeByOthers, Notice, RowChange};
use mod_callcenter::store::{Journal, JournalThread, ServerStore, Store};

use crate::client::Client;
use crate::{agent, member, on_each, open, store, tier, ALL};
use callcenter_test_support::private::{Kind, PrivateServer};
use callcenter_test_support::refusals::{reasons, Refusals};

/// How long a busy machine may take for anything.
const LONG: Duration = Duration::from_secs(60);

/// Ends everybody else's sessions in that database, as a server does with idle ones.
fn end_sessions(server: &PrivateServer, database: &str) {
    match server.kind {
        Kind::Postgres => {
            let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
            server.administer("postgres", &sql);
        }
        Kind::MariaDb => {
            let sql = format!("SELECT id FROM information_schema.processlist WHERE db = '{database}'");
            for id in server.administer("mysql", &sql).split_whitespace() {
                server.administer("mysql", &format!("KILL {id}"));
            }
        }
    }
}

/// Tries until the change is written.
pub fn apply_in_the_end(store: &mut ServerStore, changes: &[RowChange]) {
    let deadline = Instant::now() + LONG;
    while let Err(error) = store.apply(changes) {
        assert!(Instant::now() < deadline, "{error}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_connection_that_the_server_closed_is_replaced() {
    on_each("closed", |server, database| {
        let mut ours = store(server, database);
        for round in 0..3 {
            end_sessions(server, database);
            apply_in_the_end(&mut ours, &[RowChange::Agent(agent(&format!("a{round}")))]);
        }
        assert!(ours.changes_of_others().expect("a look").is_empty());
        assert_eq!(open(Client::of(server, database, &[])).snapshot.agents.len(), 3);
    });
}

#[test]
fn a_server_that_takes_no_changes_is_told_of_and_caught_up_with() {
    let Some(server) = crate::server(Kind::Postgres) else {
        return;
    };
    server.create_database("standby");
    let mut ours = store(server, "standby");
    server.administer(
        "postgres",
        "ALTER DATABASE standby SET default_transaction_read_only = on",
    );
    end_sessions(server, "standby");
    let refused = loop {
        let error = ours
            .apply(&[RowChange::Agent(agent("a1"))])
            .expect_err("a read-only server");
        if error.0.contains("read-only") {
            break error.0;
        }
    };
    assert!(
        refused.contains("standby does. Let the setting odbc-dsn name"),
        "{refused}"
    );
    server.administer(
        "postgres",
        "BEGIN READ WRITE; ALTER DATABASE standby RESET default_transaction_read_only; COMMIT",
    );
    end_sessions(server, "standby");
    apply_in_the_end(&mut ours, &[RowChange::Agent(agent("a1"))]);
    assert_eq!(open(Client::of(server, "standby", &[])).snapshot.agents, [agent("a1")]);
}

#[test]
fn a_user_without_rights_is_told_which() {
    let Some(server) = crate::server(Kind::Postgres) else {
        return;
    };
    server.create_database("rights");
    server.administer("rights", "CREATE ROLE guest; GRANT guest TO callcenter");
    let client = Client::of(server, "rights", &["SET ROLE guest"]);
    let opened = ServerStore::open_or_go_without(Box::new(client), "single_box", ALL);
    let trouble = opened.trouble.expect("no right to make tables").0;
    assert!(trouble.contains("its user lacks a right"), "{trouble}");
}

/// Whoever holds a lock for seconds, or a server that takes seconds: nobody waits for it, and nothing is lost.
#[test]
fn a_slow_server_is_waited_for_by_nobody_but_the_journal() {
    on_each("slow", |server, database| {
        let mut ours = store(server, database);
        ours.apply(&[RowChange::Agent(agent("a1"))]).expect("an agent");
        let journal = JournalThread::start(Box::new(ours), Box::new(drop)).expect("a thread");
        let lock = match server.kind {
            Kind::Postgres => "BEGIN; LOCK TABLE agents; SELECT pg_sleep(5); COMMIT",
            Kind::MariaDb => "LOCK TABLES agents WRITE; SELECT SLEEP(5); UNLOCK TABLES",
        };
        let locked = match server.kind {
            Kind::Postgres => "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted",
            Kind::MariaDb => "SELECT count(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(5)'",
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(|| server.administer(database, lock));
            let deadline = Instant::now() + LONG;
            while server.administer(database, locked).trim() == "0" {
                assert!(Instant::now() < deadline, "nobody holds the lock");
            }
            let answered = AgentRow {
                calls_answered: 1,
                ..agent("a1")
            };
            let ticket = journal.record(vec![RowChange::Agent(answered), RowChange::Agent(agent("a2"))]);
            let early = journal.wait(ticket, Duration::from_millis(200));
            assert!(early.is_err() || other.is_finished(), "written through a lock");
            journal.wait(ticket, LONG).expect("written in the end");
            other.join().expect("the other session");
        });
        drop(journal);
        let found = open(Client::of(server, database, &[])).snapshot.agents;
        assert_eq!((found.len(), found[0].calls_answered + found[1].calls_answered), (2, 1));
    });
}

/// A deadlock, a serialization error, a lock that takes too long: the server undoes the transaction, and it is done again.
#[test]
fn a_transaction_that_the_server_undoes_is_done_again() {
    on_each("undone", |server, database| {
        for (round, reason) in (1..).zip(reasons(server.kind)) {
            let mut ours = store(server, database);
            ours.apply(&[RowChange::Agent(agent("a1"))]).expect("an agent");
            let journal = JournalThread::start(Box::new(ours), Box::new(drop)).expect("a thread");
            let refusals = Refusals::begin(server, database, 2, reason);
            let answered = AgentRow {
                calls_answered: round,
                ..agent("a1")
            };
            let ticket = journal.record(vec![
                RowChange::Tier(tier("q", "a1")),
                RowChange::Agent(answered.clone()),
            ]);
            journal.wait(ticket, LONG).expect("written in the end");
            refusals.end();
            drop(journal);
            let found = open(Client::of(server, database, &[])).snapshot;
            assert_eq!((found.agents, found.tiers.len()), (vec![answered], 1));
        }
    });
}

/// A server that keeps its connections and answers nothing: nobody waits for it, the operator is told, nothing is lost.
#[test]
fn a_server_that_hangs_is_told_of_and_caught_up_with() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(mut server) = PrivateServer::start(kind, &[]) else {
            continue;
        };
        let database = server.first_database();
        let (sender, notices) = std::sync::mpsc::channel();
        let report = move |notice: Notice| drop(sender.send(notice.text));
        let ours = store(&server, database);
        let journal = JournalThread::start(Box::new(ours), Box::new(report)).expect("a thread");
        server.hang();
        let first = journal.record(vec![RowChange::Agent(agent("a1")), RowChange::Agent(agent("a2"))]);
        journal
            .wait(first, Duration::from_millis(200))
            .expect_err("a server that hangs");
        let told = notices.recv_timeout(LONG).expect("a word to the operator");
        assert!(told.contains("has not answered"), "{told}");
        let last = journal.record(vec![RowChange::AgentGone("a1".to_owned())]);
        server.go_on();
        journal.wait(last, LONG).expect("saved in the end");
        drop(journal);
        let texts: Vec<String> = notices.iter().collect();
        assert!(
            matches!(texts.as_slice(), [over] if over.contains("works again")),
            "{texts:?}"
        );
        assert_eq!(open(Client::of(&server, database, &[])).snapshot.agents, [agent("a2")]);
    }
}

/// Another server on a copy of the data takes the place of the one that is gone.
#[test]
fn a_failover_is_caught_up_with() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(mut server) = PrivateServer::start(kind, &[]) else {
            continue;
        };
        let database = server.first_database();
        let mut ours = store(&server, database);
        ours.apply(&[RowChange::Agent(agent("a1"))]).expect("an agent");
        server.fail_over();
        apply_in_the_end(&mut ours, &[RowChange::Agent(agent("a2"))]);
        assert!(ours.changes_of_others().expect("a look").is_empty());
        let mut found = open(Client::of(&server, database, &[])).snapshot.agents;
        found.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(found, [agent("a1"), agent("a2")]);
    }
}

/// A server that is restarted in the middle of everything: nothing is lost, nothing is there twice, and nobody waits for it.
#[test]
fn a_restart_is_caught_up_with() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(mut server) = PrivateServer::start(kind, &[]) else {
            continue;
        };
        let database = server.first_database();
        let notices: Arc<Mutex<Vec<Notice>>> = Arc::default();
        let told = Arc::clone(&notices);
        let report = move |notice| told.lock().expect("the notices").push(notice);
        let mut ours = store(&server, database);
        ours.apply(&[RowChange::Agent(agent("a0"))]).expect("an agent");
        let journal = JournalThread::start(Box::new(ours), Box::new(report)).expect("a thread");
        server.stop();
        let before = Instant::now();
        let mut last = journal.record(vec![RowChange::Member(member("m0"))]);
        for number in 1..=50 {
            let answered = AgentRow {
                calls_answered: number,
                ..agent("a0")
            };
            last = journal.record(vec![
                RowChange::Agent(answered),
                RowChange::Agent(agent(&format!("a{number}"))),
                RowChange::Tier(tier("q", &format!("a{number}"))),
            ]);
        }
        let refused = journal.wait(last, Duration::from_millis(500)).expect_err("no server");
        assert!(before.elapsed() < Duration::from_secs(20), "{refused}");
        last = journal.record(vec![
            RowChange::MemberGone("m0".to_owned()),
            RowChange::AgentGone("a50".to_owned()),
        ]);
        server.run();
        journal.wait(last, LONG).expect("saved in the end");
        drop(journal);
        let found = open(Client::of(&server, database, &[])).snapshot;
        assert_eq!(
            (found.agents.len(), found.tiers.len(), found.members.len()),
            (50, 50, 0)
        );
        let first = found
            .agents
            .iter()
            .find(|row| row.name == "a0")
            .expect("the first agent");
        assert_eq!(first.calls_answered, 50);
        let notices = notices.lock().expect("the notices");
        let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!(texts.len(), 2, "once that it fails, once that it works: {texts:?}");
        assert!(
            texts[0].contains("is not reached") && texts[1].contains("works again"),
            "{texts:?}"
        );
    }
}

/// The call centre starts without its server, and takes up what is there when it comes.
#[test]
fn a_server_that_comes_late_is_taken_up() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(mut server) = PrivateServer::start(kind, &[]) else {
            continue;
        };
        let database = server.first_database();
        let mut earlier = store(&server, database);
        let rows = [agent("kept"), agent("both")].map(RowChange::Agent);
        earlier.apply(&rows).expect("rows");
        drop(earlier);
        server.stop();
        let client = Client::of(&server, database, &[]);
        let mut opened = ServerStore::open_or_go_without(Box::new(client), "single_box", ALL);
        assert!(opened.trouble.is_some());
        let ours = AgentRow {
            wrap_up_time: 7,
            ..agent("both")
        };
        let change = [RowChange::Agent(ours.clone())];
        let refused = opened.store.apply(&change).expect_err("no server");
        assert!(refused.0.contains("is not reached"), "{refused}");
        server.run();
        apply_in_the_end(&mut opened.store, &change);
        let news = opened.store.changes_of_others().expect("a look");
        assert_eq!(news.agents, [ChangeByOthers::Added(agent("kept"))]);
        assert!(opened.store.changes_of_others().expect("a look").is_empty());
        let mut found = open(Client::of(&server, database, &[])).snapshot.agents;
        found.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(found, [ours, agent("kept")]);
    }
}
