//! Whatever a caller is called: it arrives as it is, and nothing else happens.

use mod_callcenter::engine::{AgentRow, MemberRow, RowChange};
use mod_callcenter::store::Store;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::client::Client;
use crate::{agent, member, open, server};
use callcenter_test_support::private::{Kind, PrivateServer};

/// Names that break out of a carelessly quoted string somewhere.
const HOSTILE: &[&str] = &[
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'",
    "'; DROP TABLE agents; --",
    "\\'; DROP TABLE agents; --",
    "\\', ''); DELETE FROM agents; --",
    "\u{4e2d}\\'; DROP TABLE agents; --",
    "\u{8868}'; DROP TABLE agents; --",
    "\u{bf}'; DROP TABLE agents; --",
    "\u{bf}\\'; DROP TABLE agents; --",
    "\"; DROP TABLE agents; --",
    "`; DROP TABLE agents; --",
    "$$; DROP TABLE agents; $$",
    "a;\nDROP TABLE agents;\n",
    "? :1 $1 {fn now()} %s %q",
    "line\r\nbreaks\tand\u{1}\u{1f}\u{7f}",
    "NULL",
    " both ends ",
    "O'Brien \u{1f4de} Müller 北京",
    "E'\\047'",
    "U&'\\0027'",
    "x'27'",
];

/// The sessions' settings that change how SQL text is read, for each server.
fn settings(kind: Kind) -> &'static [&'static [&'static str]] {
    match kind {
        Kind::Postgres => &[
            &[],
            &[
                "SET standard_conforming_strings = off",
                "SET escape_string_warning = off",
            ],
            &["SET client_encoding = 'SJIS'"],
            &["SET client_encoding = 'GBK'", "SET standard_conforming_strings = off"],
            &["SET client_encoding = 'LATIN1'"],
        ],
        Kind::MariaDb => &[
            &[],
            &["SET sql_mode = 'NO_BACKSLASH_ESCAPES'"],
            &["SET sql_mode = 'ANSI'"],
            &["SET NAMES gbk"],
            &["SET NAMES sjis", "SET sql_mode = 'STRICT_ALL_TABLES'"],
            &["SET NAMES latin1"],
        ],
    }
}

/// The rows with these names are written, found again by their names, changed, and deleted.
fn arrive(server: &PrivateServer, database: &str, settings: &[&str], names: &[String]) {
    let mut store = open(Client::of(server, database, settings)).store;
    let members = names.iter().enumerate().map(|(number, name)| MemberRow {
        cid_name: name.clone(),
        ..member(&format!("m{number}"))
    });
    let members: Vec<MemberRow> = members.collect();
    let mut changes: Vec<RowChange> = members.iter().cloned().map(RowChange::Member).collect();
    changes.extend(names.iter().map(|name| RowChange::Agent(agent(name))));
    store.apply(&changes).expect("rows");
    let changed = |name: &String| AgentRow {
        calls_answered: 9,
        ..agent(name)
    };
    let changes: Vec<RowChange> = names.iter().map(changed).map(RowChange::Agent).collect();
    store.apply(&changes).expect("changes");
    let others = store.changes_of_others().expect("a look");
    assert!(others.is_empty(), "{settings:?}: {others:?}");
    let found = open(Client::of(server, database, &[])).snapshot;
    let mut expected: Vec<AgentRow> = names.iter().map(changed).collect();
    let mut agents = found.agents;
    agents.sort_by(|a, b| a.name.cmp(&b.name));
    expected.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(agents, expected, "{settings:?}");
    let mut found = found.members;
    found.sort_by_key(|row| row.uuid[1..].parse::<usize>().unwrap_or_default());
    assert_eq!(found, members, "{settings:?}");
    let gone = names.iter().map(|name| RowChange::AgentGone(name.clone()));
    let gone = gone.chain(members.into_iter().map(|row| RowChange::MemberGone(row.uuid)));
    store.apply(&gone.collect::<Vec<_>>()).expect("deletions");
    let left = open(Client::of(server, database, &[])).snapshot;
    assert!(
        left.agents.is_empty() && left.members.is_empty(),
        "{settings:?}: {left:?}"
    );
}

fn hostile_names() -> Vec<String> {
    HOSTILE.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn hostile_names_arrive_whatever_the_settings() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(server) = server(kind) else { continue };
        server.create_database("hostile");
        for settings in settings(kind) {
            arrive(server, "hostile", settings, &hostile_names());
        }
    }
}

#[test]
fn any_names_arrive_whatever_the_settings() {
    let pieces = prop_oneof![
        Just("'".to_owned()),
        Just("\\".to_owned()),
        Just("\u{8868}".to_owned()),
        Just("--".to_owned()),
        "\\PC{1,3}",
        "[a-z;%\"`$]{1,3}",
    ];
    let name = proptest::collection::vec(pieces, 1..8).prop_map(|pieces| pieces.concat().trim().to_owned());
    let names = proptest::collection::btree_set(name.prop_filter("a name", |name| !name.is_empty()), 10..20);
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(server) = server(kind) else { continue };
        server.create_database("any_names");
        let config = Config {
            cases: 6,
            failure_persistence: None,
            ..Config::default()
        };
        let which = 0..settings(kind).len();
        let outcome = TestRunner::new(config).run(&(which, &names), |(which, names)| {
            let names: Vec<String> = names.into_iter().collect();
            arrive(server, "any_names", settings(kind)[which], &names);
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{kind:?}: {failure}"));
    }
}

#[test]
fn a_nul_is_left_out() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(server) = server(kind) else { continue };
        server.create_database("nul");
        let mut store = open(Client::of(server, "nul", &[])).store;
        store.apply(&[RowChange::Agent(agent("a\0'b"))]).expect("a row");
        let found = open(Client::of(server, "nul", &[])).snapshot;
        assert_eq!(found.agents, [agent("a'b")]);
    }
}

/// A database that cannot hold every character is no reason to stop writing.
#[test]
fn characters_the_database_has_not_are_replaced() {
    let Some(server) = server(Kind::Postgres) else { return };
    for (encoding, expected) in [
        ("LATIN1", "Müller ?? \\' x"),
        ("SQL_ASCII", "Müller 北京 \\' x"),
        ("EUC_JP", "M?ller ?? \\' x"),
    ] {
        let database = format!("in_{}", encoding.to_lowercase());
        let sql = format!("CREATE DATABASE {database} ENCODING '{encoding}' TEMPLATE template0");
        server.administer("postgres", &sql);
        let mut store = open(Client::of(server, &database, &[])).store;
        let caller = MemberRow {
            cid_name: "Müller 北京 \\' x".to_owned(),
            ..member("m1")
        };
        store.apply(&[RowChange::Member(caller)]).expect("a row");
        let found = open(Client::of(server, &database, &[])).snapshot.members;
        assert_eq!(found[0].cid_name, expected, "{encoding}");
    }
}
