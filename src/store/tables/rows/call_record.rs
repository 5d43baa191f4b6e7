//! `cdrs`, ours, where they are kept: call detail records, and those on their way there. Nothing is known of their rows: they are
//! added and never looked at.

use crate::engine::CallRecord;
use crate::store::tables::record::{Cell, CellValue};
use crate::store::tables::table::{Table, Whose, LARGE_NUMBER, NUMBER, TEXT};
use std::borrow::Cow;

/// Columns with their types, and where the value of each is in a record.
macro_rules! columns {
    ($record:ident: $($column:literal $kind:tt = $cell:expr,)*) => {
        const COLUMNS: &[(&str, &str)] = &[$(($column, $kind)),*];

        /// The cells of a record, in the order of the columns of its table.
        pub(in crate::store) fn cells($record: &CallRecord) -> Vec<Cell<'_>> {
            vec![$($cell),*]
        }
    };
}

columns! {
    record:
    "uuid" "VARCHAR(255) NOT NULL PRIMARY KEY" = record.uuid.cell(),
    "instance_id" TEXT = record.instance_id.cell(),
    "record" TEXT = Cell::Text(record.kind.as_str()),
    "call_type" NUMBER = Cell::Number(record.call_type()),
    "result" TEXT = Cell::Text(record.result.as_str()),
    "cause" TEXT = record.cause.cell(),
    "queue" TEXT = record.queue.cell(),
    "agent" TEXT = record.agent.cell(),
    "agent_uuid" TEXT = record.agent_uuid.cell(),
    "member_uuid" TEXT = record.member_uuid.cell(),
    "session_uuid" TEXT = record.session_uuid.cell(),
    "caller_number" TEXT = record.caller_number.cell(),
    "caller_name" TEXT = record.caller_name.cell(),
    "dnis" TEXT = record.dnis.cell(),
    "received" LARGE_NUMBER = record.received.cell(),
    "ended" LARGE_NUMBER = record.ended.cell(),
    "wait_ms" LARGE_NUMBER = record.wait_ms.cell(),
    "pickup_ms" LARGE_NUMBER = record.pickup_ms.cell(),
    "talk_ms" LARGE_NUMBER = record.talk_ms.cell(),
    "offers" NUMBER = record.offers.cell(),
    "rejections" NUMBER = record.rejections.cell(),
    "media" TEXT = Cell::Text(record.media.as_str()),
}

/// Our own, where they are kept: call detail records.
pub(in crate::store) static CALL_RECORDS: Table = Table {
    name: Cow::Borrowed("cdrs"),
    columns: COLUMNS,
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
pub(in crate::store) static CALL_RECORDS_JOURNAL: Table = Table {
    name: Cow::Borrowed("cdrs_journal"),
    columns: COLUMNS,
    key: &[],
    whose: Whose::Ours,
    essential: None,
    indexes: &[],
};
