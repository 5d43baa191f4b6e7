//! Servers that want a primary key on every table: those that replicate.

use mod_callcenter::engine::{AgentRow, AgentStatus, RowChange};
use mod_callcenter::store::Store;

use crate::client::Client;
use crate::{agent, member, on_each, open, store, tier};
use callcenter_test_support::private::{Kind, PrivateServer};

/// Rows of every kind, each written, changed and deleted.
fn everything_is_kept(server: &PrivateServer, database: &str) {
    let mut ours = store(server, database);
    let on_break = AgentRow {
        status: AgentStatus::OnBreak,
        ..agent("a1")
    };
    let configured = |value: Option<&str>| RowChange::Configured {
        agent: "a1".to_owned(),
        setting: "contact".to_owned(),
        value: value.map(str::to_owned),
    };
    for changes in [
        vec![
            RowChange::Agent(agent("a1")),
            RowChange::Agent(agent("A1")),
            RowChange::Tier(tier("q", "a1")),
            RowChange::Tier(tier("q", "A1")),
            RowChange::Member(member("m1")),
            configured(Some("user/1")),
        ],
        vec![RowChange::Agent(on_break.clone()), configured(Some("user/2"))],
        vec![
            RowChange::MemberGone("m1".to_owned()),
            RowChange::AgentGone("A1".to_owned()),
            configured(None),
        ],
    ] {
        ours.apply(&changes).expect("rows");
    }
    let found = open(Client::of(server, database, &[])).snapshot;
    assert_eq!((found.agents, found.members.len()), (vec![on_break], 0));
    assert_eq!(found.tiers.len(), 2);
}

/// The tables without a primary key, as the server tells.
fn without_key(server: &PrivateServer, database: &str) -> String {
    let sql = match server.kind {
        Kind::Postgres => {
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT EXISTS \
             (SELECT 1 FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary)"
        }
        Kind::MariaDb => {
            "SELECT table_name FROM information_schema.tables t WHERE table_schema = DATABASE() AND NOT EXISTS (SELECT 1 FROM \
             information_schema.table_constraints c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND \
             constraint_type = 'PRIMARY KEY')"
        }
    };
    server.administer(database, sql)
}

#[test]
fn every_table_is_made_with_a_key() {
    on_each("keyed", |server, database| {
        everything_is_kept(server, database);
        assert_eq!(without_key(server, database), "");
    });
}

#[test]
fn a_server_that_refuses_tables_without_a_key_keeps_everything() {
    let Some(server) = PrivateServer::start(Kind::MariaDb, &["--innodb-force-primary-key=1"]) else {
        return;
    };
    server.create_database("forced");
    everything_is_kept(&server, "forced");
}

#[test]
fn a_server_that_publishes_all_tables_keeps_everything() {
    let Some(server) = PrivateServer::start(Kind::Postgres, &["-c", "wal_level=logical"]) else {
        return;
    };
    server.administer("postgres", "CREATE PUBLICATION p FOR ALL TABLES");
    everything_is_kept(&server, "postgres");
}

/// Tables as an earlier release and stock made them.
const OLD_TABLES: &str = "CREATE TABLE agents (name VARCHAR(255), instance_id VARCHAR(255)); \
     CREATE TABLE tiers (queue VARCHAR(255), agent VARCHAR(255)); \
     CREATE TABLE agents_configured_status (agent VARCHAR(255), status VARCHAR(255)); \
     CREATE TABLE agents_skills (agent VARCHAR(255), skills VARCHAR(1024)); \
     CREATE TABLE agents_paused (agent VARCHAR(255), queue VARCHAR(255)); \
     CREATE TABLE tiers_configured (queue VARCHAR(255), agent VARCHAR(255)); \
     CREATE TABLE callcenter_commits (writer VARCHAR(255), mark VARCHAR(255)); \
     INSERT INTO agents VALUES ('a1', 'single_box'); \
     INSERT INTO agents_skills VALUES ('a1', 'german'); \
     INSERT INTO agents_configured_status VALUES ('a1', 'On Break'); ";

#[test]
fn tables_of_an_earlier_release_get_their_keys_and_keep_their_rows() {
    on_each("upgraded", |server, database| {
        server.administer(database, OLD_TABLES);
        let found = open(Client::of(server, database, &[])).snapshot;
        assert_eq!((found.agents.len(), found.skills.len()), (1, 1));
        let configured = ["a1", "status", "On Break"].map(str::to_owned);
        assert_eq!(found.configured.len(), 1);
        assert_eq!(found.configured[0], configured.into());
        let left = without_key(server, database);
        let mut left: Vec<&str> = left.split_whitespace().collect();
        left.sort_unstable();
        // The old table is left as it was; stock's in MariaDB are the site's own.
        match server.kind {
            Kind::Postgres => assert_eq!(left, ["agents_configured_status"]),
            Kind::MariaDb => assert_eq!(left, ["agents", "agents_configured_status", "tiers"]),
        }
    });
}

#[test]
fn rows_that_allow_no_key_are_told_and_served_and_whoever_wants_one_says_what_to_do() {
    let Some(server) = PrivateServer::start(Kind::Postgres, &["-c", "wal_level=logical"]) else {
        return;
    };
    server.administer("postgres", OLD_TABLES);
    server.administer("postgres", "INSERT INTO agents VALUES ('a1', 'single_box')");
    let mut opened = open(Client::of(&server, "postgres", &[]));
    assert_eq!(opened.snapshot.agents.len(), 1);
    let remarks = opened.store.take_remarks().join("\n");
    assert!(remarks.contains("there twice"), "{remarks}");
    let on_break = AgentRow {
        status: AgentStatus::OnBreak,
        ..agent("a1")
    };
    let change = [RowChange::Agent(on_break)];
    opened.store.apply(&change).expect("a row");
    server.administer("postgres", "CREATE PUBLICATION p FOR ALL TABLES");
    let other = AgentRow {
        status: AgentStatus::Available,
        ..agent("a1")
    };
    let error = opened
        .store
        .apply(&[RowChange::Agent(other)])
        .expect_err("no replica identity");
    assert!(error.0.contains("Give the table that is named here one"), "{error}");
}
