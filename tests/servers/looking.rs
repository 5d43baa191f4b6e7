//! What a look for the changes of others reads, and what it costs.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mod_callcenter::engine::{ChangeByOthers, QueueConfig, RowChange};
use mod_callcenter::store::{ServerStore, Store, TakeUp};

use crate::client::Client;
use crate::{agent, member, open, tier, ALL};
use callcenter_test_support::private::{Kind, PrivateServer};

/// Every statement that was run.
type Log = Arc<Mutex<Vec<String>>>;

/// A store whose statements are noted, on a server of its own: in a shared one others write.
fn noted(kind: Kind) -> Option<(PrivateServer, ServerStore, Log)> {
    let options: &[&str] = if kind == Kind::Postgres {
        &["-c", "autovacuum=off"]
    } else {
        &[]
    };
    let server = PrivateServer::start(kind, options)?;
    server.create_database("noted");
    let client = Client::of(&server, "noted", &[]);
    let log = Arc::clone(&client.log);
    Some((server, open(client).store, log))
}

/// The same with the table `queues`.
fn noted_with_queues(kind: Kind) -> Option<(PrivateServer, ServerStore, Log)> {
    let (server, _, _) = noted(kind)?;
    let client = Client::of(&server, "noted", &[]);
    let log = Arc::clone(&client.log);
    let take_up = TakeUp { queues: true, ..ALL };
    let opened = ServerStore::open_or_go_without(Box::new(client), "single_box", take_up);
    assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
    Some((server, opened.store, log))
}

/// The statements of one look, and how many changes it told.
fn look(store: &mut ServerStore, log: &Mutex<Vec<String>>) -> (Vec<String>, usize) {
    log.lock().expect("the log").clear();
    let changes = store.changes_of_others().expect("a look");
    let told = changes.queues.len() + changes.agents.len() + changes.tiers.len() + changes.members.len();
    (log.lock().expect("the log").clone(), told)
}

fn is_whole_reading(sql: &str) -> bool {
    sql.contains("UNION ALL") && !sql.contains("xmin")
}

#[test]
fn postgresql_reads_only_what_is_new() {
    let Some((server, mut ours, log)) = noted(Kind::Postgres) else {
        return;
    };
    let agents: Vec<_> = (0..50)
        .map(|number| RowChange::Agent(agent(&format!("a{number}"))))
        .collect();
    ours.apply(&agents).expect("rows");
    assert_eq!(look(&mut ours, &log).0.len(), 1, "nobody has written");
    server.administer("noted", "CREATE TABLE theirs (x int)");
    let (statements, told) = look(&mut ours, &log);
    assert_eq!(
        (statements.len(), told),
        (2, 0),
        "somebody wrote elsewhere: {statements:?}"
    );
    server.administer(
        "noted",
        "UPDATE agents SET contact = 'x' WHERE name = 'a7'; INSERT INTO tiers (queue, agent, state) VALUES('q', 'a7', 'Ready')",
    );
    let (statements, told) = look(&mut ours, &log);
    assert_eq!(told, 2);
    assert!(!statements.iter().any(|sql| is_whole_reading(sql)), "{statements:?}");
    // In a transaction of their own, with savepoints, as other programs do it.
    server.administer(
        "noted",
        "DO $$ BEGIN BEGIN UPDATE agents SET contact = 'y' WHERE name = 'a8'; EXCEPTION WHEN others THEN NULL; END; END $$",
    );
    assert_eq!(look(&mut ours, &log).1, 1);
    server.administer(
        "noted",
        "DELETE FROM agents WHERE name = 'a9'; INSERT INTO agents (name) VALUES('new')",
    );
    let changes = ours.changes_of_others().expect("a look").agents;
    let gone = |change: &ChangeByOthers<_>| matches!(change, ChangeByOthers::Gone(_));
    assert_eq!(
        (changes.len(), changes.iter().filter(|change| gone(change)).count()),
        (2, 1),
        "{changes:?}"
    );
    assert_eq!(
        look(&mut ours, &log),
        (vec!["SELECT txid_current_snapshot(), pg_backend_pid()".to_owned()], 0)
    );
}

#[test]
fn a_transaction_that_ends_after_a_look_is_seen_by_the_next() {
    let Some((server, mut ours, log)) = noted(Kind::Postgres) else {
        return;
    };
    ours.apply(&[RowChange::Agent(agent("a1"))]).expect("rows");
    let mut theirs = Client::of(&server, "noted", &[]);
    let run = |client: &mut Client, sql: &str| {
        use mod_callcenter::store::SqlConnector;
        client.connect().expect("a session").execute(sql).expect("a statement");
    };
    run(&mut theirs, "BEGIN");
    run(&mut theirs, "UPDATE agents SET contact = 'late' WHERE name = 'a1'");
    server.administer("noted", "CREATE TABLE theirs (x int)");
    assert_eq!(look(&mut ours, &log).1, 0);
    server.administer("noted", "INSERT INTO theirs VALUES (1)");
    assert_eq!(look(&mut ours, &log).1, 0);
    run(&mut theirs, "COMMIT");
    assert_eq!(look(&mut ours, &log).1, 1);
}

#[test]
fn mariadb_reads_a_table_that_was_written_to() {
    let Some((server, mut ours, log)) = noted(Kind::MariaDb) else {
        return;
    };
    let rows = [
        RowChange::Agent(agent("a1")),
        RowChange::Tier(tier("q", "a1")),
        RowChange::Member(member("m1")),
    ];
    ours.apply(&rows).expect("rows");
    let deadline = Instant::now() + Duration::from_secs(20);
    while look(&mut ours, &log).0.len() > 1 {
        assert!(Instant::now() < deadline, "it is read although nobody writes");
        std::thread::sleep(Duration::from_millis(200));
    }
    server.administer("noted", "UPDATE tiers SET level = 3");
    let (statements, told) = look(&mut ours, &log);
    assert_eq!((statements.len(), told), (2, 1), "{statements:?}");
    assert!(statements[1].contains("FROM tiers"), "{statements:?}");
    // Again, within the same second most of the time.
    server.administer("noted", "UPDATE tiers SET level = 4");
    assert_eq!(look(&mut ours, &log).1, 1);
}

#[test]
fn queues_are_read_when_somebody_has_written_to_them() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some((server, mut ours, log)) = noted_with_queues(kind) else {
            continue;
        };
        ours.apply(&[RowChange::Queue(Box::new(QueueConfig::named("q")))])
            .expect("a row");
        let deadline = Instant::now() + Duration::from_secs(20);
        while look(&mut ours, &log).0.len() > 1 {
            assert!(Instant::now() < deadline, "it is read although nobody writes");
            std::thread::sleep(Duration::from_millis(200));
        }
        for wait in [7, 8] {
            server.administer("noted", &format!("UPDATE queues SET max_wait_time = {wait}"));
            let (statements, told) = look(&mut ours, &log);
            assert_eq!(told, 1, "{kind:?}: {statements:?}");
            let reads_tiers = |sql: &String| sql.contains("UNION ALL") && sql.contains("FROM tiers");
            assert!(!statements.iter().any(reads_tiers), "{statements:?}");
        }
        server.administer("noted", "DELETE FROM queues");
        assert_eq!(look(&mut ours, &log).1, 1, "{kind:?}");
    }
}

/// Seconds of processor time of a process.
fn processor_time(pid: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).expect("a process");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = fields[11..13]
        .iter()
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// `cargo test --test servers what_looking_costs -- --ignored --nocapture`: what the server spends on looks, with 1,000 agents.
#[test]
#[ignore = "a measurement"]
fn what_looking_costs() {
    const LOOKS: u32 = 300;
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some((server, mut ours, log)) = noted(kind) else {
            continue;
        };
        let agents = (0..1000).map(|number| RowChange::Agent(agent(&format!("agent-{number}"))));
        let tiers = (0..3000)
            .map(|number| RowChange::Tier(tier(&format!("q{}", number % 3), &format!("agent-{}", number / 3))));
        let rows: Vec<_> = agents.chain(tiers).collect();
        ours.apply(&rows).expect("rows");
        let pid = match kind {
            Kind::Postgres => server.administer(
                "noted",
                "SELECT pid FROM pg_stat_activity WHERE datname = 'noted' AND pid <> pg_backend_pid() LIMIT 1",
            ),
            Kind::MariaDb => {
                let file = server.administer("noted", "SELECT @@pid_file");
                std::fs::read_to_string(file.trim()).expect("the server's number")
            }
        };
        std::thread::sleep(Duration::from_secs(3));
        while look(&mut ours, &log).0.len() > 1 {
            std::thread::sleep(Duration::from_millis(300));
        }
        let mut measure = |what: &str, sql: Option<&str>, looks: u32| {
            let (mut statements, mut elapsed, mut spent) = (0, Duration::ZERO, 0.0);
            for _ in 0..looks {
                if let Some(sql) = sql {
                    server.administer("noted", sql);
                }
                let (before, started) = (processor_time(&pid), Instant::now());
                statements += look(&mut ours, &log).0.len();
                elapsed += started.elapsed();
                spent += processor_time(&pid) - before;
            }
            let looks = f64::from(looks);
            println!(
                "{kind:?}, {what}: {:.1} statements, {:.2} ms, {:.2} ms of the server's processor a look",
                statements as f64 / looks,
                elapsed.as_secs_f64() * 1000.0 / looks,
                spent * 1000.0 / looks
            );
        };
        measure("at rest", None, LOOKS);
        server.administer("noted", "CREATE TABLE theirs (x int)");
        measure(
            "others write elsewhere",
            Some("INSERT INTO theirs VALUES (1)"),
            LOOKS / 3,
        );
        measure(
            "others write one agent",
            Some("UPDATE agents SET talk_time = talk_time + 1 WHERE name = 'agent-7'"),
            LOOKS / 3,
        );
        measure("a row is gone: all are read", Some("DELETE FROM agents WHERE name = (SELECT name FROM (SELECT name FROM agents ORDER BY name LIMIT 1) AS first)"), 50);
    }
}
