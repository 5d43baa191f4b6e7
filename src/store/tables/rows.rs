//! The tables, one a file: each column is said once, with its type and where its value is in the row.

/// A column's name: its field's, unless it has another one.
macro_rules! column_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident, $column:literal) => {
        $column
    };
}

/// What a row is known by: one text or two.
macro_rules! row_key {
    ($first:ident) => {
        type Key = String;

        fn key(&self) -> String {
            self.$first.clone()
        }

        fn key_cells(key: &String) -> Vec<Cell<'_>> {
            vec![Cell::Text(key)]
        }
    };
    ($first:ident, $second:ident) => {
        type Key = (String, String);

        fn key(&self) -> (String, String) {
            (self.$first.clone(), self.$second.clone())
        }

        fn key_cells(key: &(String, String)) -> Vec<Cell<'_>> {
            vec![Cell::Text(&key.0), Cell::Text(&key.1)]
        }
    };
}

/// A table and its rows. Behind the row's own fields may stand those of one field that is itself a structure. `filled` are the fields
/// without which a row counts for nothing.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $table:ident: $row:ident in $name:literal, $whose:ident,
        key($($key:ident),+), filled($($filled:ident),+), essential $essential:literal,
        others_write: $others_write:literal,
        { $($field:ident $(= $column:literal)?: $kind:ident,)* }
        $($group:ident: $group_type:ident { $($inner:ident $(= $inner_column:literal)?: $inner_kind:ident,)* })?
    ) => {
        $(#[$doc])*
        pub(in crate::store) static $table: Table = Table {
            name: Cow::Borrowed($name),
            columns: &[
                $((column_name!($field $(, $column)?), $kind),)*
                $($((column_name!($inner $(, $inner_column)?), $inner_kind),)*)?
            ],
            key: &[$(stringify!($key)),+],
            whose: Whose::$whose,
            essential: Some($essential),
            indexes: &[],
        };

        impl Record for $row {
            row_key!($($key),+);
            const OTHERS_WRITE: bool = $others_write;

            fn table() -> &'static Table {
                &$table
            }

            fn cells(&self) -> Vec<Cell<'_>> {
                vec![
                    $(self.$field.cell(),)*
                    $($(self.$group.$inner.cell(),)*)?
                ]
            }

            fn read(cells: &mut Cells<'_>, before: Option<&Self>) -> Option<Self> {
                let row = Self {
                    $($field: CellValue::read(cells, before.map(|row| &row.$field)),)*
                    $($group: $group_type {
                        $($inner: CellValue::read(cells, before.map(|row| &row.$group.$inner)),)*
                    },)?
                };
                ($(!row.$filled.is_empty())&&+).then_some(row)
            }
        }
    };
}

mod agent;
mod agent_limits;
mod agent_skills;
mod call_record;
mod callback;
mod caller;
mod commit;
mod configured;
mod configured_tier;
mod member;
mod pause;
mod queue;
mod tier;

pub(in crate::store) use agent::AGENTS;
pub(in crate::store) use agent_limits::{LimitsRow, AGENT_LIMITS};
pub(in crate::store) use agent_skills::{AgentSkills, AGENT_SKILLS};
pub(in crate::store) use call_record::{cells as call_record_cells, CALL_RECORDS, CALL_RECORDS_JOURNAL};
pub(in crate::store) use callback::CALLBACKS;
pub(in crate::store) use caller::CALLERS;
pub(in crate::store) use commit::COMMITS;
pub(in crate::store) use configured::{Configured, CONFIGURED, CONFIGURED_STATUSES};
pub(in crate::store) use configured_tier::{ConfiguredTier, CONFIGURED_TIERS};
pub(in crate::store) use member::MEMBERS;
pub(in crate::store) use pause::{PauseRow, PAUSES};
pub(in crate::store) use queue::{QueueRecord, QUEUES};
pub(in crate::store) use tier::TIERS;
