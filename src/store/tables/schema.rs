//! Makes the tables, and brings those of older releases up to date.
//!
//! Stock's three tables: names, columns, types and order are stock's own, so that either module can take over the other's file. Beside them
//! stand small tables of our own, which stock does not look at. There is no index but that of a primary key, which our own tables have
//! everywhere, and stock's on servers: those that replicate ask for one. The table of call detail records is another matter: it is made
//! only where they are kept, and reports need its indexes.

use super::layout::Layout;
use super::medium::Medium;
use super::rows::{
    AGENTS, AGENT_LIMITS, AGENT_SKILLS, CALLBACKS, CALLERS, CONFIGURED, CONFIGURED_STATUSES, CONFIGURED_TIERS, PAUSES,
    TIERS,
};
use super::table::Table;

/// How older releases of stock called the column `instance_id`.
const OLD_INSTANCE_COLUMN: &str = "system";

/// Makes the tables, or brings those of an older release up to date.
pub(in crate::store) fn prepare<M: Medium>(medium: &mut M, layout: Layout) -> Result<(), M::Error> {
    let Layout {
        agents, tiers, members, ..
    } = layout;
    if make_or_upgrade(medium, &CONFIGURED)? {
        take_over_statuses(medium)?;
    }
    for table in [
        agents,
        tiers,
        members,
        &CONFIGURED_TIERS,
        &AGENT_LIMITS,
        &AGENT_SKILLS,
        &PAUSES,
        &CALLERS,
        &CALLBACKS,
    ] {
        prepare_table(medium, table)?;
    }
    let name = agents.column(&AGENTS, "name");
    // An agent or tier that somebody deleted by SQL and adds again begins anew.
    forget_orphans(medium, &CONFIGURED, &["agent"], agents, &[name])?;
    forget_orphans(medium, &AGENT_LIMITS, &["agent"], agents, &[name])?;
    forget_orphans(medium, &AGENT_SKILLS, &["agent"], agents, &[name])?;
    forget_orphans(medium, &PAUSES, &["agent"], agents, &[name])?;
    forget_orphans(
        medium,
        &CONFIGURED_TIERS,
        &["queue", "agent"],
        tiers,
        &["queue", "agent"].map(|column| tiers.column(&TIERS, column)),
    )
}

/// Deletes the rows whose `columns` are nowhere among the `owner_columns` of the owners.
fn forget_orphans<M: Medium>(
    medium: &mut M,
    table: &Table,
    columns: &[&str],
    owners: &Table,
    owner_columns: &[&str],
) -> Result<(), M::Error> {
    let comparable = |columns: &[&str]| {
        let columns: Vec<String> = columns.iter().map(|column| medium.comparable(column)).collect();
        columns.join(", ")
    };
    let present: Vec<String> = owner_columns
        .iter()
        .map(|column| format!("{column} IS NOT NULL"))
        .collect();
    let sql = format!(
        "DELETE FROM {} WHERE ({}) NOT IN (SELECT {} FROM {} WHERE {})",
        table.name,
        comparable(columns),
        comparable(owner_columns),
        owners.name,
        present.join(" AND ")
    );
    medium.run(&sql)
}

/// Makes one table, or brings it up to date.
pub(in crate::store) fn prepare_table<M: Medium>(medium: &mut M, table: &Table) -> Result<(), M::Error> {
    make_or_upgrade(medium, table).map(drop)
}

/// The same; says whether it was made.
fn make_or_upgrade<M: Medium>(medium: &mut M, table: &Table) -> Result<bool, M::Error> {
    let mut present = medium.columns_of(table)?;
    let is_useless = |essential: &str| !present.is_empty() && !present.iter().any(|column| column == essential);
    if table.essential.is_some_and(is_useless) {
        medium.run(&format!("DROP TABLE {}", table.name))?;
        present.clear();
    }
    if present.is_empty() {
        medium.run(&format!("{}{}", creation(medium, table), medium.table_options()))?;
        let (name, mut indexes) = (&table.name, table.indexes.iter());
        indexes
            .try_for_each(|(word, columns)| medium.run(&format!("CREATE INDEX {name}_{word} ON {name} ({columns})")))?;
        return Ok(true);
    }
    // First of all: a server that asks for keys takes no other change of a table without one.
    medium.add_key(table)?;
    let missing = |column: &str| !present.iter().any(|name| name == column);
    let has_instance = table.columns.iter().any(|(column, _)| *column == "instance_id");
    let renamed = has_instance && !missing(OLD_INSTANCE_COLUMN) && missing("instance_id");
    if renamed {
        medium.run(&medium.renaming(table, OLD_INSTANCE_COLUMN, "instance_id"))?;
    }
    for (column, kind) in table.columns.iter().filter(|(column, _)| missing(column)) {
        if !(renamed && *column == "instance_id") {
            medium.run(&format!("ALTER TABLE {} ADD COLUMN {column} {kind}", table.name))?;
        }
    }
    Ok(false)
}

fn creation<M: Medium>(medium: &M, table: &Table) -> String {
    let has_key = medium.gives_key(table);
    let mut parts: Vec<String> = table
        .columns
        .iter()
        .map(|(name, kind)| match has_key && table.key.contains(name) {
            true => format!("{name} {}", medium.key_column(kind)),
            false => format!("{name} {kind}"),
        })
        .collect();
    if has_key {
        parts.push(format!("PRIMARY KEY ({})", table.key.join(", ")));
    }
    format!("CREATE TABLE {} ({})", table.name, parts.join(", "))
}

/// Takes over what an earlier release kept of the configuration.
fn take_over_statuses<M: Medium>(medium: &mut M) -> Result<(), M::Error> {
    let (old, new) = (&CONFIGURED_STATUSES, &CONFIGURED);
    if medium.columns_of(old)?.is_empty() {
        return Ok(());
    }
    let agent = medium.comparable("agent");
    medium.run(&format!(
        "INSERT INTO {} (agent, setting, value) SELECT MAX(agent), 'status', MAX(status) FROM {} \
         WHERE agent IS NOT NULL AND status IS NOT NULL GROUP BY {agent}",
        new.name, old.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{AGENT_COLUMNS, CALL_RECORD_COLUMNS, MEMBER_COLUMNS, TIER_COLUMNS};
    use crate::store::sqlite::InFile;
    use crate::store::tables::rows::{CALL_RECORDS, MEMBERS};
    use rusqlite::Connection;

    fn columns(connection: &Connection, table: &Table) -> Vec<String> {
        InFile(connection).columns_of(table).expect("a readable schema")
    }

    fn expected(table: &Table) -> Vec<String> {
        table.columns.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    #[test]
    fn new_tables_have_stocks_columns_and_nothing_else_is_made() {
        let connection = Connection::open_in_memory().expect("a database");
        prepare(&mut InFile(&connection), Layout::STOCKS).expect("new tables");
        prepare(&mut InFile(&connection), Layout::STOCKS).expect("tables that are there already");
        for table in [
            &AGENTS,
            &TIERS,
            &MEMBERS,
            &CONFIGURED,
            &CONFIGURED_TIERS,
            &AGENT_LIMITS,
            &AGENT_SKILLS,
            &PAUSES,
        ] {
            assert_eq!(columns(&connection, table), expected(table));
        }
        let count = |condition: &str| -> i64 {
            let sql = format!("SELECT count(*) FROM sqlite_master WHERE {condition}");
            connection.query_row(&sql, [], |row| row.get(0)).expect("a count")
        };
        assert_eq!(count("type = 'table'"), 10);
        assert_eq!(
            count("name LIKE 'sqlite_autoindex_%'"),
            7,
            "our own have keys, stock's are stock's"
        );
        assert_eq!(count("true"), 17);
    }

    #[test]
    fn tables_of_ours_of_an_earlier_release_get_a_key_and_what_they_hold_is_taken_over() {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch(
                "CREATE TABLE agents (name VARCHAR(255)); INSERT INTO agents VALUES ('a1');
                 CREATE TABLE agents_configured_status (agent VARCHAR(255), status VARCHAR(255));
                 INSERT INTO agents_configured_status VALUES ('a1', 'On Break');
                 CREATE TABLE agents_skills (agent VARCHAR(255), skills VARCHAR(1024));
                 INSERT INTO agents_skills VALUES ('a1', 'german'), ('a1', 'french')",
            )
            .expect("old tables");
        for _ in 0..2 {
            prepare(&mut InFile(&connection), Layout::STOCKS).expect("an upgrade");
        }
        let configured: String = connection
            .query_row("SELECT agent || setting || value FROM agents_configured", [], |row| {
                row.get(0)
            })
            .expect("one row");
        assert_eq!(configured, "a1statusOn Break");
        let skills: String = connection
            .query_row("SELECT group_concat(skills) FROM agents_skills", [], |row| row.get(0))
            .expect("one row");
        assert_eq!(skills, "german");
        connection
            .execute("INSERT INTO agents_skills VALUES ('a1', 'dutch')", [])
            .expect_err("there is a key");
    }

    #[test]
    fn the_columns_are_those_that_settings_may_name() {
        for (table, columns) in [
            (&AGENTS, AGENT_COLUMNS),
            (&TIERS, TIER_COLUMNS),
            (&MEMBERS, MEMBER_COLUMNS),
            (&CALL_RECORDS, CALL_RECORD_COLUMNS),
        ] {
            assert_eq!(table.column_names(), columns);
        }
    }

    #[test]
    fn tables_of_an_older_release_are_brought_up_to_date_and_keep_their_rows() {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch(
                "CREATE TABLE agents (name VARCHAR(255), system VARCHAR(255), uuid VARCHAR(255), type VARCHAR(255),
                   contact VARCHAR(255), status VARCHAR(255), state VARCHAR(255), max_no_answer INTEGER NOT NULL DEFAULT 0);
                 INSERT INTO agents (name, system, max_no_answer) VALUES ('a1', 'box', 3);
                 CREATE TABLE members (queue VARCHAR(255), system VARCHAR(255), uuid VARCHAR(255));
                 INSERT INTO members VALUES ('q', 'box', 'm1');
                 CREATE TABLE tiers (agent VARCHAR(255));",
            )
            .expect("old tables");
        prepare(&mut InFile(&connection), Layout::STOCKS).expect("an upgrade");
        let mut agents = columns(&connection, &AGENTS);
        agents.sort();
        let mut all = expected(&AGENTS);
        all.sort();
        assert_eq!(agents, all);
        let kept: (String, i64, i64) = connection
            .query_row("SELECT instance_id, max_no_answer, ready_time FROM agents", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .expect("the old row");
        assert_eq!(kept, ("box".to_owned(), 3, 0));
        assert_eq!(
            columns(&connection, &MEMBERS),
            expected(&MEMBERS),
            "made anew: it had no session_uuid"
        );
        assert_eq!(
            columns(&connection, &TIERS),
            expected(&TIERS),
            "made anew: it had no queue"
        );
    }
}
