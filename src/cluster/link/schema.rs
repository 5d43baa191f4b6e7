//! The cluster's own tables.

use crate::cluster::link::session::{Runner, Script, Session};
use std::time::Instant;

/// A table.
struct Table {
    name: &'static str,
    /// Each column and its type.
    columns: &'static [(&'static str, &'static str)],
    key: &'static str,
    /// It may lose its rows in a crash, and has none on a standby that is promoted.
    may_be_lost: bool,
    /// It has one row, which is always there.
    is_single: bool,
}

/// Which term something is of; all are null where it is of none.
macro_rules! with_term {
    ($(($name:literal, $kind:literal)),* $(,)?) => {
        &[
            $(($name, $kind),)*
            ("server", "BIGINT"),
            ("timeline", "BIGINT"),
            ("election", "BIGINT"),
            ("elected", "BIGINT"),
        ]
    };
}

const TABLES: [Table; 8] = [
    Table {
        name: "cluster_term",
        columns: with_term![("single", "BOOLEAN NOT NULL DEFAULT true")],
        key: "single",
        may_be_lost: false,
        is_single: true,
    },
    Table {
        name: "cluster_lease",
        columns: with_term![
            ("single", "BOOLEAN NOT NULL DEFAULT true"),
            ("instance", "TEXT"),
            ("beat", "BIGINT NOT NULL DEFAULT 0"),
            ("engine_time", "BIGINT NOT NULL DEFAULT 0"),
            ("is_left", "BOOLEAN NOT NULL DEFAULT false"),
        ],
        key: "single",
        may_be_lost: false,
        is_single: true,
    },
    Table {
        name: "cluster_journal",
        columns: &[
            ("single", "BOOLEAN NOT NULL DEFAULT true"),
            ("batch", "BIGINT NOT NULL DEFAULT 0"),
        ],
        key: "single",
        may_be_lost: false,
        is_single: true,
    },
    Table {
        name: "cluster_boxes",
        columns: with_term![
            ("instance", "TEXT NOT NULL"),
            ("incarnation", "BIGINT NOT NULL"),
            ("report", "BIGINT NOT NULL DEFAULT 0"),
            ("beat", "BIGINT NOT NULL DEFAULT 0"),
            ("carried_out", "BIGINT NOT NULL DEFAULT 0"),
            ("standing", "TEXT NOT NULL"),
            ("left_before", "BIGINT"),
            ("version", "BIGINT NOT NULL DEFAULT 1"),
        ],
        key: "instance",
        may_be_lost: false,
        is_single: false,
    },
    Table {
        name: "cluster_facts",
        columns: &[("name", "BYTEA NOT NULL"), ("says", "BYTEA NOT NULL")],
        key: "name",
        may_be_lost: false,
        is_single: false,
    },
    Table {
        name: "cluster_cursors",
        columns: &[
            ("instance", "TEXT NOT NULL"),
            ("incarnation", "BIGINT NOT NULL"),
            ("number", "BIGINT NOT NULL"),
        ],
        key: "instance, incarnation",
        may_be_lost: false,
        is_single: false,
    },
    Table {
        name: "cluster_inputs",
        columns: with_term![
            ("instance", "TEXT NOT NULL"),
            ("incarnation", "BIGINT NOT NULL"),
            ("number", "BIGINT NOT NULL"),
            ("report", "BIGINT"),
            ("age", "BIGINT NOT NULL"),
            ("engine_time", "BIGINT NOT NULL"),
            ("body", "BYTEA NOT NULL"),
        ],
        key: "instance, incarnation, number",
        may_be_lost: true,
        is_single: false,
    },
    Table {
        name: "cluster_outputs",
        columns: with_term![
            ("instance", "TEXT NOT NULL"),
            ("incarnation", "BIGINT NOT NULL"),
            ("report", "BIGINT NOT NULL"),
            ("number", "BIGINT NOT NULL"),
            ("body", "BYTEA NOT NULL"),
        ],
        key: "instance, incarnation, report, number",
        may_be_lost: true,
        is_single: false,
    },
];

/// Two boxes that make the tables at once do it one after the other: a number that nobody else locks.
const MAKING: i64 = 0x6363_636c_7573_7465;

/// Makes the tables, and brings those of an older release up to date. Where nothing is missing, no right to make any is needed.
pub(super) fn prepare(session: &Session, runner: &Runner, deadline: Instant) -> Result<(), String> {
    let names: Vec<String> = TABLES.iter().map(|table| format!("'{}'", table.name)).collect();
    let question = format!(
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid \
         WHERE attrelid IN (SELECT to_regclass(name) FROM unnest(ARRAY[{}]) AS name) \
         AND attnum > 0 AND NOT attisdropped",
        names.join(", ")
    );
    let Script::Done(there) = session.script(runner, deadline, &question)? else {
        return Err("the server did not say which tables it has".to_owned());
    };
    let is_there = |table: &str, column: Option<&str>| {
        there.iter().any(|row| match row.as_slice() {
            [Some(name), Some(of)] => name == table && column.is_none_or(|column| column == of),
            _ => false,
        })
    };
    let mut script = Vec::new();
    for table in &TABLES {
        if !is_there(table.name, None) {
            script.extend(creation(table));
        } else {
            let missing = table
                .columns
                .iter()
                .filter(|(name, _)| !is_there(table.name, Some(name)));
            script.extend(
                missing
                    .map(|(name, kind)| format!("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {name} {kind}", table.name)),
            );
        }
    }
    if script.is_empty() {
        return Ok(());
    }
    script.insert(0, format!("SELECT pg_advisory_xact_lock({MAKING})"));
    session.script(runner, deadline, &script.join("; ")).map(drop)
}

fn creation(table: &Table) -> Vec<String> {
    let Table { name, key, .. } = table;
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|(name, kind)| format!("{name} {kind}"))
        .collect();
    let kind = if table.may_be_lost { " UNLOGGED" } else { "" };
    // What changes often has room beside it, and is swept up before there is much of it.
    let made = format!(
        "CREATE{kind} TABLE IF NOT EXISTS {name} ({}, PRIMARY KEY ({key})) \
         WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)",
        columns.join(", ")
    );
    let filled = format!("INSERT INTO {name} (single) VALUES (true) ON CONFLICT DO NOTHING");
    std::iter::once(made).chain(table.is_single.then_some(filled)).collect()
}
