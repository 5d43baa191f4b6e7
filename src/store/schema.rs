//! Stock's three tables: names, columns, types and order are stock's own, so that either module can take over the
//! other's file. Beside them stand small tables of our own, which stock does not look at. There is no index but that of a primary
//! key, which our own tables have everywhere, and stock's on servers: those that replicate ask for one. The table of call detail
//! records is another matter: it is made only where they are kept, and reports need its indexes.

use super::layout::Layout;
use super::medium::Medium;
use crate::engine::{Kind, LONGEST_CONTACT, QUEUE_PARAMETERS};
use once_cell::sync::Lazy;
use std::borrow::Cow;

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// The table's name.
    pub name: Cow<'static, str>,
    /// Columns in their order: name and type.
    pub columns: &'static [(&'static str, &'static str)],
    /// The columns no two rows share; none where a column says so itself.
    pub key: &'static [&'static str],
    /// Who decides what the table looks like.
    pub whose: Whose,
    /// Without this column the table is dropped and made anew, as stock does it; without one it is always kept.
    essential: Option<&'static str>,
    /// What is made with the table: a word for each index, and its columns.
    indexes: &'static [(&'static str, &'static str)],
}

/// Who decides what a table looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// We do: it gets its key wherever it is.
    Ours,
    /// Stock does, or the site: it gets a key where servers may ask for one, as far as its rows allow it.
    Stocks,
}

const TEXT: &str = "VARCHAR(255)";
const TEXT_NOT_NULL: &str = "VARCHAR(255) NOT NULL DEFAULT ''";
const LONG_TEXT: &str = "VARCHAR(1024)";
/// Any number of columns of this type fit into a row of MariaDB.
const FREE_TEXT: &str = "TEXT";
const NUMBER: &str = "INTEGER NOT NULL DEFAULT 0";
const LARGE_NUMBER: &str = "BIGINT NOT NULL DEFAULT 0";
const NUMBER_FROM_ONE: &str = "INTEGER NOT NULL DEFAULT 1";

/// `agents`.
pub(super) static AGENTS: Table = Table {
    name: Cow::Borrowed("agents"),
    columns: &[
        ("name", TEXT),
        ("instance_id", TEXT),
        ("uuid", TEXT),
        ("type", TEXT),
        ("contact", LONG_TEXT),
        ("status", TEXT),
        ("state", TEXT),
        ("max_no_answer", NUMBER),
        ("wrap_up_time", NUMBER),
        ("reject_delay_time", NUMBER),
        ("busy_delay_time", NUMBER),
        ("no_answer_delay_time", NUMBER),
        ("last_bridge_start", NUMBER),
        ("last_bridge_end", NUMBER),
        ("last_offered_call", NUMBER),
        ("last_status_change", NUMBER),
        ("no_answer_count", NUMBER),
        ("calls_answered", NUMBER),
        ("talk_time", NUMBER),
        ("ready_time", NUMBER),
        ("external_calls_count", NUMBER),
    ],
    key: &["name"],
    whose: Whose::Stocks,
    essential: Some("name"),
    indexes: &[],
};

/// Our own, with the setting `queues-from-db`: a column for each parameter of a queue.
pub(super) static QUEUES: Lazy<Table> = Lazy::new(|| {
    let parameters = QUEUE_PARAMETERS.iter().map(|parameter| {
        let kind = match parameter.kind {
            Kind::Number { .. } | Kind::LikeC { .. } => "INTEGER",
            Kind::Flag { .. } | Kind::Word { .. } => TEXT,
            Kind::Text { .. } | Kind::Own { .. } => FREE_TEXT,
        };
        // Made once, for as long as the process lives, as the names of all other columns are.
        let column: &'static str = Box::leak(parameter.key().into_boxed_str());
        (column, kind)
    });
    let columns: Vec<_> = std::iter::once(("name", TEXT)).chain(parameters).collect();
    Table {
        name: Cow::Borrowed("queues"),
        columns: Box::leak(columns.into_boxed_slice()),
        key: &["name"],
        whose: Whose::Ours,
        essential: Some("name"),
        indexes: &[],
    }
});

/// `tiers`.
pub(super) static TIERS: Table = Table {
    name: Cow::Borrowed("tiers"),
    columns: &[
        ("queue", TEXT),
        ("agent", TEXT),
        ("state", TEXT),
        ("level", NUMBER_FROM_ONE),
        ("position", NUMBER_FROM_ONE),
    ],
    key: &["queue", "agent"],
    whose: Whose::Stocks,
    essential: Some("queue"),
    indexes: &[],
};

/// `members`.
pub(super) static MEMBERS: Table = Table {
    name: Cow::Borrowed("members"),
    columns: &[
        ("queue", TEXT),
        ("instance_id", TEXT),
        ("uuid", TEXT_NOT_NULL),
        ("session_uuid", TEXT_NOT_NULL),
        ("cid_number", TEXT),
        ("cid_name", TEXT),
        ("system_epoch", NUMBER),
        ("joined_epoch", NUMBER),
        ("rejoined_epoch", NUMBER),
        ("bridge_epoch", NUMBER),
        ("abandoned_epoch", NUMBER),
        ("base_score", NUMBER),
        ("skill_score", NUMBER),
        ("serving_agent", TEXT),
        ("serving_system", TEXT),
        ("state", TEXT),
    ],
    key: &["uuid"],
    whose: Whose::Stocks,
    essential: Some("session_uuid"),
    indexes: &[],
};

/// Our own: what the configuration said of each agent when it was last read.
pub(super) static CONFIGURED: Table = Table {
    name: Cow::Borrowed("agents_configured"),
    columns: &[("agent", TEXT), ("setting", TEXT), ("value", LONG_TEXT)],
    key: &["agent", "setting"],
    whose: Whose::Ours,
    essential: Some("agent"),
    indexes: &[],
};

/// What earlier releases had in place of [`CONFIGURED`]: the status alone. It is read once and left as it is.
static CONFIGURED_STATUSES: Table = Table {
    name: Cow::Borrowed("agents_configured_status"),
    columns: &[("agent", TEXT), ("status", TEXT)],
    key: &[],
    whose: Whose::Ours,
    essential: None,
    indexes: &[],
};

/// Our own: what agents have beyond stock's columns. Stock's table stays as stock made it, also for who goes back.
pub(super) static AGENT_LIMITS: Table = Table {
    name: Cow::Borrowed("agents_limits"),
    columns: &[
        ("agent", TEXT),
        ("not_registered_delay_time", NUMBER),
        ("max_rejected", NUMBER),
        ("max_busy", NUMBER),
        ("max_not_registered", NUMBER),
        ("rejected_count", NUMBER),
        ("busy_count", NUMBER),
        ("not_registered_count", NUMBER),
        ("max_chats", NUMBER),
        ("chat_wrap_up_time", NUMBER),
        ("longest_wrap_up", NUMBER),
        ("chat_ready_time", LARGE_NUMBER),
    ],
    key: &["agent"],
    whose: Whose::Ours,
    essential: Some("agent"),
    indexes: &[],
};

/// Our own: what agents can do.
pub(super) static AGENT_SKILLS: Table = Table {
    name: Cow::Borrowed("agents_skills"),
    columns: &[("agent", TEXT), ("skills", LONG_TEXT)],
    key: &["agent"],
    whose: Whose::Ours,
    essential: Some("agent"),
    indexes: &[],
};

/// Our own: agents who take no callers of a queue, and why; without a queue, why they are on a break.
pub(super) static PAUSES: Table = Table {
    name: Cow::Borrowed("agents_paused"),
    columns: &[
        ("agent", TEXT),
        ("queue", TEXT),
        ("reason", TEXT),
        ("paused_epoch", NUMBER),
    ],
    key: &["agent", "queue"],
    whose: Whose::Ours,
    essential: Some("agent"),
    indexes: &[],
};

/// Our own, on servers only: the last transaction of each writer.
pub(super) static COMMITS: Table = Table {
    name: Cow::Borrowed("callcenter_commits"),
    columns: &[("writer", TEXT), ("mark", TEXT)],
    key: &["writer"],
    whose: Whose::Ours,
    essential: Some("writer"),
    indexes: &[],
};

/// Our own: the tiers that the configuration named when it was last read.
pub(super) static CONFIGURED_TIERS: Table = Table {
    name: Cow::Borrowed("tiers_configured"),
    columns: &[("queue", TEXT), ("agent", TEXT)],
    key: &["queue", "agent"],
    whose: Whose::Ours,
    essential: Some("queue"),
    indexes: &[],
};

/// Our own, where they are kept: call detail records.
pub(super) static CALL_RECORDS: Table = Table {
    name: Cow::Borrowed("cdrs"),
    columns: CALL_RECORD_TYPES,
    key: &[],
    whose: Whose::Ours,
    essential: None,
    indexes: &[
        ("received", "received"),
        ("queue", "queue, received"),
        ("agent", "agent, received"),
        ("member", "member_uuid"),
    ],
};

/// Call detail records on their way to where they are kept.
pub(super) static CALL_RECORDS_JOURNAL: Table = Table {
    name: Cow::Borrowed("cdrs_journal"),
    columns: CALL_RECORD_TYPES,
    key: &[],
    whose: Whose::Ours,
    essential: None,
    indexes: &[],
};

const CALL_RECORD_TYPES: &[(&str, &str)] = &[
    ("uuid", "VARCHAR(255) NOT NULL PRIMARY KEY"),
    ("instance_id", TEXT),
    ("record", TEXT),
    ("call_type", NUMBER),
    ("result", TEXT),
    ("cause", TEXT),
    ("queue", TEXT),
    ("agent", TEXT),
    ("agent_uuid", TEXT),
    ("member_uuid", TEXT),
    ("session_uuid", TEXT),
    ("caller_number", TEXT),
    ("caller_name", TEXT),
    ("dnis", TEXT),
    ("received", LARGE_NUMBER),
    ("ended", LARGE_NUMBER),
    ("wait_ms", LARGE_NUMBER),
    ("pickup_ms", LARGE_NUMBER),
    ("talk_ms", LARGE_NUMBER),
    ("offers", NUMBER),
    ("rejections", NUMBER),
    ("media", TEXT),
];

/// How older releases of stock called the column `instance_id`.
const OLD_INSTANCE_COLUMN: &str = "system";

impl Table {
    /// The same table under other names. One that is not stock's own is never made anew: it may be somebody's whose name was written
    /// by mistake.
    pub fn under_names<'n>(&self, name: &str, name_of: impl Fn(&'static str) -> &'n str) -> Self {
        let columns = self.columns.iter().map(|&(column, kind)| {
            let name: &'static str = match name_of(column) {
                same if same == column => column,
                other => Box::leak(other.to_owned().into_boxed_str()),
            };
            (name, kind)
        });
        let index = |&(word, columns): &(&'static str, &'static str)| {
            let columns: Vec<&str> = columns.split(", ").map(&name_of).collect();
            let columns: &'static str = Box::leak(columns.join(", ").into_boxed_str());
            (word, columns)
        };
        Self {
            name: Cow::Owned(name.to_owned()),
            columns: Box::leak(columns.collect()),
            key: Box::leak(
                self.key
                    .iter()
                    .map(|column| name_of(column).to_owned().leak() as &'static str)
                    .collect(),
            ),
            whose: self.whose,
            essential: None,
            indexes: Box::leak(self.indexes.iter().map(index).collect()),
        }
    }

    /// What the column is called that stock's table calls so.
    pub fn column(&self, stocks: &Table, column: &'static str) -> &'static str {
        let place = stocks.columns.iter().position(|(name, _)| *name == column);
        let named = place.and_then(|place| self.columns.get(place));
        named.map_or(column, |(name, _)| name)
    }

    /// The columns' names, in their order.
    pub fn column_names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }

    /// How many characters a text column holds; none for a column of numbers.
    pub fn width(&self, column: &str) -> Option<usize> {
        let (_, kind) = self.columns.iter().find(|(name, _)| *name == column)?;
        if *kind == FREE_TEXT {
            return Some(LONGEST_CONTACT);
        }
        let (width, _) = kind.strip_prefix("VARCHAR(")?.split_once(')')?;
        width.parse().ok()
    }

    /// Whether a column of numbers holds 64 bits.
    pub fn is_large(&self, column: &str) -> bool {
        let kind = self.columns.iter().find(|(name, _)| *name == column);
        kind.is_some_and(|(_, kind)| *kind == LARGE_NUMBER)
    }
}

/// Makes the tables, or brings those of an older release up to date.
pub(super) fn prepare<M: Medium>(medium: &mut M, layout: Layout) -> Result<(), M::Error> {
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
pub(super) fn prepare_table<M: Medium>(medium: &mut M, table: &Table) -> Result<(), M::Error> {
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
        assert_eq!(count("type = 'table'"), 8);
        assert_eq!(
            count("name LIKE 'sqlite_autoindex_%'"),
            5,
            "our own have keys, stock's are stock's"
        );
        assert_eq!(count("true"), 13);
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
