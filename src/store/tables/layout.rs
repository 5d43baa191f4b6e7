//! What stock's tables, that of call detail records, and their columns are called here: settings `agents-table`, `agents-columns` and
//! their like. Names are checked
//! where the settings are read: they are plain words, which stand in a statement as they are.

use super::rows::{AGENTS, CALL_RECORDS, MEMBERS, TIERS};
use super::table::Table;
use crate::engine::{ColumnNames, Settings};
use parking_lot::Mutex;

/// The tables as this site calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub(in crate::store) agents: &'static Table,
    pub(in crate::store) tiers: &'static Table,
    pub(in crate::store) members: &'static Table,
    pub(in crate::store) call_records: &'static Table,
}

impl Layout {
    /// Stock's own names.
    pub const STOCKS: Layout = Layout {
        agents: &AGENTS,
        tiers: &TIERS,
        members: &MEMBERS,
        call_records: &CALL_RECORDS,
    };

    /// The names that the settings give.
    pub fn of(settings: &Settings) -> Self {
        Self {
            agents: renamed(&AGENTS, &settings.agents_table, &settings.agents_columns),
            tiers: renamed(&TIERS, &settings.tiers_table, &settings.tiers_columns),
            members: renamed(&MEMBERS, &settings.members_table, &settings.members_columns),
            call_records: renamed(&CALL_RECORDS, &settings.cdrs_table, &settings.cdrs_columns),
        }
    }

    /// The tables others write to; the last one is ours.
    pub(in crate::store) fn shared(self) -> [&'static str; 4] {
        [&self.agents.name, &self.tiers.name, &self.members.name, "queues"]
    }
}

/// The table under these names.
fn renamed(table: &'static Table, name: &str, columns: &ColumnNames) -> &'static Table {
    if table.name == name && columns.is_empty() {
        return table;
    }
    /// Tables live as long as the process, so that rows are read and written without copies of their columns' names. A module that is
    /// loaded again with the same settings finds those that are there.
    static KNOWN: Mutex<Vec<(String, &'static Table)>> = Mutex::new(Vec::new());
    let key = format!("{} {name} {columns}", table.name);
    let mut known = KNOWN.lock();
    if let Some((_, table)) = known.iter().find(|(other, _)| *other == key) {
        return table;
    }
    let table: &'static Table = Box::leak(Box::new(table.under_names(name, |column| columns.name_of(column))));
    known.push((key, table));
    table
}
