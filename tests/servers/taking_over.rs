//! Tables that stock, or an older release of it, has made.

use mod_callcenter::engine::{AgentStatus, RowChange};
use mod_callcenter::store::Store;

use crate::client::Client;
use crate::{agent, on_each, open, store};
use callcenter_test_support::private::Kind;

#[test]
fn tables_of_an_older_release_are_brought_up_to_date_and_keep_their_rows() {
    on_each("older", |server, database| {
        let quote = if server.kind == Kind::Postgres { '"' } else { '`' };
        server.administer(
            database,
            &format!(
                "CREATE TABLE agents (name VARCHAR(255), {quote}system{quote} VARCHAR(255), uuid VARCHAR(255), \
                   type VARCHAR(255), contact VARCHAR(1024), status VARCHAR(255), state VARCHAR(255), \
                   max_no_answer INTEGER NOT NULL DEFAULT 0); \
                 INSERT INTO agents (name, {quote}system{quote}, type, status, state, max_no_answer) \
                   VALUES ('a1', 'box', 'callback', 'On Break', 'Waiting', 3); \
                 CREATE TABLE members (queue VARCHAR(255), uuid VARCHAR(255)); \
                 INSERT INTO members VALUES ('q', 'm1');"
            ),
        );
        let found = open(Client::of(server, database, &[])).snapshot;
        let mut expected = agent("a1");
        expected.instance_id = "box".to_owned();
        expected.status = AgentStatus::OnBreak;
        expected.max_no_answer = 3;
        assert_eq!(found.agents, [expected]);
        assert!(found.members.is_empty(), "made anew: it had no session_uuid");
        store(server, database)
            .apply(&[RowChange::Agent(agent("a2"))])
            .expect("an agent");
        let kept = server.administer(database, "SELECT max_no_answer FROM agents ORDER BY name");
        assert_eq!(kept.split_whitespace().collect::<Vec<_>>(), ["3", "0"]);
    });
}

#[test]
fn tables_of_another_schema_are_not_taken_for_ours() {
    let Some(server) = crate::server(Kind::Postgres) else {
        return;
    };
    server.create_database("schemas");
    server.administer(
        "schemas",
        "CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.agents (name VARCHAR(255)); \
         CREATE TABLE elsewhere.tiers (x VARCHAR(255));",
    );
    store(server, "schemas")
        .apply(&[RowChange::Agent(agent("a1"))])
        .expect("an agent");
    let here = server.administer("schemas", "SELECT count(*) FROM public.agents");
    assert_eq!(here.trim(), "1");
    let there = server.administer("schemas", "SELECT count(*) FROM elsewhere.tiers");
    assert_eq!(there.trim(), "0");
}

/// MariaDB compares text of two tables only when they agree on an order of letters.
#[test]
fn tables_that_were_made_with_another_collation_are_taken_over() {
    let Some(server) = crate::server(Kind::MariaDb) else {
        return;
    };
    for collation in ["utf8mb4_unicode_ci", "latin1_german1_ci"] {
        let database = format!("made_{collation}");
        let (charset, _) = collation.split_once('_').expect("a character set");
        let made = format!("CREATE DATABASE {database} CHARACTER SET {charset} COLLATE {collation}");
        server.administer("mysql", &made);
        server.administer(
            &database,
            "CREATE TABLE agents (name VARCHAR(255), instance_id VARCHAR(255), uuid VARCHAR(255), type VARCHAR(255)); \
             INSERT INTO agents VALUES ('a1', 'single_box', '', 'callback'); \
             CREATE TABLE tiers (queue VARCHAR(255), agent VARCHAR(255), state VARCHAR(255));",
        );
        let client = Client::of(server, &database, &[]);
        let mut opened = open(client);
        assert_eq!(opened.snapshot.agents, [agent("a1")], "{collation}");
        opened
            .store
            .apply(&[RowChange::Agent(agent("Müller"))])
            .expect("an agent");
        assert!(opened.store.changes_of_others().expect("a look").is_empty());
    }
}
