//! Events, channel variables, records, the queue log, BLF keys: what is told to whom.

pub(super) mod agent_report;
pub(super) mod blf;
pub(super) mod call_records;
pub(super) mod call_state;
pub(super) mod callbacks;
pub(super) mod events;
pub(super) mod pauses;
pub(super) mod position_variable;
pub(super) mod queue_log;
pub(super) mod repairs;
